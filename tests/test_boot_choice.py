"""What the boot menu starts is one sector of one file, which is overwritten where it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bootmenu.environment import FILE, SECTOR, SIZE, Choice, block, read
from ovirt_tui.system import StepFailed, boot_choice, silent
from ovirt_tui.system.boot_choice import BootChoices, chosen
from ovirt_tui.system.disk_steps import BootChoice

TRY = BootChoice("Root", "RootBackup", 2)


@pytest.fixture
def esp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A boot partition that mounts as a folder."""

    @contextmanager
    def folder(*_source: str, **_options: str) -> Iterator[Path]:
        yield tmp_path

    for name in ("mounted", "esp_written"):
        monkeypatch.setattr(boot_choice, name, folder)
    monkeypatch.setattr(boot_choice, "own_disk", lambda: "/dev/none")
    monkeypatch.setattr(boot_choice, "esp", lambda disk: f"{disk}2")
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(block(Choice("Root")))
    return tmp_path


def test_it_is_written_where_it_is_and_taken_back(esp: Path) -> None:
    file, inode = esp / FILE, (esp / FILE).stat().st_ino
    choices = BootChoices()
    assert not choices.holds(TRY)
    undo = choices.make(TRY, silent)
    assert choices.holds(TRY) and chosen() == Choice("Root", "RootBackup", 2)
    assert file.stat().st_ino == inode, "the same blocks: GRUB writes to these, too"
    undo()
    assert chosen() == Choice("Root") and file.stat().st_ino == inode


def test_one_sector_is_written_and_no_more(esp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[int, int]] = []
    real = boot_choice.os.pwrite

    def pwrite(handle: int, data: bytes, place: int) -> int:
        written.append((place, len(data)))
        return real(handle, data, place)

    monkeypatch.setattr(boot_choice.os, "pwrite", pwrite)
    BootChoices().make(TRY, silent)
    assert written == [(0, SECTOR)]


@pytest.mark.parametrize(
    "content",
    [b"", b"slot=Root\n", block(Choice("Root"))[:SECTOR], block(Choice("Root")).ljust(2 * SIZE, b"#"),
     block(Choice("Root"))[:-4] + b"more"],
)  # fmt: skip
def test_what_is_in_another_form_is_not_written(content: bytes, esp: Path) -> None:
    (esp / FILE).write_bytes(content)
    with pytest.raises(StepFailed, match="what the boot menu starts"):
        BootChoices().make(TRY, silent)
    assert (esp / FILE).read_bytes() == content


def test_a_node_of_the_version_before_can_be_told_what_to_start(esp: Path) -> None:
    (esp / FILE).write_bytes(b"# GRUB Environment Block\nslot=Root\n".ljust(SIZE, b"#"))
    BootChoices().make(TRY, silent)
    assert read((esp / FILE).read_bytes()) == Choice("Root", "RootBackup", 2)
