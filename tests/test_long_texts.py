"""What is longer than a screen takes: it scrolls, and its buttons stay."""

from base64 import b64encode
from dataclasses import replace
from functools import partial
from struct import pack

import pytest
import urwid

from machines import MACHINES, disk, with_
from ovirt_tui.machine import packet_filter
from ovirt_tui.machine.facts import Group, Part
from ovirt_tui.machine.objections import objections
from ovirt_tui.ui.paste import Pasted
from ovirt_tui.ui.widgets import dotted
from person import SERIAL, Person, at_installer, at_setup
from test_setup import to_page

GUESTS = tuple(f"vm-{n:03}.example.com" for n in range(100))


def test_a_node_with_many_guests_can_be_powered_off() -> None:
    person, _setup = at_setup(guests=GUESTS)
    assert "100: vm-000.example.com" in person.screen() and "[ Power off ]" in person.screen()
    person.press("tab", "tab", "tab", "tab", "enter")
    assert "100 guests are running" in person.screen() and "more below" in person.screen()
    assert "vm-099" not in person.screen()
    person.press(*["page down"] * 5)
    assert "vm-099" in person.screen() and "[>Stay<]" in person.screen()
    person.press("tab", "enter")
    assert person.system.did == [("power_off",)]


def test_one_guest_is_not_several() -> None:
    person, _setup = at_setup(guests=("web1",))
    person.press("tab", "tab", "tab", "tab", "enter")
    assert "One guest is running and will be stopped: web1" in person.screen()


def test_a_disk_with_much_on_it_can_be_insisted_on() -> None:
    parts = tuple(Part(path=f"/dev/vda{n}", mib=100, kind="LVM2_member", group=f"vg_{n}") for n in range(30))
    groups = tuple(Group(name=f"vg_{n}", uuid=f"u{n}", disks=("/dev/vda",), volumes=("a",)) for n in range(30))
    person, installer = at_installer(with_(disks=(disk("/dev/vda", 20, table="gpt", parts=parts),), groups=groups))
    person.press("enter", "f10", "enter", "f10", "f10")
    assert "should not be overwritten" in person.screen() and "more below" in person.screen()
    person.press("page down", "page down", "page down", "page down", "page down")
    assert "type its name" in person.screen()
    person.type("/dev/vda")
    person.press("enter")
    assert installer.page.title == "Volume sizes"


@pytest.mark.parametrize("count", [1, 40])
def test_one_of_many_things_is_picked(count: int) -> None:
    person, _installer = at_installer()
    taken: list[int] = []
    person.window.pick("Save the log", "Where?", [(f"stick {n}", partial(taken.append, n)) for n in range(count)])
    assert "stick 0" in person.screen() and "[ Back ]" in person.screen()
    assert ("more below" in person.screen()) == (count > 1)
    person.press(*["down"] * (count - 1))
    assert ("more above" in person.screen()) == (count > 1) and "more below" not in person.screen()
    person.press("enter")
    assert taken == [count - 1]


def at_the_keyboard() -> Person:
    person, _setup = at_setup()
    to_page(person, "Keyboard")
    return person


@pytest.mark.parametrize(
    ("person", "way"), [(at_installer("many-kinds")[0], ["enter", "f10"]), (at_the_keyboard(), ["tab"])]
)
def test_a_paste_into_a_list_is_taken_back_by_one_key(person: Person, way: list[str]) -> None:
    person.press(*way, "home")
    before = person.golden()
    person.press(Pasted("no line is called so" * 100))
    shown = person.screen()
    assert "No line has these letters." in shown and "in it (Ctrl-U: show all)" in shown
    person.press("enter", "enter", "ctrl u")
    assert person.golden() == before


def test_one_missing_disk_is_not_several() -> None:
    facts = MACHINES["spanning-group"]
    boot, other = facts.disks
    for missing, said in ((1, "misses a disk that is not connected"), (2, "misses 2 disks that are not connected")):
        group = replace(facts.groups[0], disks=(boot.path, other.path, "/dev/vdc"), missing=missing)
        text = " ".join(map(str, objections(replace(facts, groups=(group,)), boot, (boot.path,))))
        assert said in text and "onto /dev/vdb, /dev/vdc, which are not chosen" in text


def test_the_frame_around_a_question_about_a_long_name_is_whole() -> None:
    person, _installer = at_installer("long-names", SERIAL)
    person.window.tell("/dev/mapper/36005076801810523100000000000002f should not be overwritten", "Text")
    top = next(line for line in person.screen().splitlines() if "+-" in line).strip()
    top = top[top.index("+-") :]
    assert top.endswith("002f should not be overwritten -+") and "/dev/mapper/360050768" in top and len(top) == 66


