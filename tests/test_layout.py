"""Sizes: the vectors' swap, large disks, and how defaults give way on small ones."""

import subprocess
from pathlib import Path

import pytest

from machines import MACHINES, disk, with_
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.esp import efi_minimum
from ovirt_tui.model.selectors import DiskSelector
from ovirt_tui.model.values import Size
from ovirt_tui.pages.storage.sizing import TooSmall, sizes, slot_minimum, swap_default

VDA = defaults().put("storage.boot_disk", DiskSelector("/dev/vda"))


@pytest.mark.parametrize(
    ("memory", "overcommit", "expected"),
    [(512, 0.5, 2304), (2048, 0.5, 3072), (3900, 0.5, 3998), (8192, 0.5, 8192), (65536, 0.5, 49152), (65536, 0, 16384)],
)
def test_swap_follows_the_memory(memory: int, overcommit: float, expected: int) -> None:
    assert swap_default(memory, overcommit) == expected


def test_a_large_disk_has_the_full_defaults() -> None:
    made = sizes(VDA, with_(disks=(disk("/dev/vda", 500),)))
    assert (made.efi, made.root, made.swap, made.config, made.logging) == (256, 4096, 6144, 64, 2048)
    assert made.data > 470 * 1024


def test_a_share_of_the_group_stays_free_where_there_is_room() -> None:
    """For Config to grow, or for a snapshot of it; the smallest disk gives all it has."""
    assert sizes(VDA, with_(disks=(disk("/dev/vda", 500),))).spare == 8192
    for mib in range(810, 40000, 97):
        made = sizes(VDA, with_(disks=(disk("/dev/vda", mib / 1024),)))
        whole = made.data + made.spare
        assert made.spare % 4 == 0
        assert (made.spare == 0) if whole < 2048 else whole / 20 - 4 <= made.spare <= whole / 20
    asked = VDA.put("storage.data", Size(5000))
    assert sizes(asked, with_(disks=(disk("/dev/vda", 500),))).spare == 0  # the rest is free as it is


def test_the_smallest_disk_holds_everything() -> None:
    made = sizes(VDA, MACHINES["smallest"])
    assert made.root >= slot_minimum(MACHINES["smallest"])
    assert made.data >= 5
    used = 3 + made.efi + 2 * made.root + made.swap + made.config + made.logging + made.data
    assert used <= 810


def test_every_size_between_fits() -> None:
    for mib in range(810, 40000, 97):
        made = sizes(VDA, with_(disks=(disk("/dev/vda", mib / 1024),)))
        assert 3 + made.efi + 2 * made.root + made.swap + made.config + made.logging + made.data <= mib
        assert made.data >= 5


def test_the_boot_partition_holds_a_fat32() -> None:
    """mkfs.vfat makes one of it, and says of which size one is too small."""
    for sector, least in ((512, 36), (4096, 260)):
        assert efi_minimum(sector) == least
        for mib in range(810, 40000, 397):
            disks = (disk("/dev/vda", mib / 1024, sector=sector),)
            try:
                made = sizes(VDA, with_(disks=disks, efi=True))
            except TooSmall:
                assert sector == 4096 and mib < 1100
            else:
                assert made.efi >= least


@pytest.mark.parametrize("sector", [512, 4096])
def test_what_is_counted_for_fat32_is_enough(tmp_path: Path, sector: int) -> None:
    image = tmp_path / "esp"
    with image.open("wb") as file:
        file.truncate(efi_minimum(sector) << 20)
    argv = ["/usr/sbin/mkfs.vfat", "-F", "32", "-S", str(sector), str(image)]
    said = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True)
    assert "less th" not in said.stdout + said.stderr
    boot = image.read_bytes()[:512]
    clusters = (int.from_bytes(boot[32:36], "little") - int.from_bytes(boot[14:16], "little")) // boot[13]
    assert boot[82:87] == b"FAT32" and clusters > 65525


def test_what_was_asked_for_does_not_shrink() -> None:
    asked = VDA.put("storage.swap", Size(4096)).put("storage.root", Size(1024))
    made = sizes(asked, with_(disks=(disk("/dev/vda", 8),)))
    assert (made.swap, made.root) == (4096, 1024)


def test_a_disk_that_is_too_small_says_by_how_much() -> None:
    with pytest.raises(TooSmall, match=r"needs .* MiB on the boot disk /dev/vda, which has 512 MiB: \d+ MiB too few"):
        sizes(VDA, MACHINES["too-small"])


def test_other_data_disks_leave_the_boot_disk_to_the_slots() -> None:
    config = VDA.put("storage.data_disks", (DiskSelector("/dev/vdb"),))
    made = sizes(config, MACHINES["two-disks"])
    assert made.data > 80 * 1024
