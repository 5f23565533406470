"""What can be decided about the network of a node."""

from __future__ import annotations

from enum import Enum
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface

from ovirt_tui.i18n import N_
from ovirt_tui.model.config import Section, setting
from ovirt_tui.model.network import Hostname, Mac, Mtu, VlanId
from ovirt_tui.model.records import dataclass, replace
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.model.typed import Self


class Layout(Enum):
    """Who carries the node's address: the interface itself, or a bridge on it."""

    DIRECT = "direct"
    BRIDGED = "bridged"


class IPv4Method(Enum):
    """How the management interface gets its IPv4 address."""

    OFF = "off"
    DHCP = "dhcp"
    STATIC = "static"


class IPv6Method(Enum):
    """How the management interface gets its IPv6 address."""

    OFF = "off"
    AUTO = "auto"
    DHCP = "dhcp"
    LINK = "link-local"
    STATIC = "static"


def has_nic(network: Network) -> bool:
    return network.nic is not None


def has_static_ipv4(network: Network) -> bool:
    return has_nic(network) and network.ipv4 is IPv4Method.STATIC


def has_static_ipv6(network: Network) -> bool:
    return has_nic(network) and network.ipv6 is IPv6Method.STATIC


def keeps_time(network: Network) -> bool:
    return network.ntp_enabled


@dataclass(frozen=True, kw_only=True)
class Network(Section, prefix="network"):
    hostname: Hostname | None = setting(None, N_("Host name"), N_("A full name such as node1.example.com."))
    nic: NicSelector | None = setting(
        None, N_("Management interface"), N_("The interface this node is managed on, or none.")
    )
    layout: Layout = setting(
        Layout.DIRECT, N_("Address on"), N_("bridged: on a bridge that guests can share."), when=has_nic
    )
    vlan: VlanId | None = setting(None, N_("VLAN"), N_("1 to 4094. Empty: untagged."), when=has_nic)
    mtu: Mtu | None = setting(None, N_("MTU"), N_("Bytes, 68 to 65535. Empty: as the driver says."), when=has_nic)
    mac: Mac | None = setting(None, N_("Hardware address"), N_("Empty: the interface's own."), when=has_nic)
    ipv4: IPv4Method = setting(IPv4Method.DHCP, N_("IPv4"), when=has_nic)
    ipv4_address: IPv4Interface | None = setting(
        None, N_("IPv4 address"), N_("With prefix: 192.0.2.7/24."), when=has_static_ipv4
    )
    ipv4_gateway: IPv4Address | None = setting(None, N_("IPv4 gateway"), when=has_static_ipv4)
    ipv6: IPv6Method = setting(IPv6Method.OFF, N_("IPv6"), when=has_nic)
    ipv6_address: IPv6Interface | None = setting(
        None, N_("IPv6 address"), N_("With prefix: 2001:db8::7/64."), when=has_static_ipv6
    )
    ipv6_gateway: IPv6Address | None = setting(None, N_("IPv6 gateway"), when=has_static_ipv6)
    dns: tuple[IPv4Address | IPv6Address, ...] = setting(
        (), N_("DNS servers"), N_("Commas or blanks between them."), when=has_nic
    )
    ntp: tuple[IPv4Address | IPv6Address | Hostname, ...] = setting(
        (),
        N_("Time servers"),
        N_("Commas or blanks between. Empty: the distribution's and DHCP's."),
        when=keeps_time,
    )
    ntp_enabled: bool = setting(True, N_("Keep the clock by NTP"))

    def normal(self) -> Self:
        """Name servers belong to the addresses of their kind, IPv4 first; without such addresses they are not asked.

        A dot at the end of the name is the DNS's: systemd leaves it out, and /etc/hosts would have another name then.
        """
        asked = {4: self.ipv4 is not IPv4Method.OFF, 6: self.ipv6 is not IPv6Method.OFF}
        servers = (each for version in (4, 6) if asked[version] for each in self.dns if each.version == version)
        name = Hostname(self.hostname.removesuffix(".")) if self.hostname else None
        return replace(self, dns=tuple(servers), hostname=name)

    @property
    def bridge(self) -> str:
        """The name of the bridge that guests can share; empty where there is none."""
        return f"br{self.nic}"[:15] if self.nic and self.layout is Layout.BRIDGED else ""
