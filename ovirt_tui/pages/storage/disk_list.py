"""Disks as lines of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Disk, Facts
from ovirt_tui.pages import Item

COLUMNS = ((N_("Disk"), 24), (N_("Bus"), 10), (N_("Size"), 10), (N_("Model"), 0))
NONE = N_("No disk was found.")
LINES = 6  # of details below the table
ROOM = 77  # columns of a line of details on the smallest screen


def size(mib: int) -> str:
    """A size in MiB as an admin says it."""
    for unit, one in (("TiB", 1024 * 1024), ("GiB", 1024)):
        if mib >= one:
            return f"{mib / one:.1f} {unit}".replace(".0 ", " ")
    return f"{mib} MiB"


def item(disk: Disk, shared: frozenset[str]) -> Item:
    """The line of *disk*; one that cannot be used says why in place of its model."""
    reason = disks.unusable(disk)
    cells = (disk.path, disk.bus, size(disk.mib), str(reason or disk.model))
    own = disks.own_links(disk, shared)
    return Item(disks.lasting(disk, own), cells, (disk.path, *own), str(reason or ""))


def items(facts: Facts) -> tuple[Item, ...]:
    """Every disk, those that cannot be chosen last."""
    shared = disks.shared_links(facts)
    return tuple(sorted((item(disk, shared) for disk in facts.disks), key=lambda each: bool(each.reason)))


def details(facts: Facts, name: str) -> tuple[str, ...]:
    """What tells this disk from others, and what is on it."""
    disk = disks.find(facts, name)
    lines = tuple(packed(identity(disk)))
    if reason := disks.unusable(disk):
        from textwrap import wrap  # only here: few disks cannot be chosen

        lines += tuple(wrap(_("Cannot be chosen: {reason}").format(reason=reason), ROOM))
    room = max(1, LINES - len(lines))
    held = tuple(islice(disks.contents(facts, disk), room + 1))
    if len(held) > room:
        held = (*held[: room - 1], _("and more"))
    if reason:
        return (*lines, *held)
    empty = _("no partitions, nothing known on it")
    return (
        *lines,
        _("On it now: {what}").format(what=held[0] if held else empty),
        *(f"           {more}" for more in held[1:]),
    )


def identity(disk: Disk) -> Iterator[str]:
    """What tells *disk* from others; its path too where the table has no room for it."""
    unknown = _("unknown")
    if len(disk.path) >= COLUMNS[0][1]:
        yield disk.path
    yield _("Model {model}").format(model=disk.model or unknown)
    yield _("Serial {serial}").format(serial=disk.short_serial or disk.serial or unknown)
    yield _("WWN {wwn}").format(wwn=disk.wwn or unknown)


def packed(words: Iterable[str]) -> Iterator[str]:
    """As many *words* in a line as there is room for."""
    line = ""
    for word in words:
        if line and len(line) + 2 + len(word) > ROOM:
            yield line
            line = word
        else:
            line = f"{line}  {word}" if line else word
    yield line
