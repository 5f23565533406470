"""Which node a line upgrades or repairs: the one on the disks that are named, else the only one that is found."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.autoinstall.request import REPAIR, Intent, asked
from ovirt_tui.features.resolution import Resolution
from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts, Node, NodeState
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.pages.storage.checks import chosen as named_disks
from ovirt_tui.system.disk_steps import InstalledNode

NO_NODE = Kind("nothing-to-upgrade", N_("no node was found on the disks of this machine: there is nothing to upgrade"))
NO_NODE_ON = Kind("nothing-to-upgrade-there", N_("no node starts from {disks}: there is nothing to upgrade"))
SEVERAL = Kind(
    "several-nodes-to-upgrade",
    N_("more than one node was found ({disks}); name all disks of the one that is meant with storage_init"),
)
OTHER_DISKS = Kind(
    "node-on-other-disks", N_("the node that starts from {disk} is on {own}, and {named} was named: name exactly those")
)
NO_REPAIR = Kind("nothing-to-repair", N_("no node was found on the disks of this machine: there is nothing to repair"))
NO_REPAIR_ON = Kind("nothing-to-repair-there", N_("no node starts from {disks}: there is nothing to repair"))
NOT_COMPLETE = Kind("node-not-complete", N_("the node on {disk} is not complete: install it again"))
VOLUMES_MISSING = Kind(
    "node-volumes-missing", N_("the volumes of the node on {disk} are not all on disks of this machine")
)
VOLUMES_COPIED = Kind(
    "node-volumes-copied", N_("the volumes of the node on {disk} are on {disks}, of which one is a copy: take it out")
)


def reachable(facts: Facts, node: Node) -> Iterator[Reason]:
    """Why *node* can get no other image, as far as its disks tell.

    One whose volumes are away may be whole all the same: a disk that is put back is better than another installation.
    """
    why = () if node.state is NodeState.INSTALLING else tuple(findable(facts, node))
    yield from why
    if not why and node.state is not NodeState.COMPLETE:
        yield NOT_COMPLETE(disk=node.disk)


def mendable(facts: Facts, node: Node) -> Iterator[Reason]:
    """Why *node* cannot be made to start again, as far as its disks tell: one of its slots may be damaged too."""
    if node.state is NodeState.INSTALLING:
        yield NOT_COMPLETE(disk=node.disk)
    else:
        yield from findable(facts, node)


def findable(facts: Facts, node: Node) -> Iterator[Reason]:
    """Why the volumes of *node* cannot be found."""
    group = disks.group_of(facts, node)
    if not group or group.missing:
        yield VOLUMES_MISSING(disk=node.disk)
    elif group.copied:
        yield VOLUMES_COPIED(disk=node.disk, disks=", ".join(group.disks))


def opened(facts: Facts, node: Node) -> InstalledNode:
    """The step that opens *node*, which is reachable(), or mendable()."""
    group = disks.group_of(facts, node)
    on = group.disks if group else ()
    return InstalledNode(node.disk, on, disks.identities(facts, dict.fromkeys((node.disk, *on))))


def beside(reading: Reading, found: Resolution, facts: Facts) -> InstalledNode | None:
    """Return the step that opens the node to upgrade or to repair, or complain and return None.

    Where an installation would do as well, None without a complaint says that there is no node to upgrade.
    """
    if any(each.path.startswith("storage.") for each in found.problems):
        return None
    word = REPAIR.name if reading.intent is Intent.REPAIR else asked(reading.said)
    named = tuple(dict.fromkeys(disk.path for _path, disk in named_disks(found.config, facts)))
    nodes = tuple(node for node in facts.nodes if not named or node.disk in named)
    if reading.intent is Intent.INSTALL_OR_UPGRADE and all(node.state is NodeState.INSTALLING for node in nodes):
        return None
    why = tuple(_refusals(facts, nodes, named, repairs=reading.intent is Intent.REPAIR))
    for reason in why:
        reading.complain(word, reason)
    return None if why else opened(facts, nodes[0])


def _refusals(facts: Facts, nodes: tuple[Node, ...], named: tuple[str, ...], *, repairs: bool) -> Iterator[Reason]:
    """Why it is not clear which node is meant, or why that one cannot be upgraded, or be made to start again."""
    if not nodes:
        nothing, nothing_on = (NO_REPAIR, NO_REPAIR_ON) if repairs else (NO_NODE, NO_NODE_ON)
        yield nothing_on(disks=", ".join(named)) if named else nothing()
    elif len(nodes) > 1:
        yield SEVERAL(disks=", ".join(node.disk for node in nodes))
    elif why := tuple((mendable if repairs else reachable)(facts, nodes[0])):
        yield from why
    elif named and set(named) != (own := set(_all_disks(facts, nodes[0]))):
        yield OTHER_DISKS(disk=nodes[0].disk, own=", ".join(sorted(own)), named=", ".join(named))


def _all_disks(facts: Facts, node: Node) -> Iterator[str]:
    """The disks of *node*, those of its second group too."""
    yield node.disk
    for group in (disks.group_of(facts, node), disks.app_group_of(facts, node)):
        if group:
            yield from group.disks
