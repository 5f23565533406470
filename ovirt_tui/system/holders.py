"""Holders of disks that will be written (volume groups, mounts, arrays): released, or a reason to refuse."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.machine.disks import APP_GROUP, VOLUME_GROUP, identity
from ovirt_tui.model.records import dataclass
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
"""Prefix of the link of a logical volume; the UUIDs of its group and its own follow, without dashes."""

SEEN = "pv_name,vg_name,vg_uuid,vg_free,lv_uuid,lv_name,lv_size,pv_duplicate"
DUPLICATE = "duplicate"
"""Value of pv_duplicate, with --all, for a device whose physical volume LVM takes from another device."""


@dataclass(frozen=True)
class NodeGroup:
    """A volume group of the node: its physical volumes, and its logical volumes by name; sizes in MiB."""

    uuid: str
    members: tuple[str, ...]
    sizes: dict[str, float]
    paths: dict[str, str]
    free: float


def find_group(disks: Iterable[str], name: str = VOLUME_GROUP) -> NodeGroup:
    """The node's volume group *name* on *disks*, whatever others hold; StepFailed unless there is one, without copies.

    LVM itself finds out which partitions are physical volumes: probing each beforehand takes longer than all of this.
    """
    disks = tuple(disks)
    parts = [path for disk in disks for path in (tuple(partitions(disk).values()) or (disk,))]
    rows = lvm.report("pvs", SEEN, parts, "--all") if parts else []
    if copies := [row["pv_name"] for row in rows if row["pv_duplicate"] == DUPLICATE]:
        text = _("{copies} holds the same physical volume as another of {disks}: one is a copy, and must be taken out")
        raise StepFailed(text.format(copies=", ".join(copies), disks=", ".join(disks)))
    rows = [row for row in rows if row["vg_name"] == name]
    uuids = {row["vg_uuid"] for row in rows}
    if len(uuids) != 1:
        text = _("{disks} hold {count} volume groups {name}; there must be one")
        raise StepFailed(text.format(disks=", ".join(disks), count=len(uuids), name=name))
    uuid = uuids.pop()
    # one row per segment of a volume and per free segment; names in brackets are internal sub-volumes
    volumes = [row for row in rows if row["lv_name"] and not row["lv_name"].startswith("[")]
    return NodeGroup(
        uuid,
        tuple(dict.fromkeys(row["pv_name"] for row in rows if row["pv_name"] != lvm.MISSING)),
        {row["lv_name"]: float(row["lv_size"]) for row in volumes},
        {row["lv_name"]: BY_UUID + (uuid + row["lv_uuid"]).replace("-", "") for row in volumes},
        float(rows[0]["vg_free"]),
    )


def group_on(disks: Iterable[str], name: str = VOLUME_GROUP) -> str:
    """UUID of the node's volume group *name* on *disks*."""
    return find_group(disks, name).uuid


def volume_paths(disks: Iterable[str], name: str = VOLUME_GROUP) -> dict[str, str]:
    """The device of each volume of the node's group *name* on *disks*, by its name."""
    return find_group(disks, name).paths


def activate(disks: Iterable[str], name: str = VOLUME_GROUP) -> None:
    """Activate the volumes of our group *name*, where there is one."""
    disks = tuple(disks)
    if members(disks):
        found = find_group(disks, name)
        named = ("--select", f"vg_uuid={found.uuid}")
        run(("vgchange", *lvm.only(found.members), "--activate", "y", "--noudevsync", *named), seconds=GROUP_SECONDS)
        udev.settle()


def deactivate(disks: Iterable[str]) -> None:
    """Deactivate the volumes of our group."""
    disks = tuple(disks)
    _deactivate(group_on(disks), members(disks))


def _deactivate(uuid: str, parts: Iterable[str]) -> None:
    """Deactivate one group on *parts*, no two of which hold the same physical volume."""
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
    """Release *disks*: deactivate the volume groups of the plan, stop unused arrays; StepFailed for any other holder.

    *known* are the block devices of udev, among them the physical volumes of this machine.

    A group is not removed from its other disks, since that would write to them.  A group of our name on a disk in
    *begun* is from an attempt that failed later: no plan can have named it.  Nothing is written before the last check,
    unless an array is stopped.
    """
    mine = {path for disk in disks for path in (disk, *partitions(disk).values())}
    layers = tuple(lvm.layers("pv_name,vg_name,vg_uuid", _every_member(known)))
    expected = {uuid for _name, uuid in removes}
    for row in (row for rows in layers for row in rows):
        if row["pv_name"] in mine and row["vg_name"] and row["vg_uuid"] not in expected and not _is_own(row, begun):
            text = _("{path} belongs to the volume group {name}, which the plan does not name")
            raise StepFailed(text.format(path=row["pv_name"], name=row["vg_name"]), row["vg_uuid"])
    for rows in layers:  # each copy of a physical volume separately: of two that it is given, LVM uses one
        for uuid in dict.fromkeys(row["vg_uuid"] for row in rows if row["pv_name"] in mine and row["vg_name"]):
            parts = (row["pv_name"] for row in rows if row["vg_uuid"] == uuid)
            _deactivate(uuid, (path for path in dict.fromkeys(parts) if path != lvm.MISSING))
    for path in sorted(mine):
        refuse_mounted(path)
    arrays = {f"/dev/{holder}" for path in mine for holder in holders(path) if holder.startswith("md")}
    for array in sorted(arrays):
        refuse_in_use(array)
    for array in sorted(arrays):
        begin()  # stopping an array writes to its disks
        run(("mdadm", "--stop", array))
    if arrays or any(layers):
        udev.settle()
    for path in sorted(mine - set(disks)):
        refuse_in_use(path)


def _is_own(row: lvm.Row, begun: tuple[str, ...]) -> bool:
    """Say whether a physical volume is on one of the disks in *begun*, in a group of a name of ours."""
    parts = {path for disk in begun for path in partitions(disk).values()}
    return row["vg_name"] in (VOLUME_GROUP, APP_GROUP) and row["pv_name"] in parts


def refuse_replaced(identities: Iterable[tuple[str, str]], known: tuple[Device, ...]) -> None:
    """Refuse when a path names another disk than when it was chosen: names are reused when disks come and go.

    *known* are the present block devices of udev.
    """
    now = {disk.path: identity(disk) for disk in Probe().disks(known)}
    text = _("{path} is not the disk that was chosen: that was {chosen}, this is {found}; nothing was written to it")
    for path, chosen in identities:
        if now.get(path) != chosen:
            raise StepFailed(text.format(path=path, chosen=chosen, found=now.get(path) or _("gone")))


def _every_member(known: tuple[Device, ...]) -> tuple[str, ...]:
    """Every physical volume of this machine, according to udev."""
    return tuple(device["DEVNAME"] for device in known if device.get("ID_FS_TYPE") == lvm.MEMBER)


def refuse_in_use(path: str) -> None:
    """Refuse when *path* is mounted or has holders."""
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
