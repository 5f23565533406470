"""Disks that somebody insisted on, in spite of what is on them: as long as they are chosen, and no longer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ovirt_tui import disks
from ovirt_tui.facts import Facts


def still_insisted(facts: Facts, names: Iterable[str], chosen: tuple[str, ...], left: set[str]) -> Iterator[str]:
    """Those of *names* whose disks are there, have their path in *chosen*, and have not just *left* a choice."""
    for name in names:
        try:
            disk = disks.find(facts, name)
        except disks.NoSuchDisk:
            continue
        if disk.path in chosen and not left & {disk.path, *disk.links}:
            yield name
