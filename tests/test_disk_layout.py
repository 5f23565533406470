"""Partitions as data, the image copy on plain folders, and the boot record."""

import hashlib
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ovirt_tui.pages.storage import sizing
from ovirt_tui.system import StepFailed, image, node_groups
from ovirt_tui.system.boot import boot_record, placed_core
from ovirt_tui.system.disk_steps import Image, Volumes
from ovirt_tui.system.image import FILES, Images, quietly
from ovirt_tui.system.media import whole
from ovirt_tui.system.partitions import slices
from ovirt_tui.system.slots import Slots

ONE = Volumes("/dev/vda", ("/dev/vda",), 48, 271, (("Data", -1),))
COPY = Image("Root", "1")
TWO = Volumes("/dev/vda", ("/dev/vdb",), 48, 271, (("Data", -1),))


def test_partitions_follow_each_other_and_leave_both_ends_to_the_table() -> None:
    found = slices(ONE, "/dev/vda", 810)
    assert [(each.number, each.name, each.start, each.mib) for each in found] == [
        (1, "BIOS boot", 1, 1),
        (2, "ovirt-node-installing", 2, 48),
        (3, "Root", 50, 271),
        (4, "RootBackup", 321, 271),
        (5, "HostVG", 592, 217),
    ]


def test_another_data_disk_is_one_partition() -> None:
    assert [each.name for each in slices(TWO, "/dev/vda", 810)][-1] == "RootBackup"
    assert [(each.name, each.start, each.mib) for each in slices(TWO, "/dev/vdb", 4096)] == [("HostVG", 1, 4094)]


def test_both_sides_count_extents_alike() -> None:
    assert node_groups.EXTENT == sizing.EXTENT


def test_the_boot_record_keeps_what_is_the_disks() -> None:
    there, image = bytes(range(256)) * 2, b"\xeb" * 512
    record = boot_record(image, there, 2048)
    assert record[440:] == there[440:]
    assert record[3:0x5A] == there[3:0x5A]
    assert record[0x5C:0x64] == struct.pack("<Q", 2048)
    core = placed_core(b"c" * 1000, 2048)
    assert len(core) == 1024
    assert struct.unpack("<QHH", core[500:512]) == (2049, 1, 0x820)


def medium(folder: Path) -> Path:
    """A medium tree."""
    sums = ""
    for name in FILES:
        content = name.encode() * 300_000
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        sums += f"{hashlib.sha256(content).hexdigest()}  {name}\n"
    (folder / "sha256sums").write_text(sums)
    return folder


SIZES = (
    0,
    1,
    image.PAGE - 1,
    image.PAGE,
    image.CHUNK - 1,
    image.CHUNK,
    image.CHUNK + 1,
    2 * image.CHUNK + image.PAGE + 1,
)


@pytest.mark.parametrize("size", SIZES)
def test_a_copy_is_whole_tells_how_far_it_is_and_leaves_no_rest(tmp_path: Path, size: int) -> None:
    source, target = tmp_path / "squashfs.img", tmp_path / "slot/LiveOS/squashfs.img"
    source.write_bytes(bytes(range(251)) * (size // 251) + b"x" * (size % 251))
    told: list[int] = []
    image._copy(whole(source), target, told.append)
    assert target.read_bytes() == source.read_bytes()
    assert image.sum_of(whole(target), quietly) == hashlib.sha256(source.read_bytes()).hexdigest()
    assert told[-1:] == ([size] if size else [])
    assert [path.name for path in target.parent.iterdir()] == ["squashfs.img"]


def slot(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Images:
    """The image of a medium, to be copied to a plain folder in place of a slot."""

    @contextmanager
    def mounted(_slots: Slots, _slot: str, _options: str = "ro") -> Iterator[Path]:
        yield folder / "slot"

    monkeypatch.setattr(Slots, "mounted", mounted)
    monkeypatch.setattr(Slots, "unused", lambda _slots, _slot: "/dev/vda3")
    monkeypatch.setattr(Slots, "label", lambda _slots, slot: slot)
    monkeypatch.setattr(image, "format_slot", lambda _device, _slot: None)
    return Images(Slots(), medium(folder / "medium"))


def test_an_image_counts_once_it_was_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images, told = slot(tmp_path, monkeypatch), list[tuple[int, int]]()
    assert not images.holds(COPY)
    images.make(COPY, lambda done, total: told.append((done, total)))
    total = 2 * sum(len(name) * 300_000 for name in FILES)
    assert told == sorted(told) and told[-1] == (total, total)
    read = list[Path]()
    monkeypatch.setattr(image, "sum_of", lambda origin, _tell: read.append(origin.path))
    assert images.holds(COPY) and not read, "each file was read back, and has not changed since"
    (tmp_path / "slot/vmlinuz").write_bytes(b"another")
    assert not images.holds(COPY) and [path.name for path in read] == ["vmlinuz"]


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_medium_is_found_before_its_image_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    images = slot(tmp_path, monkeypatch)
    with (tmp_path / "medium" / name).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"?")
    with pytest.raises(StepFailed, match=f"the medium is damaged: {name} is not as its checksum says"):
        images.make(COPY, lambda done, total: None)


def test_a_disk_that_does_not_hold_what_was_written_is_no_damaged_medium(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, write = slot(tmp_path, monkeypatch), image._write

    def wrong(handle: int, content: memoryview) -> None:
        content[0] ^= 1
        write(handle, content)

    monkeypatch.setattr(image, "_write", wrong)
    with pytest.raises(StepFailed, match="vmlinuz was copied to Root, but the disk does not hold what was written"):
        images.make(COPY, lambda done, total: None)
    assert not images.holds(COPY)


def test_a_slot_is_formatted_before_a_copy_unless_it_just_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images, formatted = slot(tmp_path, monkeypatch), list[str]()
    monkeypatch.setattr(image, "format_slot", lambda _device, slot: formatted.append(slot))
    images.slots.empty.add("Root")
    images.make(COPY, lambda done, total: None)
    assert formatted == []
    images.make(COPY, lambda done, total: None)
    assert formatted == ["Root"]


def test_a_medium_without_a_checksum_is_refused(tmp_path: Path) -> None:
    folder = medium(tmp_path)
    lines = (folder / "sha256sums").read_text().splitlines(keepends=True)
    (folder / "sha256sums").write_text("".join(lines[1:]))
    with pytest.raises(Exception, match="the medium is damaged: vmlinuz has no checksum"):
        image.sums_of((folder / "sha256sums").read_bytes())
