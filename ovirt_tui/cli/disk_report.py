"""The disks of a machine, and which of them a selector names."""

from __future__ import annotations

from functools import partial

from ovirt_tui.cli import documents
from ovirt_tui.cli.json_report import remark
from ovirt_tui.features.parameter import Refused
from ovirt_tui.i18n import _
from ovirt_tui.machine import disks
from ovirt_tui.machine.disk_names import called
from ovirt_tui.machine.facts import Disk, Facts
from ovirt_tui.machine.selection import NotChosen, judge, select
from ovirt_tui.model.problems import Reason
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.selectors import DiskSelector
from ovirt_tui.pages.storage.named import named

PARAMETER = "--match"


@dataclass(frozen=True)
class Seen:
    """A disk with what is to be said of it: that it matches or why not, or that it can be used or why not."""

    disk: Disk
    matches: bool
    remark: str


@dataclass(frozen=True)
class Found:
    """Every disk, and why the selector names none, or more than it may."""

    seen: tuple[Seen, ...]
    problem: Reason | None = None


def look(facts: Facts, match: str | None) -> Found:
    """Say of each disk whether *match* names it, in the words of storage_init or by any other name."""
    if match is None:
        return Found(tuple(Seen(disk, False, _use(facts, disk)) for disk in facts.disks))
    selectors: tuple[DiskSelector, ...] = ()
    try:
        selectors = named(match).host
        chosen = {disk.path for selector in selectors for disk in select(facts, selector)}
    except Refused as refused:
        if "=" in match:  # criteria, and no name of anything
            return Found(_seen(facts, set(), ()), refused.reason)
        try:
            chosen = {called(facts, match).path}
        except disks.NoSuchDisk as missing:
            return Found(_seen(facts, set(), ()), missing.reason)
    except NotChosen as refused:
        return Found(_seen(facts, set(), selectors), refused.reason)
    return Found(_seen(facts, chosen, selectors))


def _seen(facts: Facts, chosen: set[str], selectors: tuple[DiskSelector, ...]) -> tuple[Seen, ...]:
    """Each disk, and why none of *selectors* means it, or not it alone."""
    judges = [judge(facts, each) for each in selectors]
    stable = partial(disks.stable_name, facts)

    def remark(disk: Disk) -> str:
        if disk.path in chosen:
            return _("matches")
        if disk.live or disk.cdrom or disk.map_of:
            return str(disks.unusable(disk))
        why_not = dict.fromkeys(filter(None, (why(disk) for why in judges)))
        if judges and not why_not:
            return _("it matches, and is not alone; its lasting name is {name}").format(name=stable(disk))
        return _(", ").join(why_not) or _("its lasting name is {name}").format(name=stable(disk))

    return tuple(Seen(disk, disk.path in chosen, remark(disk)) for disk in facts.disks)


def _use(facts: Facts, disk: Disk) -> str:
    if reason := disks.unusable(disk):
        return _("cannot be used: {reason}").format(reason=reason)
    return _("its lasting name is {name}").format(name=disks.stable_name(facts, disk))


def text(found: Found) -> str:
    """A line for each disk."""
    return "".join(f"{disks.describe(each.disk)}: {each.remark}\n" for each in found.seen)


def document(facts: Facts, found: Found) -> documents.Disks:
    """What 'disks --json' answers with."""
    return documents.Disks(
        disks=tuple(
            documents.DiskSeen(
                path=each.disk.path,
                name=disks.stable_name(facts, each.disk),
                mib=each.disk.mib,
                bus=each.disk.bus,
                model=each.disk.model,
                serial=each.disk.serial,
                wwn=each.disk.wwn,
                usable=not disks.unusable(each.disk),
                matches=each.matches,
                text=each.remark,
            )
            for each in found.seen
        ),
        problems=(remark(PARAMETER, found.problem),) if found.problem else (),
    )
