"""SSH keys on the pages: typed, taken from a stick, taken away, and what the node does with them."""

from __future__ import annotations

from machines import disk, with_
from ovirt_tui.features.drift import drift
from ovirt_tui.features.order import defaults
from ovirt_tui.features.parameter import Put
from ovirt_tui.machine.facts import Facts, Part
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.pages.security import AUTHORIZED_KEYS, Users
from ovirt_tui.plan.saved import saved_config
from ovirt_tui.system.steps import SshKeys
from ovirt_tui.ui.paste import Pasted
from person import Person, at_installer, at_setup
from test_public_keys import GOOD

ONE, TWO = SshKey(GOOD[0]), SshKey(GOOD[3])
STICK = disk("/dev/sdb", 8, bus="usb", removable=True, parts=(Part(path="/dev/sdb1", mib=8000, kind="vfat"),))
WITH_STICK = with_(disks=(*with_().disks, STICK))


def at_security(saved: NodeConfig = defaults(), machine: Facts = WITH_STICK) -> Person:
    person, _setup = at_setup(machine, saved=saved)
    person.press("down", "down", "tab", "tab", "enter")
    assert "SSH keys of admin" in person.screen()
    return person


def keys_of(person: Person) -> list[tuple[SshKey, ...]]:
    return [made.keys for made in person.system.made if isinstance(made, SshKeys)]


def with_keys(*keys: SshKey) -> NodeConfig:
    return defaults().with_section(Users(ssh_keys=keys))


def test_a_typed_key_is_checked_and_set() -> None:
    person = at_security()
    assert "may log in as admin" in person.screen() and "take it away" not in person.screen()
    person.press("enter")
    person.type("ssh-ed25519 AAAA")
    person.press("enter")
    assert "! the key is not whole" in person.screen()
    person.press("ctrl u")
    person.type(ONE)
    person.press("enter")
    assert "1: admin@example.com" in person.screen()
    person.press("f10")
    person.prove()
    assert keys_of(person) == [(ONE,)] and "Saved." in person.screen()


def test_of_two_keys_pasted_at_once_none_is_taken_for_the_name_of_the_other() -> None:
    person = at_security()
    person.press("enter", Pasted(f"{ONE} {TWO}"), "enter")
    assert "! these are several keys: give them one after the other" in person.screen()
    person.press("ctrl u", Pasted(ONE), "enter")
    assert "1: admin@example.com" in person.screen()


def test_a_key_is_taken_away_after_a_question() -> None:
    person = at_security(with_keys(ONE, TWO))
    assert "Choose a key to take it away." in " ".join(person.screen().split())
    person.press("down", "down", "enter")
    assert "Take this key away?" in person.screen() and ONE.fingerprint in person.screen()
    person.press("right", "enter")
    assert "1: x@y" in person.screen()
    person.press("f10")
    assert keys_of(person) == [(TWO,)]


def test_the_last_key_can_go() -> None:
    person = at_security(with_keys(ONE))
    person.system.make(SshKeys("admin", (ONE,)))
    person.press("down", "down", "enter", "right", "enter", "f10")
    assert keys_of(person) == [()]


def test_a_key_given_again_is_there_once() -> None:
    person = at_security(with_keys(ONE))
    person.press("enter")
    person.type(f"{ONE}-again")
    person.press("enter", "f10")
    assert "Nothing to do" in person.screen() and keys_of(person) == []


def test_keys_come_from_a_stick() -> None:
    person = at_security()
    person.window.keys_on = lambda part: (("adam.pub", f"{ONE}\n{TWO}\n"), ("no.pub", "hello"))
    person.press("down", "enter")
    assert "/dev/sdb1 adam.pub" in person.screen() and "no.pub" not in person.screen()
    person.press("enter", "f10")
    person.prove()
    assert keys_of(person) == [(ONE, TWO)]


def test_a_stick_without_keys_and_no_stick_are_told() -> None:
    person = at_security()
    person.window.keys_on = lambda part: ()
    person.press("down", "enter")
    assert "There is no .pub file with a key" in person.screen()
    person = at_security(machine=with_())
    person.press("down", "enter")
    assert "No USB stick with a file system was found" in person.screen()
    person = at_security()
    person.press("down", "enter")
    assert "/dev/sdb1 is not here" in person.screen()


def test_the_installer_has_them_too_and_keeps_what_was_typed_beside() -> None:
    person, installer = at_installer(line="BOOTIF=eth0")
    person.press("enter", "f10", "enter", "f10", "f10", "f10", "f10")
    person.type("correct horse")
    person.press("tab")
    person.type("correct horse")
    person.press("tab", "enter", "enter")
    person.type(ONE)
    person.press("enter", "f10")
    assert installer.draft.config[Users].ssh_keys == (ONE,) and "Confirm" in person.screen()
    assert "with 1 key" in person.screen()
    person.press("tab", "tab", "enter")
    assert keys_of(person) == [(ONE,)]


def test_keys_that_are_changed_by_hand_are_told() -> None:
    """Lines with options are nobody's business; and how a key is called, or which comes first, changes nothing."""
    saved = with_keys(ONE, TWO)
    system = at_security(saved).system
    assert saved_config(system, with_())[Users].ssh_keys == (ONE, TWO)
    for text, there in (
        (f'{TWO}-again\ncommand="x" {ONE}\n{ONE}\n', None),
        (f'{TWO}\ncommand="x" {ONE}\n', (TWO,)),
        ("", ()),
    ):
        system.files[AUTHORIZED_KEYS] = text
        found = [each.seen for each in drift(saved, system, with_()).differences if each.path == "users.ssh_keys"]
        assert found == ([] if there is None else [Put("users.ssh_keys", there)])
