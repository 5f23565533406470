"""Partition tables, by parted: writes new ones, and renames partitions in existing ones."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from traceback import clear_frames
from typing import Any

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, gpt_names
from ovirt_tui.system.block import MIB
from ovirt_tui.system.boot_code import opened, put_boot_code
from ovirt_tui.system.command import run
from ovirt_tui.system.files import flush
from ovirt_tui.system.partitions import Slice, extent, partition, partitions, pinned, sector, signatures, wait
from ovirt_tui.system.tree import file_errors


def write_table(disk: str, wanted: tuple[Slice, ...], *, boots: bool = False) -> None:
    """Write a new table with these partitions to *disk*, from which a BIOS starts nothing, and wait for their devices.

    On a disk that *boots*, the entry of the protective MBR is active: some BIOSes boot no other disk, and UEFI has to
    ignore it.
    """
    # parted leaves no boot code.  Two that close the disk at once have udev read it once, and while the new partitions
    # are open it does not have the kernel remove all of them and add them again.
    what = _("{disk} could not be partitioned").format(disk=disk)
    with _table_errors(what), ExitStack() as pins, opened(disk) as handle, _opened(disk) as device:
        _commit_new(device, wanted, boots=boots)
        put_boot_code(handle)
        pins.enter_context(pinned((disk,)))
    numbers = [each.number for each in wanted]
    text = _("the new partitions of {disk} did not appear").format(disk=disk)
    wait(lambda: _there(disk) == numbers, text)


def _commit_new(device: Any, wanted: tuple[Slice, ...], *, boots: bool) -> None:
    """Write a new table.  The caller holds no table object: in the frame of an error it would outlive the device."""
    parted = _parted()
    table = parted.freshDisk(device, "gpt")
    if boots:
        table.setFlag(parted.DISK_GPT_PMBR_BOOT)
    unit = MIB // device.sectorSize
    for each in wanted:
        place = parted.Geometry(device, start=each.start * unit, length=each.mib * unit)
        part = parted.Partition(disk=table, type=parted.PARTITION_NORMAL, geometry=place)
        table.addPartition(part, parted.Constraint(exactGeom=place))
        part.getPedPartition().set_name(each.name)
        if each.flag:
            part.setFlag(getattr(parted, f"PARTITION_{each.flag.upper()}"))
    table.commit()


def _there(disk: str) -> list[int]:
    """The partitions of *disk* that have devices, in order."""
    return sorted(number for number, path in partitions(disk).items() if Path(path).exists())


def check_table(disk: str) -> None:
    """Refuse a table that rename() could not change, such as one whose backup copy is damaged; nothing is written."""
    with pinned((disk,)), _table_errors(_unchanged(disk)), _opened(disk) as device:
        _parted().Disk(device)


def _unchanged(disk: str) -> str:
    return _("the partition table of {disk} could not be changed").format(disk=disk)


def rename(disk: str, names: dict[int, str]) -> None:
    """Give partitions of *disk* new GPT names and make udev read them again.

    Not by parted, whose new table is whole only once the last of several sectors is written, and which is not asked
    either: it opens the disk to write, and udev probes all of it once that is closed.  A table that is not whole is
    refused without it.
    """
    with file_errors(_unchanged(disk)):
        gpt_names.rename(disk, sector(disk), names)
    flushed(disk)
    nodes = tuple(partition(disk, number) for number in names)
    run(("udevadm", "trigger", "--action=change", "--settle", *nodes), reads=True)
    found = signatures(nodes)
    for node, (number, name) in zip(nodes, names.items(), strict=True):
        text = _("partition {number} of {disk} did not get the name {name}")
        if found[node].get("ID_PART_ENTRY_NAME") != name:
            raise StepFailed(text.format(number=number, disk=disk, name=name))


@contextmanager
def _opened(disk: str) -> Iterator[Any]:
    """*disk* for parted, opened once: each time it is closed udev probes it and every partition again."""
    device = _as_it_is(disk)
    device.open()
    try:
        yield device
    finally:
        device.close()


def _as_it_is(disk: str) -> Any:
    """The device at the path *disk*, not an outdated one.

    parted caches devices by path: after a disk was replaced or resized, the cached one is wrong.
    """
    parted = _parted()
    device = parted.getDevice(disk)
    if (device.length * device.sectorSize, device.sectorSize) == (extent(disk)[1], sector(disk)):
        return device
    gc.collect()  # a table that is unreferenced but not yet freed would access the device that is freed here
    parted.freeAllDevices()
    return parted.getDevice(disk)


def flushed(disk: str) -> None:
    """Flush what was written to *disk*, its write cache included."""
    with file_errors(_("{disk} could not be flushed").format(disk=disk)):
        flush(Path(disk))


@contextmanager
def _table_errors(what: str) -> Iterator[None]:
    """Turn the errors of parted into StepFailed: *what* is the beginning of the sentence.

    They have no base class in common, only the module.
    """
    import _ped

    kinds = (kind for kind in vars(_ped).values() if isinstance(kind, type) and issubclass(kind, Exception))
    known: tuple[type[Exception], ...] = (*kinds, OSError)
    try:
        yield
    except known as error:
        clear_frames(error.__traceback__)  # they hold a table object
        raise StepFailed(f"{what}: {error}", repr(error)) from error


def load_parted() -> None:
    """Load parted; StepFailed when it cannot be."""
    try:
        _parted()
    except ImportError as error:
        raise StepFailed(_("parted could not be loaded: {reason}").format(reason=error)) from error


def _parted() -> Any:
    """Import parted on first use: a run that changes no table does not pay for it."""
    import parted

    return parted
