"""The volume groups of a node as a step wants them: made, tagged, compared with what is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.machine.disks import APP_GROUP, VOLUME_GROUP, app_tag
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import lvm
from ovirt_tui.system.command import run
from ovirt_tui.system.disk_steps import Volumes
from ovirt_tui.system.file_systems import SWAPS
from ovirt_tui.system.holders import activate, find_group, group_on, volume_paths
from ovirt_tui.system.partitions import partitions, signatures, wait
from ovirt_tui.system.volume_groups import GroupMaker

EXTENT = 4  # MiB; the sizes of the layout rely on it


@dataclass(frozen=True)
class Wanted:
    """A volume group of a step: its volumes (name, MiB or -1 for the rest), and how many MiB of the rest stay free."""

    name: str
    disks: tuple[str, ...]
    volumes: tuple[tuple[str, int], ...]
    spare: int = 0


def groups_of(step: Volumes) -> Iterator[Wanted]:
    """The volume groups of *step*: the node's, and the second where there is one."""
    yield Wanted(VOLUME_GROUP, step.data_disks, step.volumes, step.spare)
    if step.app_disks:
        yield Wanted(APP_GROUP, step.app_disks, step.app_volumes)


def volumes_hold(step: Volumes) -> bool:
    """Say whether every group of *step* is there, with its volumes and their file systems."""
    return all(_group_holds(group, kept=bool(step.keep)) for group in groups_of(step)) and _tagged(step)


def _group_holds(group: Wanted, *, kept: bool) -> bool:
    found = find_group(group.disks, group.name)
    there = found.sizes
    if any(name not in there for name, _size in group.volumes):
        return False
    if len(found.members) != len(group.disks):
        return False
    for name, size in group.volumes:
        if not kept and abs(found.free - group.spare if size == -1 else there[name] - _rounded(size)) >= EXTENT:
            return False
    if not all(Path(path).exists() for path in found.paths.values()):
        activate(group.disks, group.name)
    written = signatures(found.paths[name] for name, _size in group.volumes)
    return all(_formatted(written[found.paths[name]], name) for name, _size in group.volumes)


def _formatted(found: dict[str, str], name: str) -> bool:
    kind = "swap" if name in SWAPS else "ext4"
    return found.get("ID_FS_TYPE") == kind and found.get("ID_FS_LABEL") == name.upper()


def _rounded(mib: int) -> int:
    return -(-mib // EXTENT) * EXTENT


def make_group(group: Wanted, maker: GroupMaker) -> dict[str, str]:
    """Create a volume group of the node; return the device of each volume by its name."""
    members = [partitions(disk)[max(partitions(disk))] for disk in group.disks]
    wanted = [(name, size if size == -1 else _rounded(size)) for name, size in group.volumes]
    maker.make(group.name, members, wanted, group.spare)
    missing = _("the new volumes of {name} did not appear").format(name=group.name)
    paths = volume_paths(group.disks, group.name)
    wait(lambda: all(Path(path).exists() for path in paths.values()), missing)
    return paths


def tag_second(step: Volumes) -> None:
    """Have the second group say whose it is: a probe tells it by that from a stranger's of the same name."""
    if step.app_disks:
        app = find_group(step.app_disks, APP_GROUP)
        tag = app_tag(group_on(step.data_disks))
        run(("vgchange", *lvm.only(app.members), "--addtag", tag, "--select", f"vg_uuid={app.uuid}"))


def _tagged(step: Volumes) -> bool:
    if not step.app_disks:
        return True
    members = find_group(step.app_disks, APP_GROUP).members
    tags = {tag for row in lvm.report("vgs", "vg_tags", members) for tag in row["vg_tags"].split(",")}
    return app_tag(group_on(step.data_disks)) in tags
