"""What this machine is, what is on it already, and the ways to go on."""

from __future__ import annotations

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts, Node, NodeState, Virtualization
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages import Offer, Offers, Page, Purpose, Shown

VIRTUALIZATION = {
    Virtualization.ABSENT: N_("not found in this processor: guests will be very slow"),
    Virtualization.DISABLED: N_("present but disabled: enable it in the firmware settings"),
    Virtualization.ENABLED: N_("present and enabled"),
}
KEEPING = N_("The system and its settings are made anew; the volume Data stays as it is.")
INSTALL = Offer(N_("Install"), N_("Nothing is written before you confirm it."), (("storage.found", "refuse"),))
ON_ISCSI = Offer(
    N_("Install, volumes on iSCSI"),
    N_("The system on a disk of this machine, the volumes on one at a target."),
    (("storage.found", "refuse"), ("remote.on_iscsi", "yes")),
)
KEEP_DATA = ("storage.found", "keep-data")


def machine(config: NodeConfig, facts: Facts) -> tuple[str, ...]:
    firmware = _("UEFI") if facts.efi else _("BIOS")
    return (
        _("This installs {product} {version} on this machine.").format(product=facts.product, version=facts.version),
        "",
        _("Virtualization  {what}").format(what=_(VIRTUALIZATION[facts.virtualization])),
        _("Memory          {mib} MiB, started by {firmware}").format(mib=facts.memory_mib, firmware=firmware),
        *(already(facts, node) for node in facts.nodes),
        *(() if facts.nodes else (_("On the disks    no {product} yet").format(product=facts.product),)),
    )


def already(facts: Facts, node: Node) -> str:
    where = _("On {disk}").format(disk=node.disk)
    found = disks.node_words(facts, node)
    unread = _("; its answers are not read: {why}").format(why=node.unread) if node.unread else ""
    return f"{where:<15} {found}{unread}"


def offers(facts: Facts) -> tuple[Offer, ...]:
    """Install, or for each node that is here, what can become of it."""
    if not facts.nodes:
        return (INSTALL, ON_ISCSI)
    found = tuple(offer for node in facts.nodes for offer in offers_for(facts, node))
    taken = {path for node in facts.nodes for path in (node.disk, *_data_disks(facts, node), *_app_disks(facts, node))}
    free = any(not disks.unusable(disk) and disk.path not in taken for disk in facts.disks)
    # What looks like a node may be a stranger's disk, and then it is no reason to install on that one.
    other = Offer(N_("Install on another disk"), N_("Nothing above is changed."), (("storage.found", "refuse"),))
    mended = (offer for node in facts.nodes for offer in repairs(facts, node))
    return (*found, *((other,) if free else ()), *mended, *map(removal, facts.nodes))


def offers_for(facts: Facts, node: Node) -> tuple[Offer, ...]:
    on = {"disk": node.disk}
    own = same_disks(facts, node)
    wipe = (("storage.found", "wipe"), *own)
    if node.state is NodeState.INSTALLING:
        lost = N_("Asks everything again; what is on its disks is lost.")
        start_over = Offer(_("Start over on {disk}").format(**on), lost, wipe)
        resume = Offer(
            _("Resume on {disk}").format(**on),
            N_("Keeps its sizes, names and network; the rest is asked again."),
            wipe,
            node.answers,
            node.disk,
        )
        keep = Offer(_("Start over on {disk}, keep Data").format(**on), KEEPING, (KEEP_DATA, *own))
        kept = (keep,) if disks.keeps_data(facts, node) else ()
        return (*((resume,) if node.answers else ()), *kept, start_over)
    upgrade = upgrades(facts, node)
    erase = Offer(_("Reinstall {disk}, erase Data").format(**on), N_("Everything on its disks is lost."), wipe)
    group = disks.group_of(facts, node)
    if not group or group.missing or group.copied or disks.DATA not in group.volumes:
        return (*upgrade, erase)
    keep = Offer(
        _("Reinstall {disk}, keep Data").format(**on),
        KEEPING,
        (KEEP_DATA, *own),
    )
    return (*upgrade, keep, erase)


def removal(node: Node) -> Offer:
    """To have the node on its disks no more."""
    lost = N_("Everything on its disks is lost, and nothing takes its place.")
    return Offer(_("Uninstall {disk}").format(disk=node.disk), lost, disk=node.disk, purpose=Purpose.UNINSTALL)


def repairs(facts: Facts, node: Node) -> tuple[Offer, ...]:
    """To make anew what starts the node, which may be all that is wrong with it."""
    group = disks.group_of(facts, node)
    if node.state is NodeState.INSTALLING or not group or group.missing or group.copied:
        return ()
    text = N_("For a node that does not start; its images, settings and Data stay.")
    title = _("Repair the boot loader of {disk}").format(disk=node.disk)
    return (Offer(title, text, disk=node.disk, purpose=Purpose.REPAIR),)


def upgrades(facts: Facts, node: Node) -> tuple[Offer, ...]:
    """To put the image of this medium beside the one that starts.  Which version that is, a probe does not know."""
    group = disks.group_of(facts, node)
    if node.state is not NodeState.COMPLETE or not group or group.missing or group.copied:
        return ()
    stays = _("Writes {version} beside its image; settings, guests and Data stay.").format(version=facts.version)
    return (
        Offer(_("Upgrade or downgrade {disk}").format(disk=node.disk), stays, disk=node.disk, purpose=Purpose.UPGRADE),
    )


def _data_disks(facts: Facts, node: Node) -> tuple[str, ...]:
    """Paths of the disks that the volume group of *node* is on; none where one is a copy, which nothing tells."""
    group = disks.group_of(facts, node)
    return group.disks if group and not group.copied else ()


def _app_disks(facts: Facts, node: Node) -> tuple[str, ...]:
    """Paths of the disks that the second volume group of *node* is on, as _data_disks()."""
    group = disks.app_group_of(facts, node)
    return group.disks if group and not group.copied else ()


def same_disks(facts: Facts, node: Node) -> tuple[tuple[str, str], ...]:
    """The settings that choose the disks the node is on."""
    by_path = {disk.path: disk for disk in facts.disks}
    boot = disks.stable_name(facts, by_path[node.disk]) if node.disk in by_path else node.disk
    lists = {"storage.data_disks": _data_disks(facts, node)}
    if second := _app_disks(facts, node):
        lists["storage.app_disks"] = second
    named = {
        setting: ",".join(disks.stable_name(facts, by_path[path]) for path in paths if path in by_path)
        for setting, paths in lists.items()
    }
    return (("storage.boot_disk", boot), *named.items())


PAGE = Page(
    order=0,
    title=N_("Welcome"),
    install=True,
    help=N_(
        "This page says what this machine is, what is on its disks already, and which ways there are to go on. Each "
        "way is a button; none of them writes anything yet. Installing asks some pages of questions and shows all that "
        "will be done before it begins. Where this product is on a disk already, the version of this medium can be "
        "written beside the one that starts, or it can be made anew: with the volume Data kept, or with everything on "
        "its disks lost. An installation that was interrupted can be resumed with the "
        "answers given before. Repair makes anew what starts a node, and nothing else. Uninstall erases its disks."
    ),
    rows=(Shown(machine), Offers(offers)),
)
