"""The partitions of our disks as data, and how to find their devices."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

from ovirt_tui.i18n import _
from ovirt_tui.machine.disks import APP_GROUP, SLOT_LABELS, VOLUME_GROUP
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import StepFailed, gpt_names, udev
from ovirt_tui.system.block import MIB, MULTIPATH_PART, SECTOR
from ovirt_tui.system.command import run
from ovirt_tui.system.disk_steps import Volumes
from ovirt_tui.system.mounts import mounts
from ovirt_tui.system.tree import file_errors

ESP_NUMBER = 2
SLOT_NUMBERS = dict(zip(SLOT_LABELS, (3, 4), strict=True))
BIOS_NUMBER = 1
ESP_LABEL = "NODE-ESP"
INSTALLING = "ovirt-node-installing"
COMPLETE = "ovirt-node"
TABLE_MIB = 1  # at each end of a disk
BIOS_MIB = 1
WAIT_SECONDS = 30
REREAD_SECONDS = 5
SYS = Path("/sys/class/block")
BLKID = ("blkid", "--probe", "--output", "udev")
MEDIUM = "/run/initramfs/live"
"""Where the partition with the running image is mounted."""


@dataclass(frozen=True)
class Slice:
    """One partition: its GPT name, its start and size in MiB, and its flag."""

    number: int
    name: str
    start: int
    mib: int
    flag: str = ""  # bios_grub, esp, lvm


def slices(step: Volumes, disk: str, disk_mib: int) -> tuple[Slice, ...]:
    """The partitions that *step* wants on *disk*."""
    wanted: list[tuple[str, int, str]] = []
    if disk == step.boot_disk:
        wanted += [("BIOS boot", BIOS_MIB, "bios_grub"), (INSTALLING, step.efi, "esp")]
        wanted += [(slot, step.root, "") for slot in SLOT_LABELS]
    if disk in (*step.data_disks, *step.app_disks):
        used = TABLE_MIB + sum(mib for _name, mib, _flag in wanted)
        group = APP_GROUP if disk in step.app_disks else VOLUME_GROUP
        wanted.append((group, disk_mib - TABLE_MIB - used, "lvm"))
    found = []
    start = TABLE_MIB
    for number, (name, mib, flag) in enumerate(wanted, 1):
        found.append(Slice(number, name, start, mib, flag))
        start += mib
    return tuple(found)


def kernel_name(path: str) -> str:
    """The kernel name of the device at *path*."""
    return Path(path).resolve().name


def size_mib(path: str) -> int:
    """The size of a block device in whole MiB; 0 when it is not there."""
    return int(_read(kernel_name(path), "size") or 0) * SECTOR // MIB


def sector(path: str) -> int:
    """The logical sector size, in bytes, of a disk, or of the disk of a partition."""
    name = kernel_name(path)
    found = _read(name, "queue/logical_block_size") or _read(f"{name}/..", "queue/logical_block_size")
    return int(found or SECTOR)


def extent(path: str) -> tuple[int, int]:
    """Start and length, in bytes, of the partition, or of the disk, at *path*."""
    name = kernel_name(path)
    length = int(_read(name, "size") or 0) * SECTOR
    if name.startswith("dm-") and MULTIPATH_PART.match(_read(name, "dm/uuid")):
        return int(signature(path).get("ID_PART_ENTRY_OFFSET") or 0) * SECTOR, length
    return int(_read(name, "start") or 0) * SECTOR, length


def partitions(disk: str) -> dict[int, str]:
    """The device path of each partition of *disk*, by number."""
    name = kernel_name(disk)
    found = {}
    for child in (SYS / name).glob("*"):
        if child.name.startswith(name) and (number := _read(child.name, "partition")):
            found[int(number)] = f"/dev/{child.name}"
    for holder in (SYS / name / "holders").glob("dm-*"):
        if match := MULTIPATH_PART.match(_read(holder.name, "dm/uuid")):
            found[int(match[1])] = f"/dev/mapper/{_read(holder.name, 'dm/name')}"
    return found


def partition(disk: str, number: int) -> str:
    """The device path of a partition; StepFailed when it does not appear within REREAD_SECONDS."""
    end = monotonic() + REREAD_SECONDS
    while number not in (found := partitions(disk)):
        if monotonic() > end:
            raise StepFailed(_("{disk} has no partition {number}").format(disk=disk, number=number))
        sleep(0.1)
    return found[number]


def own_disk() -> str:
    """The disk that this node runs from: the one whose partition is mounted on MEDIUM."""
    source = next((mount.source for mount in reversed(mounts()) if mount.point == MEDIUM), "")
    name = kernel_name(source)
    if _read(name, "partition"):
        return f"/dev/{(SYS / name).resolve().parent.name}"
    if name.startswith("dm-") and MULTIPATH_PART.match(_read(name, "dm/uuid")):
        return paths(source)[0]
    raise StepFailed(_("this system does not run from a partition of a node's disk"))


@contextmanager
def held(disks: Iterable[str]) -> Iterator[None]:
    """Keep *disks* open: while a disk is open, the kernel does not reuse its name, even if it goes away.

    It is opened read-only and not exclusively: programs can still write to it, and the kernel re-read its table.
    """
    with ExitStack() as stack:
        for disk in disks:
            with file_errors(_("{disk} could not be opened").format(disk=disk)):
                stack.callback(os.close, os.open(disk, os.O_RDONLY | os.O_CLOEXEC))
        yield


@contextmanager
def pinned(disks: Iterable[str]) -> Iterator[None]:
    """Keep the partitions of *disks* from disappearing temporarily.

    Whenever a program closes a disk that it had open for writing, udev makes the kernel re-read the table, which
    removes every partition and adds it again; while one of them is open, the kernel refuses.
    """
    with ExitStack() as stack:
        for disk in disks:
            text = _("the partitions of {disk} cannot be opened").format(disk=disk)
            wait(lambda disk=disk: _pin(disk, stack), text)  # type: ignore[misc]
        yield
        udev.settle()


def _pin(disk: str, stack: ExitStack) -> bool:
    try:
        for path in partitions(disk).values():
            stack.callback(os.close, os.open(path, os.O_RDONLY | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def esp(disk: str) -> str:
    """The boot partition of *disk*; StepFailed when it is not that of a node."""
    return esp_and_state(disk)[0]


def esp_and_state(disk: str) -> tuple[str, str]:
    """The boot partition of *disk* and its GPT name, which is the state of the installation."""
    path = partition(disk, ESP_NUMBER)
    state = gpt_name(disk, ESP_NUMBER)
    _check_name(path, state, (INSTALLING, COMPLETE))
    return path, state


def slot_partition(disk: str, slot: str) -> str:
    """The partition of *slot* on *disk*; StepFailed when it is not that of a node."""
    return _named(disk, SLOT_NUMBERS[slot], (slot,))


def slot_signatures(disk: str, slots: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """The signatures of the partitions of *slots* on *disk*; StepFailed when one is not that of a node."""
    paths = {slot: partition(disk, SLOT_NUMBERS[slot]) for slot in slots}
    found = signatures(paths.values())
    for slot, path in paths.items():
        _check_name(path, found[path].get("ID_PART_ENTRY_NAME", ""), (slot,))
    return {slot: found[path] for slot, path in paths.items()}


def _named(disk: str, number: int, names: tuple[str, ...]) -> str:
    """The partition *number* of *disk*; StepFailed unless it has one of *names*."""
    path = partition(disk, number)
    _check_name(path, gpt_name(disk, number), names)
    return path


def _check_name(path: str, name: str, names: tuple[str, ...]) -> None:
    """Refuse a partition that has none of *names*, as those of others; a version may follow the name."""
    if name not in names and name.partition(" ")[0] not in names:
        text = _('{path} has the name "{name}" and is not a partition of a node')
        raise StepFailed(text.format(path=path, name=name))


def holders(path: str) -> tuple[str, ...]:
    """Kernel names of the holders of *path*: the devices on top of it."""
    return tuple(sorted(entry.name for entry in (SYS / kernel_name(path) / "holders").glob("*")))


def paths(disk: str) -> tuple[str, ...]:
    """The paths of a multipath map; none for a plain disk."""
    return tuple(sorted(f"/dev/{entry.name}" for entry in (SYS / kernel_name(disk) / "slaves").glob("*")))


def signature(path: str) -> dict[str, str]:
    """The signature on a device now, by udev's names (ID_FS_TYPE, ID_FS_LABEL, ID_PART_ENTRY_NAME, ...)."""
    return _pairs(run((*BLKID, path), good=(0, 2), reads=True))


