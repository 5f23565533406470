"""What is said of a disk is true of one that is really broken: otherwise no count of survived power cuts means much."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bootmenu.environment import SECTOR, Choice, block
from bootmenu.node_data import group_file
from house import ROOT
from ovirt_tui.system import gpt_names
from testbed import small_node
from testbed.offline import Damaged, gpt, lvm
from testbed.offline.ext4 import Ext4
from testbed.offline.fat import Fat
from testbed.offline.starts import Kind, Reader, Start
from testbed.power_cuts import judged
from testbed.replayed import Replayed
from testbed.write_log import ENTRY, FLUSH, MAGIC, SUPER, NoLog, Write, count, requests

TRIED = block(Choice("Root", "RootBackup", 1))[:SECTOR]


@pytest.fixture(scope="module")
def whole() -> Iterator[Path]:
    above = ROOT / "build"
    above.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=above, prefix="what-starts-") as folder:
        yield small_node.made(Path(folder) / "whole.img", Path(folder) / "images")


@pytest.fixture
def disk(whole: Path) -> Iterator[Replayed]:
    copy = whole.with_name("broken.img")
    shutil.copyfile(whole, copy)
    made = Replayed(copy)
    yield made
    made.close()


def start(disk: Replayed) -> Start:
    return Reader().start(disk)


def flip(disk: Replayed, place: int) -> None:
    put(disk, place, bytes([disk.read(place, 1)[0] ^ 1]))


def renamed(disk: Replayed, place: int) -> None:
    """Another letter of a name."""
    put(disk, place, b"y" if disk.read(place, 1) == b"x" else b"x")


def put(disk: Replayed, place: int, content: bytes) -> None:
    disk.apply([Write(0, place, len(content), content)])


def in_slot(disk: Replayed) -> int:
    """A byte of the squashfs in the slot that starts."""
    slot = gpt.first(disk)[3]
    files = Ext4(slot.of(disk))
    _first, _count, block = next(files._extents(files.at("LiveOS/squashfs.img").blocks, 6))
    return slot.start + block * files.block + 5000


def in_boot_partition(disk: Replayed, path: str) -> int:
    part = gpt.first(disk)[2]
    return part.start + Fat(part.of(disk)).place(path)


def in_config(disk: Replayed) -> int:
    member = gpt.first(disk)[5]
    return member.start + lvm.group(member.of(disk)).volumes["Config"][0][0]


BROKEN: dict[str, tuple[Callable[[Replayed], None], str]] = {
    "a byte of the slot": (lambda disk: flip(disk, in_slot(disk)), "squashfs.img in the slot is not as its checksum"),
    "grubenv is torn": (
        lambda disk: put(disk, in_boot_partition(disk, "grub/grubenv"), bytes(40)),
        "what the boot menu starts cannot be read",
    ),
    "a slot that is empty is tried": (
        lambda disk: put(disk, in_boot_partition(disk, "grub/grubenv"), TRIED),
        "there is no ext4 file system",
    ),
    "the table is cut": (lambda disk: put(disk, 512, bytes(512)), "no table of partitions, but its second copy"),
    "an entry of the table": (lambda disk: flip(disk, 1024 + 200), "is not as its checksum says"),
    "the boot record": (lambda disk: flip(disk, 100), "what a BIOS starts is not whole"),
    "the core of GRUB": (lambda disk: flip(disk, (1 << 20) + 700), "what a BIOS starts is not whole"),
    "the volume group": (lambda disk: flip(disk, gpt.first(disk)[5].start + 4096), "volume group is damaged"),
    "Config is gone": (lambda disk: put(disk, in_config(disk), bytes(30 << 20)), "the initrd cannot mend Config"),
    "the name of another group": (
        lambda disk: renamed(disk, in_boot_partition(disk, "grub/group.cfg") + len(group_file("")[1]) - 1),
        "the boot menu names the volume group",
    ),
}


@pytest.mark.root
@pytest.mark.parametrize("what", BROKEN)
def test_a_disk_that_is_broken_does_not_start(disk: Replayed, what: str) -> None:
    harm, why = BROKEN[what]
    harm(disk)
    found = start(disk)
    assert found.kind is Kind.BROKEN and why in found.why, found


@pytest.mark.root
@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("passwd", "root:x:0:0:root:/root:/bin/bash\nadm", "/etc/passwd of Root is torn"),
        ("ovirt-node/node.toml", "", "what was saved in Root cannot be read"),
        ("ovirt-node/node.toml", "[network\n", "what was saved in Root cannot be read"),
    ],
)
def test_settings_that_are_torn_are_found(disk: Replayed, name: str, text: str, why: str) -> None:
    with small_node.config(disk.path) as volume, small_node.mounted(volume, disk.path.parent / "config") as folder:
        (folder / "slots/Root/etc/upper" / name).write_text(text)
    assert (start(disk).kind, start(disk).why) == (Kind.BROKEN, why)


@pytest.mark.root
def test_what_may_be_harmed_without_harm(disk: Replayed) -> None:
    assert start(disk).systems == ("0.1.0-1 in Root",)
    for place in (in_config(disk) + 1024 + 600, disk.size - 512, gpt.first(disk)[4].start + 5000):
        flip(disk, place)  # half of the superblock of Config, the second table, the slot that nothing starts
    assert start(disk).kind is Kind.NODE


@pytest.mark.root
def test_an_installation_in_progress_and_a_blank_disk_are_told_apart(disk: Replayed) -> None:
    gpt_names.rename(str(disk.path), SECTOR, {2: "ovirt-node-installing"})
    assert start(disk).kind is Kind.NODE, "all of it is there"
    put(disk, gpt.first(disk)[3].start, bytes(1 << 20))
    assert start(disk).kind is Kind.INTERRUPTED
    put(disk, 0, bytes(440))
    put(disk, 512, bytes(512))
    assert start(disk).kind is Kind.EMPTY


@pytest.mark.root
def test_a_wrong_order_of_writes_is_found_and_its_point_made_again(disk: Replayed) -> None:
    """The boot menu is to try a slot before it is filled: nothing but the order is wrong."""
    slot, source = (gpt.first(disk)[number] for number in (4, 3))
    image = disk.read(source.start, source.size)
    tried = Write(0, in_boot_partition(disk, "grub/grubenv"), SECTOR, TRIED)
    copied = Write(2, slot.start, slot.size, image)
    settings = Write(4, 0, 0, flush=True)
    tally = judged("upgrade", lambda: [tried, Write(1, 0, 0, flush=True), copied, settings], disk, Reader(), 2)
    point, why = tally.failed[0]
    assert point.name == "upgrade:2" and "there is no ext4 file system" in why and tally.points.total() > 3
    assert any("FAILED upgrade:2: there is no" in line for line in tally.lines())


def log_of(path: Path, *entries: tuple[int, int, int, bytes]) -> Path:
    """A log with these entries: sector, sectors, flags, data."""
    content = SUPER.pack(MAGIC, 1, len(entries), SECTOR).ljust(SECTOR, b"\0")
    for place, length, flags, data in entries:
        content += ENTRY.pack(place, length, flags, 0).ljust(SECTOR, b"\0") + data
    path.write_bytes(content)
    return path


def test_a_log_is_read_as_it_was_written(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log", (8, 1, 0, b"a" * 512), (0, 0, FLUSH, b""), (4, 2, 4, b""))
    first, flush, discard = requests(log)
    assert count(log) == 3 and (first.place, first.data) == (4096, b"a" * 512) and flush.flush and not flush.length
    assert discard.discard and (discard.place, discard.length) == (2048, 1024)


@pytest.mark.parametrize("content", [b"", b"x" * 512])
def test_what_is_no_log_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "log").write_bytes(content)
    with pytest.raises(NoLog):
        count(tmp_path / "log")


def test_a_log_that_ends_early_is_refused(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log", (8, 4, 0, b"a" * 512))
    with pytest.raises(NoLog, match="ends in request 0 of 1"):
        list(requests(log))


def test_what_is_written_is_taken_back_and_known_again(tmp_path: Path) -> None:
    (tmp_path / "disk").write_bytes(bytes(3 << 20))
    disk = Replayed(tmp_path / "disk")
    before = disk.state(0, disk.size)
    back = disk.apply([Write(0, 4090, 3, b"abc"), Write(1, 4091, 1 << 20, b"d" * (1 << 20))])
    after = disk.state(0, disk.size)
    assert disk.read(4089, 3) == b"\0ad" and before != after and disk.state(2 << 20, 5) == bytes(8)
    disk.apply(back)
    assert disk.state(0, disk.size) == before and not any(disk.read(0, disk.size))
    with pytest.raises(Damaged):
        disk.read(disk.size, 1)
    disk.close()
