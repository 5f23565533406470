"""What may reach the node from outside: a table of openings, the rules made of it, and what the kernel says of them.

The rules are a table of nftables of our own.  Other tables, such as libvirt's, are neither read nor changed: a packet
has to be let in by each of them, so that none of them can open what this one keeps closed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ovirt_tui.config import NodeConfig
from ovirt_tui.i18n import N_, _
from ovirt_tui.pages.network.settings import IPv4Method, IPv6Method, Network

FILE = "/etc/nftables.d/ovirt-node.nft"
CLOSED_FILE = "/usr/share/ovirt-node/closed.nft"
"""What image/overlay/usr/libexec/ovirt-node/firewall loads where FILE cannot be loaded."""
FAMILY, TABLE = "inet", "ovirt_node"
LISTED = ("nft", "--json", "list", "ruleset")
MEANT = ("unshare", "--net", "nft", "--json", "--echo")
"""What the kernel makes of the rules that follow, tried in a network of its own, where they filter nothing."""
SAVED = (*MEANT, f'include "{FILE}"')


def always(config: NodeConfig) -> bool:
    """What *when* says of what is open whatever is configured."""
    return True


def by_dhcp(config: NodeConfig) -> bool:
    return config[Network].nic is not None and config[Network].ipv4 is IPv4Method.DHCP


def by_dhcpv6(config: NodeConfig) -> bool:
    """Router advertisements may ask for DHCPv6 too."""
    return config[Network].nic is not None and config[Network].ipv6 in (IPv6Method.AUTO, IPv6Method.DHCP)


@dataclass(frozen=True)
class Opening:
    """What can be reached, and by which packets, while *when* says so.  The name is the comment of its rules."""

    name: str
    matches: tuple[str, ...]
    when: Callable[[NodeConfig], bool] = always


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
"""What is open, and what for.  A feature that needs a port adds a line, with the setting that turns it on."""

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


def rules(config: NodeConfig) -> str:
    """The rules for *config*, for nft --file: they replace those that are loaded, all at once."""
    found = [(opening.name, match) for opening in OPENINGS if opening.when(config) for match in opening.matches]
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


@dataclass
class Chain:
    """A chain of our table as nft tells it."""

    kind: dict[str, Any]
    rules: list[dict[str, Any]] = field(default_factory=list)


def chains(told: str) -> dict[str, Chain]:
    """Our chains by name, from what nft printed as JSON: a list of rules, or what --echo says of added ones.

    ValueError when it is no such thing.
    """
    found: dict[str, Chain] = {}
    for entry in json.loads(told)["nftables"]:
        for kind, thing in entry.get("add", entry).items():
            if kind in ("metainfo", "delete", "table") or (thing["family"], thing["table"]) != (FAMILY, TABLE):
                continue
            plain = {name: _in_order(value) for name, value in thing.items() if name != "handle"}
            if kind == "rule":
                found[plain.pop("chain")].rules.append(plain)
            else:  # sets and the like are not ours: they make a difference under their own name
                found[plain.pop("name")] = Chain({kind: plain})
    return found


def _in_order(value: Any) -> Any:
    """The same with the members of each set in one order: the kernel keeps another than that of the file."""
    if isinstance(value, list):
        return [_in_order(each) for each in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _in_order(each) for name, each in value.items()}
    return {"set": sorted(inner["set"], key=_place)} if isinstance(inner.get("set"), list) else inner


def _place(member: Any) -> str:
    """Where a member of a set stands: ports by number, all else by its text."""
    return f"{member:05}" if isinstance(member, int) else str(member)


def is_closed(found: dict[str, Chain]) -> bool:
    """Say whether these chains drop what no rule of theirs lets in."""
    kind = found["input"].kind.get("chain", {}) if "input" in found else {}
    return (kind.get("hook"), kind.get("policy")) == ("input", "drop")


def reachable(found: dict[str, Chain]) -> tuple[str, ...]:
    """A line for each thing that a rule of these chains lets in, in words."""
    named: dict[str, list[str]] = {}
    for rule in found["input"].rules if "input" in found else ():
        if any("accept" in part for part in rule["expr"]) and not _is_answer(rule["expr"]):
            named.setdefault(_(rule.get("comment", N_("not by this program"))), []).append(_way(rule["expr"]))
    return tuple(f"{name}: {', '.join(dict.fromkeys(ways))}" for name, ways in named.items())


def _is_answer(parts: list[dict[str, Any]]) -> bool:
    """Say whether a rule only lets in what this node has asked for, or asks itself."""
    matches = _matches(parts)
    return matches.get(("meta", "iifname")) == "lo" or matches.get(("ct", "state")) == ["established", "related"]


_PROTOCOLS = {
    ("tcp", "dport"): "TCP",
    ("udp", "dport"): "UDP",
    ("icmp", "type"): "ICMP",
    ("icmpv6", "type"): "ICMPv6",
}


def _way(parts: list[dict[str, Any]]) -> str:
    """The packets of a rule in words, as "TCP 22"; what is not understood narrows nothing."""
    matches = _matches(parts)
    for key, protocol in _PROTOCOLS.items():
        if key in matches:
            ports = f" {_ports(matches[key])}" if key[1] == "dport" else ""
            return f"{protocol}{ports}"
    return _("everything")


def _ports(wanted: Any) -> str:
    """Ports as nft tells them: one, a range, or a set of these."""
    if not isinstance(wanted, dict):
        return str(wanted)
    if "range" in wanted:
        return "-".join(str(port) for port in wanted["range"])
    return " ".join(_ports(port) for port in wanted.get("set", [wanted]))


def _matches(parts: list[dict[str, Any]]) -> dict[tuple[str, str], Any]:
    """What a rule compares, by what it looks at: ("tcp", "dport"), ("meta", "iifname")."""
    found: dict[tuple[str, str], Any] = {}
    for part in parts:
        match = part.get("match", {})
        if match.get("op") not in ("==", "in"):
            continue
        for kind, what in match["left"].items():
            if isinstance(what, dict):
                found[str(what.get("protocol", kind)), str(what.get("field", what.get("key")))] = match["right"]
    return found
