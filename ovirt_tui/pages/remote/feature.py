"""Remote storage as a feature: who the node is to iSCSI targets and NFS servers."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, Strange, content, observed, statements
from ovirt_tui.features.parameter import Put
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.pages import Enquiry, Field, Heading, Live, Page
from ovirt_tui.pages.remote import first_page, own_disk
from ovirt_tui.pages.remote.discovery import discover
from ovirt_tui.pages.remote.live import INITIATOR, initiator, multipath, named, sessions
from ovirt_tui.pages.remote.settings import Remote
from ovirt_tui.pages.remote.targets import chap_is_strong, chap_is_whole, log_in, targets_are_named
from ovirt_tui.pages.remote.words import PARAMETERS
from ovirt_tui.system import Reader, Step

OWN = "# Made by this node for itself."
"""How a name begins that image/overlay/usr/libexec/ovirt-node/initiator has made."""
NAMED = """\
# Made by ovirt-tui from the settings of this node; a change by hand is lost with the next save.
# Targets let this node in by this name; no other machine may have it.
InitiatorName={name}
"""
NAMER = "ovirt-node-initiator.service"
"""Makes a name where there is none; iscsid, where it runs, is restarted with it (see its drop-in)."""
DOMAIN = "/etc/idmapd.conf.d/ovirt-node.conf"
MAPPED = """\
# Made by ovirt-tui from the settings of this node; a change by hand is lost with the next save.
[General]
Domain = {domain}
"""


def observe_initiator(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    text = content(reader, INITIATOR)
    if text is None or text.startswith(OWN):
        yield Put("remote.initiator", None)
    elif name := named(reader):
        yield observed(Remote, "initiator", name, INITIATOR)
    else:
        yield Strange("remote.initiator", INITIATOR)


@action(N_("Setting the initiator name"), observe=observe_initiator)
def name(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """Where none is given, the node makes one at its first start: a name of chance cannot stand in a plan."""
    from ovirt_tui.system.steps import File, Restart

    if config[Remote].initiator:
        yield File(INITIATOR, NAMED.format(name=config[Remote].initiator), 0o600)
        yield Restart(NAMER)


def observe_domain(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    said = (line.partition("=") for line in statements(content(reader, DOMAIN) or ""))
    found = [value.strip() for key, _equals, value in said if key.strip() == "Domain"]
    yield observed(Remote, "nfsv4_domain", found[-1] if found else "", DOMAIN)


@action(N_("Setting the NFSv4 domain"), observe=observe_domain)
def domain(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """Nothing is restarted: the kernel has a program read it for each name that it does not know yet."""
    from ovirt_tui.system.steps import File

    if config[Remote].nfsv4_domain:
        yield File(DOMAIN, MAPPED.format(domain=config[Remote].nfsv4_domain))


PAGE = Page(
    order=32,
    title=N_("Remote storage"),
    setup=True,
    help=N_(
        "An iSCSI target lets this node in by its initiator name, which no other machine may have; the node makes one "
        "for itself, which Name in use shows, until another is typed. Type a portal in Targets, and Discover asks it "
        "which targets it has for this node. Save logs in, and where a target refuses that, says why and keeps what "
        "was; a name or password that changes counts for an open session once its disks are not in use. What is taken "
        "out of Targets is left, unless a guest or a mount uses its disk. With CHAP a password proves who is who, both "
        "ways where the target's is given too. NFSv4 servers send owners of files as names with a domain, the same on "
        "both sides; a new one counts for names that nobody asked for in ten minutes. Multipath lists the disks that "
        "are reached in several ways, and how many of these work now."
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
FEATURE = Feature(
    section=Remote,
    parameters=PARAMETERS,
    pages=(first_page.PAGE, PAGE),
    resolve=own_disk.resolve,
    rules=(
        targets_are_named,
        chap_is_whole,
        own_disk.is_not_yet,
        own_disk.target_is_whole,
        own_disk.interface_reaches_it,
    ),
    first=(own_disk.disks_are_its,),
    doubts=(chap_is_strong,),
    actions=(name, log_in, domain),
)
