"""The management interface and its address, as the kernel line names them: one cluster, since its words complete
each other, as they do for dracut and PXELINUX."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface

from ovirt_tui.features.feature import Finding
from ovirt_tui.features.parameter import (
    CONFLICTS,
    Noted,
    Outcome,
    Parameter,
    Put,
    Repeat,
    Said,
    Word,
    Wrong,
    listed,
    part_not_yet,
    value,
)
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.interfaces import NoInterface, select
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname, Mac, Mtu, VlanId
from ovirt_tui.model.problems import Hint, Kind, Problem
from ovirt_tui.model.records import replace
from ovirt_tui.model.selectors import LINK, NicSelector
from ovirt_tui.model.typed import Any
from ovirt_tui.model.values import show
from ovirt_tui.pages.network.ip import (
    BAD_HARDWARE,
    BAD_MTU,
    NO_NETMASK,
    STATIC,
    Ip,
    gateway,
    ip,
    ipv6,
    management,
    netmask,
    vlan,
)
from ovirt_tui.pages.network.settings import IPv4Method, IPv6Method, Network

NO_ADDRESS = Kind("no-ip-address", N_("not an IP address"))
NO_HOST_NAME = Kind("no-host-name", N_("not a valid host name"))
BOOTIF = Word(
    name="BOOTIF",
    subject="network",
    grammar=management,
    form=N_("link, none, an interface, or a hardware address in the forms of PXELINUX, iPXE and GRUB"),
    help=N_(
        "The management interface. With storage_init it makes the installation unattended. "
        "link is the first interface by name that has a carrier; none makes a node without a network."
    ),
    example="01-52-54-00-12-34-56",
    fills=("network.nic",),
)
IP = Word(
    name="ip",
    subject="network",
    grammar=ip,
    form=N_("dhcp, off, auto6, dhcp6, ADDRESS, or ADDRESS::GATEWAY:NETMASK[:HOST[:INTERFACE[:none[:DNS[:DNS]]]]]"),
    help=N_("Address of the management interface. An IPv4 and an IPv6 address may be given, each by one ip=."),
    example="192.0.2.7::192.0.2.1:24:node1.example.com",
    fills=(
        *("network.ipv4", "network.ipv4_address", "network.ipv4_gateway"),
        *("network.ipv6", "network.ipv6_address", "network.ipv6_gateway", "network.hostname", "network.dns"),
        *("network.nic", "network.mtu", "network.mac"),
    ),
    repeat=Repeat.FAMILY,
)
NETMASK = Word(
    name="netmask",
    subject="network",
    grammar=netmask,
    form=N_("255.255.255.0 or 24"),
    help=N_("The mask of an ip= that is an address alone."),
    example="255.255.255.0",
    fills=("network.ipv4_address",),
)
GATEWAY = Word(
    name="gateway",
    subject="network",
    grammar=gateway,
    form=N_("an address"),
    help=N_("The router of an ip= that names none."),
    example="192.0.2.1",
    fills=("network.ipv4_gateway", "network.ipv6_gateway"),
)
IPV6 = Word(
    name="ipv6",
    subject="network",
    grammar=ipv6,
    form=N_("auto, dhcp, link-local or off"),
    help=N_("IPv6 of the management interface. A static address is given by ip=[ADDRESS]::[GATEWAY]:PREFIX."),
    example="auto",
    fills=("network.ipv6",),
)
DNS = Word(
    name="dns",
    subject="network",
    grammar=listed(IPv4Address | IPv6Address, NO_ADDRESS),
    form=N_("ADDRESS[,ADDRESS]..."),
    help=N_("DNS servers."),
    example="192.0.2.53,2001:db8::53",
    fills=("network.dns",),
)
NAMESERVER = Word(
    name="nameserver",
    subject="network",
    grammar=listed(IPv4Address | IPv6Address, NO_ADDRESS),
    form=N_("ADDRESS"),
    help=N_("A DNS server, as dracut spells it. May be repeated; those of dns= follow."),
    example="192.0.2.53",
    fills=("network.dns",),
    repeat=Repeat.EACH,
)
HOSTNAME = Word(
    name="hostname",
    subject="network",
    grammar=value(Hostname, NO_HOST_NAME),
    form=N_("a name of at most 64 characters"),
    help=N_("Host name. It wins over the one inside ip=."),
    example="node1.example.com",
    fills=("network.hostname",),
)
VLAN = Word(
    name="vlan",
    subject="network",
    grammar=vlan,
    form=N_("ID[:INTERFACE], INTERFACE.ID or vlanID:INTERFACE, with ID from 1 to 4094"),
    help=N_("VLAN of the management interface."),
    example="42",
    fills=("network.vlan",),
    repeat=Repeat.SAME,
)
MTU = Word(
    name="mtu",
    subject="network",
    grammar=value(Mtu, BAD_MTU),
    form=N_("bytes, from 68 to 65535"),
    help=N_("MTU of the management interface; that of a VLAN or a bridge on it follows."),
    example="9000",
    fills=("network.mtu",),
)
MAC = Word(
    name="node.mac",
    subject="network",
    grammar=value(Mac, BAD_HARDWARE),
    form=N_("six octets with colons"),
    help=N_("Hardware address that the management interface takes in place of its own."),
    example="52:54:00:12:34:56",
    fills=("network.mac",),
)


def address_of(said: Said, family: int) -> Ip | None:
    """What the words say of a family of addresses: what ip= says wins, the others complete it."""
    found: Ip | None = next((each for each in reversed(said.get(IP.name, ())) if each.family == family), None)
    if not found and family == 6 and IPV6.name in said:
        found = Ip(family=6, method=said[IPV6.name])
    if not found or found.method != STATIC:
        return found
    router = said.get(GATEWAY.name)
    own = str(router) if router and router.version == family else ""
    mask = found.mask or (said.get(NETMASK.name, "") if family == 4 else "")
    return replace(found, mask=mask, gateway=found.gateway or own)


def _from_ip(said: Said, name: str) -> Any:
    """What the last ip= that says it says of something else than an address; nothing when none does."""
    return next((found for each in reversed(said.get(IP.name, ())) if (found := getattr(each, name))), None)


NETMASK_REQUIRED = Kind("netmask-required", N_("required with a static ip="))
NOTHING_STATIC = Kind("nothing-static", N_("ignored, since ip= gives no static address"))


def agree(said: Said) -> Iterator[Wrong | Noted]:
    four, six = address_of(said, 4), address_of(said, 6)
    static = {each.family for each in (four, six) if each and each.method == STATIC}
    if four and four.method == STATIC and not four.mask:
        if four.long:
            yield Wrong(IP.name, NO_NETMASK())
        else:
            yield Wrong(NETMASK.name, NETMASK_REQUIRED())
    for name, family in ((NETMASK.name, 4), (GATEWAY.name, getattr(said.get(GATEWAY.name), "version", 4))):
        if name in said and family not in static:
            yield Noted(name, NOTHING_STATIC())
    if six and said.get(IPV6.name, six.method) != six.method:
        yield Wrong(IPV6.name, CONFLICTS(name="ip="))
    for word, name in ((MTU, "mtu"), (MAC, "mac")):
        if (within := _from_ip(said, name)) and said.get(word.name, within) != within:
            yield Wrong(word.name, CONFLICTS(name="ip="))
    if VLAN.name in said and BOOTIF.name in said:
        parent, nic = said[VLAN.name].parent, said[BOOTIF.name].name
        if parent and nic and parent != nic:
            yield _parent(parent, nic)


PARENT_DIFFERS = Kind("vlan-parent-differs", N_("parent {parent} is not the BOOTIF interface {nic}"))


def _parent(parent: str, nic: str) -> Wrong:
    """A VLAN is only made on the management interface."""
    return Wrong(VLAN.name, PARENT_DIFFERS(parent=parent, nic=nic))


def later(said: Said) -> Iterator[Wrong]:
    if any(each.method == "ibft" for each in said.get(IP.name, ())):
        yield Wrong(IP.name, part_not_yet("ibft"))


FOR_OTHER = Kind("ip-of-other-interface", N_("ignored, since it is for {other} and not for {nic}"))


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    wanted = _meant(said)
    if BOOTIF.name in said or wanted:
        yield Put("network.nic", wanted)
    nic = _name(wanted, facts)
    bootif, other = said.get(BOOTIF.name), _from_ip(said, "interface")
    if VLAN.name in said:
        parent = said[VLAN.name].parent
        if nic and parent not in ("", nic) and not (bootif and bootif.name):
            yield _parent(parent, nic)
        yield Put("network.vlan", VlanId(said[VLAN.name].number))
    if nic and other not in (None, nic):
        yield Noted(IP.name, FOR_OTHER(other=other, nic=nic))
    else:
        yield from _addresses(said)
        yield from (Put(f"network.{name}", found) for name in ("mtu", "mac") if (found := _from_ip(said, name)))
    yield from (Put(word.fills[0], said[word.name]) for word in (MTU, MAC) if word.name in said)
    servers = (*said.get(NAMESERVER.name, ()), *said.get(DNS.name, ()), *(_from_ip(said, "dns") or ()))
    if servers:
        yield Put("network.dns", tuple(dict.fromkeys(servers)))
    if name := said.get(HOSTNAME.name) or _from_ip(said, "hostname"):
        yield Put("network.hostname", Hostname(name))


def _meant(said: Said) -> NicSelector | None:
    """The interface that BOOTIF names, else that of ip=."""
    wanted = said.get(BOOTIF.name)
    text = _from_ip(said, "interface") or ""
    if wanted:
        text = LINK if wanted.link else wanted.mac or wanted.name
    return NicSelector(text) if text else None


def _name(wanted: NicSelector | None, facts: Facts) -> str:
    """What the interface that is meant is called on this machine; empty where there is none."""
    try:
        return select(facts, wanted)[0].name if wanted else ""
    except NoInterface:
        return ""


def resolve(config: NodeConfig, facts: Facts) -> Iterator[Finding]:
    """The interface by its name."""
    wanted = config[Network].nic
    if not wanted:
        return
    try:
        nic, known = select(facts, wanted)
    except NoInterface as missing:
        yield Problem("network.nic", missing.reason, missing.details)
        return
    yield Put("network.nic", NicSelector(nic.name))
    if known:
        yield Hint("network.nic", known)


def _addresses(said: Said) -> Iterator[Put]:
    if (four := address_of(said, 4)) and four.method != "ibft":
        yield Put("network.ipv4", IPv4Method(four.method))
        if four.mask:
            yield Put("network.ipv4_address", IPv4Interface(f"{four.address}/{four.mask}"))
        if four.gateway:
            yield Put("network.ipv4_gateway", IPv4Address(four.gateway))
    if six := address_of(said, 6):
        yield Put("network.ipv6", IPv6Method("auto" if six.method == "either" else six.method))
        if six.address:
            yield Put("network.ipv6_address", IPv6Interface(f"{six.address}/{six.mask}"))
        if six.gateway:
            yield Put("network.ipv6_gateway", IPv6Address(six.gateway))


def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
    net = config[Network]
    words = (
        *((HOSTNAME, net.hostname), (BOOTIF, net.nic), (VLAN, net.vlan)),
        *((MTU, net.mtu), (MAC, net.mac), (DNS, net.dns)),
    )
    yield from ((word.name, show(said)) for word, said in words if said)
    if net.ipv4 is IPv4Method.OFF:
        yield IP.name, "off"
    elif net.ipv4 is IPv4Method.STATIC and (four := net.ipv4_address):
        yield IP.name, f"{four.ip}::{show(net.ipv4_gateway)}:{four.network.prefixlen}"
    if net.ipv6 in (IPv6Method.AUTO, IPv6Method.DHCP, IPv6Method.LINK):
        yield IPV6.name, net.ipv6.value
    elif net.ipv6 is IPv6Method.STATIC and (six := net.ipv6_address):
        router = f"[{net.ipv6_gateway}]" if net.ipv6_gateway else ""
        yield IP.name, f"[{six.ip}]::{router}:{six.network.prefixlen}"


PARAMETERS = (
    Parameter(
        words=(BOOTIF, IP, NETMASK, GATEWAY, IPV6, DNS, NAMESERVER, HOSTNAME, VLAN, MTU, MAC),
        agree=agree,
        later=later,
        read=read,
        write=write,
    ),
)
