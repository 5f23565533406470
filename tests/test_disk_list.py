"""The tables of disks: every disk can be told from the others, and what is wrong is said in words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from machines import MACHINES, MANY, with_
from ovirt_tui import disks
from ovirt_tui.draft import Draft
from ovirt_tui.pages.disk_list import LINES, ROOM, details
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.ui.table import shortened
from ovirt_tui.ui.worker import Inline
from person import at_installer


def test_what_tells_a_disk_from_others_is_never_cut() -> None:
    facts = MACHINES["long-names"]
    for disk in facts.disks:
        lines = details(facts, disk.path)
        assert len(lines) <= LINES and all(len(line) <= ROOM for line in lines)
        text = "\n".join(lines)
        assert all(word in text for word in (disk.path, disk.model, disk.short_serial, disk.wwn))


def test_why_a_disk_cannot_be_chosen_is_never_cut() -> None:
    long = MACHINES["long-names"].disks[0]
    facts = with_(disks=(replace(MANY.disks[0], map_of=long.path), long))
    reason = " ".join(
        line for line in details(replace(facts, disks=facts.disks[:1]), "/dev/sda") if "Model" not in line
    )
    assert disks.unusable(facts.disks[0]) in reason


def test_names_are_shortened_in_the_middle() -> None:
    one, two = (shortened(disk.path, 23) for disk in MACHINES["long-names"].disks)
    assert one != two and len(one) == len(two) == 23 and one.startswith("/dev/mapp")
    assert shortened("/dev/sda", 8) == "/dev/sda"


def test_a_path_whose_multipath_disk_is_not_listed_is_shown_and_refused() -> None:
    lone = with_(disks=(MACHINES["one-disk"].disks[0], MANY.disks[1]))
    person, installer = at_installer(lone)
    person.press("enter", "f10", "end", "enter")
    assert "Cannot be chosen: it is a path of the multipath disk" in person.screen()
    assert installer.draft.config.storage.boot_disk is None
    draft = Draft(lone)
    draft.put("storage.boot_disk", "/dev/sdb")
    assert any("cannot be used: it is a path" in problem.text for problem in draft.problems())


def test_no_name_of_a_disk_is_no_name() -> None:
    person, _installer = at_installer("two-disks")
    person.press("enter", "f10", "tab", "enter", "enter")
    assert "! type a path such as /dev/sdb" in person.screen()


def test_every_size_that_is_too_small_is_told() -> None:
    draft = Draft(MACHINES["one-disk"])
    for name in ("swap", "config", "logging"):
        draft.put(f"storage.{name}", "1")
    wrong = [each.path for each in draft.problems() if each.text == "at least 5 MiB"]
    assert wrong == ["storage.swap", "storage.config", "storage.logging"]


def test_a_restart_that_was_asked_for_does_not_wait_for_the_work() -> None:
    person, _installer = at_installer("one-disk")

    class Busy(Inline):
        def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
            """Never gets there."""

    asked: list[tuple[str, ...]] = []

    class Heard(FakeSystem):
        def output(self, argv: tuple[str, ...]) -> str:
            asked.append(argv)
            return ""

    person.desk.system = Heard(person.system.seen)
    person.desk.work = Busy()
    person.press("esc", "right", "enter")
    assert asked == [("systemctl", "reboot")]
