"""Why a disk should not be overwritten.  Each can be overridden by naming the disk."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.i18n import N_
from ovirt_tui.machine.disks import groups_on, is_ours
from ovirt_tui.machine.facts import Disk, Facts, Group, Part
from ovirt_tui.model.problems import Kind, Phrase, Reason

FOREIGN = {
    "crypto_LUKS": Phrase(N_("an encrypted volume (LUKS)")),
    "VMFS": Phrase(N_("a VMware file system (VMFS)")),
    "VMFS_volume_member": Phrase(N_("a VMware file system (VMFS)")),
    "zfs_member": Phrase(N_("a ZFS pool")),
    "ceph_bluestore": Phrase(N_("a Ceph store")),
    "linux_raid_member": Phrase(N_("a member of a RAID array")),
}
STORAGE_DOMAIN = "storage_domain"
HOLDS_RAID = Kind("disk-holds-raid", N_("holds BIOS RAID metadata ({kind})"))
HOLDS_FOREIGN = Kind("disk-holds-foreign", N_("holds {what} on {part}"))
IN_USE = Kind("disk-in-use", N_("is in use: {part} by {uses}"))
HOLDS_DOMAIN = Kind(
    "disk-holds-storage-domain", N_("holds the volume group {name}, a storage domain with data of guests")
)
HOLDS_GROUP = Kind("disk-holds-group", N_("holds the volume group {name}, which is not this product's"))
GROUP_REACHES = Kind(
    "group-reaches-further",
    N_("holds a part of the volume group {name}, which reaches onto {others}, which are not chosen"),
    N_("holds a part of the volume group {name}, which reaches onto {others}, which is not chosen"),
)
GROUP_MISSES = Kind(
    "group-misses-disks",
    N_("holds a part of the volume group {name}, which misses {count} disks that are not connected"),
    N_("holds a part of the volume group {name}, which misses a disk that is not connected"),
)


def objections(facts: Facts, disk: Disk, chosen: tuple[str, ...]) -> Iterator[Reason]:
    """Yield why *disk* should not be overwritten, with *chosen* the paths of all disks that will be.

    Each can be overridden by naming the disk.
    """
    if disk.raid:
        yield HOLDS_RAID(kind=disk.raid)
    for part in disk.parts:
        if part.kind in FOREIGN:
            yield HOLDS_FOREIGN(part=part.path, what=FOREIGN[part.kind])
        if part.uses and not _used_by_ours(facts, disk, part):
            yield IN_USE(part=part.path, uses=", ".join(part.uses))
    for group in groups_on(facts, disk):
        yield from _group_objections(facts, group, chosen)


def _used_by_ours(facts: Facts, disk: Disk, part: Part) -> bool:
    return any(part.group == group.name and is_ours(facts, group) for group in groups_on(facts, disk))


def _group_objections(facts: Facts, group: Group, chosen: tuple[str, ...]) -> Iterator[Reason]:
    if any(STORAGE_DOMAIN in tag for tag in group.tags):
        yield HOLDS_DOMAIN(name=group.name)
    elif not is_ours(facts, group):
        yield HOLDS_GROUP(name=group.name)
    if elsewhere := [path for path in group.disks if path not in chosen]:
        yield GROUP_REACHES(name=group.name, others=", ".join(elsewhere), count=len(elsewhere))
    if group.missing:
        yield GROUP_MISSES(name=group.name, count=group.missing)
