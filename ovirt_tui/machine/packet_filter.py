"""Our nftables table in the kernel, as nft prints it."""

from __future__ import annotations

import json

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.model.typed import Any

FAMILY, TABLE = "inet", "ovirt_node"
LISTED = ("nft", "--json", "list", "ruleset")
MEANT = ("unshare", "--net", "nft", "--json", "--echo")
"""The kernel's form of the rules that follow, loaded in an empty network namespace, where they filter nothing."""


@dataclass
class Chain:
    """A chain of our table as nft prints it."""

    kind: dict[str, Any]
    rules: list[dict[str, Any]] = field(default_factory=list)


def chains(output: str) -> dict[str, Chain]:
    """Our chains by name, from the JSON that nft printed: a listing, or what --echo says of added rules.

    ValueError when it is neither.
    """
    found: dict[str, Chain] = {}
    for entry in json.loads(output)["nftables"]:
        for kind, thing in entry.get("add", entry).items():
            if kind in ("metainfo", "delete", "table") or (thing["family"], thing["table"]) != (FAMILY, TABLE):
                continue
            plain = {name: _in_order(value) for name, value in thing.items() if name != "handle"}
            if kind == "rule":
                found[plain.pop("chain")].rules.append(plain)
            else:  # sets and the like are not ours: they count as a difference under their own name
                found[plain.pop("name")] = Chain({kind: plain})
    return found


def _in_order(value: Any) -> Any:
    """*value* with the members of each set sorted: the kernel does not keep the order of the file."""
    if isinstance(value, list):
        return [_in_order(each) for each in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _in_order(each) for name, each in value.items()}
    return {"set": sorted(inner["set"], key=_sort_key)} if isinstance(inner.get("set"), list) else inner


def _sort_key(member: Any) -> str:
    """Sort key of a member of a set: ports by number, all else by its text."""
    return f"{member:05}" if isinstance(member, int) else str(member)


def is_closed(found: dict[str, Chain]) -> bool:
    """Say whether these chains drop what no rule of theirs accepts."""
    kind = found["input"].kind.get("chain", {}) if "input" in found else {}
    return (kind.get("hook"), kind.get("policy")) == ("input", "drop")


def reachable(found: dict[str, Chain]) -> tuple[str, ...]:
    """What the rules of these chains accept, in words, one line per comment."""
    named: dict[str, list[str]] = {}
    for rule in found["input"].rules if "input" in found else ():
        if any("accept" in part for part in rule["expr"]) and not _is_reply(rule["expr"]):
            named.setdefault(_(rule.get("comment", N_("not by this program"))), []).append(_packets(rule["expr"]))
    return tuple(f"{name}: {', '.join(dict.fromkeys(ways))}" for name, ways in named.items())


def _is_reply(parts: list[dict[str, Any]]) -> bool:
    """Say whether a rule only accepts replies to this node, or loopback traffic."""
    matches = _matches(parts)
    return matches.get(("meta", "iifname")) == "lo" or matches.get(("ct", "state")) == ["established", "related"]


_PROTOCOLS = {
    ("tcp", "dport"): "TCP",
    ("udp", "dport"): "UDP",
    ("icmp", "type"): "ICMP",
    ("icmpv6", "type"): "ICMPv6",
}


def _packets(parts: list[dict[str, Any]]) -> str:
    """The packets of a rule in words, such as "TCP 22"; matches of other kinds are ignored."""
    matches = _matches(parts)
    for key, protocol in _PROTOCOLS.items():
        if key in matches:
            ports = f" {_ports(matches[key])}" if key[1] == "dport" else ""
            return f"{protocol}{ports}"
    return _("everything")


def _ports(wanted: Any) -> str:
    """Ports as nft prints them: one, a range, or a set of these."""
    if not isinstance(wanted, dict):
        return str(wanted)
    if "range" in wanted:
        return "-".join(str(port) for port in wanted["range"])
    return " ".join(_ports(port) for port in wanted.get("set", [wanted]))


def _matches(parts: list[dict[str, Any]]) -> dict[tuple[str, str], Any]:
    """The matches of a rule, value by field: ("tcp", "dport"), ("meta", "iifname")."""
    found: dict[tuple[str, str], Any] = {}
    for part in parts:
        match = part.get("match", {})
        if match.get("op") not in ("==", "in"):
            continue
        for kind, what in match["left"].items():
            if isinstance(what, dict):
                found[str(what.get("protocol", kind)), str(what.get("field", what.get("key")))] = match["right"]
    return found
