"""Which disks uninstall erases: those that are named, else those of the one node that is found."""

from __future__ import annotations

from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.features.resolution import Resolution
from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Disk, Facts
from ovirt_tui.machine.objections import objections
from ovirt_tui.model.problems import Detail, Kind
from ovirt_tui.model.records import replace
from ovirt_tui.pages.storage.checks import OBJECTION
from ovirt_tui.pages.storage.checks import chosen as named_disks
from ovirt_tui.pages.storage.named import INIT
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.system.disk_steps import Erased

NOT_ERASED = Kind("disk-not-erased", N_("{disk} cannot be erased: {reason}"))


def erased(reading: Reading, found: Resolution, facts: Facts) -> Erased | None:
    """Return the step that removes the node, or complain and return None."""
    if any(each.path.startswith("storage.") for each in found.problems):
        return None
    before = len(reading.complaints)
    # The disk that boots comes last: until then the next start of the medium finds the node and can go on.
    chosen = tuple(
        sorted(_chosen(reading, found, facts), key=lambda path: any(node.disk == path for node in facts.nodes))
    )
    allowed = found.config[Storage].override
    for path in chosen:
        disk = disks.find(facts, path)
        name = INIT.name if INIT.name in reading.said else "uninstall"
        if disk.live or disk.cdrom or disk.read_only:
            reading.complain(name, NOT_ERASED(disk=path, reason=disks.unusable(disk)))
        elif path not in allowed:
            for reason in objections(_as_a_whole(facts), disk, chosen):
                reading.complain(name, OBJECTION(name=path, reason=reason), way_out(facts, disk))
    if not chosen or len(reading.complaints) > before:
        return None
    groups = tuple((group.name, group.uuid) for group in facts.groups if set(chosen) & set(group.disks))
    return Erased(chosen, groups, disks.identities(facts, chosen))


NO_NODE = Kind("no-node-found", N_("no node was found on the disks; name the disks to erase with storage_init"))
SEVERAL_NODES = Kind(
    "several-nodes-found", N_("more than one node was found ({disks}); name the disks with storage_init")
)
SEVERAL_GROUPS = Kind(
    "several-groups-of-node",
    N_("more than one volume group could be that of the node on {disk}; name the disks with storage_init"),
)
GROUP_COPIED = Kind(
    "group-of-node-copied",
    N_("the node's volume group is on {disks}, of which one is a copy; name the disks with storage_init"),
)


def _chosen(reading: Reading, meant: Resolution, facts: Facts) -> tuple[str, ...]:
    if named := tuple(dict.fromkeys(disk.path for _path, disk in named_disks(meant.config, facts))):
        return named
    if len(facts.nodes) != 1:
        on = ", ".join(node.disk for node in facts.nodes)
        reading.complain("uninstall", SEVERAL_NODES(disks=on) if facts.nodes else NO_NODE())
        return ()
    node = facts.nodes[0]
    group = disks.group_of(facts, node)
    ours = disks.candidates(facts, node)
    if ours and not group:
        reading.complain("uninstall", SEVERAL_GROUPS(disk=node.disk), tuple(", ".join(each.disks) for each in ours))
        return ()
    if group and group.copied:
        reading.complain("uninstall", GROUP_COPIED(disks=", ".join(group.disks)))
        return ()
    # The second group first: it is known as this node's only by the first.
    second = disks.app_group_of(facts, node)
    if second and second.copied:
        reading.complain("uninstall", GROUP_COPIED(disks=", ".join(second.disks)))
        return ()
    groups = (second, group)
    return tuple(dict.fromkeys((*(path for each in groups if each for path in each.disks), node.disk)))


def _as_a_whole(facts: Facts) -> Facts:
    """Our own group goes as a whole: what it misses may be what an uninstallation that was cut off has erased."""
    groups = (replace(group, missing=0) if disks.is_ours(facts, group) else group for group in facts.groups)
    return replace(facts, groups=tuple(groups))


BY_WORD = Kind("override-by-word", N_("storage_override={disk} erases it all the same"))


def way_out(facts: Facts, disk: Disk) -> tuple[Detail, ...]:
    """What lets a disk be erased in spite of what is on it."""
    return (BY_WORD(disk=disks.stable_name(facts, disk)),)
