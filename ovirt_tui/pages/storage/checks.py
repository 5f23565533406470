"""What is wrong with the chosen disks and sizes, together or on this machine."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.esp import efi_minimum
from ovirt_tui.machine.facts import Disk, Facts
from ovirt_tui.machine.objections import HOLDS_RAID, objections
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.pages.storage.settings import Found, Storage
from ovirt_tui.pages.storage.sizing import SMALLEST, TooSmall, second, sizes, slot_minimum

BIOS_SECTOR = 512

LEAST = {
    "efi": Kind("boot-partition-too-small", N_("a boot partition needs at least {least} MiB on this disk")),
    "root": Kind("slot-too-small", N_("a slot needs at least {least} MiB to hold the image")),
}
TOO_SMALL = Kind("volume-too-small", N_("at least {least} MiB"))
VOLUMES = ("efi", "root", "swap", "config", "logging", "data")
SECOND = ("swap2", "data2")


def chosen_disks(config: NodeConfig) -> tuple[tuple[str, str], ...]:
    """Path of the setting and name of each disk that will be written."""
    storage = config[Storage]
    boot = (("storage.boot_disk", str(storage.boot_disk)),) if storage.boot_disk else ()
    data = tuple(("storage.data_disks", str(name)) for name in storage.data_disks)
    return boot + data + tuple(("storage.app_disks", str(name)) for name in storage.app_disks)


def chosen(config: Resolved, facts: Facts) -> Iterator[tuple[str, Disk]]:
    """Path of the setting and disk of each that will be written and is there."""
    for path, name in chosen_disks(config):
        if disk := disks.named(facts, name):
            yield path, disk


IN_BOTH = Kind("disk-of-both-groups", N_("{disk} is a disk of the node already; AppVG needs disks of its own"))


def groups_are_apart(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """No disk of AppVG is the boot disk, or one of HostVG."""
    found = list(chosen(config, facts))
    others = {disk.path for path, disk in found if path != "storage.app_disks"}
    for path, disk in dict.fromkeys(found):
        if path == "storage.app_disks" and disk.path in others:
            yield Problem(path, IN_BOTH(disk=disk.path))


NO_DISK = Kind("no-disk-chosen", N_("no disk is chosen"))


def boot_disk_is_chosen(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if not config[Storage].boot_disk:
        yield Problem("storage.boot_disk", NO_DISK())


UNUSABLE = Kind("disk-unusable", N_("{name} cannot be used: {reason}"))
OBJECTION = Kind("disk-objection", N_("{name} {reason}"))
"""The disk *name* should not be overwritten, but may be; *reason* is one of its objections."""


def disks_can_be_used(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """Each chosen disk can be written, and holds nothing that must not be lost unasked."""
    found: dict[str, str] = {}
    for path, disk in chosen(config, facts):
        found.setdefault(disk.path, path)
    storage = config[Storage]
    for name, path in found.items():
        disk = disks.find(facts, name)
        if reason := disks.unusable(disk):
            yield Problem(path, UNUSABLE(name=name, reason=reason))
        elif name not in storage.override:
            for objection in objections(facts, disk, tuple(found)):
                if not (storage.wipe_raid and objection.kind is HOLDS_RAID):
                    yield Problem(path, OBJECTION(name=name, reason=objection))


NODE_IS_THERE = Kind("node-is-there", N_("{disk} holds {product} already; reinstall replaces it"))


def found_node_is_decided(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """A node that is already there is not overwritten unasked; one on other disks is not in the way."""
    written = {disk.path for _setting, disk in chosen(config, facts)}
    for node in facts.nodes:
        if node.disk in written and config[Storage].found.refuses:
            yield Problem("storage.boot_disk", NODE_IS_THERE(disk=node.disk, product=facts.product))


def sizes_fit(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """Each volume has its least size, and all fit on the chosen disks."""
    small = {
        name: least
        for name, least in _least(config, facts).items()
        if _too_small(name, getattr(config[Storage], name), least)
    }
    for name, least in small.items():
        yield Problem(f"storage.{name}", LEAST.get(name, TOO_SMALL)(least=least))
    if small:
        return
    if config[Storage].boot_disk and len(list(chosen(config, facts))) == len(chosen_disks(config)):
        try:
            sizes(config, facts)
            second(config, facts)
        except TooSmall as small_disks:
            yield small_disks.problem


def _least(config: Resolved, facts: Facts) -> dict[str, int]:
    """What each volume needs at least: the slots their image, the boot partition a file system that UEFI reads."""
    boot = disks.named(facts, str(config[Storage].boot_disk))
    sector = boot.sector if boot else BIOS_SECTOR
    least = {"efi": efi_minimum(sector), "root": slot_minimum(facts)}
    names = (*VOLUMES, *SECOND) if config[Storage].app_disks else VOLUMES
    return {name: max(SMALLEST, least.get(name, 0)) for name in names}


def _too_small(name: str, size: int | None, least: int) -> bool:
    free = (name in ("data", "data2") and size in (0, -1)) or (name == "swap2" and size == 0)
    return size is not None and not free and size < least


KEPT_TOO_SMALL = Kind(
    "kept-slot-too-small",
    N_("{part} has {mib} MiB, and the new image needs {least}: this node cannot be replaced around Data"),
)


def kept_slots_fit(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """A node whose Data is kept keeps its partitions too, and they may be of the time of a smaller image."""
    boot = disks.named(facts, str(config[Storage].boot_disk))
    if config[Storage].found is not Found.KEEP_DATA or not boot:
        return
    least = slot_minimum(facts)
    for part in boot.parts:
        if part.name.partition(" ")[0] in disks.SLOT_LABELS and part.mib < least:
            yield Problem("storage.found", KEPT_TOO_SMALL(part=part.path, mib=part.mib, least=least))


SECOND_NOT_NAMED = Kind(
    "kept-second-group-not-named",
    N_("this node has the volume group AppVG on {disks}: to keep Data, name exactly these after a semicolon"),
)


def kept_second_group_is_named(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """A node whose Data is kept keeps its AppVG; no disk of that is written, nor forgotten, because nobody named it."""
    group = disks.second_group_on(facts, str(config[Storage].boot_disk))
    named = {disk.path for path, disk in chosen(config, facts) if path == "storage.app_disks"}
    if config[Storage].found is Found.KEEP_DATA and group and named != set(group.disks):
        yield Problem("storage.app_disks", SECOND_NOT_NAMED(disks=", ".join(group.disks)))


SECTORS_DIFFER = Kind(
    "sectors-differ", N_("a volume group needs disks with sectors of one size; these have, in bytes: {kinds}")
)
SECTORS_BY_BIOS = Kind(
    "sectors-need-uefi",
    N_("{disk} has sectors of {size} bytes; a BIOS starts only from 512, so start the medium by UEFI"),
)


def sectors_fit(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """LVM makes no volume group of disks with different sectors; a BIOS reads sectors of 512 bytes only."""
    boot = disks.named(facts, str(config[Storage].boot_disk))
    for setting in ("storage.data_disks", "storage.app_disks"):
        group = [disk for path, disk in chosen(config, facts) if path == setting]
        if len({disk.sector for disk in group}) > 1:
            kinds = ", ".join(f"{disk.path} {disk.sector}" for disk in dict.fromkeys(group))
            yield Problem(setting, SECTORS_DIFFER(kinds=kinds))
    if boot and boot.sector != BIOS_SECTOR and not facts.efi:
        yield Problem("storage.boot_disk", SECTORS_BY_BIOS(disk=boot.path, size=boot.sector))
