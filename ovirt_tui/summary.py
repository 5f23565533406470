"""The write plan in words: per disk what it is, what is on it now and is lost, and what will be there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ovirt_tui import disks
from ovirt_tui.actions import volumes_step
from ovirt_tui.autoinstall.assign import interrupted
from ovirt_tui.config import NodeConfig
from ovirt_tui.facts import Disk, Facts
from ovirt_tui.i18n import N_, _
from ovirt_tui.runner import Planned
from ovirt_tui.steps import Erased, Volumes

REMOVING = N_("Removing the node")


@dataclass(frozen=True)
class Fate:
    """What becomes of one disk: what is on it now, of that the volumes whose contents stay, and what will be there.

    Where an installation that was interrupted *goes_on*, what is on the disk is its own.
    """

    disk: Disk
    now: tuple[str, ...]
    will_be: tuple[str, ...]
    keep: tuple[str, ...] = ()
    goes_on: bool = False


def removal(erased: Erased) -> tuple[Planned, ...]:
    """The plan of an uninstallation."""
    return (Planned(REMOVING, (erased,)),)


def fates(config: NodeConfig, facts: Facts) -> tuple[Fate, ...]:
    """What an installation does to each disk.  The rules of *config* must hold."""
    step = volumes_step(config, facts)
    goes_on = interrupted(facts, step.disks) is not None
    return tuple(
        Fate(disk, tuple(disks.contents(facts, disk)), tuple(_will_be(step, disk.path, facts)), step.keep, goes_on)
        for disk in (disks.find(facts, path) for path in step.disks)
    )


def erased_fates(erased: Erased, facts: Facts) -> tuple[Fate, ...]:
    """What an uninstallation does to each disk."""
    nothing = (_("nothing: no partition table, nothing to boot"),)
    found = (disks.find(facts, path) for path in erased.disks)
    return tuple(Fate(disk, tuple(disks.contents(facts, disk)), nothing) for disk in found)


def write_plan(config: NodeConfig, facts: Facts) -> tuple[str, ...]:
    """Say what an installation does to each disk.  The rules of *config* must hold."""
    return tuple(line for fate in fates(config, facts) for line in _fate(fate))


def erase_plan(erased: Erased, facts: Facts) -> tuple[str, ...]:
    """Say what an uninstallation does to each disk."""
    return tuple(line for fate in erased_fates(erased, facts) for line in _fate(fate))


def _fate(fate: Fate) -> Iterator[str]:
    yield disk_line(fate.disk)
    if not fate.now:
        yield _("  now: nothing")
    elif fate.goes_on:
        yield _("  now, from an installation that was interrupted and goes on:")
    elif fate.keep:
        names = ", ".join(fate.keep)
        yield _("  now, and lost except for the contents of {names}:").format(names=names)
    else:
        yield _("  now, and lost:")
    yield from (f"    {line}" for line in fate.now)
    yield _("  will be:")
    yield from (f"    {line}" for line in fate.will_be)


def disk_line(disk: Disk) -> str:
    """A disk in one line: path, size, bus, model, serial, WWN."""
    wwn = f" WWN {disk.wwn}" if disk.wwn else ""
    return disks.describe(disk) + wwn


def _will_be(step: Volumes, path: str, facts: Facts) -> Iterator[str]:
    if path == step.boot_disk:
        yield _("boot partition {mib} MiB, starts by BIOS and by UEFI").format(mib=step.efi)
        yield _("Root {mib} MiB, {product} {version}").format(
            mib=step.root, product=facts.product, version=facts.version
        )
        yield _("RootBackup {mib} MiB, for the next version").format(mib=step.root)
    if path in step.data_disks:
        volumes = ", ".join(_volume(name, mib) for name, mib in step.volumes)
        others = [other for other in step.data_disks if other != path]
        shared = _(" (together with {others})").format(others=", ".join(others)) if others else ""
        yield _("volume group HostVG{shared}: {volumes}").format(shared=shared, volumes=volumes)


def _volume(name: str, mib: int) -> str:
    return _("{name} the rest").format(name=name) if mib < 0 else _("{name} {mib} MiB").format(name=name, mib=mib)
