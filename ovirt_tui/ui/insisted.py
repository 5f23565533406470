"""Disks that somebody insisted on, in spite of what is on them: as long as they are chosen, and no longer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ovirt_tui.disks import named
from ovirt_tui.facts import Facts


def still_insisted(facts: Facts, names: Iterable[str], chosen: tuple[str, ...], left: set[str]) -> Iterator[str]:
    """Those of *names* whose disks are there, have their path in *chosen*, and have not just *left* a choice."""
    gone = {disk.path for name in left if (disk := named(facts, name))}
    for name in names:
        disk = named(facts, name)
        if disk and disk.path in chosen and disk.path not in gone:
            yield name
