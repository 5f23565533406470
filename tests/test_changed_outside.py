"""The setup program on a node that somebody changed in a shell: told, adopted, put back."""

from __future__ import annotations

import pytest

from ovirt_tui.distro.network_manager import FOLDER
from ovirt_tui.features.order import defaults
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.pages.network.settings import IPv4Method, Network
from ovirt_tui.pages.security import AUTHORIZED_KEYS, Users
from ovirt_tui.system import StepFailed
from ovirt_tui.system.steps import File, Password, Restart, Step
from ovirt_tui.ui.setup import Setup
from person import Person, at_setup
from test_public_keys import GOOD
from test_setup import to_page

NODE = (
    defaults()
    .put("network.hostname", Hostname("node1"))
    .put("network.nic", NicSelector("eth0"))
    .put("users.ssh_keys", (SshKey(GOOD[0]),))
)
NAME, HOSTS, CONF = "/etc/hostname", "/etc/hosts", "/etc/ovirt-node/node.toml"
PROFILE = f"{FOLDER}/ovirt-node-eth0.nmconnection"
TOLD = "Changed outside this program"


def at(page: str, saved: NodeConfig = NODE, **files: str) -> tuple[Person, Setup]:
    """At *page*, after the files were changed in a shell."""
    person, setup = at_setup(saved=saved)
    for path, text in files.items():
        person.system.files[path] = text
    to_page(person, page)
    person.press("f5")
    return person, setup


def button(person: Person, title: str) -> None:
    """Press a button of the page."""
    for _ in range(40):
        if f"[>{title}<]" in person.screen():
            person.press("enter")
            return
        person.press("tab")
    raise AssertionError(title)


def wrote(person: Person) -> list[str]:
    return [step.path for step in person.system.made if isinstance(step, File)]


def test_what_is_changed_by_hand_is_told_and_save_puts_it_back() -> None:
    """H2: to edit /etc/hostname by hand and to save was nothing to do."""
    person, _setup = at("Network", **{NAME: "node9\n"})
    assert f"{TOLD} to" in person.screen() and "node9." in person.screen()
    assert "node1" in person.screen() and "not saved" not in person.screen()
    person.press("f10")
    assert "[x] Setting the host name" in person.screen() and "Saved." in person.screen()
    assert person.system.files[NAME] == "node1\n" and wrote(person) == [NAME]
    person.press("enter")
    assert TOLD not in person.screen() and "Adopt" not in person.screen()
    person.press("f10")
    assert "Nothing to do" in person.screen()


def test_what_is_changed_by_hand_can_be_adopted() -> None:
    person, setup = at("Network", **{NAME: "node9\n"})
    button(person, "Adopt")
    assert "node9" in person.screen() and TOLD not in person.screen() and "not saved" in person.screen()
    assert setup.draft.config[Network].hostname == "node9" and setup.saved[Network].hostname == "node1"
    person.press("f10")
    assert "Saved." in person.screen()
    assert person.system.files[HOSTS] == "127.0.1.1 node9\n"
    assert wrote(person) == [CONF] and 'hostname = "node9"' in person.system.files[CONF]
    person.press("enter")
    assert TOLD not in person.screen() and setup.saved[Network].hostname == "node9"


def test_an_adopted_value_is_dropped_as_any_other() -> None:
    person, setup = at("Network", **{NAME: "node9\n"})
    button(person, "Adopt")
    button(person, "Reset")
    person.press("right", "enter")
    assert setup.draft.config == setup.saved and TOLD in person.screen()


def test_settings_that_complete_each_other_are_adopted_together() -> None:
    person, setup = at("Network")
    static = "method=manual\naddress1=192.0.2.8/24,192.0.2.1"
    person.system.files[PROFILE] = person.system.files[PROFILE].replace("method=auto", static)
    person.press("f5")
    button(person, "Adopt")
    net = setup.draft.config[Network]
    assert (net.ipv4, str(net.ipv4_address), str(net.ipv4_gateway)) == (
        IPv4Method.STATIC,
        "192.0.2.8/24",
        "192.0.2.1",
    )
    assert TOLD not in person.screen()


def test_what_is_no_value_is_told_and_only_put_back() -> None:
    person, _setup = at("Keyboard", **{"/etc/default/keyboard": "KEYMAP='\n"})
    assert "something it" in person.screen() and "Adopt" not in person.screen()
    person.press("f10")
    assert person.system.files["/etc/default/keyboard"] == "KEYMAP=us\n"


