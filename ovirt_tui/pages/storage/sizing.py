"""Disk arithmetic: how large partitions and volumes become, from settings and facts.  MiB throughout."""

from __future__ import annotations

from math import ceil

from ovirt_tui.i18n import N_
from ovirt_tui.machine.disks import find
from ovirt_tui.machine.esp import efi_minimum
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.records import dataclass
from ovirt_tui.pages.storage.settings import Storage

EXTENT = 4
TABLE = 2  # the first and the last MiB of a disk belong to the partition table
BIOS_BOOT = 1
METADATA = 1  # of an LVM physical volume
MIB = 1024 * 1024
SMALLEST = 5  # of any volume, spec/pages.md 5.2
DATA_ROOM = 10240  # what Data should have before anything else is allowed its full default
SPARE_SHARE = 20  # a twentieth of what is left for Data
SPARE_MOST = 8192
SPARE_FROM = 2048
SWAP_BY_MEMORY = ((4, 2048), (16, 4096), (64, 8192))
SWAP_LARGEST_BASE = 16384
DEFAULTS = {"efi": 256, "root": 4096, "config": 64, "logging": 2048}
SHRINK = (
    ("swap", 2048),
    ("root", 2048),
    ("logging", 1024),
    ("swap", 512),
    ("root", 1024),
    ("logging", 256),
    ("root", 0),
    ("efi", 48),
    ("logging", 64),
    ("swap", 64),
    ("config", 16),
    ("logging", 32),
    ("swap", 16),
)
"""The order in which defaults give way on a small disk, and how far; root never goes below what the image needs."""


BOOT_DISK_TOO_SMALL = Kind(
    "boot-disk-too-small",
    N_("needs {need} MiB on the boot disk {disk}, which has {size} MiB: {gap} MiB too few"),
)
DATA_DISKS_TOO_SMALL = Kind(
    "data-disks-too-small", N_("the volumes need {gap} MiB more than the data disks have ({size} MiB)")
)


