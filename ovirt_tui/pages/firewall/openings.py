"""What may reach the node from outside: a table of openings, and the rules made of it.

The rules are a table of nftables of our own.  Other tables, such as libvirt's, are neither read nor changed: a packet
has to be let in by each of them, so that none of them can open what this one keeps closed.
"""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.features.opening import Opening
from ovirt_tui.i18n import N_
from ovirt_tui.machine.packet_filter import FAMILY, MEANT, TABLE
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages.network.settings import IPv4Method, IPv6Method, Network

FILE = "/etc/nftables.d/ovirt-node.nft"
CLOSED_FILE = "/usr/share/ovirt-node/closed.nft"
"""What image/overlay/usr/libexec/ovirt-node/firewall loads where FILE cannot be loaded."""
SAVED = (*MEANT, f'include "{FILE}"')


def by_dhcp(config: NodeConfig) -> bool:
    return config[Network].nic is not None and config[Network].ipv4 is IPv4Method.DHCP


def by_dhcpv6(config: NodeConfig) -> bool:
    """Router advertisements may ask for DHCPv6 too."""
    return config[Network].nic is not None and config[Network].ipv6 in (IPv6Method.AUTO, IPv6Method.DHCP)


OPENINGS = (
    Opening(N_("SSH"), ("tcp dport 22",)),
    Opening(N_("ping"), ("icmp type echo-request", "icmpv6 type echo-request")),
    # Answers to a broadcast come from an address that was not asked.
    Opening(N_("DHCP answers"), ("udp sport 67 udp dport 68",), by_dhcp),
    Opening(N_("DHCP answers"), ("ip6 saddr fe80::/10 udp dport 546",), by_dhcpv6),
    # Without these there is no IPv6 at all.  They are not limited: a flood must not cost the node its neighbours, and
    # nobody further away than the next router can send them.
    Opening(
        N_("IPv6 neighbours and routers"),
        (
            "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert }"
            " ip6 hoplimit 255",
            "icmpv6 type mld-listener-query ip6 saddr fe80::/10",
        ),
    ),
    # virbr0, virbr1 ... are the bridges of libvirt's virtual networks, on which its dnsmasq answers.
    Opening(
        N_("DNS and DHCP of virtual networks"),
        ('iifname "virbr*" tcp dport 53', 'iifname "virbr*" udp dport { 53, 67, 547 }'),
    ),
)
"""What is open of a node as it is, and what for.  What else a feature needs is in its own *openings*."""

_PINGS = "limit rate over 50/second burst 100 packets drop"
_FIRST = (
    'iifname "lo" accept',
    f"icmp type echo-request {_PINGS}",
    f"icmpv6 type echo-request {_PINGS}",
    "ct state established,related accept",
    "ct state invalid drop",
)
_FORWARD = ('iifname "virbr*" accept', 'oifname "virbr*" accept')
"""libvirt's own tables say which traffic of its networks is passed on."""
_HEAD = "# Made by ovirt-tui setup from the settings of this node; a change by hand is lost with the next save."


def openings() -> Iterator[Opening]:
    """All that may be open: of a node as it is, then of its features in their order."""
    from ovirt_tui.features.order import FEATURES  # of which the firewall is one

    yield from OPENINGS
    yield from (opening for feature in FEATURES for opening in feature.openings)


def rules(config: NodeConfig) -> str:
    """The rules for *config*, for nft --file: they replace those that are loaded, all at once."""
    found = [(each.name, match) for each in openings() if each.when(config) for match in each.matches]
    bridge = config[Network].bridge
    # Bridged packets pass here once something, such as libvirt's filters of guests, has loaded br_netfilter.
    bridged = (f'iifname "{bridge}" oifname "{bridge}" accept',) if bridge else ()
    return _text([f'{match} accept comment "{name}"' for name, match in found], bridged)


def closed() -> str:
    """Rules that let nothing in but answers."""
    return _text([], ())


def _text(openings: list[str], bridged: tuple[str, ...]) -> str:
    parts = [_HEAD, f"table {FAMILY} {TABLE}", f"delete table {FAMILY} {TABLE}", f"table {FAMILY} {TABLE} {{"]
    for hook, lines in (("input", (*_FIRST, *openings)), ("forward", (*_FORWARD, *bridged))):
        parts += [f"\tchain {hook} {{", f"\t\ttype filter hook {hook} priority filter; policy drop;"]
        parts += [f"\t\t{line}" for line in lines]
        parts.append("\t}")
    return "\n".join((*parts, "}\n"))
