"""The tables of disks: every disk can be told from the others, and what is wrong is said in words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import urwid

from machines import MACHINES, MANY, with_
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import plan_report
from ovirt_tui.features.draft import Draft
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Disk, Facts
from ovirt_tui.machine.selection import select
from ovirt_tui.model.selectors import DiskSelector
from ovirt_tui.pages import Item
from ovirt_tui.pages.storage.disk_list import LINES, ROOM, details
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.pages.welcome import already
from ovirt_tui.ui import table
from ovirt_tui.ui.table import drawn, shortened
from ovirt_tui.ui.worker import Inline
from person import at_installer


def test_what_tells_a_disk_from_others_is_never_cut() -> None:
    facts = MACHINES["long-names"]
    for disk in facts.disks:
        lines = details(facts, disk.path)
        assert len(lines) <= LINES and all(len(line) <= ROOM for line in lines)
        text = "\n".join(lines)
        assert all(word in text for word in (disk.path, disk.model, disk.short_serial, disk.wwn))


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("PMBR", "a damaged partition table (GPT); its partitions are not known"),
        ("gpt", "a partition table (GPT) without partitions, empty or damaged"),
    ],
)
def test_a_disk_whose_table_is_damaged_is_not_called_empty(table: str, text: str) -> None:
    disk = replace(MACHINES["one-disk"].disks[0], table=table, parts=())
    facts = with_(disks=(disk,))
    assert f"On it now: {text}" in details(facts, disk.path)
    assert all(len(line) <= ROOM for line in details(facts, disk.path))
    found = understand(read(f"storage_init={disk.path} BOOTIF=eth0 adminpw=$6$salt$hash"), facts)
    lines = [line.strip() for line in plan_report.plan(found)]
    assert lines[lines.index("now, and lost:") + 1] == text


def test_why_a_disk_cannot_be_chosen_is_never_cut() -> None:
    long = MACHINES["long-names"].disks[0]
    facts = with_(disks=(replace(MANY.disks[0], map_of=long.path), long))
    reason = " ".join(
        line for line in details(replace(facts, disks=facts.disks[:1]), "/dev/sda") if "Model" not in line
    )
    assert str(disks.unusable(facts.disks[0])) in reason


def test_names_are_shortened_in_the_middle() -> None:
    one, two = (shortened(disk.path, 23) for disk in MACHINES["long-names"].disks)
    assert one != two and len(one) == len(two) == 23 and one.startswith("/dev/mapp")
    assert shortened("/dev/sda", 8) == "/dev/sda"


def test_a_path_whose_multipath_disk_is_not_listed_is_shown_and_refused() -> None:
    lone = with_(disks=(MACHINES["one-disk"].disks[0], MANY.disks[1]))
    person, installer = at_installer(lone)
    person.press("enter", "f10", "end", "enter")
    assert "Cannot be chosen: it is a path of the multipath disk" in person.screen()
    assert installer.draft.config[Storage].boot_disk is None
    draft = Draft(lone)
    draft.put("storage.boot_disk", "/dev/sdb")
    assert any("cannot be used: it is a path" in problem.text for problem in draft.problems())


def test_no_name_of_a_disk_is_no_name() -> None:
    person, _installer = at_installer("two-disks")
    person.press("enter", "f10", "tab", "enter", "enter")
    assert "! type a name such as /dev/sdb" in person.screen()


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

    person.window.work = Busy()
    person.press("esc", "right", "enter")
    assert person.system.did == [("restart",)]


class Counted(tuple[Disk, ...]):
    """Disks that know how often one of them was looked at."""

    looks = 0

    def __iter__(self) -> Iterator[Disk]:
        for each in super().__iter__():
            Counted.looks += 1
            yield each


def test_a_disk_that_is_no_member_is_found_without_looking_at_all_others() -> None:
    facts = Facts(disks=Counted(Disk(path=f"/dev/disk{number}", mib=20480, bus="scsi") for number in range(4096)))
    Counted.looks = 0
    assert disks.find(facts, "/dev/disk7").path == "/dev/disk7"
    assert Counted.looks == 8
    Counted.looks = 0
    assert len(select(facts, DiskSelector("scsi:ALL"))) == 4096
    assert Counted.looks == 4096


def test_an_arrow_key_draws_only_the_lines_that_change(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def noted(text: str, width: int, attribute: str | None) -> urwid.Canvas:
        made.append((text.strip(), attribute))
        return drawn(text, width, attribute)

    monkeypatch.setattr(table, "drawn", noted)
    lines = [Item(f"disk{number}", (f"disk{number}",)) for number in range(4096)]
    shown = table.Table((("Disk", 0),), lines, chosen=frozenset, choose=lambda item: None, moved=lambda: None)
    shown.render((80, 20), focus=True)
    made.clear()
    shown.keypress((80, 20), "down")
    shown.render((80, 20), focus=True)
    assert made == [("( ) disk0", None), (">( ) disk1", "focus"), ("2 of 4096   type to filter", "help")]


def test_a_filter_that_matched_nothing_gives_the_cursor_back() -> None:
    lines = [Item(name, (name,), (name,)) for name in ("de", "fr", "fr-latin9", "us")]
    shown = table.Table(
        (("Layout", 0),), lines, chosen=lambda: frozenset(("us",)), choose=lambda item: None, moved=lambda: None
    )

    def at() -> str:
        return shown.item.name if shown.item else ""

    assert at() == "us"
    for back in (["ctrl u"], ["backspace"] * 3):
        for key in ["f", "q", "q", *back]:
            shown.keypress((40, 10), key)
        assert at() == "us", "the chosen one"
    shown.keypress((40, 10), "home")
    for key in ("z", "backspace"):
        shown.keypress((40, 10), key)
    assert at() == "de", "where it was moved to"
    for key in ("f", "ctrl u"):
        shown.keypress((40, 10), key)
    assert at() == "fr", "what was found stays found"


@pytest.mark.parametrize("name", [name for name, facts in MACHINES.items() if facts.nodes])
def test_an_installation_is_called_the_same_on_every_page(name: str) -> None:
    facts = MACHINES[name]
    for node in facts.nodes:
        if held := list(disks.contents(facts, disks.find(facts, node.disk))):
            assert held[0] in already(facts, node)


def test_the_cursor_is_where_it_will_be_drawn() -> None:
    """The toolkit asks for it before it draws, and ends the program where the two differ."""
    lines = [Item(str(number), (f"/dev/sd{number}",)) for number in range(9)]
    for keys in (["down"] * 4, ["end"], ["end", "up", "up", "up"], ["page down", "page down", "home"]):
        shown = table.Table((("Disk", 0),), lines, chosen=frozenset, choose=lambda item: None, moved=lambda: None)
        shown.render((40, 5), focus=True)
        for key in keys:
            shown.keypress((40, 5), key)
        assert shown.get_cursor_coords((40, 5)) == shown.render((40, 5), focus=True).cursor, keys
