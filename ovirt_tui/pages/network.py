"""Names, name servers, clocks and the interface this node is managed on."""

from __future__ import annotations

from ovirt_tui.facts import Facts, Nic
from ovirt_tui.i18n import N_, _
from ovirt_tui.pages import Choice, Field, Heading, Item, Page


def line(nic: Nic) -> Item:
    """The line of *nic*; what stands on an interface is shown, but an interface is what can be chosen."""
    link = _("up") if nic.link else _("no link")
    reason = "" if nic.kind in ("physical", "bond") else _("it is a {kind}").format(kind=nic.kind)
    return Item(nic.name, (nic.name, link, nic.mac), (nic.name,), reason)


def about(facts: Facts, name: str) -> tuple[str, ...]:
    """What is at the other end of the name: driver, members, addresses; the model last, since it may be long."""
    nic = next((each for each in facts.nics if each.name == name), None)
    if nic is None:
        return (_("Without an interface, this node is managed on its console only."),)
    words = (nic.kind, nic.driver, *nic.members, *nic.addresses, nic.model)
    return ("  ".join(word for word in words if word),)


def nics(facts: Facts) -> tuple[Item, ...]:
    """Nothing, then every interface."""
    none = Item("", (_("none"), "", ""), ("",))
    return (none, *sorted(map(line, facts.nics), key=lambda each: bool(each.reason)))


COLUMNS = ((N_("Interface"), 17), (N_("Link"), 9), (N_("MAC address"), 0))
PAGE = Page(
    order=10,
    title=N_("Network"),
    setup=True,
    help=N_(
        "The management interface is the one this node is reached on. Choose it in the list, then say how it gets its "
        "addresses: none, from the network, or static ones that are typed with their prefix, as 192.0.2.7/24. Several "
        "name servers or time servers are separated by commas or blanks. With VLAN, the addresses are on that VLAN of "
        "the interface; bridged puts them on a bridge that guests can share. Nothing is changed before Save, and a "
        "connection over this network may end then."
    ),
    rows=(
        Field("network.hostname"),
        Field("network.dns"),
        Field("network.ntp_enabled"),
        Field("network.ntp"),
        Heading(N_("Management interface")),
        Choice(
            "network.nic",
            COLUMNS,
            nics,
            about,
            height=4,
        ),
        Field("network.ipv4"),
        Field("network.ipv4_address"),
        Field("network.ipv4_gateway"),
        Field("network.ipv6"),
        Field("network.ipv6_address"),
        Field("network.ipv6_gateway"),
        Field("network.vlan"),
        Field("network.layout"),
    ),
)
