"""From the disks that are meant to those that are there, and what becomes of a node that is on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ovirt_tui.features.feature import Finding
from ovirt_tui.features.parameter import Put
from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts, Node, NodeState
from ovirt_tui.machine.selection import NotChosen, select
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import Hint, Kind, Problem
from ovirt_tui.model.selectors import DiskName, DiskSelector
from ovirt_tui.model.values import Size
from ovirt_tui.pages.storage.settings import Found, Storage
from ovirt_tui.pages.storage.sizing import SMALLEST

KEPT_ALL_THE_SAME = Kind("data-kept-all-the-same", N_("has no effect: the volume Data of this node is kept"))
NOT_WRITTEN = Kind("override-of-other-disk", N_("{disk} is not among the disks of storage_init"))


def resolve(config: NodeConfig, facts: Facts) -> Iterator[Finding]:
    """Every disk that will be written, or none at all when one of them is not what it should be.

    A boot disk that is every one of some is the first of these; the others take the volumes.  An installation that was
    interrupted on these very disks is continued as it was begun.  On an installed node nothing is chosen any more.
    """
    if facts.slot:
        return
    storage, wrong = config[Storage], list[Problem]()
    boot = _paths(facts, "storage.boot_disk", filter(None, (storage.boot_disk,)), wrong)
    data = _paths(facts, "storage.data_disks", storage.data_disks, wrong)
    app = _paths(facts, "storage.app_disks", storage.app_disks, wrong)
    yield from wrong
    chosen: tuple[str, ...] = ()
    found = storage.found
    if boot and not wrong:
        chosen = (*boot, *data)
        yield Put("storage.boot_disk", DiskSelector(boot[0]))
        yield Put("storage.data_disks", tuple(map(DiskSelector, dict.fromkeys(chosen[1:]))))
        yield Put("storage.app_disks", tuple(map(DiskSelector, dict.fromkeys(app))))
    if found is Found.CONTINUE and (node := interrupted(facts, chosen)):
        found = Found.KEEP_DATA if disks.keeps_data(facts, node) else Found.WIPE
        yield Put("storage.found", found)
    if found is Found.KEEP_DATA and storage.data == 0:  # without it the new node would not mount what was kept
        yield Put("storage.data", Size(-1))
        yield Hint("storage.data", KEPT_ALL_THE_SAME())
    group = disks.second_group_on(facts, chosen[0]) if chosen else None
    if found is Found.KEEP_DATA and group and set(group.disks) == set(app):  # it has the volumes it has
        yield Put("storage.swap2", Size(SMALLEST if disks.SWAP2 in group.volumes else 0))
        yield Put("storage.data2", Size(-1 if disks.DATA2 in group.volumes else 0))
    yield from _overrides(storage, facts, (*chosen, *app))


def _paths(facts: Facts, setting: str, selectors: Iterable[DiskSelector], wrong: list[Problem]) -> tuple[str, ...]:
    """The paths of the disks that *selectors* mean; what is not as it should be goes to *wrong*."""
    found = list[str]()
    for selector in selectors:
        try:
            found += (disk.path for disk in select(facts, selector))
        except NotChosen as refused:
            wrong.append(Problem(setting, refused.reason, refused.details))
    return tuple(found)


def _overrides(storage: Storage, facts: Facts, chosen: tuple[str, ...]) -> Iterator[Finding]:
    """The disks to use in spite of what is on them; one that is not to be written was hardly meant."""
    wrong = list[Problem]()
    paths = tuple(dict.fromkeys(_paths(facts, "storage.override", storage.override, wrong)))
    yield from wrong
    yield from (Hint("storage.override", NOT_WRITTEN(disk=path)) for path in paths if chosen and path not in chosen)
    if not wrong:
        yield Put("storage.override", tuple(map(DiskName, paths)))


def interrupted(facts: Facts, chosen: tuple[str, ...]) -> Node | None:
    """Return the installation that was interrupted on exactly the *chosen* disks, paths with the boot disk first."""
    for node in facts.nodes:
        group = disks.group_of(facts, node)
        others = set(chosen[1:]) - {node.disk} if chosen else set()
        begun = not group or others <= set(group.disks) <= set(chosen)
        if node.state is NodeState.INSTALLING and chosen[:1] == (node.disk,) and begun:
            return node
    return None
