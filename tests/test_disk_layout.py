"""Partitions as data, the image copy on plain folders, and the boot record."""

import hashlib
import struct
from pathlib import Path

import pytest

from ovirt_tui.pages.storage import sizing
from ovirt_tui.system import node_groups
from ovirt_tui.system.boot import boot_record, placed_core
from ovirt_tui.system.image import FILES, Images, _copy, _sum_on_disk
from ovirt_tui.system.partitions import slices
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.steps import Volumes

ONE = Volumes("/dev/vda", ("/dev/vda",), 48, 271, (("Data", -1),))
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


def test_a_copy_is_whole_tells_how_far_it_is_and_leaves_no_rest(tmp_path: Path) -> None:
    source = medium(tmp_path / "medium") / "LiveOS/squashfs.img"
    target = tmp_path / "slot/LiveOS/squashfs.img"
    told: list[int] = []
    digest = _copy(source, target, told.append)
    assert target.read_bytes() == source.read_bytes()
    assert digest == _sum_on_disk(target) == hashlib.sha256(source.read_bytes()).hexdigest()
    assert told[-1] == source.stat().st_size
    assert [path.name for path in target.parent.iterdir()] == ["squashfs.img"]


def test_a_medium_without_a_checksum_is_refused(tmp_path: Path) -> None:
    folder = medium(tmp_path)
    lines = (folder / "sha256sums").read_text().splitlines(keepends=True)
    (folder / "sha256sums").write_text("".join(lines[1:]))
    with pytest.raises(Exception, match="the medium is damaged: vmlinuz has no checksum"):
        Images(Slots(), folder)._sums()
