"""A slot gets the kernel words and the signature of its image, of a folder in place of a partition."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

import pytest

from bootmenu.words import NAME as WORDS
from ovirt_tui.machine.signers import SIGNATURE
from ovirt_tui.system import StepFailed, image, silent
from ovirt_tui.system.disk_steps import Image, Medium
from ovirt_tui.system.image import Images, Mediums
from ovirt_tui.system.media import FILES
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
