"""Uninstalling from the first page of a medium: read first, asked once more, and only the disks of that node."""

from __future__ import annotations

import pytest

from machines import MACHINES
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.records import replace
from ovirt_tui.system.disk_steps import Erased
from ovirt_tui.ui.medium_uninstall import MediumUninstall, line
from person import Person, at_installer
from test_media_upgrade import two_nodes

HERE = MACHINES["node-installed"]


def at_plan(facts: Facts = HERE, disk: str = "/dev/vda") -> Person:
    person, installer = at_installer(facts)
    MediumUninstall(person.window, facts, disk, lambda: installer.open(installer.page)).show()
    return person


def erased(person: Person) -> list[tuple[str, ...]]:
    return [step.disks for step in person.system.made if isinstance(step, Erased)]


def test_it_is_the_last_offer_of_the_first_page_and_says_what_is_lost() -> None:
    person, _installer = at_installer(HERE)
    person.press("shift tab", "enter")
    assert "now, and lost:" in person.screen() and "volume group HostVG" in person.screen()
    assert "\n uninstall\n" in person.screen(), "the line that does the same"
    person.press("enter", "enter")
    assert not person.system.made, "neither the focus nor the first answer is on what erases"


def test_it_erases_when_it_was_confirmed_twice() -> None:
    person = at_plan()
    person.press("tab", "tab", "enter")
    assert "Everything on /dev/vda is lost, Data too." in person.screen() and "[>Back<]" in person.screen()
    person.press("tab", "enter")
    assert erased(person) == [("/dev/vda",)] and "The node is removed" in person.screen()
    person.press("esc")
    assert "may be erased" not in person.screen(), "nothing is left of it"
    person.press("enter")
    person.press("enter")
    assert person.system.did == [("restart",)]


@pytest.mark.parametrize("disk", ["/dev/vda", "/dev/vdb"])
def test_beside_another_node_its_disks_are_named_and_no_other_is_erased(disk: str) -> None:
    assert line(two_nodes(), disk) == f"uninstall storage_init=/dev/disk/by-id/virtio-{disk[-1]}0001"
    person = at_plan(two_nodes(), disk)
    other = {"/dev/vda": "/dev/vdb", "/dev/vdb": "/dev/vda"}[disk]
    assert disk in person.screen() and other not in person.screen()
    person.press("tab", "tab", "enter", "tab", "enter")
    assert erased(person) == [(disk,)]


def test_what_is_in_the_way_is_said_as_for_the_kernel_line() -> None:
    copied = replace(HERE, groups=tuple(replace(group, copied=True) for group in HERE.groups))
    person = at_plan(copied)
    assert "of which one is a copy" in " ".join(person.screen().replace("│", " ").split())
    assert "Nothing was written" in person.screen()
    person.press("enter")
    assert "Welcome" in person.screen() and not person.system.made


def test_a_failure_says_what_may_be_lost_and_can_be_tried_again() -> None:
    person = at_plan()
    person.system.fails_at = MediumUninstall(person.window, HERE, "/dev/vda", lambda: None).found.erased
    person.press("tab", "tab", "enter", "tab", "enter")
    assert "part of it may be erased" in person.screen() and "[>Retry<]" in person.screen()
    person.system.fails_at = None
    person.press("enter")
    assert erased(person) == [("/dev/vda",)]


def test_another_console_that_writes_keeps_it_from_beginning() -> None:
    person = at_plan()
    person.window.alone = lambda: False
    person.press("tab", "tab", "enter", "tab", "enter")
    assert "Only one at a time can" in " ".join(person.screen().replace("│", " ").split()) and not person.system.made
