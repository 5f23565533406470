"""Names, name servers, clocks and the interface this node is managed on."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from ovirt_tui.features.parameter import Outcome, Parameter, Put, Refused, Said, Word, choice, listed, plain
from ovirt_tui.features.servers import NO_SERVER
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts, Nic
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.values import show
from ovirt_tui.pages import Choice, Field, Heading, Item, Page
from ovirt_tui.pages.network.settings import Layout, Network


def line(nic: Nic) -> Item:
    """The line of *nic*; what stands on an interface is shown, but an interface is what can be chosen."""
    link = _("up") if nic.link else _("no link")
    reason = "" if nic.kind in ("physical", "bond") else _("it is a {kind}").format(kind=nic.kind)
    return Item(nic.name, (nic.name, link, nic.mac), (nic.name,), reason)


def about(facts: Facts, name: str) -> tuple[str, ...]:
    """What is at the other end of the name: driver, members, addresses; the model last, since it may be long."""
    nic = next((each for each in facts.nics if each.name == name), None)
    if nic is None:
        return (_("No network: this node is managed on its console only."),)
    words = (nic.kind, nic.driver, *nic.members, *nic.addresses, nic.model)
    return ("  ".join(word for word in words if word),)


def nics(facts: Facts) -> tuple[Item, ...]:
    """Nothing, then every interface."""
    none = Item("", (_("none"), "", ""), ("",))
    return (none, *sorted(map(line, facts.nics), key=lambda each: bool(each.reason)))


OFF = "off"
OFF_AMONG_SERVERS = Kind("off-among-servers", N_('"off" cannot be combined with servers'))
NO_LAYOUT = Kind("no-network-layout", N_("must be direct or bridged"))


def time_servers(text: str) -> tuple[object, ...] | str:
    """off, or a list of servers."""
    if text.lower() == OFF:
        return OFF
    if OFF in text.lower().split(","):
        raise Refused(OFF_AMONG_SERVERS())
    return tuple(SERVERS(text))


SERVERS = listed(IPv4Address | IPv6Address | Hostname, NO_SERVER)
COLUMNS = ((N_("Interface"), 17), (N_("Link"), 9), (N_("MAC address"), 0))
NTP = Word(
    name="ntp",
    subject="network",
    grammar=time_servers,
    form=N_("off, or SERVER[,SERVER]..."),
    help=N_("Time servers; off keeps the clock without any."),
    example="192.0.2.123,pool.ntp.org",
    fills=("network.ntp", "network.ntp_enabled"),
)


def read_time(said: Said, facts: Facts) -> Iterator[Outcome]:
    """Servers are kept while the clock is not: an answer given later may switch it on again."""
    yield Put("network.ntp_enabled", said[NTP.name] is not OFF)
    if said[NTP.name] is not OFF:
        yield Put("network.ntp", said[NTP.name])


def write_time(config: NodeConfig) -> Iterator[tuple[str, str]]:
    net = config[Network]
    if not net.ntp_enabled or net.ntp:
        yield NTP.name, show(net.ntp) if net.ntp_enabled else OFF


LAYOUT = Word(
    name="network_layout",
    subject="network",
    grammar=choice(Layout, NO_LAYOUT),
    form=N_("direct or bridged"),
    help=N_("bridged: the address is on a bridge that guests can share."),
    example="bridged",
    fills=("network.layout",),
)
PARAMETERS = (plain("network.layout", LAYOUT), Parameter(words=(NTP,), read=read_time, write=write_time))
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
        Field("network.mtu"),
        Field("network.mac"),
        Field("network.layout"),
    ),
)
