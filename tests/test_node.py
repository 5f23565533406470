"""What the pages of the node do to it, in both directions: set, and set back."""

import pytest

from machines import MACHINES, PLAIN, node_installed, with_
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.order import defaults
from ovirt_tui.features.rules import SETUP_RULES
from ovirt_tui.machine.facts import Nic, NodeState
from ovirt_tui.pages.welcome import offers
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import plan, run
from ovirt_tui.system import StepFailed, services
from ovirt_tui.system.services import Restarts
from ovirt_tui.system.tree import Tree
from person import Person, at_setup
from test_form import at_network, to_row
from test_setup import NODE, contents, to_page

SOURCES = "/etc/chrony/sources.d/ovirt-node.sources"
"""The time service of the image runs while there is a file like this."""

OTHER = "Install on another disk"
GONE = "Uninstall /dev/vda"


def files(person: Person) -> dict[str, str]:
    return person.system.files


def names(person: Person) -> list[str]:
    """The node's own entries in /etc/hosts."""
    return files(person)["/etc/hosts"].splitlines()


def at_node() -> Person:
    """At the Network page of a node that was brought to NODE."""
    person = at_network()
    run(plan(SETUP, NODE, PLAIN), person.system, lambda progress: None)
    return person


def test_the_clock_is_kept_unless_it_is_told_not_to() -> None:
    person = at_node()
    assert SOURCES in files(person)
    to_row(person, "Keep the clock")
    person.press(" ", "f10")
    assert "Saved." in person.screen() and SOURCES not in files(person)
    person.press("enter")
    to_row(person, "Keep the clock")
    person.press(" ", "f10")
    assert "Saved." in person.screen() and SOURCES in files(person)


def test_time_servers_are_taken_away_again() -> None:
    person = at_node()
    to_row(person, "Time servers")
    person.type("192.0.2.123")
    person.press("f10", "enter")
    assert contents(person, SOURCES) == "server 192.0.2.123 iburst\n"
    to_row(person, "Time servers")
    person.press("ctrl u", "f10")
    assert "server" not in contents(person, SOURCES).replace("time server", "")


def test_a_node_without_a_name_still_knows_itself() -> None:
    person = at_node()
    assert names(person) == ["127.0.1.1 node1.example.com node1"]
    person.press("tab", "ctrl u", "f10")
    assert "Saved." in person.screen() and "/etc/hostname" not in files(person)
    assert names(person) == []


def test_name_servers_are_for_the_management_interface() -> None:
    person, setup = at_setup(saved=defaults())
    to_page(person, "Network")
    assert setup.form
    (row,) = [editor for editor in setup.form.editors if editor.paths == ("network.dns",)]
    assert not row.applies
    setup.draft.put("network.nic", "eth0")
    setup.form.changed()
    assert row.applies


@pytest.mark.parametrize(("condition", "well"), [("no", True), ("yes", False)])
def test_a_service_whose_configuration_is_gone_may_stay_off(
    condition: str, well: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"is-active": "inactive\n", "show": f"{condition}\n"}
    monkeypatch.setattr(services, "run", lambda argv, **_how: said.get(argv[1], ""))
    restarts = Restarts(Tree())
    if well:
        restarts._wait("chrony.service")
    else:
        with pytest.raises(StepFailed, match=r"chrony\.service is inactive"):
            restarts._wait("chrony.service")


def test_data_can_be_kept_only_where_it_is() -> None:
    assert [offer.title for offer in offers(MACHINES["node-installed"])] == [
        "Upgrade or downgrade /dev/vda",
        "Reinstall /dev/vda, keep Data",
        "Reinstall /dev/vda, erase Data",
        OTHER,
        "Repair the boot loader of /dev/vda",
        GONE,
    ]
    damaged = node_installed(NodeState.BROKEN)
    without = damaged.__class__(**{**damaged.__dict__, "groups": ()})
    assert [offer.title for offer in offers(without)] == ["Reinstall /dev/vda, erase Data", OTHER, GONE]


@pytest.mark.parametrize(
    ("address", "gateway", "wrong"),
    [
        ("192.0.2.0/24", "", "is no address that a machine can have"),
        ("192.0.2.255/24", "", "is no address that a machine can have"),
        ("0.0.0.0/0", "", "is no address that a machine can have"),
        ("127.0.0.1/8", "", "is no address that a machine can have"),
        ("224.0.0.5/24", "", "is no address that a machine can have"),
        ("192.0.2.7/24", "192.0.2.7", "this is the address of this node itself"),
        ("192.0.2.7/0", "192.0.2.1", "no gateway is ever asked"),
        ("2001:db8::7/0", "", "no gateway is ever asked"),
        ("192.0.2.0/31", "192.0.2.1", ""),
        ("192.0.2.7/32", "", ""),
        ("192.0.2.7/24", "192.0.2.1", ""),
        ("2001:db8::/64", "", "is no address that a machine can have"),
        ("2001:db8::7/64", "fe80::1", ""),
        ("2001:db8::7/128", "", ""),
    ],
)
def test_an_address_is_one_that_a_machine_can_have(address: str, gateway: str, wrong: str) -> None:
    version = "ipv6" if ":" in address else "ipv4"
    draft = Draft(PLAIN, NODE, SETUP_RULES)
    for path, text in ((version, "static"), (f"{version}_address", address), (f"{version}_gateway", gateway)):
        draft.put(f"network.{path}", text)
    said = [problem.text for problem in draft.problems()]
    assert [wrong in text for text in said] == ([True] if wrong else [])


def test_a_gateway_outside_is_doubted_and_accepted() -> None:
    person = at_node()
    to_row(person, "IPv4  ")
    person.press("right")
    for label, text in (("IPv4 address", "192.0.2.7/24"), ("IPv4 gateway", "192.0.3.1")):
        to_row(person, label)
        person.type(text)
    person.press("tab")
    assert "note: 192.0.3.1 is not in the" in person.screen()
    person.press("f10")
    assert "Saved." in person.screen()


def test_name_servers_that_cannot_be_asked_are_named() -> None:
    person = at_node()
    to_row(person, "DNS")
    person.type("192.0.2.53,2001:db8::53")
    person.press("tab")
    assert "note: 2001:db8::53 cannot be" in person.screen()


def test_each_save_of_the_network_restarts_it() -> None:
    person = at_node()
    for number in ("42", "43"):
        to_row(person, "VLAN")
        person.press("ctrl u")
        person.type(number)
        person.press("f10", "f4")
        assert "use the network profiles ovirt-node-eth0" in person.screen()
        person.press("enter")


def test_the_addresses_of_an_interface_are_shown_before_its_long_model() -> None:
    nic = Nic(
        name="enp130s0f0", mac="52:54:00:12:34:56", driver="i40e", model="Intel " * 12, addresses=("192.0.2.7/24",)
    )
    person, _setup = at_setup(with_(nics=(nic,)))
    to_page(person, "Network")
    to_row(person, ") none")
    person.press("down")
    assert "i40e  192.0.2.7/24  Intel" in person.screen()
