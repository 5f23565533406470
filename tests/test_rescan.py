"""Looking at the machine again: it is said meanwhile, and what is under the hands of the admin stays there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from changed import by_hand
from machines import MACHINES
from ovirt_tui.machine.facts import Facts
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.worker import Inline
from person import Person, at_installer, at_setup
from test_screens import SCENES, walk
from test_setup import to_page

LOOKING = "Looking at the machine ..."


class Later(Inline):
    """Keeps what was started until it is let go."""

    def __init__(self) -> None:
        self.late: list[Callable[[], None]] = []

    def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.late.append(lambda: done(job()))

    def go(self) -> None:
        """Let go what waits."""
        while self.late:
            self.late.pop(0)()


def slow(person: Person) -> Later:
    """Have probes of the machine take a while."""
    later = person.window.probes = Later()
    return later


def hidden(person: Person) -> None:
    """Have the machine say nothing."""

    def facts() -> Facts:
        raise StepFailed("udev did not answer")

    person.system.facts = facts  # type: ignore[method-assign]


def under_cursor(person: Person) -> str:
    """The line of a list that has the cursor; empty where no list has it."""
    lines = [line.strip() for line in person.screen().replace("│", "\n").splitlines()]
    return next((line for line in lines if line.startswith((">(", ">["))), "")


def to_last_interface(person: Person) -> None:
    for _field in range(9):
        if "eth0" in under_cursor(person) or "none" in under_cursor(person):
            break
        person.press("tab")
    person.press("end")


def test_the_cursor_stays_on_its_disk() -> None:
    """Enter, pressed right after, chose the first disk."""
    person, installer = at_installer("many-kinds")
    person.press("enter", "f10", "down", "down")
    assert "/dev/mapper/mpatha" in under_cursor(person)
    person.system.seen = replace(MACHINES["many-kinds"], disks=MACHINES["many-kinds"].disks[1:])
    person.press("f5")
    assert "/dev/sda" not in person.screen() and "/dev/mapper/mpatha" in under_cursor(person)
    person.press("enter")
    assert "mpatha" in str(installer.draft.config[Storage].boot_disk)


def test_the_cursor_and_the_filter_stay_on_the_data_disks() -> None:
    person = walk("two-disks", "Data disks")
    person.type("b")
    before = person.screen()
    person.press("f5")
    assert person.screen() == before and "with 'b' in it" in before
    person.press("backspace", "end", "x", "f5", "ctrl u")
    assert "/dev/vdb" in under_cursor(person)


def test_a_node_on_a_disk_that_comes_late_is_found_from_the_first_page() -> None:
    """F1 named the key, and nothing happened."""
    person, _installer = at_installer("one-disk")
    assert "F5 Rescan" in person.screen() and "no oVirt Node yet" in person.screen()
    person.press("tab")
    assert "[>Install, volumes on iSCSI<]" in person.screen()
    person.press("f5")
    assert "[>Install, volumes on iSCSI<]" in person.screen()
    person.system.seen = MACHINES["node-installed"]
    person.press("f5")
    assert "[>Upgrade or downgrade /dev/vda<]" in person.screen()
    person.press(*["tab"] * 5, "f5")
    assert "[>Uninstall /dev/vda<]" in person.screen()
    person.system.seen = MACHINES["one-disk"]
    person.press("f5")
    assert "[>Install<]" in person.screen()


def test_the_cursor_goes_from_a_disk_that_is_gone_to_one_that_is_there() -> None:
    person = walk("two-disks", "Boot disk")
    person.press("down")
    person.system.seen = MACHINES["one-disk"]
    person.press("f5")
    assert "/dev/vda" in under_cursor(person)


def test_a_link_that_is_found_late_leaves_the_cursor_on_its_interface() -> None:
    person, installer = at_installer("one-disk")
    later = slow(person)
    installer.look_for_carriers()
    installer.open(next(page for page in installer.pages() if "network.nic" in page.paths()))
    to_last_interface(person)
    before = under_cursor(person)
    assert "eth1" in before and "no link" in before
    person.system.seen = replace(
        person.system.seen, nics=tuple(replace(nic, link=True) for nic in person.system.seen.nics)
    )
    later.go()
    assert "eth1" in under_cursor(person) and "no link" not in person.screen()


def test_the_cursor_stays_in_setup_too() -> None:
    person, _setup = at_setup("one-disk")
    to_page(person, "Network")
    to_last_interface(person)
    assert "eth1" in under_cursor(person)
    person.press("f5")
    assert "eth1" in under_cursor(person)


@pytest.mark.parametrize("page", ["Status", "Network", "Keyboard"])
def test_the_setup_program_says_that_it_looks(page: str) -> None:
    person, _setup = at_setup("one-disk")
    to_page(person, page)
    later = slow(person)
    person.press("f5")
    assert LOOKING in person.screen()
    later.go()
    assert LOOKING not in person.screen()


@pytest.mark.parametrize("at", [lambda: walk("one-disk", "Boot disk"), lambda: at_setup("one-disk")[0]])
def test_it_does_not_look_any_more_when_that_failed(at: Callable[[], Person]) -> None:
    person = at()
    hidden(person)
    person.press("f5")
    assert "udev did not answer" in person.screen()
    person.press("enter")
    assert "udev did not answer" not in person.screen() and LOOKING not in person.screen()


def test_a_question_is_answered_on_the_page_that_asked_it() -> None:
    """A key that was taken while the machine was looked at stayed out of sight."""
    person, _setup = at_setup("one-disk")
    to_page(person, "Security")
    later = slow(person)
    person.press("tab", "tab", "f5", "enter")
    assert "Type or paste a key" in person.screen()
    before = person.window.view
    later.go()
    assert person.window.view is before
    person.press("esc")
    assert person.window.view is not before


def test_what_is_typed_stays_where_something_is_adopted() -> None:
    """The field showed the value of before, and Save said that it was wrong."""
    person = by_hand("Network", "tab")
    person.press("tab")
    person.type("192.0.2.")
    while "[>Adopt<]" not in person.screen():
        person.press("tab")
    person.press("enter")
    assert "node9" in person.screen() and "192.0.2." in person.screen()
    assert "! must be" in person.screen()


def test_a_failed_installation_is_not_begun_again_while_the_machine_is_looked_at() -> None:
    """Settings showed nothing; Retry, pressed then, wrote to the disks below the pages that came."""
    person = SCENES["failed"]()
    later = slow(person)
    person.press("tab", "enter")
    assert person.screen().splitlines()[-1] == " Looking at this machine ..."
    before = len(person.system.made)
    person.press("shift tab", "enter", "esc", "f2")
    assert len(person.system.made) == before and "[>Settings<]" in person.screen()
    later.go()
    assert "Boot disk" in person.screen() and "F10 Continue" in person.screen()


def test_looking_for_a_stick_is_said_and_holds_the_page() -> None:
    """The list came up over another page, and what was chosen on it took keys away that were given meanwhile."""
    person = SCENES["failed"]()
    later = slow(person)
    person.press("tab", "tab", "tab", "enter", "tab")
    assert person.screen().splitlines()[-1] == " Looking for USB sticks ..." and "[>Save log<]" in person.screen()
    later.go()
    assert "No USB stick" in person.screen()
    person, _setup = at_setup("one-disk")
    to_page(person, "Security")
    later = slow(person)
    person.press("tab", "tab", "enter", "down", "enter")
    assert person.screen().splitlines()[-1] == " Looking for USB sticks ..."
    hidden(person)
    later.go()
    assert "udev did not answer" in person.screen()
    person.press("enter")
    assert "F10 Save" in person.screen()


def test_reset_empties_the_fields_of_passwords() -> None:
    person, setup = at_setup("one-disk")
    to_page(person, "Security")
    person.press("tab", "tab", "tab")
    person.type("correct horse")
    assert "*****" in person.screen()
    while "[>Reset<]" not in person.screen():
        person.press("tab")
    person.press("enter", "tab", "enter")
    assert "*****" not in person.screen() and not setup.changed()