@pytest.mark.parametrize("goes_on", [False, True])
def test_save_on_another_page_names_what_it_puts_back(goes_on: bool) -> None:
    person, _setup = at("Keyboard", **{NAME: "node9\n", HOSTS: "127.0.1.1 somebody\n"})
    person.press("f10")
    assert TOLD in person.screen() and "Host name, /etc/hosts" in " ".join(person.screen().split())
    assert person.system.made == []
    person.press(*(["right"] if goes_on else []), "enter")
    assert wrote(person) == ([NAME] if goes_on else [])
    assert person.system.files[HOSTS] == f"127.0.1.1 {'node1' if goes_on else 'somebody'}\n"
    assert ("Saved." in person.screen()) == goes_on


@pytest.mark.parametrize("page", ["Keyboard", "Network"])
def test_a_change_after_the_last_look_is_seen_by_save(page: str) -> None:
    person, _setup = at(page)
    person.system.files[NAME] = "node9\n"
    button(person, "Save")
    assert "Save also puts back" in person.screen() and person.system.made == []
    person.press("enter")
    assert "[>Save<]" in person.screen() and ("[ Adopt ]" in person.screen()) == (page == "Network")
    person.press("enter", *([] if page == "Network" else ["right", "enter"]))
    assert "Saved." in person.screen() and person.system.files[NAME] == "node1\n"


def test_a_key_that_is_gone_comes_back_for_admin_only() -> None:
    person, _setup = at("Security", **{AUTHORIZED_KEYS: f"{GOOD[3]}\n"})
    assert TOLD in person.screen()
    person.press("f10")
    person.prove()
    assert person.system.files[AUTHORIZED_KEYS] == f"{GOOD[0]}\n"


def test_a_key_added_by_hand_stays_when_it_is_adopted() -> None:
    person, setup = at("Security", **{AUTHORIZED_KEYS: f"{GOOD[0]}\n{GOOD[3]}\n"})
    button(person, "Adopt")
    person.press("f10")
    assert "Saved." not in person.screen()
    person.prove()
    assert len(setup.saved[Users].ssh_keys) == 2 and person.system.files[AUTHORIZED_KEYS] == f"{GOOD[0]}\n{GOOD[3]}\n"


def test_an_open_root_is_told_and_can_be_adopted_without_another_password() -> None:
    person, setup = at("Security", NODE.put("users.root_locked", True))
    person.system.make(Password("root", person.system.crypted("x")))
    person.system.made.clear()
    person.system.earlier.append(Password("root", person.system.crypted("x")))
    person.press("f5")
    assert f"{TOLD} to no." in " ".join(person.screen().split())
    button(person, "Adopt")
    person.press("f10")
    person.prove()
    assert not setup.saved[Users].root_locked and wrote(person) == [CONF]


def test_a_save_that_failed_half_way_is_no_change_from_outside() -> None:
    person, setup = at("Network")
    setup.draft.put("network.hostname", "node2")
    setup.draft.put("network.ntp_enabled", "no")
    person.system.fails_at = Restart("chrony.service")
    person.press("f10")
    assert "Failed" in person.screen()
    person.press("enter", "f5")
    assert person.system.files[NAME] == "node2\n" and TOLD not in person.screen()


def test_a_machine_that_cannot_be_looked_at_says_so_and_nothing_is_saved() -> None:
    person, _setup = at("Network")
    holds = person.system.holds

    def blind(step: Step) -> bool:
        if isinstance(step, File) and step.path == NAME:
            raise StepFailed("the disk does not answer")
        return holds(step)

    person.system.holds = blind  # type: ignore[method-assign]
    person.press("f10")
    assert "the disk does not answer" in person.screen() and person.system.made == []
    to_page_up(person)
    assert "unknown: the disk does not answer" in " ".join(person.screen().split())


def to_page_up(person: Person) -> None:
    """To Status, from wherever the focus is."""
    for _ in range(40):
        if "> Status" in person.screen():
            return
        person.press("shift tab" if "> " not in person.screen()[:400] else "up")
    raise AssertionError


def test_status_counts_what_differs() -> None:
    person, _setup = at("Status", **{NAME: "node9\n", HOSTS: "127.0.1.1 somebody\n"})
    assert "no, 2 differ: Host name, /etc/hosts" in " ".join(person.screen().replace("│", "").split())
