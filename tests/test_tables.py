"""Partition tables by parted itself, on images."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from ovirt_tui.system import StepFailed, tables
from ovirt_tui.system.block import MIB
from ovirt_tui.system.partitions import Slice

WANTED = (Slice(1, "BIOS boot", 1, 1), Slice(2, "ovirt-node", 2, 48))


@pytest.fixture
def parted(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module; a kernel that knows images as disks."""
    module = pytest.importorskip("parted", reason="python3-parted is not installed")
    monkeypatch.setattr(tables, "pinned", lambda _disks: nullcontext())
    monkeypatch.setattr(tables, "wait", lambda _test, _what: None)
    monkeypatch.setattr(tables, "extent", lambda path: (0, Path(path).stat().st_size))
    return module


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "disk.img"
    sized(path, 100)
    return path


def sized(path: Path, mib: int) -> None:
    """An image with nothing in it."""
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        file.truncate(mib * MIB)


def names(path: Path) -> list[str]:
    """The GPT names in the primary table."""
    entries = path.read_bytes()[1024 : 1024 + 128 * len(WANTED)]
    cut = (entries[at + 56 : at + 128] for at in range(0, len(entries), 128))
    return [name.decode("utf-16-le").rstrip("\0") for name in cut]


def test_a_disk_that_was_exchanged_has_its_own_size(parted: Any, image: Path) -> None:
    tables.write_table(str(image), WANTED)
    assert names(image) == ["BIOS boot", "ovirt-node"]
    for mib in (60, 200):
        sized(image, mib)
        tables.write_table(str(image), WANTED)
        assert image.stat().st_size == mib * MIB
        assert image.read_bytes()[-512:-504] == b"EFI PART", "the other copy is at the end of the disk that is there"


def test_a_table_that_an_error_left_does_no_harm_later(parted: Any, image: Path) -> None:
    """Its failure is kept and shown, and the disk is another one at the next attempt."""
    tables.write_table(str(image), WANTED)
    kept = []
    for mib in (100, 70, 110, 90):
        sized(image, mib)
        with pytest.raises(StepFailed, match="could not be partitioned") as failed:
            tables.write_table(str(image), (*WANTED, Slice(3, "too large", 50, 300)))
        kept.append(failed.value)
    tables.write_table(str(image), WANTED)
    kept.clear()
    assert names(image) == ["BIOS boot", "ovirt-node"]


@pytest.mark.parametrize("where", [512, -512], ids=["first", "copy"])
def test_a_damaged_table_is_refused_before_anything_is_written(parted: Any, image: Path, where: int) -> None:
    tables.write_table(str(image), WANTED)
    tables.check_table(str(image))
    content = bytearray(image.read_bytes())
    content[where : where + 8] = b"damaged!"
    image.write_bytes(content)
    with pytest.raises(StepFailed, match=r"the partition table of .* could not be changed: "):
        tables.check_table(str(image))
    assert image.read_bytes() == content
