"""The page Remote storage of a node."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.pages import Enquiry, Field, Heading, Live, Page
from ovirt_tui.pages.remote.discovery import discover
from ovirt_tui.pages.remote.live import initiator, multipath, sessions

PAGE = Page(
    order=32,
    title=N_("Remote storage"),
    setup=True,
    help=N_(
        "An iSCSI target lets this node in by its initiator name, which no other machine may have; the node makes one "
        "for itself, which Name in use shows, until another is typed. Type a portal in Targets, and Discover asks it "
        "which targets it has for this node. Save logs in, and where a target refuses that, says why and keeps what "
        "was. Another password counts at once for a session whose disks nobody uses, else from the next start on, as "
        "another name of this node does. What is taken out of Targets is left, unless a guest or a mount uses its "
        "disk. With CHAP a password proves who is who, both ways where the target's is given too. NFSv4 servers send "
        "owners of files as names with a domain, the same on both sides; a new one counts for names that nobody asked "
        "for in ten minutes. Multipath lists the disks that are reached in several ways, and how many of these work "
        "now."
    ),
    rows=(
        Heading(N_("iSCSI initiator")),
        Field("remote.initiator"),
        Live(N_("Name in use"), initiator),
        Heading(N_("iSCSI targets")),
        Field("remote.targets"),
        Enquiry(N_("Discover"), N_("Asking portals, 20 s each at most ..."), discover),
        Live(N_("Sessions"), sessions),
        Field("remote.user"),
        Field("remote.password"),
        Field("remote.target_user"),
        Field("remote.target_password"),
        Heading(N_("NFS")),
        Field("remote.nfsv4_domain"),
        Heading(N_("Disks with several paths")),
        Live(N_("Multipath"), multipath),
    ),
)
