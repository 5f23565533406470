"""Finds a disk by any name that people use: what is on its label, udev's links, and the kernel's name."""

from __future__ import annotations

from ovirt_tui.machine.disks import NoSuchDisk, find, whole
from ovirt_tui.machine.facts import Disk, Facts
from ovirt_tui.machine.selection import bare

FOLDERS = ("", "/dev/", "/dev/mapper/", "/dev/disk/by-id/", "/dev/disk/by-path/", "/dev/disk/")


def called(facts: Facts, name: str) -> Disk:
    """Return the one disk called *name*: a path or link with its folder or without, BUS:SERIAL, a serial or a WWN.

    NoSuchDisk when no disk has this name, or more than one.
    """
    for folder in FOLDERS:
        try:
            return find(facts, folder + name)
        except NoSuchDisk as missing:
            if missing.candidates:
                raise
    matching = (whole(facts, disk) for disk in facts.disks if _is_called(disk, name))
    found = {disk.path: disk for disk in matching}
    if len(found) != 1:
        raise NoSuchDisk(name, tuple(found))
    return next(iter(found.values()))


def _is_called(disk: Disk, name: str) -> bool:
    bus, _colon, serial = name.partition(":")
    by_wwn = bool(bare(name)) and bare(name) == bare(disk.wwn)
    return by_wwn or name in _serials(disk) or (disk.bus == bus and serial in _serials(disk))


def _serials(disk: Disk) -> set[str]:
    return {disk.serial, disk.short_serial} - {""}
