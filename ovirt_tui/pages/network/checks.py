"""What is wrong with the settings of the network, together or on this machine; and what is only probably wrong."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, ip_interface

from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.problems import Kind, Problem, Reason
from ovirt_tui.pages.network.settings import IPv4Method, IPv6Method, Network

THIS_NETWORK = IPv4Network("0.0.0.0/8")
LOCAL = {"localhost", "localhost4", "localhost6"}
Address = IPv4Interface | IPv6Interface

NO_ADDRESS = Kind("static-without-address", N_("a static configuration needs an address"))
NOBODYS_IN = Kind("address-of-no-machine", N_("{ip} is no address that a machine can have in {network}"))
NO_PREFIX = Kind(
    "prefix-of-everything",
    N_("with the prefix 0 every address there is belongs to this network, and no gateway is ever asked"),
)


VLAN_TOO_LONG = Kind("vlan-name-too-long", N_("the name {name} is longer than 15"))


LEAST_OF_IPV6 = 1280
"""Bytes; RFC 8200, section 5."""
TOO_SHORT = Kind("mtu-too-short", N_("IPv6 needs packets of {least} bytes at least"))


def packets_are_long_enough(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """Linux switches IPv6 off on an interface with shorter packets, and says so to nobody."""
    net = config[Network]
    if net.nic and net.mtu and net.mtu < LEAST_OF_IPV6 and net.ipv6 is not IPv6Method.OFF:
        yield Problem("network.mtu", TOO_SHORT(least=LEAST_OF_IPV6))


def network_is_complete(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """A static address is there when the method says so and is one."""
    net = config[Network]
    for version, static, address, gateway in _statics(net):
        if static and net.nic and not address:
            yield Problem(f"network.{version}_address", NO_ADDRESS())
        if not static or not address:
            continue
        if not is_for_one(address):
            yield Problem(f"network.{version}_address", NOBODYS_IN(ip=address.ip, network=address.network))
        elif not address.network.prefixlen:
            yield Problem(f"network.{version}_address", NO_PREFIX())
        if gateway and (why := _no_gateway(address, gateway)):
            yield Problem(f"network.{version}_gateway", why)
    if net.nic and net.vlan and len(f"{net.nic}.{net.vlan}") > 15:
        yield Problem("network.vlan", VLAN_TOO_LONG(name=f"{net.nic}.{net.vlan}"))


OWN_ADDRESS = Kind("gateway-is-this-node", N_("this is the address of this node itself"))


def _no_gateway(address: Address, gateway: IPv4Address | IPv6Address) -> Reason | None:
    """Say why no router can have the address *gateway*; None when one can."""
    if gateway == address.ip:
        return OWN_ADDRESS()
    if not is_for_one(ip_interface(f"{gateway}/{address.network.prefixlen}")) and gateway in address.network:
        return NOBODYS_IN(ip=gateway, network=address.network)
    return _nobodys(gateway)


UNSPECIFIED = Kind("address-unspecified", N_("{ip} stands for no machine"))
MULTICAST = Kind("address-multicast", N_("{ip} is an address of many machines (multicast)"))
RESERVED = Kind("address-reserved", N_("{ip} is no address of a machine (broadcast, or reserved)"))
MAPPED = Kind("address-mapped", N_("{ip} is an IPv4 address in the clothes of IPv6; give it as IPv4"))


def _nobodys(ip: IPv4Address | IPv6Address) -> Reason | None:
    """Say why no single machine has the address *ip*; None when one may."""
    if ip.is_unspecified or (ip.version == 4 and ip in THIS_NETWORK):
        return UNSPECIFIED(ip=ip)
    if ip.is_multicast:
        return MULTICAST(ip=ip)
    if ip.version == 4 and ip.is_reserved:
        return RESERVED(ip=ip)
    if ip.version == 6 and ip.ipv4_mapped:
        return MAPPED(ip=ip)
    return None


ENDS = Kind("address-ends-network", N_("{ip} is no address that a machine can have in the network of this node"))


def servers_are_machines(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """A name server and a time server are single machines."""
    net = config[Network]
    ends = {
        end
        for _version, static, address, _gateway in _statics(net)
        if static and isinstance(address, IPv4Interface) and address.network.num_addresses > 2
        for end in (address.network.network_address, address.network.broadcast_address)
    }
    for path, servers in (("network.dns", net.dns), ("network.ntp", net.ntp)):
        for ip in (server for server in servers if not isinstance(server, str)):
            if why := _nobodys(ip) or (ENDS(ip=ip) if ip in ends else None):
                yield Problem(path, why)


LOCAL_NAME = Kind("host-name-local", N_("{name} means every machine itself; choose another"))


def host_name_is_its_own(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """localhost is the name by which every machine calls itself."""
    name = config[Network].hostname
    if name and (LOCAL & set(name.lower().rstrip(".").split("."))):
        yield Problem("network.hostname", LOCAL_NAME(name=name))


def _statics(net: Network) -> tuple[tuple[str, bool, Address | None, IPv4Address | IPv6Address | None], ...]:
    """Of IPv4 and IPv6: whether the address is static, the address, and the gateway."""
    return (
        ("ipv4", net.ipv4 is IPv4Method.STATIC, net.ipv4_address, net.ipv4_gateway),
        ("ipv6", net.ipv6 is IPv6Method.STATIC, net.ipv6_address, net.ipv6_gateway),
    )


GATEWAY_OUTSIDE = Kind(
    "gateway-outside",
    N_("{gateway} is not in the network {network}: right only if it answers on this network segment all the same"),
)


def gateway_is_near(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """A gateway outside the network of the address works where a provider has it so; more often it is a slip."""
    for version, static, address, gateway in _statics(config[Network]):
        near = address and gateway and (gateway.is_link_local or gateway in address.network or _is_alone(address))
        if static and address and gateway and not near:
            yield Problem(f"network.{version}_gateway", GATEWAY_OUTSIDE(gateway=gateway, network=address.network))


PROTOCOL_OFF = Kind("servers-of-a-protocol-off", N_("{servers} cannot be asked while their protocol is off"))


def servers_can_be_asked(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """NetworkManager has no use for name servers of a protocol that is off."""
    net = config[Network]
    off = [version for version, method in ((4, net.ipv4 is IPv4Method.OFF), (6, net.ipv6 is IPv6Method.OFF)) if method]
    lost = ", ".join(str(server) for server in net.dns if server.version in off)
    if net.nic and lost:
        yield Problem("network.dns", PROTOCOL_OFF(servers=lost))


SERVERS_HERE = Kind(
    "servers-on-this-node",
    N_("{servers} reach no name servers from here, unless some were put there"),
    N_("{servers} reaches no name server from here, unless one was put there"),
)


def servers_are_elsewhere(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """No name server runs on a node, and a link-local one needs to be told its interface."""
    lost = [str(ip) for ip in config[Network].dns if ip.is_loopback or ip.is_link_local]
    if lost:
        yield Problem("network.dns", SERVERS_HERE(servers=", ".join(lost), count=len(lost)))


ALONE = Kind(
    "address-alone",
    N_("{address} is alone in its network and reaches nobody: a shorter prefix, or a gateway, is missing"),
)


def address_reaches_others(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """An address that is alone in its network reaches nobody without a gateway."""
    for version, static, address, gateway in _statics(config[Network]):
        if static and address and not gateway and _is_alone(address):
            yield Problem(f"network.{version}_address", ALONE(address=address))


def _is_alone(address: Address) -> bool:
    """Say whether the network of *address* holds no other, so that a gateway can only be outside."""
    return address.network.num_addresses == 1


def is_for_one(address: Address) -> bool:
    """Say whether one machine can have *address*: not that of a network, of all machines in it, or of nobody."""
    ip, network = address.ip, address.network
    special = bool(_nobodys(ip)) or ip.is_loopback
    ends = (network.network_address, network.broadcast_address) if ip.version == 4 else (network.network_address,)
    return not special and (network.num_addresses <= 2 or ip not in ends)
