"""Rules as they follow from settings, and what is said of those that the kernel has.

tests/firewall/ holds rules as text (pytest --accept rewrites them) and what nft said of some of them, once loaded (the
tests of test_filter.py do, with --accept).
"""

from __future__ import annotations

import json

import pytest

from brought import brought
from machines import PLAIN
from ovirt_tui.features.order import defaults
from ovirt_tui.machine import packet_filter
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.values import parse
from ovirt_tui.pages.firewall import openings
from ovirt_tui.pages.firewall.feature import HINT, compared, opened
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import File, Firewall
from recorded import FIREWALL as FOLDER


def built(**network: str) -> NodeConfig:
    """The defaults with a network."""
    config = defaults()
    for name, text in network.items():
        config = config.put(f"network.{name}", parse(defaults().setting(f"network.{name}").type, text))
    return config


RULES = {
    "default": openings.rules(defaults()),
    "dhcp": openings.rules(built(nic="eth0")),
    "static": openings.rules(built(nic="eth0", ipv4="static")),
    "bridged": openings.rules(built(nic="eth0", ipv4="off", ipv6="auto", layout="bridged")),
    "closed": openings.closed(),
}


def told(name: str) -> str:
    """What nft said of the rules called *name*, or of a line more."""
    return (FOLDER / f"{name}.json").read_text()


def node(**outputs: str) -> FakeSystem:
    """A node whose kernel has the rules, and whose file means those, that are named."""
    argvs = {"kernel": packet_filter.LISTED, "file": openings.SAVED}
    return FakeSystem(PLAIN, outputs={argvs[name]: told(text) for name, text in outputs.items()})


@pytest.mark.parametrize("name", RULES)
def test_rules(name: str, request: pytest.FixtureRequest) -> None:
    golden = FOLDER / f"{name}.nft"
    if request.config.getoption("--accept"):
        golden.write_text(RULES[name])
    assert golden.read_text() == RULES[name]


def test_a_fixed_address_needs_no_answers_of_dhcp() -> None:
    assert RULES["static"] == RULES["default"] and "dport 68" in RULES["dhcp"] and "dport 68" not in RULES["static"]


def test_the_page_says_what_the_kernel_lets_in() -> None:
    system = node(kernel="dhcp", file="dhcp-echo")
    assert compared(system, PLAIN) == "yes"
    assert opened(system, PLAIN).splitlines() == [
        "SSH: TCP 22",
        "ping: ICMP, ICMPv6",
        "DHCP answers: UDP 68",
        "IPv6 neighbours and routers: ICMPv6",
        "DNS and DHCP of virtual networks: TCP 53, UDP 53 67 547",
    ]


def test_the_page_says_that_nothing_is_open() -> None:
    assert opened(node(kernel="closed", file="closed-echo"), PLAIN) == "nothing"
    assert compared(node(kernel="closed", file="default-echo"), PLAIN) == HINT


@pytest.mark.parametrize("more", ["by-hand", "policy"])
def test_the_page_says_what_somebody_opened_by_hand(more: str) -> None:
    system = node(kernel=more, file="default-echo")
    assert {
        "by-hand": "not by this program: TCP 8080, UDP 5353 4000-4100, everything",
        "policy": "everything: no firewall is at work",
    }[more] in opened(system, PLAIN).splitlines()
    assert compared(system, PLAIN) == HINT


def test_the_page_says_that_there_are_no_rules_or_that_it_cannot_know() -> None:
    system = node(file="default-echo")
    system.outputs[packet_filter.LISTED] = '{"nftables": [{"metainfo": {}}]}'
    assert (opened(system, PLAIN), compared(system, PLAIN)) == ("everything: no firewall is at work", HINT)
    system.outputs[packet_filter.LISTED] = "not JSON"
    assert opened(system, PLAIN).startswith("unknown: ") and compared(system, PLAIN).startswith("unknown: ")
    assert compared(node(kernel="default"), PLAIN) == "unknown: unshare is not here"


def test_tables_of_others_are_not_looked_at() -> None:
    listing = json.loads(told("default"))
    other = {"family": "ip", "table": "libvirt_network", "name": "guest_output", "policy": "accept"}
    mixed = json.dumps({"nftables": [{"chain": other}, *listing["nftables"]]})
    assert packet_filter.chains(mixed) == packet_filter.chains(told("default"))


def test_another_way_to_get_addresses_changes_the_rules_and_nothing_else_of_them() -> None:
    old, new = built(nic="eth0"), built(nic="eth0", ipv4="off")
    node = brought(old)
    (planned,) = (each for each in changes(SETUP, old, new, PLAIN, node) if each.title == "Setting the firewall")
    assert planned.steps == (File(openings.FILE, RULES["default"]), Firewall(RULES["default"]))
    same = changes(SETUP, old, built(nic="eth0", hostname="node2"), PLAIN, node)
    assert not any(isinstance(step, Firewall) for each in same for step in each.steps)
