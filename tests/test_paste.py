"""What is typed, and what comes of it: nothing is lost, nothing is wrong too early, no paste holds the screen."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest

from machines import MACHINES
from ovirt_tui.features.order import defaults
from ovirt_tui.model.values import Size, longest, parse, show
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.ui.paste import BEGIN, END, Pasted, PasteFilter
from ovirt_tui.ui.worker import Inline
from person import Person, at_installer, at_setup
from test_form import at_network, to_row
from test_installer import to_confirm
from test_setup import NODE, to_page

LONG = "abcdefghi " * 2000  # 20 kB


def on_page(title: str, machine: str = "one-disk") -> Person:
    """The installer on the page called *title*, with its first disk chosen."""
    person, installer = at_installer(machine)
    installer.draft.put("storage.boot_disk", "/dev/vda")
    installer.open(next(page for page in installer.pages() if page.title == title))
    return person


def test_enter_after_the_last_field_is_on_the_button_that_goes_forward() -> None:
    person = on_page("Volume sizes")
    person.press(*["enter"] * 7)
    assert "[>Continue<]" in person.screen()
    person.press("enter")
    assert "Network" in person.screen()


def test_enter_alone_saves_a_page_of_the_setup_program() -> None:
    person = at_network()
    person.press("tab", "ctrl u")
    person.type("node2")
    for _ in range(30):
        if "Saved." in person.screen():
            break
        assert "[>Reset<]" not in person.screen()
        person.press("tab" if "> [" in person.screen() or ">[" in person.screen() else "enter")
    assert "Saved." in person.screen()


@pytest.mark.parametrize("title", ["Network", "Security"])
def test_no_field_of_the_setup_program_leads_to_reset(title: str) -> None:
    person, setup = at_setup(saved=NODE)
    to_page(person, title)
    stops = [stop for stop in setup.form.stops() if stop[0] == 0]
    for stop in stops:
        setup.form.go(stop)
        setup.view.to_page()
        setup.form.focus_next()
        assert "[>Reset<]" not in person.screen()


def test_going_back_keeps_a_password_and_a_text_that_is_wrong() -> None:
    person = on_page("Volume sizes")
    person.type("much")
    person.press("f10")
    assert "must be a size" in person.screen()
    person.press("shift tab", "shift tab", "enter")  # Back
    assert "Data disks" in person.screen()
    person.press("f10")
    assert "much" in person.screen() and "must be a size" in person.screen()
    person.press("ctrl u", "f10", "f10")
    person.type("secret horse")
    person.press("tab")
    person.type("secret")
    person.press("tab", "tab", "enter")
    assert "Network" in person.screen()
    person.press("f10")
    assert "*" * len("secret horse") in person.screen()
    person.press("tab")
    person.type(" horse")
    person.press("f10")
    assert "Confirm" in person.screen()


def test_what_is_kept_does_not_print() -> None:
    person = on_page("Admin password")
    person.type("correct horse")
    kept = person.window.view.form.keep()  # type: ignore[attr-defined]
    assert "correct" not in f"{kept} {kept!r}" and kept["users.admin_password"][0] == "correct horse"


def test_reset_asks_before_it_drops_anything() -> None:
    person, setup = at_setup(saved=NODE)
    to_page(person, "Network")
    person.press("tab")
    person.type("x")
    to_row(person, "[>Reset<]")
    person.press("enter")
    assert "Changed but not saved: Host name." in person.screen()
    person.press("enter")
    assert setup.draft.config[Network].hostname == "node1.example.comx"
    person.press("enter", "right", "enter")
    assert setup.draft.config == setup.saved and "not saved" not in person.screen()


def test_reset_of_nothing_asks_nothing() -> None:
    person = at_network()
    to_row(person, "[>Reset<]")
    person.press("enter")
    assert not person.window.dialogs


def insisted(person: Person) -> tuple[str, ...]:
    installer = person.window.leave.__self__  # type: ignore[attr-defined]
    return tuple(map(str, installer.draft.config[Storage].override))


def test_unticking_a_disk_takes_back_that_it_may_be_overwritten() -> None:
    person = on_page("Data disks", "foreign-group")
    person.press("f10")
    person.type("/dev/vda")
    person.press("enter")
    assert insisted(person)
    person.press("shift tab", "shift tab", "enter")
    assert "Data disks" in person.screen() and insisted(person)
    person.press("home", " ")
    assert not insisted(person)
    person.press(" ", "f10")
    assert "should not be overwritten" in person.screen()


def test_another_boot_disk_takes_back_that_the_first_may_be_overwritten() -> None:
    person, installer = at_installer("foreign-group")
    person.press("enter", "f10", "enter", "enter", "f10")
    person.type("/dev/vda")
    person.press("enter")
    assert insisted(person) and installer.page.title == "Second volume group"
    installer.back()
    installer.back()
    assert installer.page.title == "Boot disk" and insisted(person)
    person.press("down", "enter", "f10")
    assert installer.page.title == "Data disks"
    assert not insisted(person)
    installer.back()
    person.press("up", "enter", "f10", "f10")
    assert "should not be overwritten" in person.screen()


def test_a_rescan_without_the_disk_takes_the_override_back() -> None:
    person = on_page("Data disks", "foreign-group")
    person.press("f10")
    person.type("/dev/vda")
    person.press("enter", "shift tab", "shift tab", "enter")
    assert insisted(person)
    person.system.seen = MACHINES["one-disk"].__class__(**{**MACHINES["foreign-group"].__dict__, "disks": ()})
    person.press("f5")
    assert not insisted(person)


class Later(Inline):
    """Work that is done when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.waiting.append(lambda: done(job()))


