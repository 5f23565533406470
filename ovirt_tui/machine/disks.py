"""Which disk a name means, which disks may be used, and why others may not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Disk, Facts, Group, Node, NodeState
from ovirt_tui.model.problems import Kind, Reason

SMALLEST_MIB = 810  # 850 MB
VOLUME_GROUP = "HostVG"
APP_GROUP = "AppVG"
"""The second volume group, on disks of its own: its volumes are Swap2 and Data2."""
MAP = "/dev/disk/by-id/dm-uuid-mpath-"
LASTING = ("/by-id/", "/by-path/")
"""Folders of links that survive a reboot, the best first."""
SLOT_LABELS = ("Root", "RootBackup")
STATES = {
    NodeState.INSTALLING: N_("{product} {version}, an interrupted installation"),
    NodeState.COMPLETE: N_("{product}, installed as {version}"),
    NodeState.BROKEN: N_("{product}, installed as {version}, but damaged"),
}
"""What is there.  Its disk says what a node was installed as, and which image it got since only its slots do."""
NO_VERSION = {
    NodeState.INSTALLING: N_("{product}, an interrupted installation"),
    NodeState.COMPLETE: N_("{product}, installed"),
    NodeState.BROKEN: N_("{product}, installed, but damaged"),
}
"""The same of one whose version is not known: of an installation that was interrupted early."""
DATA, DATA2, SWAP2 = "Data", "Data2", "Swap2"
PROTECTED = "PMBR"
"""Table type that udev reports for a disk with a protective MBR and no intact GPT."""
KEEP = "storage_found=keep-data"
"""The line of install.conf of an installation that keeps the volume Data."""


SEVERAL = Kind("disk-name-of-several", N_("{name} is a name of {count} disks ({disks}); use another name"))
NONE = Kind("no-such-disk", N_("{name} does not exist"))


class NoSuchDisk(Exception):
    """A name of no disk of this machine, or of more than one: then *candidates* are their paths."""

    def __init__(self, name: str, candidates: tuple[str, ...] = ()) -> None:
        several = SEVERAL(name=name, count=len(candidates), disks=", ".join(candidates))
        self.reason = several if candidates else NONE(name=name)
        super().__init__(self.reason)
        self.candidates = candidates


def find(facts: Facts, name: str) -> Disk:
    """Return the disk with *name* as its path, or as a link that no other disk has; NoSuchDisk otherwise.

    For a path of a multipath map, the map is returned.
    """
    for disk in facts.disks:
        if name == disk.path:
            return whole(facts, disk)
    claimed = (whole(facts, disk) for disk in facts.disks if name in disk.links)
    found = {disk.path: disk for disk in claimed}
    if len(found) != 1:
        raise NoSuchDisk(name, tuple(found))
    return next(iter(found.values()))


def named(facts: Facts, name: str) -> Disk | None:
    """Return what find() does, or None."""
    try:
        return find(facts, name)
    except NoSuchDisk:
        return None


def shared_links(facts: Facts) -> frozenset[str]:
    """Links that several disks claim, such as disks with equal serial numbers; udev points them to any of these."""
    claims = Counter(link for link, _disk in {(link, d.map_of or d.path) for d in facts.disks for link in d.links})
    return frozenset(link for link, count in claims.items() if count > 1)


def own_links(disk: Disk, shared: frozenset[str]) -> tuple[str, ...]:
    """The links of *disk* that no other disk claims."""
    return tuple(link for link in disk.links if link not in shared)


def whole(facts: Facts, disk: Disk) -> Disk:
    """Return the multipath map that *disk* is a path of, else the disk itself.

    The map may have come or gone during the probe: then *disk* itself is returned.
    """
    if not disk.map_of:
        return disk
    return next((each for each in facts.disks if each.path == disk.map_of), disk)


def size(mib: int) -> str:
    """A size for people: MiB, GiB or TiB."""
    for unit, factor in (("TiB", 1024 * 1024), ("GiB", 1024)):
        if mib >= factor:
            return f"{mib / factor:.1f}".removesuffix(".0") + f" {unit}"
    return f"{mib} MiB"


def describe(disk: Disk) -> str:
    """A disk in one line: path, size, bus, model, serial."""
    serial = disk.serial and _("serial {serial}").format(serial=disk.serial)
    parts = (disk.path, size(disk.mib), disk.bus, disk.model, serial)
    return " ".join(part for part in parts if part)


def stable_name(facts: Facts, disk: Disk) -> str:
    """The name that still means this disk after a reboot: its first by-id link that no other disk has, else its path.

    Where disks share their serial number, by-path links still tell them apart.
    """
    return lasting(disk, own_links(disk, shared_links(facts)))


def lasting(disk: Disk, own: tuple[str, ...]) -> str:
    """What stable_name() returns, with *own* the links that only *disk* has."""
    return next((link for kind in LASTING for link in own if kind in link), disk.path)


def wwid(disk: Disk) -> str:
    """The WWID of a multipath map; empty for any other disk."""
    found = (link.removeprefix(MAP) for link in disk.links if link.startswith(MAP))
    return next(found, "")


def recorded(disk: Disk) -> str:
    """The identity of *disk* at every boot, in the form of the kernel word node.disk=.

    The initrd builds the same from udev properties (node_identity in image/dracut/90ovirt-node/identity.sh).
    """
    if known := wwid(disk):
        known = f"mpath-{known}"
    elif disk.wwn:
        known = f"wwn-{disk.wwn}"
    else:
        known = f"serial-{disk.serial}" if disk.serial else "none"
    return re.sub(rb"[^A-Za-z0-9.:+_-]", b"_", known.encode()).decode()


def identity(disk: Disk) -> str:
    """The identity of *disk*, whatever its name: compared right before it is written.

    A disk with neither serial nor WWN is identified by its sequence number (DISKSEQ), which counts attachments.
    """
    named = " ".join(f"{title} {value}" for title, value in (("serial", disk.serial), ("WWN", disk.wwn)) if value) or (
        f"number {disk.sequence}" if disk.sequence else ""
    )
    return f"{named} {disk.mib} MiB".strip()


def identities(facts: Facts, paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Path and identity of each of these disks."""
    return tuple((path, identity(find(facts, path))) for path in paths)


