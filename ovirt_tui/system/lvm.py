"""LVM as facts: a look at the metadata that takes no lock and repairs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ovirt_tui.facts import Disk, Group
from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import run

MEMBER = "LVM2_member"
LOOK = ("--readonly", "--reportformat", "json", "--units", "m", "--nosuffix")
MISSING = "[unknown]"
SECONDS = 120

Row = dict[str, str]


def report(program: str, columns: str, devices: Iterable[str]) -> list[Row]:
    """Rows of what pvs, vgs or lvs (*program*) says, of *devices* only."""
    only = tuple(word for device in devices for word in ("--devices", device))
    text = run((program, *LOOK, *only, "-o", columns), seconds=SECONDS)
    try:
        found: Any = json.loads(text)["report"][0]
        rows: list[Row] = found[program.removesuffix("s")]
    except (ValueError, KeyError, IndexError) as error:
        raise StepFailed(_("{program} said something that cannot be read").format(program=program), text) from error
    return rows


def groups(disks: tuple[Disk, ...]) -> tuple[tuple[Group, ...], dict[str, str]]:
    """The volume groups on *disks*, and the group's name for each path of a physical volume."""
    members = {part.path: disk.path for disk in disks if not disk.map_of for part in disk.parts if part.kind == MEMBER}
    if not members:
        return (), {}
    found: dict[str, Group] = {}
    of: dict[str, str] = {}
    for row in report("pvs", "pv_name,vg_name,vg_uuid,vg_tags,vg_missing_pv_count", members):
        if not row["vg_name"]:
            continue
        group = found.get(row["vg_uuid"]) or Group(
            name=row["vg_name"],
            uuid=row["vg_uuid"],
            missing=int(row["vg_missing_pv_count"] or 0),
            tags=tuple(filter(None, row["vg_tags"].split(","))),
        )
        if row["pv_name"] != MISSING and row["pv_name"] in members:
            of[row["pv_name"]] = group.name
            group = replace(group, disks=tuple(dict.fromkeys((*group.disks, members[row["pv_name"]]))))
        found[group.uuid] = group
    for row in report("lvs", "vg_uuid,lv_name", members):
        if row["vg_uuid"] in found:
            group = found[row["vg_uuid"]]
            found[group.uuid] = replace(group, volumes=(*group.volumes, row["lv_name"]))
    return tuple(sorted(found.values(), key=lambda group: group.name)), of
