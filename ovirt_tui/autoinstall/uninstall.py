"""Which disks uninstall erases: those that are named, else those of the one node that is found."""

from __future__ import annotations

from ovirt_tui import disks
from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.facts import Facts
from ovirt_tui.i18n import _
from ovirt_tui.steps import Erased


def erased(reading: Reading, facts: Facts) -> Erased | None:
    """Return the step that removes the node, or complain and return None."""
    before = len(reading.complaints)
    chosen = _chosen(reading, facts)
    for path in chosen:
        for reason in _reasons(reading, facts, path, chosen):
            reading.complain("storage_init" if "storage.host" in reading.keys else "uninstall", f"{path} {reason}")
    if not chosen or len(reading.complaints) > before:
        return None
    groups = tuple((group.name, group.uuid) for group in facts.groups if set(chosen) & set(group.disks))
    return Erased(chosen, groups)


def _chosen(reading: Reading, facts: Facts) -> tuple[str, ...]:
    if "storage.host" in reading.keys:
        return tuple(dict.fromkeys(reading.keys.get("resolved.storage.host", ())))
    if len(facts.nodes) != 1:
        found = ", ".join(node.disk for node in facts.nodes)
        several = _("more than one node was found ({disks}); name the disks with storage_init").format(disks=found)
        none = _("no node was found on the disks; name the disks to erase with storage_init")
        reading.complain("uninstall", several if facts.nodes else none)
        return ()
    groups = (group for group in facts.groups if group.name == disks.VOLUME_GROUP)
    return tuple(dict.fromkeys((facts.nodes[0].disk, *(path for group in groups for path in group.disks))))


def _reasons(reading: Reading, facts: Facts, path: str, chosen: tuple[str, ...]) -> tuple[str, ...]:
    disk = disks.find(facts, path)
    if disk.live or disk.cdrom or disk.read_only:
        return (_("cannot be erased: {reason}").format(reason=disks.unusable(disk)),)
    if path in reading.keys.get("resolved.storage.override", ()):
        return ()
    return tuple(disks.objections(facts, disk, chosen))
