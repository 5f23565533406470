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
from ovirt_tui.pages.remote import own_disk
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
    from ovirt_tui.pages.remote.live import INITIATOR, named

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
    from ovirt_tui.pages.remote.live import INITIATOR
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


FEATURE = Feature(
    section=Remote,
    parameters=PARAMETERS,
    pages_in=("ovirt_tui.pages.remote.first_page", "ovirt_tui.pages.remote.page"),
    resolve=own_disk.resolve,
    rules=(targets_are_named, chap_is_whole, own_disk.target_is_whole, own_disk.interface_reaches_it),
    first=(own_disk.disks_are_its,),
    doubts=(chap_is_strong,),
    actions=(name, log_in, domain),
)