def test_a_question_asked_during_the_installation_does_not_go_stale() -> None:
    person, _installer = at_installer("one-disk")
    to_confirm(person)
    person.window.work = later = Later()
    person.press("tab", "tab", "enter", "esc")
    assert "The disk will not boot until the installation is finished" in person.screen()
    later.waiting.pop()()
    assert "The installation has ended." in person.screen() and "will not boot" not in person.screen()
    person.press("esc")
    assert "Installed. Remove the medium" in person.screen()


def test_help_read_during_the_installation_does_not_go_stale() -> None:
    person, _installer = at_installer("one-disk")
    to_confirm(person)
    person.window.work = later = Later()
    person.press("tab", "tab", "enter", "f1")
    assert "in this order" in person.screen()
    later.waiting.pop()()
    assert "All of it is done" in person.screen() and "in this order" not in person.screen()


def test_leaving_while_settings_are_saved_says_when_they_are() -> None:
    person = at_network()
    person.window.work = later = Later()
    person.press("tab", "x", "f10")
    assert "Comparing this node" in person.screen().split("\n")[-1]
    later.waiting.pop()()
    assert "Esc" not in person.screen().split("\n")[-1]
    person.press("esc")
    assert "leave when that is done" in person.screen()
    later.waiting.pop()()
    assert "The settings are saved." in person.screen() and "leave when" not in person.screen()
    person.press("esc")
    assert "Esc Close" in person.screen()


def test_a_wrong_text_is_wrong_when_its_field_is_left_and_no_longer_than_it_is() -> None:
    person = on_page("Volume sizes")
    for letter in "9x":
        person.press(letter)
        assert "!" not in person.screen()
    person.press("down")
    assert "! must be a size" in person.screen()
    person.press("up", "backspace")
    assert "!" not in person.screen()
    person.press("x")
    assert "!" not in person.screen()
    person.press("f10")
    assert "! must be a size" in person.screen()


def test_passwords_differ_only_when_they_are_left() -> None:
    person = on_page("Admin password")
    person.type("secret")
    person.press("tab")
    person.type("sx")
    assert "differ" not in person.screen()
    person.press("tab")
    assert "the two passwords differ" in person.screen()


def test_a_field_of_the_setup_program_is_left_for_the_menu_too() -> None:
    person = at_network()
    person.press("tab")
    person.type(" ?")
    assert "must be a host name" not in person.screen()
    person.press("shift tab")
    assert "must be a host name" in person.screen()


@pytest.mark.parametrize(
    ("text", "mib"),
    [
        ("10", 10),
        ("-1", -1),
        ("0", 0),
        ("512M", 512),
        ("10G", 10240),
        ("10 GiB", 10240),
        ("2gib", 2048),
        ("1T", 1 << 20),
    ],
)
def test_sizes_with_units(text: str, mib: int) -> None:
    assert parse(Size | None, text) == mib and parse(Size | None, show(Size(mib))) == mib