class TooSmall(Exception):
    """The disks cannot hold it; *problem* is at the setting to change."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


@dataclass(frozen=True)
class Sizes:
    """What is made of the disks, in MiB; data is the number that remains where the rest was asked for."""

    efi: int
    root: int
    swap: int
    config: int
    logging: int
    data: int
    fills: bool  # Data takes the rest but *spare*
    spare: int = 0  # of the volume group, for snapshots and for volumes that grow

    def volumes(self) -> tuple[tuple[str, int], ...]:
        """Name and size of each volume of HostVG, in order of creation; -1 is the rest."""
        made = (("Swap", self.swap), ("Config", self.config), ("Logging", self.logging))
        if self.fills:
            return (*made, ("Data", -1))
        return (*made, ("Data", self.data)) if self.data else made


def swap_default(memory_mib: int, overcommit: float) -> int:
    """Swap in MiB: a base by whole GiB of memory, and a share of the memory (spec/pages.md 5.3)."""
    whole = memory_mib // 1024
    base = next((mib for below, mib in SWAP_BY_MEMORY if whole < below), SWAP_LARGEST_BASE)
    return int(base + memory_mib * overcommit)


def slot_minimum(facts: Facts) -> int:
    """What one slot needs at least: the image, its file system, and a little room."""
    return ceil(facts.image_mib * 1.03) + 12


def sizes(config: Resolved, facts: Facts) -> Sizes:
    """Return the sizes for the chosen disks, or raise TooSmall."""
    chosen = config[Storage]
    wanted = {
        **DEFAULTS,
        "swap": swap_default(facts.memory_mib, chosen.overcommit),
        **{name: int(size) for name in ("efi", "root", "swap", "config", "logging") if (size := getattr(chosen, name))},
    }
    fixed = {name for name in wanted if getattr(chosen, name)}
    fills = chosen.data is None or chosen.data == -1
    data = SMALLEST if fills else int(chosen.data or 0)
    space = _Space(config, facts)
    least = {"root": slot_minimum(facts), "efi": efi_minimum(space.boot.sector)}
    wanted |= {name: max(wanted[name], least[name]) for name in least if name not in fixed}
    if fills:
        _shrink(wanted, fixed, least, space, min(DATA_ROOM, space.total() // 4))
    if space.left(wanted) < data or space.boot_left(wanted) < 0:
        _shrink(wanted, fixed, least, space, data)
    _refuse_what_does_not_fit(wanted, space, data)
    spare = _spare(space.left(wanted)) if fills else 0
    return Sizes(**wanted, data=space.left(wanted) - spare if fills else data, fills=fills, spare=spare)


APP_DISKS_TOO_SMALL = Kind(
    "app-disks-too-small", N_("Swap2 and Data2 need {gap} MiB more than the disks of AppVG have ({size} MiB)")
)
NO_APP_VOLUME = Kind("no-app-volume", N_("AppVG needs a volume: give Swap2 or Data2 a size"))


def second(config: Resolved, facts: Facts) -> tuple[tuple[str, int], ...]:
    """Name and size of each volume of AppVG, in order of creation; -1 is the rest.  None, or TooSmall raised."""
    chosen = config[Storage]
    if not chosen.app_disks:
        return ()
    made = tuple((name, int(size)) for name, size in (("Swap2", chosen.swap2), ("Data2", chosen.data2)) if size)
    room = sum(_extents(find(facts, path).mib - TABLE) for path in chosen.app_disks)
    need = sum(ceil(max(size, SMALLEST) / EXTENT) * EXTENT for _name, size in made)
    if not made:
        raise TooSmall(Problem("storage.data2", NO_APP_VOLUME()))
    if need > room:
        raise TooSmall(Problem("storage.app_disks", APP_DISKS_TOO_SMALL(gap=need - room, size=room)))
    return made


def _spare(rest: int) -> int:
    """What stays free of the *rest*, so that Config can grow or be kept as it was: a share, and nothing where all of
    it is needed."""
    return 0 if rest < SPARE_FROM else min(rest // SPARE_SHARE, SPARE_MOST) // EXTENT * EXTENT


def _shrink(wanted: dict[str, int], fixed: set[str], least: dict[str, int], space: _Space, room: int) -> None:
    """Let the defaults give way in the order of SHRINK until *room* is left."""
    for name, floor in SHRINK:
        missing = max(room - space.left(wanted), -space.boot_left(wanted))
        if missing <= 0:
            return
        if name not in fixed:
            per = 2 if name == "root" else 1
            floor = max(floor, least.get(name, 0))
            wanted[name] = min(wanted[name], max(floor, wanted[name] - ceil(missing / per) - EXTENT))


def _refuse_what_does_not_fit(wanted: dict[str, int], space: _Space, data: int) -> None:
    if (gap := -space.boot_left(wanted)) > 0:
        need, disk = space.boot_need(wanted), space.boot
        reason = BOOT_DISK_TOO_SMALL(need=need, disk=disk.path, size=disk.mib, gap=gap)
        raise TooSmall(Problem("storage.boot_disk", reason))
    if (gap := data - space.left(wanted)) > 0:
        raise TooSmall(Problem("storage.data_disks", DATA_DISKS_TOO_SMALL(gap=gap, size=space.total())))


class _Space:
    """Room on the chosen disks."""

    def __init__(self, config: Resolved, facts: Facts) -> None:
        self.boot = find(facts, str(config[Storage].boot_disk))
        self.data = [find(facts, path) for path in config[Storage].data_disks] or [self.boot]
        self.shared = any(disk.path == self.boot.path for disk in self.data)

    def total(self) -> int:
        return sum(disk.mib for disk in {disk.path: disk for disk in (self.boot, *self.data)}.values())

    def boot_need(self, wanted: dict[str, int]) -> int:
        return TABLE + BIOS_BOOT + wanted["efi"] + 2 * wanted["root"]

    def boot_left(self, wanted: dict[str, int]) -> int:
        return self.boot.mib - self.boot_need(wanted)

    def left(self, wanted: dict[str, int]) -> int:
        """What Data can have."""
        room = sum(_extents(disk.mib - TABLE) for disk in self.data if disk.path != self.boot.path)
        if self.shared:
            room += _extents(self.boot_left(wanted))
        return room - sum(ceil(wanted[name] / EXTENT) * EXTENT for name in ("swap", "config", "logging"))


def _extents(mib: int) -> int:
    return max(0, (mib - METADATA) // EXTENT * EXTENT)
