"""A slot gets the kernel words and the signature of its image, of a folder in place of a partition."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from bootmenu.words import NAME as WORDS
from ovirt_tui.machine.signers import SIGNATURE
from ovirt_tui.system import StepFailed, image, silent
from ovirt_tui.system.disk_steps import Image, Medium
from ovirt_tui.system.image import Images, Mediums
from ovirt_tui.system.media import FILES, Extent
from ovirt_tui.system.slots import Slots

IMAGE = Image("Root", "1")


class Slot(Slots):
    """A slot that is a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def device(self, slot: str) -> str:
        return str(self.folder)

    def unused(self, slot: str) -> str:
        return str(self.folder)

    def label(self, slot: str) -> str:
        return slot

    @contextmanager
    def mounted(self, slot: str, options: str = "ro") -> Iterator[Path]:
        self.folder.mkdir(exist_ok=True)
        yield self.folder


def medium(folder: Path, *more: str) -> Path:
    """A medium tree whose checksums cover *more* files, too."""
    sums = ""
    for name in (*FILES, *more):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
        sums += f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n"
    (folder / "sha256sums").write_text(sums)
    return folder


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Images:
    """A medium, signed, and an empty slot."""
    monkeypatch.setattr("ovirt_tui.system.image.format_slot", lambda device, slot: rmtree(device, ignore_errors=True))
    (medium(tmp_path / "medium", WORDS) / SIGNATURE).write_text("signature")
    return Images(Slot(tmp_path / "slot"), tmp_path / "medium")


def test_a_slot_gets_the_words_and_the_signature_of_its_image(images: Images, tmp_path: Path) -> None:
    assert not images.holds(IMAGE)
    images.make(IMAGE, silent)
    assert images.holds(IMAGE)
    there = {str(path.relative_to(tmp_path / "slot")) for path in (tmp_path / "slot").rglob("*") if path.is_file()}
    assert there == {*FILES, WORDS, "sha256sums", SIGNATURE}
    for name in (WORDS, SIGNATURE):
        (tmp_path / "slot" / name).write_text("another")
        assert not images.holds(IMAGE), name
        images.make(IMAGE, silent)
        assert images.holds(IMAGE)


def test_an_image_without_words_or_signature_is_copied_as_it_is(images: Images, tmp_path: Path) -> None:
    """That of a version before; what another image had in the slot is gone."""
    images.make(IMAGE, silent)
    medium(tmp_path / "medium")
    (tmp_path / "medium" / SIGNATURE).unlink()
    (tmp_path / "medium" / WORDS).unlink()
    assert not images.holds(IMAGE)
    images.make(IMAGE, silent)
    assert images.holds(IMAGE)
    assert not (tmp_path / "slot" / SIGNATURE).exists() and not (tmp_path / "slot" / WORDS).exists()


def test_a_file_of_a_cd_is_read_though_it_cannot_be_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_handle: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(image.os, "fsync", refused)
    (tmp_path / "file").write_bytes(b"whole")
    assert image.sum_of(image.whole(tmp_path / "file"), image.quietly) == hashlib.sha256(b"whole").hexdigest()


def test_a_medium_is_read_whole_and_again_once_it_is_another(tmp_path: Path) -> None:
    folder, told = medium(tmp_path / "medium", WORDS), list[tuple[int, int]]()
    mediums, step = Mediums(folder), Medium("1")
    assert not mediums.holds(step)
    mediums.make(step, lambda *bytes_done: told.append(bytes_done))
    size = sum((folder / name).stat().st_size for name in (*FILES, WORDS))
    assert told[-1] == (size, size) and mediums.holds(step)
    (folder / "sha256sums").write_text(f"{'0' * 64}  another\n{(folder / 'sha256sums').read_text()}")
    assert not mediums.holds(step)
    rmtree(folder)
    assert not mediums.holds(step)


@pytest.mark.parametrize("name", [*FILES, WORDS])
def test_a_medium_with_a_byte_that_is_wrong_is_damaged(tmp_path: Path, name: str) -> None:
    mediums = Mediums(medium(tmp_path / "medium", WORDS))
    (mediums.medium / name).write_text(f"{name[:-1]}?")
    with pytest.raises(StepFailed, match=f"^the medium is damaged: {name} is not as its checksum says$"):
        mediums.make(Medium("1"), silent)
    assert not mediums.holds(Medium("1"))
    (mediums.medium / name).unlink()
    with pytest.raises(StepFailed, match=r"^the medium cannot be read: "):
        mediums.make(Medium("1"), silent)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Of which files a SHA-256 was made from now on."""
    made, sum_of = list[str](), image.sum_of

    def count(origin: Extent, *rest: Any, **more: Any) -> str:
        made.append(str(origin.path))
        return sum_of(origin, *rest, **more)

    monkeypatch.setattr(image, "sum_of", count)
    return made


@pytest.mark.parametrize("read_before", [True, False])
@pytest.mark.parametrize("where", [0, image.CHUNK - 1, image.CHUNK, -1])
def test_a_byte_that_the_disk_does_not_hold_is_found_however_it_is_compared(
    images: Images, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: int, *, read_before: bool
) -> None:
    name, content = FILES[-1], bytearray(f"{tmp_path} ".encode() * (image.CHUNK // 40))
    assert len(content) > image.CHUNK
    (images.medium / name).write_bytes(content)
    sums = (images.medium / "sha256sums").read_text().splitlines()
    kept = [line for line in sums if not line.endswith(f"  {name}")]
    kept.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
    (images.medium / "sha256sums").write_text("".join(f"{line}\n" for line in kept))
    if read_before:
        Mediums(images.medium).make(Medium("1"), silent)
    made = counted(monkeypatch)
    images.make(IMAGE, silent)
    assert bool(made) is not read_before, "what was read before is compared by its prints"
    content[where] ^= 1
    (tmp_path / "slot" / name).write_bytes(content)
    assert not images.holds(IMAGE)
    copy = image._copy

    def wrong(origin: Extent, target: Path, tell: Any) -> None:
        copy(origin, target, tell)
        if target.name == Path(name).name:
            target.write_bytes(content)

    monkeypatch.setattr(image, "_copy", wrong)
    with pytest.raises(StepFailed, match="but the disk does not hold what was written"):
        images.make(IMAGE, silent)


def test_a_file_that_is_cut_or_has_more_is_another(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * image.CHUNK)
    prints = {image.prints_of(image.whole(tmp_path / "file"), image.quietly)}
    for content in (b"", b"x" * (image.CHUNK - 1), b"x" * (image.CHUNK + 1), b"x" * image.CHUNK * 2):
        (tmp_path / "file").write_bytes(content)
        prints.add(image.prints_of(image.whole(tmp_path / "file"), image.quietly))
    assert len(prints) == 5


def test_nothing_is_compared_by_prints_that_can_be_foreseen(images: Images, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "KEYED", False)
    monkeypatch.setattr(image, "_prints", {})
    Mediums(images.medium).make(Medium("1"), silent)
    made = counted(monkeypatch)
    images.make(IMAGE, silent)
    assert len(made) == len({*FILES, WORDS})
