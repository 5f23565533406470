"""What stands on disks that will be written: volume groups, mounts, other nodes; let go of, or a reason to refuse."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.machine.disks import VOLUME_GROUP, identity
from ovirt_tui.system import StepFailed, lvm, udev
from ovirt_tui.system.begun import begin
from ovirt_tui.system.command import run
from ovirt_tui.system.mounts import mounts
from ovirt_tui.system.partitions import holders, partitions, signature
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.tree import file_errors
from ovirt_tui.system.udev import Device

GROUP_SECONDS = 120
BY_UUID = "/dev/disk/by-id/dm-uuid-LVM-"
"""Begins the link of a logical volume; the UUIDs of its group and its own follow, without dashes."""

SEEN = "pv_name,vg_name,vg_uuid,vg_free,lv_uuid,lv_name,lv_size,pv_duplicate"
DUPLICATE = "duplicate"
"""What LVM says in pv_duplicate, with --all, of a device whose physical volume it took from another one."""


@dataclass(frozen=True)
class Ours:
    """The node's volume group: what it is made of, and its volumes by their names; sizes in MiB."""

    uuid: str
    members: tuple[str, ...]
    sizes: dict[str, float]
    paths: dict[str, str]
    free: float


def ours(disks: Iterable[str]) -> Ours:
    """The node's volume group on *disks*.  A group of the same name elsewhere is another one.

    LVM itself says which partitions are physical volumes: asking of each beforehand takes longer than all of this.
    """
    disks = tuple(disks)
    parts = [path for disk in disks for path in (tuple(partitions(disk).values()) or (disk,))]
    rows = lvm.report("pvs", SEEN, parts, "--all") if parts else []
    if copies := [row["pv_name"] for row in rows if row["pv_duplicate"] == DUPLICATE]:
        text = _("{copies} holds the same physical volume as another of {disks}: one is a copy, and must be taken out")
        raise StepFailed(text.format(copies=", ".join(copies), disks=", ".join(disks)))
    rows = [row for row in rows if row["vg_name"] == VOLUME_GROUP]
    uuids = {row["vg_uuid"] for row in rows}
    if len(uuids) != 1:
        text = _("{disks} hold {count} volume groups {name}; there must be one")
        raise StepFailed(text.format(disks=", ".join(disks), count=len(uuids), name=VOLUME_GROUP))
    uuid = uuids.pop()
    # a row for each piece of a volume, and for what is free; those in brackets are inside others
    volumes = [row for row in rows if row["lv_name"] and not row["lv_name"].startswith("[")]
    return Ours(
        uuid,
        tuple(dict.fromkeys(row["pv_name"] for row in rows if row["pv_name"] != lvm.MISSING)),
        {row["lv_name"]: float(row["lv_size"]) for row in volumes},
        {row["lv_name"]: BY_UUID + (uuid + row["lv_uuid"]).replace("-", "") for row in volumes},
        float(rows[0]["vg_free"]),
    )


def group_on(disks: Iterable[str]) -> str:
    """UUID of the node's volume group on *disks*."""
    return ours(disks).uuid


def volume_paths(disks: Iterable[str]) -> dict[str, str]:
    """The device of each volume of the node's group on *disks*, by its name."""
    return ours(disks).paths


def activate(disks: Iterable[str]) -> None:
    """Make the volumes of our group appear as devices, where there is such a group."""
    disks = tuple(disks)
    if members(disks):
        found = ours(disks)
        named = ("--select", f"vg_uuid={found.uuid}")
        run(("vgchange", *lvm.only(found.members), "--activate", "y", "--noudevsync", *named), seconds=GROUP_SECONDS)
        udev.settle()


def deactivate(disks: Iterable[str]) -> None:
    """Take the devices of our group's volumes away again."""
    disks = tuple(disks)
    _deactivate(group_on(disks), members(disks))


def _deactivate(uuid: str, parts: Iterable[str]) -> None:
    """Deactivate one group on *parts*, which hold no physical volume twice."""
    run(("vgchange", *lvm.only(parts), "--activate", "n", "--select", f"vg_uuid={uuid}"), seconds=GROUP_SECONDS)


