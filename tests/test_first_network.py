"""The installer's Network page: what it proposes, what it asks, and what Confirm says of it."""

from __future__ import annotations

import pytest

from machines import ETH0, ETH1, MACHINES, with_
from ovirt_tui.features.draft import Draft
from ovirt_tui.machine.facts import Facts, Nic
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.system.steps import File
from ovirt_tui.ui.installer import Installer
from person import Person, at_installer

TWO_SILENT = with_(nics=(Nic(name="eth0", mac=ETH0.mac), ETH1))


def to_network(machine: str | Facts = "one-disk", line: str = "") -> tuple[Person, Installer]:
    person, installer = at_installer(machine, line=line)
    person.press("enter", "f10", "enter", "f10", "f10", "f10")
    assert installer.page.title == "Network"
    return person, installer


def nic_of(installer: Installer) -> str:
    return str(installer.draft.config[Network].nic or "")


def test_the_one_interface_with_a_link_is_proposed_with_dhcp() -> None:
    person, installer = to_network()
    assert "(*) eth0" in person.screen() and nic_of(installer) == "eth0"
    person.press("f10")
    person.type("correct horse")
    person.press("tab")
    person.type("correct horse")
    person.press("f10", "tab", "tab", "enter")
    (profile,) = [step for step in person.system.made if isinstance(step, File) and "system-connections" in step.path]
    assert "interface-name=eth0" in profile.content and "method=auto" in profile.content


def test_of_several_links_none_is_proposed_and_going_on_without_is_asked() -> None:
    for machine in ("two-links", "no-link"):
        person, installer = to_network(machine)
        assert nic_of(installer) == ""
        person.press("f10")
        assert "No network?" in person.screen() and installer.page.title == "Network"
        person.press("esc")
        assert installer.page.title == "Network"
        person.press("f10", "right", "enter")
        assert installer.page.title == "Admin password"


def test_the_interface_that_the_machine_was_booted_by_is_proposed() -> None:
    _person, installer = to_network(
        "two-links", line=f"BOOTIF=01-{MACHINES['two-links'].nics[1].mac.replace(':', '-')}"
    )
    assert nic_of(installer) == "eth1"


def test_none_that_was_chosen_stays() -> None:
    person, installer = to_network()
    person.press("tab", "home", " ")
    assert nic_of(installer) == ""
    person.press("f10", "right", "enter", "f9")
    assert installer.page.title == "Network" and nic_of(installer) == ""


def test_an_offer_taken_anew_proposes_anew() -> None:
    person, installer = to_network()
    person.press(*("f9",) * 5)
    assert installer.page.title == "Welcome"
    person.press("f9")
    assert installer.page.title == "Welcome"
    person.press("enter", "f10", "enter", "f10", "f10", "f10")
    assert nic_of(installer) == "eth0"


def test_links_that_come_up_are_seen_and_nothing_else_is_taken_over() -> None:
    person, installer = to_network(TWO_SILENT)
    person.system.seen = with_(nics=(ETH0, ETH1), disks=())
    person.press("tab")
    installer.look_for_carriers()
    assert "(*) eth0" in person.screen() and "up" in person.screen()
    assert installer.draft.facts.disks == TWO_SILENT.disks
    assert installer.form and installer.form.here() == (0, 1)


@pytest.mark.parametrize(
    ("answer", "page", "chosen"), [(("esc",), "Network", "eth0"), (("right", "enter"), "Admin password", "")]
)
def test_a_link_that_comes_up_changes_nothing_behind_a_question(
    answer: tuple[str, ...], page: str, chosen: str
) -> None:
    person, installer = to_network(TWO_SILENT)
    person.system.seen = with_(nics=(ETH0, ETH1))
    person.press("f10")
    before = person.screen()
    assert "No network?" in before
    installer.look_for_carriers()
    assert person.screen() == before and nic_of(installer) == ""
    person.press(*answer)
    assert (installer.page.title, nic_of(installer)) == (page, chosen)


def test_links_that_cannot_be_brought_up_change_nothing() -> None:
    person, installer = to_network(TWO_SILENT)
    before = person.screen()
    person.system.seen = with_(nics=(ETH0, ETH1))
    person.system.cannot = frozenset(("link_up",))
    installer.look_for_carriers()
    assert person.screen() == before
    assert any("could not be brought up" in line for line in person.system.lines)


def test_confirm_begins_with_a_summary_in_words() -> None:
    person, _installer = to_network()
    person.type("node1.example.com")
    person.press("f10")
    person.type("correct horse")
    person.press("tab")
    person.type("correct horse")
    person.press("f10")
    said = person.screen()
    places = [said.index(text) for text in ("Keyboard", "node1.example.com", "eth0, IPv4 by DHCP", "Disk", "Users")]
    assert places == sorted(places)
    assert "All steps" not in said


def test_back_is_one_key_on_every_page() -> None:
    person, installer = to_network()
    person.press("f10")
    person.type("correct horse")
    person.press("tab")
    person.type("correct horse")
    person.press("f10")
    titles = []
    for _ in range(7):
        assert "F9 Back" in person.screen()
        person.press("f9")
        titles.append(installer.page.title)
    expected = ["Admin password", "Network", "Volume sizes", "Data disks", "Boot disk", "Keyboard", "Welcome"]
    assert titles == expected
    assert "F9" not in person.screen()


def test_none_is_said_once_and_in_one_way() -> None:
    person, _installer = to_network()
    person.press("tab", "home")
    said = " ".join(person.screen().split())
    assert "No network: this node is managed on its console only." in said
    assert "The interface this node is managed on, or none." in said


def test_doubts_agree_in_number_and_speak_of_the_network() -> None:
    draft = Draft(MACHINES["one-disk"])
    draft.put("network.dns", "127.0.0.1")
    assert next(doubt.text for doubt in draft.doubts()).startswith("127.0.0.1 reaches no name server from here")
    draft.put("network.dns", "127.0.0.1,::1")
    assert next(doubt.text for doubt in draft.doubts()).startswith("127.0.0.1, ::1 reach no name servers from here")
    for path, text in (("ipv4", "static"), ("ipv4_address", "192.0.2.7/24"), ("ipv4_gateway", "198.51.100.1")):
        draft.put(f"network.{path}", text)
    assert any(
        doubt.text.endswith("only if it answers on this network segment all the same") for doubt in draft.doubts()
    )
