"""UEFI boot entries: ours is created with the node and deleted with it."""

from __future__ import annotations

import re
import syslog
from pathlib import Path

from ovirt_tui.system import StepFailed, udev
from ovirt_tui.system.command import run
from ovirt_tui.system.partitions import partition, paths, signature

FOLDER = Path("/sys/firmware/efi")
TITLE = "oVirt Node"
LINE = re.compile(r"Boot([0-9A-Fa-f]{4})([* ]) (.*?)\t(.*)")
"""An entry in the output of efibootmgr: number, a star where it is active, title and device path."""
PARTITION = re.compile(r"HD\(\d+,GPT,([0-9a-f-]{36})", re.IGNORECASE)


def entries(text: str) -> dict[str, str]:
    """The entries with our title in the output of efibootmgr: number, and UUID of the partition, empty if none."""
    found = {}
    for line in text.splitlines():
        if (match := LINE.fullmatch(line)) and match[3] == TITLE:
            place = PARTITION.search(match[4])
            found[match[1]] = place[1].lower() if place else ""
    return found


def leads(text: str, uuid: str, loader: str) -> bool:
    """Say whether an active entry with our title in the output of efibootmgr starts *loader* of this partition."""
    entries = (match for line in text.splitlines() if (match := LINE.fullmatch(line)))
    ours = (match[4].lower() for match in entries if (match[2], match[3]) == ("*", TITLE))
    wanted = loader.replace("/", "\\").lower()
    return any((place := PARTITION.search(path)) and place[1] == uuid and wanted in path for path in ours)


def has_entry(disk: str, number: int, loader: str, folder: Path = FOLDER) -> bool:
    """Say whether the firmware has an entry that starts *loader*; one that tells nothing gets none, and needs none."""
    if not folder.is_dir():
        return True
    try:
        return leads(run(("efibootmgr", "--verbose")), _uuid(disk, number), loader)
    except StepFailed as failure:
        _warn("the firmware does not tell its boot entries", failure)
        return True


def stale(folder: Path = FOLDER) -> tuple[str, ...]:
    """The numbers of our entries whose partition does not exist."""
    return _stale(_own_entries(folder))


def _stale(own_entries: dict[str, str]) -> tuple[str, ...]:
    existing = {device.get("ID_PART_ENTRY_UUID", "").lower() for device in udev.devices("block")}
    return tuple(number for number, uuid in own_entries.items() if uuid and uuid not in existing)


def delete_entries(numbers: tuple[str, ...]) -> None:
    """Delete entries."""
    try:
        for number in numbers:
            run(("efibootmgr", "--quiet", "--bootnum", number, "--delete-bootnum"))
    except StepFailed as failure:
        _warn("the firmware keeps a boot entry that leads nowhere", failure)


def add_entry(disk: str, number: int, loader: str, folder: Path = FOLDER) -> None:
    """Add a boot entry for *loader* on partition *number*, first in the boot order.

    Without it, the fallback path still boots.  Our entries for this partition, and those for partitions that do not
    exist, are deleted first; that of a node on another disk stays.  A multipath map is given as one of its paths:
    firmware knows partitions by their UUID, efibootmgr knows no maps.
    """
    if not folder.is_dir():
        return
    device = next(iter(paths(disk)), disk)
    place = ("--disk", device, "--part", str(number), "--loader", "\\" + loader.replace("/", "\\"))
    try:
        own = _uuid(disk, number)
        own_entries = _own_entries(folder)
        before = (entry for entry, uuid in own_entries.items() if uuid and uuid == own)
        delete_entries(tuple(dict.fromkeys((*before, *_stale(own_entries)))))
        run(("efibootmgr", "--quiet", "--create", *place, "--label", TITLE))
    except StepFailed as failure:
        _warn("the firmware took no boot entry, which is not needed", failure)


def _uuid(disk: str, number: int) -> str:
    return signature(partition(disk, number)).get("ID_PART_ENTRY_UUID", "").lower()


def _own_entries(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        return {}
    try:
        return entries(run(("efibootmgr", "--verbose")))
    except StepFailed as failure:
        _warn("the firmware does not tell its boot entries", failure)
        return {}


def _warn(what: str, failure: StepFailed) -> None:
    syslog.syslog(syslog.LOG_WARNING, f"{what}: {failure}")
