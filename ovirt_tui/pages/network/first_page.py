"""How the new node is reached: its name, and one interface with an address.  The rest is on Setup's page."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages import Choice, Field, Page
from ovirt_tui.pages.network.page import COLUMNS, about, nics


def linked(config: NodeConfig, facts: Facts) -> str:
    """The one interface that has a link; which of several is meant, only the admin knows."""
    found = [nic.name for nic in facts.nics if nic.link and nic.kind == "physical"]
    return found[0] if len(found) == 1 else ""


PAGE = Page(
    order=125,
    title=N_("Network"),
    install=True,
    help=N_(
        "How the new node is reached. The interface in the list is the one it is managed on; the only one with a link "
        "is marked beforehand. With dhcp the network gives it an address; a static one is typed with its prefix, as "
        "192.0.2.7/24. With a VLAN, the address is on that VLAN of the interface. Without an interface the node has "
        "no network until one is chosen on it. Everything here can be changed on the node later."
    ),
    rows=(
        Field("network.hostname"),
        Choice("network.nic", COLUMNS, nics, about, height=3, preset=linked),
        Field("network.ipv4"),
        Field("network.ipv4_address"),
        Field("network.ipv4_gateway"),
        Field("network.dns"),
        Field("network.vlan"),
    ),
)
