"""Which disks of a machine a selector means.  The only place that resolves one.

A selector that matches none, or several where one is meant, is refused with a list of all disks and why each matches or
does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import partial

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.disks import NoSuchDisk, describe, find, lasting, own_links, shared_links, size, unusable, whole
from ovirt_tui.machine.facts import Disk, Facts, Rotational
from ovirt_tui.machine.untrusted import escaped
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.selectors import ONLY, WWN, DiskSelector, Sizes

UNKNOWN = "-"
PARTITION = Kind("disk-name-of-partition", N_("{name} is a partition of {disk}"))
NAMELESS = Kind("disk-without-name", N_("{name} leads to a disk whose name is none that a device has"))
NO_DISK = Kind("no-disk", N_("no disk found"))
SEVERAL_COULD = Kind("several-disks-could-be-meant", N_("{count} disks could be meant ({names}); name one"))
NO_SUCH_BUS = Kind("no-disk-on-bus", N_("no {bus} disk"))
NO_SUCH_SERIAL = Kind("no-disk-with-serial", N_("no {bus} disk with serial {serial}"))
NO_MATCH = Kind("no-disk-matches", N_("no disk matches {selector}"))
SEVERAL = Kind("several-disks-match", N_("{selector} matches {count} disks ({names})"))


class NotChosen(Exception):
    """A selector that matches no disk, or too many.  *details* say of each disk why it matches or does not."""

    def __init__(self, reason: Reason, details: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.reason, self.details = reason, details


ROTATES = {
    Rotational.UNKNOWN: N_("whether it rotates is not known"),
    Rotational.YES: N_("it rotates"),
    Rotational.NO: N_("it does not rotate"),
}
Misfit = Callable[[Disk, str], str]
"""Says why a disk does not match a criterion with this value; empty when it does."""


def _bus(disk: Disk, value: str) -> str:
    return "" if disk.bus == value else _("its bus is {bus}").format(bus=disk.bus or UNKNOWN)


def _serial(disk: Disk, value: str) -> str:
    known = {disk.serial, disk.short_serial} - {""}
    serials = _(" or ").join(dict.fromkeys(filter(None, (disk.serial, disk.short_serial)))) or UNKNOWN
    return "" if escaped(value) in known else _("its serial is {serial}").format(serial=serials)  # as in facts


def _wwn(disk: Disk, value: str) -> str:
    return "" if bare(value) == bare(disk.wwn) else _("its WWN is {wwn}").format(wwn=disk.wwn or UNKNOWN)


def bare(wwn: str) -> str:
    """Return a WWN without the prefix of its form; empty for anything else."""
    return re.sub(r"^(wwn-)?(0x|naa\.|eui\.)", "", wwn.lower()) if re.fullmatch(WWN, wwn) else ""


def _model(disk: Disk, value: str) -> str:
    """Case is ignored, blanks equal underscores; * and ? are wildcards, [ is literal."""
    pattern = _spelled(escaped(value)).replace("[", "[[]")
    fits = disk.model and fnmatchcase(_spelled(disk.model), pattern)
    return "" if fits else _("its model is {model}").format(model=disk.model or UNKNOWN)


def _spelled(model: str) -> str:
    return model.lower().replace(" ", "_")


def _size(disk: Disk, value: str) -> str:
    wanted = Sizes.read(value)
    return "" if wanted.least <= disk.mib <= wanted.most else _("it has {size}").format(size=size(disk.mib))


def _transport(disk: Disk, value: str) -> str:
    return "" if disk.transport == value else _("its transport is {name}").format(name=disk.transport or UNKNOWN)


def _rotational(disk: Disk, value: str) -> str:
    return "" if disk.rotational.value == value else _(ROTATES[disk.rotational])


def _hctl(disk: Disk, value: str) -> str:
    return "" if disk.hctl == value else _("its address on SCSI is {hctl}").format(hctl=disk.hctl or UNKNOWN)


def _link(folder: str) -> Misfit:
    def misfit(disk: Disk, value: str) -> str:
        return "" if f"/dev/disk/{folder}/{value}" in disk.links else _("has other names than this")

    return misfit


def _alone(disk: Disk, value: str) -> str:
    if reason := unusable(disk):
        return str(reason)
    if disk.target:
        return _("it is in another machine")
    return _("it is removable") if disk.removable else ""


MISFITS: dict[str, Misfit] = {
    ONLY: _alone,
    "bus": _bus,
    "serial": _serial,
    "wwn": _wwn,
    "model": _model,
    "size": _size,
    "transport": _transport,
    "rotational": _rotational,
    "hctl": _hctl,
    "by-id": _link("by-id"),
    "by-path": _link("by-path"),
}


def select(facts: Facts, selector: DiskSelector) -> tuple[Disk, ...]:
    """Return the disks that *selector* matches, one unless it asks for every match; NotChosen otherwise."""
    if selector.path:
        disk = _named(facts, selector.path)
        if not _is_a_name(disk.path):
            raise NotChosen(NAMELESS(name=selector.path), reasons(facts, selector))
        return (disk,)
    found = _matching(facts, selector)
    serial = next((escaped(each.value) for each in selector.criteria if each.key == "serial"), "")
    if serial:  # udev's full serial takes precedence over the one on the label
        exact = tuple(disk for disk in found if disk.serial == serial)
        found = exact or found
    if not found:
        raise NotChosen(_none(selector), reasons(facts, selector))
    if len(found) > 1 and not selector.every:
        kind = SEVERAL_COULD if selector == ONLY else SEVERAL
        names = ", ".join(disk.path for disk in found)
        raise NotChosen(kind(selector=selector, count=len(found), names=names), reasons(facts, selector))
    return found


def judge(facts: Facts, selector: DiskSelector) -> Callable[[Disk], str]:
    """Return a function that says why a disk does not match *selector*; empty when it does."""
    if selector.path:
        shared = shared_links(facts)
        return partial(_other_names, selector.path, selector.path in shared, shared)
    return partial(_misfit, selector)


def _misfit(selector: DiskSelector, disk: Disk) -> str:
    if (disk.live or disk.cdrom) and selector != ONLY:
        return str(unusable(disk))
    if not _is_a_name(disk.path):
        return _("its name is none that a device has")
    return next((why for each in selector.criteria if (why := MISFITS[each.key](disk, each.value))), "")


def _is_a_name(path: str) -> bool:
    return re.fullmatch(rf"/dev/{DiskSelector.pattern}", path) is not None


def _other_names(name: str, several: bool, shared: frozenset[str], disk: Disk) -> str:
    """Why *name* is not a name of this disk: where no disk has it, a name of this one that survives a reboot."""
    if name == disk.path or name in disk.links:
        return ""
    known = lasting(disk, own_links(disk, shared))
    other = _("its lasting name is {name}").format(name=known)
    return _("has other names than this") if several or known == disk.path else other


def reasons(facts: Facts, selector: DiskSelector) -> tuple[str, ...]:
    """A line for each disk: what it is, and why it matches or not."""
    matches, why_not = _("matches"), judge(facts, selector)
    lines = (f"{describe(disk)}: {why_not(disk) or matches}" for disk in facts.disks)
    return tuple(lines) or (_("this machine has no disk"),)


def _named(facts: Facts, name: str) -> Disk:
    try:
        return find(facts, name)
    except NoSuchDisk as missing:
        holder = next((disk for disk in facts.disks for part in disk.parts if part.path == name), None)
        if holder:
            raise NotChosen(PARTITION(name=name, disk=holder.path), ()) from None
        raise NotChosen(missing.reason, reasons(facts, DiskSelector(name))) from None


def _matching(facts: Facts, selector: DiskSelector) -> tuple[Disk, ...]:
    """The disks that match; a path of a multipath map stands for the map, which counts once."""
    why_not = judge(facts, selector)
    fitting = (whole(facts, disk) for disk in facts.disks if not why_not(disk))
    return tuple({disk.path: disk for disk in fitting}.values())


def _none(selector: DiskSelector) -> Reason:
    said = {each.key: each.value for each in selector.criteria}
    match sorted(said):
        case [only] if only == ONLY:
            return NO_DISK()
        case ["bus"]:
            return NO_SUCH_BUS(bus=said["bus"])
        case ["bus", "serial"]:
            return NO_SUCH_SERIAL(bus=said["bus"], serial=said["serial"])
    return NO_MATCH(selector=selector)