BY_RUNNING_SYSTEM = ("iscsi", "nvme-fc", "nvme-tcp", "nvme-rdma", "nvme-loop", "aoe")
"""Buses that only programs of a running system log in to.  The initrd has drivers for all others, and of these it logs
in to the one target that the node was told of (Disk.target)."""


IS_MEDIUM = Kind("disk-is-medium", N_("this installer runs from it"))
IS_CD = Kind("disk-is-cd", N_("it is a CD drive"))
IS_PATH = Kind("disk-is-path", N_("it is a path of the multipath disk {name}"))
IS_READ_ONLY = Kind("disk-is-read-only", N_("it is read-only"))
IS_FAR = Kind("disk-is-far", N_("a node cannot start from it: only a running system reaches it ({bus})"))
IS_SMALL = Kind("disk-is-small", N_("it has {mib} MiB; at least {least} MiB (850 MB) are needed"))


def unusable(disk: Disk) -> Reason | None:
    """Say why *disk* can never be installed on; None when it can."""
    if disk.live:
        return IS_MEDIUM()
    if disk.cdrom:
        return IS_CD()
    if disk.map_of:
        return IS_PATH(name=disk.map_of)
    if disk.read_only:
        return IS_READ_ONLY()
    if disk.bus in BY_RUNNING_SYSTEM and not disk.target:
        return IS_FAR(bus=disk.bus)
    if disk.mib < SMALLEST_MIB:
        return IS_SMALL(mib=disk.mib, least=SMALLEST_MIB)
    return None


def node_on(facts: Facts, disk: Disk) -> Node | None:
    """Return our installation that boots from *disk*."""
    return next((node for node in facts.nodes if node.disk == disk.path), None)


def keeps_data(facts: Facts, node: Node) -> bool:
    """Say whether the interrupted installation *node* has a volume Data that it keeps, or may keep.

    Without answers that is not known: only a reinstallation that keeps Data still has the volume that early.
    """
    group = group_of(facts, node)
    return KEEP in node.answers or bool(group and DATA in group.volumes and not node.answers)


def candidates(facts: Facts, node: Node) -> tuple[Group, ...]:
    """The groups that may be that of *node*, by their name and by what is known of it."""
    return tuple(each for each in facts.groups if each.name == VOLUME_GROUP and node.group in ("", each.uuid))


def group_of(facts: Facts, node: Node) -> Group | None:
    """The volume group of *node*: the one on its boot disk, else the one that its boot partition names.

    Where that is not known, the only one that is on no other node's boot disk.  None where there is none, and where
    there are several candidates: their name is the same.
    """
    named = candidates(facts, node)
    found = [group for group in named if node.disk in group.disks]
    if not found:
        others = {other.disk for other in facts.nodes}
        found = [group for group in named if not others & set(group.disks)]
    return found[0] if len(found) == 1 else None


def app_tag(uuid: str) -> str:
    """The tag of a group AppVG that belongs to the node whose volume group has this UUID."""
    return f"ovirt-node.{uuid}"


def app_group_of(facts: Facts, node: Node) -> Group | None:
    """The group AppVG of *node*, known by its tag: a stranger's may have the same name."""
    host = group_of(facts, node)
    found = [group for group in facts.groups if host and group.name == APP_GROUP and app_tag(host.uuid) in group.tags]
    return found[0] if len(found) == 1 else None


def second_group_on(facts: Facts, boot_disk: str) -> Group | None:
    """The group AppVG of the node that boots from this disk, a path."""
    return next((app_group_of(facts, node) for node in facts.nodes if node.disk == boot_disk), None)


def node_words(facts: Facts, node: Node) -> str:
    """An installation and its state, in the same words everywhere."""
    text = (STATES if node.version else NO_VERSION)[node.state]
    return _(text).format(product=facts.product, version=node.version)


def groups_on(facts: Facts, disk: Disk) -> tuple[Group, ...]:
    """Return the volume groups that have a physical volume on *disk*."""
    return tuple(group for group in facts.groups if disk.path in group.disks)


def is_ours(facts: Facts, group: Group) -> bool:
    """Say whether *group* belongs to an installation of ours that was found."""
    return any(group in (group_of(facts, node), app_group_of(facts, node)) for node in facts.nodes)


def contents(facts: Facts, disk: Disk) -> Iterator[str]:
    """Yield what is on *disk* now, one line each, for an admin who is about to lose it."""
    if node := node_on(facts, disk):
        yield node_words(facts, node)
    if disk.raid:
        yield _("BIOS RAID metadata ({kind})").format(kind=disk.raid)
    if disk.table == PROTECTED and not disk.parts:
        yield _("a damaged partition table (GPT); its partitions are not known")
    if disk.table == "gpt" and not disk.parts:  # the kernel reads the backup copy only with an option
        yield _("a partition table (GPT) without partitions, empty or damaged")
    for part in disk.parts:
        what = part.kind or _("unknown contents")
        name = f' "{part.label or part.name}"' if part.label or part.name else ""
        inside = _(", volume group {name}").format(name=part.group) if part.group else ""
        yield f"{part.path} {part.mib} MiB {what}{name}{inside}"