def members(disks: Iterable[str]) -> tuple[str, ...]:
    """Physical volumes on *disks*: partitions, or disks without a table."""
    candidates = (path for disk in disks for path in (disk, *partitions(disk).values()))
    return tuple(path for path in candidates if signature(path).get("ID_FS_TYPE") == lvm.MEMBER)


def release(
    disks: tuple[str, ...],
    removes: tuple[tuple[str, str], ...],
    known: tuple[Device, ...],
    begun: tuple[str, ...] = (),
) -> None:
    """Let go of what stands on *disks*: the volume groups of the plan, and arrays nobody uses.

    *known* are the block devices of udev, which name the physical volumes of this machine.

    A group is not removed from its other disks, as that would write to them.  A group of our name on a disk that was
    *begun* is that of an attempt which failed later: no plan can have named it.  Nothing is written before the last of
    these refusals, unless an array is stopped.
    """
    mine = {path for disk in disks for path in (disk, *partitions(disk).values())}
    layers = tuple(lvm.layers("pv_name,vg_name,vg_uuid", _every_member(known)))
    expected = {uuid for _name, uuid in removes}
    for row in (row for rows in layers for row in rows):
        if row["pv_name"] in mine and row["vg_name"] and row["vg_uuid"] not in expected and not _is_own(row, begun):
            text = _("{path} belongs to the volume group {name}, which the plan does not name")
            raise StepFailed(text.format(path=row["pv_name"], name=row["vg_name"]), row["vg_uuid"])
    for rows in layers:  # each copy of a physical volume by itself: of two that it is shown, LVM looks at one
        for uuid in dict.fromkeys(row["vg_uuid"] for row in rows if row["pv_name"] in mine and row["vg_name"]):
            parts = (row["pv_name"] for row in rows if row["vg_uuid"] == uuid)
            _deactivate(uuid, (path for path in dict.fromkeys(parts) if path != lvm.MISSING))
    for path in sorted(mine):
        refuse_mounted(path)
    arrays = {f"/dev/{holder}" for path in mine for holder in holders(path) if holder.startswith("md")}
    for array in sorted(arrays):
        refuse_in_use(array)
    for array in sorted(arrays):
        begin()  # to stop an array writes to its disks
        run(("mdadm", "--stop", array))
    if arrays or any(layers):
        udev.settle()
    for path in sorted(mine - set(disks)):
        refuse_in_use(path)


def _is_own(row: lvm.Row, begun: tuple[str, ...]) -> bool:
    """Say whether a physical volume is of our group, on one of the disks *begun*."""
    parts = {path for disk in begun for path in partitions(disk).values()}
    return row["vg_name"] == VOLUME_GROUP and row["pv_name"] in parts


def refuse_exchanged(identities: Iterable[tuple[str, str]], known: tuple[Device, ...]) -> None:
    """Refuse when a path means another disk now than when it was chosen: names pass on when disks come and go.

    Now is *known*, the block devices of udev.
    """
    now = {disk.path: identity(disk) for disk in Probe().disks(known)}
    text = _("{path} is not the disk that was chosen: that was {chosen}, this is {found}; nothing was written to it")
    for path, chosen in identities:
        if now.get(path) != chosen:
            raise StepFailed(text.format(path=path, chosen=chosen, found=now.get(path) or _("gone")))


def _every_member(known: tuple[Device, ...]) -> tuple[str, ...]:
    """Every physical volume of this machine, by what udev knows."""
    return tuple(device["DEVNAME"] for device in known if device.get("ID_FS_TYPE") == lvm.MEMBER)


def refuse_in_use(path: str) -> None:
    """Refuse when *path* is mounted or other devices stand on it."""
    refuse_mounted(path)
    if found := holders(path):
        raise StepFailed(_("{path} is in use by {holders}").format(path=path, holders=", ".join(found)))


def refuse_mounted(path: str) -> None:
    """Refuse when *path* is mounted."""
    with file_errors(_("{path} could not be looked at").format(path=path)):
        stat = Path(path).stat()
    number = f"{os.major(stat.st_rdev)}:{os.minor(stat.st_rdev)}"
    if point := next((mount.point for mount in mounts() if mount.number == number), ""):
        raise StepFailed(_("{path} is mounted on {point}").format(path=path, point=point))