@pytest.mark.parametrize("text", ["10GB", "1.5G", "-1G", "G", "10 G i B", "10K", "1e3", "٣", "9" * 13])
def test_texts_that_are_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="10G"):
        parse(Size | None, text)


def test_a_size_is_shown_as_it_is_kept() -> None:
    person = on_page("Volume sizes")
    person.type("8G")
    person.press("f10")
    person.press("shift tab", "shift tab", "enter")
    assert "8192" in person.screen()


@pytest.mark.parametrize(
    "text", ["192.0.2.1,2001:db8::1", " 192.0.2.1 , 2001:db8::1 ", "192.0.2.1 2001:db8::1", "192.0.2.1,, 2001:db8::1,"]
)
def test_lists_with_blanks_and_commas(text: str) -> None:
    assert show(parse(defaults().setting("network.dns").type, text)) == "192.0.2.1,2001:db8::1"


@pytest.mark.parametrize("path", defaults().paths())
def test_every_field_has_an_end(path: str) -> None:
    assert 0 < longest(defaults().setting(path).type) <= 40_000


def test_a_field_takes_no_more_than_fits_and_says_so() -> None:
    person = at_network()
    person.press("tab", "ctrl u", Pasted(LONG))
    person.press("tab")
    assert "! at most 65 characters;" in " ".join(person.screen().split())
    person.press("f10")
    assert not person.system.made
    person.press("ctrl u")
    person.type("node3")
    assert "at most" not in person.screen()


def test_a_password_that_was_cut_off_is_not_taken() -> None:
    person = on_page("Admin password")
    for _ in range(2):
        person.press(Pasted(LONG), "tab")
    assert "longer than 255 bytes" in person.screen()
    person.press("f10")
    assert "Admin password" in person.screen()


def test_a_paste_is_taken_at_once() -> None:
    person = at_network()
    person.press("tab", "ctrl u")
    keys = PasteFilter().keys([BEGIN, *LONG, END])
    began = perf_counter()
    person.press(*keys)
    person.screen()
    assert perf_counter() - began < 0.5


def test_a_paste_presses_nothing() -> None:
    person, installer = at_installer()
    keys = PasteFilter().keys([BEGIN, *("a b " * 20), "enter", " ", "enter", END])
    person.press(*keys)
    assert installer.page.title == "Welcome"
    to_confirm(person)
    person.press("tab", "tab")
    person.press(*PasteFilter().keys([*("a b " * 20)]))
    assert person.system.made == []


def test_line_breaks_of_a_paste_are_blanks_and_none_at_its_end() -> None:
    assert PasteFilter().keys([BEGIN, "a", "enter", "b", "tab", "c", "enter", END, "enter"]) == ["a b c", "enter"]


def test_a_paste_without_an_end_holds_nobody() -> None:
    typing = PasteFilter()
    assert typing.keys([BEGIN, "a", "enter"]) == ["a"]
    assert typing.keys(["b"]) == [" b"]
    assert typing.keys(["down", "enter"]) == ["down", "enter"]
    assert typing.keys(["x"]) == ["x"] and not isinstance(typing.keys(["x"])[0], Pasted)


def test_what_is_typed_ahead_stays_single_keys() -> None:
    keys = ["tab", *"node", "enter", "window resize"]
    assert PasteFilter().keys(keys) == keys


def test_footers_name_what_works_in_a_question() -> None:
    person = at_network()
    person.press("esc")
    assert person.screen().split("\n")[-1] == " Tab Next  Enter Stay  Esc Stay  F12 Redraw"
    person.press("tab")
    assert person.screen().split("\n")[-1] == " Tab Next  Enter Log off  Esc Stay  F12 Redraw"
    person.press("esc")
    assert "F10 Save" in person.screen().split("\n")[-1]


def test_reasons_that_are_cut_say_so_and_are_whole_below() -> None:
    person, installer = at_installer("many-kinds")
    person.press("enter", "f10", "end")
    lines = person.screen().split("\n")
    assert any(line.endswith("..") for line in lines)
    assert installer.form
    reason = installer.form.editors[0].table.item.reason  # type: ignore[union-attr]
    assert reason in " ".join(person.screen().split())
