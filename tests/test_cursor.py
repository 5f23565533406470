"""The terminal's cursor is on the line in focus, for braille and speech; and no window is too small to get out of."""

from collections.abc import Callable

import pytest

from machines import MACHINES, four_thousand
from ovirt_tui.features.order import defaults
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.ui.confirm import PlanView
from ovirt_tui.ui.theme import Theme
from person import SERIAL, Person, at_installer, at_setup
from test_display import Terminal
from test_screens import SCENES

NODE = defaults().put("network.hostname", Hostname("node1")).put("network.nic", NicSelector("eth0"))
KEYS = ("down", "up", "tab", "shift tab", "right", "left", " ", "page down", "home", "end")


def cursor_line(person: Person, terminal: Terminal) -> str:
    """The line that the terminal's own cursor is on."""
    terminal.draw(person)
    assert not terminal.screen.cursor.hidden
    return str(terminal.screen.display[terminal.screen.cursor.y])


def in_focus(person: Person) -> list[int]:
    """Lines with the arrow, the brackets or the colour of the focus."""
    canvas = person.window.render(person.size, focus=True)
    return [
        number
        for number, row in enumerate(canvas.content())
        for attribute, _charset, text in row
        if attribute == "focus"
    ]


def is_reading(person: Person) -> bool:
    """Whether the focus is on the text of the Confirm page, of which no line is more in focus than another."""
    view = person.window.view
    return isinstance(view, PlanView) and not person.window.dialogs and view.pile.focus_position == 0


@pytest.mark.parametrize("name", [name for name in SCENES if "too-small" not in name])
def test_the_cursor_is_on_the_line_in_focus(name: str) -> None:
    person = SCENES[name]()
    terminal = Terminal(person.window.theme)
    for key in ("", *KEYS, *KEYS):
        person.press(*filter(None, (key,)))
        line = cursor_line(person, terminal)
        lines = in_focus(person)
        if is_reading(person):
            assert terminal.screen.cursor.y == 2, (key, person.screen())  # the first line of the text
        elif lines:
            assert terminal.screen.cursor.y in lines, (key, person.screen())
        else:
            assert line.strip(), (key, person.screen())


@pytest.mark.parametrize("theme", [Theme(), SERIAL], ids=["colour", "serial"])
def test_the_cursor_follows_the_arrow_through_a_list(theme: Theme) -> None:
    person, _installer = at_installer(four_thousand(), theme)
    person.press("enter", "f10")
    terminal = Terminal(theme)
    for number in range(30):
        assert f"/dev/disk{number} " in cursor_line(person, terminal)
        person.press("down")


def test_the_cursor_follows_the_menu() -> None:
    person, setup = at_setup(saved=NODE)
    terminal = Terminal(Theme())
    for page in setup.pages:
        assert f"> {page.title}" in cursor_line(person, terminal)
        person.press("down")


def walks() -> dict[str, Callable[[], Person]]:
    """Each page of the installer and of the setup program, opened."""

    def of_installer(index: int) -> Person:
        person, installer = at_installer("many-kinds")
        installer.draft.put("storage.boot_disk", "/dev/sda")
        installer.open(installer.pages()[index])
        return person

    def of_setup(index: int) -> Person:
        person, setup = at_setup(saved=NODE)
        setup.open(index)
        return person

    _person, installer = at_installer("many-kinds")
    made: dict[str, Callable[[], Person]] = {}
    for index, page in enumerate(installer.pages()):
        made[f"install {page.title}"] = lambda index=index: of_installer(index)  # type: ignore[misc]
    for index, page in enumerate(at_setup()[1].pages):
        made[f"setup {page.title}"] = lambda index=index: of_setup(index)  # type: ignore[misc]
    return made


WALKS = walks()


@pytest.mark.parametrize("name", WALKS)
def test_every_stop_can_be_seen_in_23_rows(name: str) -> None:
    person = WALKS[name]()
    person.size = (80, 23)
    form = person.window.view.form  # type: ignore[attr-defined]
    seen = set()
    for _ in range(2 * len(form.stops()) + 4):
        person.press("tab")
        canvas = person.window.render(person.size, focus=True)
        assert canvas.cursor is not None and canvas.rows() == 23
        assert canvas.cursor[1] in in_focus(person), person.screen()
        seen.add(form.here())
    assert seen >= set(form.stops())


@pytest.mark.parametrize("size", [(79, 24), (80, 22), (66, 12), (40, 10), (20, 4), (9, 2), (1, 1)])
def test_a_window_that_is_too_small_is_not_dead(size: tuple[int, int]) -> None:
    person, installer = at_installer()
    person.press("enter")
    before = person.screen()
    person.size = size
    person.press("f10", "x", "enter", "f12", "ctrl l")
    assert person.calls == ["redraw", "redraw"]
    if size[0] >= 40:
        said = f"it has {size[0]} columns and {size[1]} rows. 80 columns and 23 rows are needed"
        assert said in " ".join(person.screen().split())
    person.press("esc")
    if size[0] >= 40:
        assert "Leave the installer?" in person.screen() and "[>Stay<]" in person.screen()
    person.press("enter")
    person.press("f2", "tab", "enter")
    assert person.calls == ["redraw", "redraw", "shell"]
    assert person.screen() is not None
    person.size = (80, 24)
    assert person.screen() == before and installer.page.title == "Keyboard"


def test_a_question_is_answered_in_a_window_that_shrank() -> None:
    person, installer = at_installer("foreign-group")
    person.press("enter", "f10", "enter", "enter", "f10")
    person.size = (50, 6)
    assert "should not be overwritten" in person.screen()
    person.type("/dev/vda")
    assert "/dev/vda" in person.screen()
    person.press("enter")
    person.size = (80, 24)
    assert installer.page.title == "Second volume group"


def test_nothing_behind_a_lock_is_seen_however_small_the_window() -> None:
    person, _setup = at_setup(MACHINES["one-disk"], guests=("web1",))
    person.press("tab", "enter")
    person.size = (60, 8)
    person.press("esc", "f2", "f10", "tab", "enter")
    assert "Locked" in person.screen() and not person.calls and "web1" not in person.screen()
    person.press("ctrl u")
    person.type("admin")
    person.press("enter")
    person.size = (80, 24)
    assert "web1" in person.screen()


@pytest.mark.parametrize("size", [(60, 12), (46, 8)])
def test_what_a_question_is_about_is_read_where_there_is_room_for_it(size: tuple[int, int]) -> None:
    person, _setup = at_setup(MACHINES["one-disk"], guests=("web1",))
    person.press("tab", "tab", "tab", "tab", "enter")
    person.size = size
    assert "One guest is running and will be stopped" in " ".join(person.screen().split())
    assert "[>Stay<]" in person.screen() and "[ Power off ]" in person.screen()
    person.press("tab", "enter")
    assert person.system.did == [("power_off",)]