def signatures(paths: Iterable[str]) -> dict[str, dict[str, str]]:
    """signature() of each of several devices; in one call where all have one: blkid stops at the first without."""
    paths = tuple(paths)
    blocks = run((*BLKID, *paths), good=(0, 2), reads=True).split("\n\n") if paths else []
    if len(blocks) == len(paths):
        return {path: _pairs(block) for path, block in zip(paths, blocks, strict=True)}
    return {path: signature(path) for path in paths}


def _pairs(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines())
    return {name: re.sub(r"\\x20|\\\\ ", " ", value) for name, _equal, value in pairs}


def gpt_name(disk: str, number: int) -> str:
    """The GPT name of partition *number* of *disk*; empty where its table has none that begins where it does.

    It is read here: a program for it takes longer than anything else that is done with the partition.
    """
    path = partition(disk, number)
    with file_errors(_("{disk} could not be read").format(disk=disk)):
        place = gpt_names.read(disk, sector(disk)).get(number)
    return place.name if place and place.start == extent(path)[0] else ""


def wait(test: Callable[[], bool], what: str) -> None:
    """Wait until *test* is true; StepFailed with *what* (a whole sentence) after WAIT_SECONDS."""
    end = monotonic() + WAIT_SECONDS
    udev.settle()
    while not test():
        if monotonic() > end:
            raise StepFailed(what)
        sleep(0.2)


def _read(name: str, attribute: str) -> str:
    try:
        return (SYS / name / attribute).read_text().strip()
    except OSError:
        return ""