@pytest.mark.parametrize("width", range(3, 9))
def test_what_is_cut_off_says_so_and_lines_with_room_do_not(width: int) -> None:
    urwid.set_encoding("utf-8")
    text = dotted()
    text.set_text("abcdefgh\n漢字漢字\n\nab")
    lines = [line.decode() for line in text.render((width,)).text]
    assert lines[0] == ("abcdefgh" if width == 8 else f"{'abcdefgh'[: width - 2]}..")
    assert lines[1].strip() == ("漢字漢字" if width == 8 else f"{'漢字漢字'[: (width - 2) // 2]}..")
    assert [line.strip() for line in lines[2:]] == ["", "ab"]


def test_long_names_of_keys_are_cut_with_dots() -> None:
    blob = b64encode(pack(">I11sI32s", 11, b"ssh-ed25519", 32, b"k" * 32)).decode()
    person, setup = at_setup()
    setup.draft.put("users.ssh_keys", f"ssh-ed25519 {blob} somebody@a-rather-long-name-of-a-workstation.example.com")
    setup.open(2)
    assert "1: somebody@a-rather-lon..\n" in person.screen()
    person.press("tab", "tab", "enter")
    assert "ssh-ed25519 somebody@a-rather-long-name-of-a.. ]" in person.screen()


def test_a_long_host_name_leaves_room_for_what_is_not_saved() -> None:
    facts = with_(hostname="a-very-long-name-of-a-node-in-a-rack.of-a-data-center-far-away.example.com")
    person, _setup = at_setup(facts)
    assert "a-very-long-name" in person.screen().splitlines()[0]
    person.press("down", "tab", "x")
    assert person.screen().splitlines()[0].endswith(".example.com   not saved")


def test_a_page_without_fields_is_read_to_its_end_from_the_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packet_filter, "reachable", lambda found: [f"service {n}: TCP {n}" for n in range(40)])
    person, _setup = at_setup()
    to_page(person, "Firewall")
    assert "more below   Page Up, Page Down: scroll" in person.screen() and "Tab Next" not in person.screen()
    person.press(*["page down"] * 3)
    assert "service 39" in person.screen() and "As it was saved" in person.screen()
    person.press(*["page up"] * 3)
    assert "service 0:" in person.screen() and "> Firewall" in person.screen()


@pytest.mark.parametrize("columns", range(1, 20))
def test_wide_letters_in_a_window_of_any_width(columns: int) -> None:
    """Half of a wide letter is nothing that can be shown: in a window of a few columns none has room."""
    person, _installer = at_installer("two-disks")
    person.press("enter", "f10", "tab", "enter")
    person.size = (columns, 24)
    for key in ("漢", "a", "字", "漢", "left", "left", "right", "home", "end", "backspace"):
        person.press(key)
        person.screen()
    person.size = (80, 24)
    assert ">漢a字" in person.screen()


@pytest.mark.parametrize("text", ["漢字漢字", "a漢字漢", "漢", "漢a"])
def test_wide_letters_are_cut_at_any_width(text: str) -> None:
    line = dotted()
    line.set_text(text)
    for width in range(1, 10):
        (shown,) = line.render((width,)).text
        assert "漢字漢字".startswith(shown.decode().strip(" .a")[:1]), width


def test_that_a_node_has_no_network_is_said_whole() -> None:
    person, _setup = at_setup()
    to_page(person, "Network")
    assert "this node is managed on its console only." in person.screen()


def test_what_a_profile_is_made_for_is_said_whole_below_the_list() -> None:
    summary = (
        "Broadly applicable tuning that provides excellent performance across a variety of common server workloads"
    )
    profiles = MACHINES["one-disk"].profiles
    person, _setup = at_setup(replace(MACHINES["one-disk"], profiles=(replace(profiles[0], summary=summary),)))
    to_page(person, "Performance")
    person.press("tab", "end")
    beside = " ".join(line.partition("│")[2].strip() for line in person.screen().splitlines())
    assert summary in beside


def test_no_help_says_that_a_field_may_be_empty_which_may_not() -> None:
    """The initiator name, which a node may make up, but not the one whose disk is at a target."""
    person, _installer = at_installer()
    person.press("tab", "enter", "f10")
    assert "The target knows this node by it." in person.screen() and "Empty: its own" not in person.screen()
