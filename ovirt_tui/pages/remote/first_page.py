"""Where the iSCSI disk of the new node is: asked before its disks are chosen, and only where it is to have one."""

from __future__ import annotations

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.pages import Answer, Choice, Enquiry, Field, Page
from ovirt_tui.pages.network.first_page import linked
from ovirt_tui.pages.network.page import COLUMNS, about, nics
from ovirt_tui.pages.remote.own_disk import own, unreached
from ovirt_tui.pages.remote.settings import Remote
from ovirt_tui.system import StepFailed, System


def log_in(system: System, config: Resolved, facts: Facts) -> Answer:
    """Log in as the node will at each start; its disk is there then."""
    step = unreached(config, facts)
    target = own(config)
    if not step and target and any(disk.target == target for disk in facts.disks):
        return Answer(_("This machine is logged in to {target} already.").format(target=target))
    if not step:
        return Answer(_("Type the target, a portal and its name: 192.0.2.10/iqn.2001-04.com.example:disk1."))
    try:
        system.make(step)
    except StepFailed as failure:
        return Answer(str(failure))
    return Answer(_("The disk is there, and among the data disks that follow."), rescan=True)


PAGE = Page(
    order=90,
    title=N_("iSCSI disk"),
    install=True,
    when=lambda config: config[Remote].on_iscsi,
    help=N_(
        "The volumes of this node go to a disk at an iSCSI target; the system itself goes to a disk of this machine, "
        "from which it starts. Type the target, and the name by which it knows this node. With CHAP a password proves "
        "who is who, both ways where the target's is given too. The target is reached by one interface without a VLAN, "
        "a bridge or a bond, with an IPv4 address. Log in tries all of it, as the node will at each start, and the "
        "disk is among the data disks then. The passwords are kept on the boot partition, for root alone."
    ),
    rows=(
        Field("remote.disk"),
        Field("remote.initiator", help=N_("The target knows this node by it.")),
        Field("remote.user"),
        Field("remote.password"),
        Field("remote.target_user"),
        Field("remote.target_password"),
        Choice("network.nic", COLUMNS, nics, about, height=2, preset=linked),
        Field("network.ipv4"),
        Field("network.ipv4_address"),
        Field("network.ipv4_gateway"),
        Enquiry(
            N_("Log in"),
            N_("Logging in, two minutes at most ..."),
            log_in,
            ("remote.initiator", "network.nic", "network.ipv4", "network.ipv4_address", "network.ipv4_gateway"),
        ),
    ),
)
