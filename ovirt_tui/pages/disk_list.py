"""Disks as lines of a table."""

from __future__ import annotations

from itertools import islice

from ovirt_tui import disks
from ovirt_tui.facts import Disk, Facts
from ovirt_tui.i18n import N_, _
from ovirt_tui.pages import Item

COLUMNS = ((N_("Disk"), 24), (N_("Bus"), 10), (N_("Size"), 10), (N_("Model"), 0))
NONE = N_("No disk was found.")
LINES = 4  # of details below the table
CONTENTS = 3  # lines of what is on a disk that fit below the table


def size(mib: int) -> str:
    """A size in MiB as an admin says it."""
    for unit, one in (("TiB", 1024 * 1024), ("GiB", 1024)):
        if mib >= one:
            return f"{mib / one:.1f} {unit}".replace(".0 ", " ")
    return f"{mib} MiB"


def item(disk: Disk) -> Item:
    """The line of *disk*; one that cannot be used says why in place of its model."""
    reason = disks.unusable(disk)
    cells = (disk.path, disk.bus, size(disk.mib), reason or disk.model)
    return Item(disks.stable_name(disk), cells, (disk.path, *disk.links), reason)


def items(facts: Facts) -> tuple[Item, ...]:
    """Every disk, those that cannot be chosen last."""
    return tuple(sorted(map(item, facts.disks), key=lambda each: bool(each.reason)))


def details(facts: Facts, name: str) -> tuple[str, ...]:
    """What tells this disk from others, and what is on it."""
    disk = disks.find(facts, name)
    held = tuple(islice(disks.contents(facts, disk), CONTENTS + 1))
    if len(held) > CONTENTS:
        held = (*held[: CONTENTS - 1], _("and more"))
    unknown = _("unknown")
    names = _("Model {model}  Serial {serial}  WWN {wwn}").format(
        model=disk.model or unknown, serial=disk.short_serial or disk.serial or unknown, wwn=disk.wwn or unknown
    )
    if reason := disks.unusable(disk):
        return (names, _("Cannot be chosen: {reason}").format(reason=reason), *held[:2])
    empty = _("no partitions, nothing known on it")
    lines = (
        _("On it now: {what}").format(what=held[0] if held else empty),
        *(f"           {more}" for more in held[1:]),
    )
    return (names, *lines)
