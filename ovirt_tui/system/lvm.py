"""LVM as facts: reads the metadata, takes no lock and repairs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Disk, Group
from ovirt_tui.model.records import replace
from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import run

MEMBER = "LVM2_member"
LOOK = ("--readonly", "--reportformat", "json", "--units", "m", "--nosuffix")
MISSING = "[unknown]"
SECONDS = 120

Row = dict[str, str]


def only(devices: Iterable[str]) -> tuple[str, ...]:
    """The arguments that confine an LVM program to *devices*."""
    return tuple(word for device in devices for word in ("--devices", device))


def report(program: str, columns: str, devices: Iterable[str], *more: str) -> list[Row]:
    """The rows that pvs, vgs or lvs (*program*) reports, of *devices* only."""
    text = run((program, *LOOK, *only(devices), *more, "-o", columns), seconds=SECONDS, reads=True)
    try:
        found: Any = json.loads(text)["report"][0]
        rows: list[Row] = found[program.removesuffix("s")]
    except (ValueError, KeyError, IndexError) as error:
        raise StepFailed(_("{program} said something that cannot be read").format(program=program), text) from error
    return rows


def layers(columns: str, members: Iterable[str]) -> Iterator[list[Row]]:
    """Yield the rows of pvs for *members*, devices with physical volumes, copies in separate layers.

    Of devices with the same physical volume (a clone, a snapshot, a disk with two paths and no multipath map) pvs
    reports one and silently leaves out the others: they are queried again, as a layer of their own, until none is left.
    """
    left = tuple(dict.fromkeys(members))
    while left:
        rows = report("pvs", columns, left)
        yield rows
        reported = {_real(row["pv_name"]) for row in rows}
        before, left = left, tuple(path for path in left if _real(path) not in reported)
        if left == before:
            return


def _real(path: str) -> str:
    """A device-mapper device has several names, of which LVM reports one."""
    return str(Path(path).resolve())


def groups(disks: tuple[Disk, ...]) -> tuple[tuple[Group, ...], dict[str, str]]:
    """The volume groups on *disks*, and the group's name for each path of a physical volume."""
    members = {part.path: disk.path for disk in disks if not disk.map_of for part in disk.parts if part.kind == MEMBER}
    found: dict[str, Group] = {}
    group_of: dict[str, str] = {}
    for rows in layers("pv_name,vg_name,vg_uuid,vg_tags,vg_missing_pv_count", members):
        before = frozenset(found)
        for row in (row for row in rows if row["vg_name"]):
            uuid, path = row["vg_uuid"], row["pv_name"]
            found[uuid] = _with_member(found.get(uuid), row, members.get(path, ""), copy=uuid in before)
            if path in members:
                group_of[path] = row["vg_name"]
        there = tuple(dict.fromkeys(row["pv_name"] for row in rows if row["pv_name"] in members))
        for row in report("lvs", "vg_uuid,lv_name", there) if there else ():
            if row["vg_uuid"] in found.keys() - before:
                group = found[row["vg_uuid"]]
                found[group.uuid] = replace(group, volumes=(*group.volumes, row["lv_name"]))
    return tuple(sorted(found.values(), key=lambda group: group.name)), group_of


def _with_member(known: Group | None, row: Row, disk: str, *, copy: bool) -> Group:
    """The group of a physical volume, *row* of pvs, with its *disk* added, if that is there."""
    group = known or Group(
        name=row["vg_name"],
        uuid=row["vg_uuid"],
        missing=int(row["vg_missing_pv_count"] or 0),
        tags=tuple(filter(None, row["vg_tags"].split(","))),
    )
    if not disk:
        return group
    return replace(group, disks=tuple(dict.fromkeys((*group.disks, disk))), copied=group.copied or copy)
