"""The list of what is being done: the present line is in sight, however long the list is."""

from __future__ import annotations

import pytest

from ovirt_tui.plan.runner import Planned, Progress
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.progress import ProgressView, Running
from ovirt_tui.ui.widgets import Button
from person import Person, at_installer
from test_screens import walk

MANY = 40


def at_work(count: int = MANY) -> tuple[Person, ProgressView]:
    person, _installer = at_installer()
    view = ProgressView(person.window, "Installing", Running(tuple(Planned(f"action {n}", ()) for n in range(count))))
    person.window.show(view)
    return person, view


def begin(view: ProgressView, number: int) -> None:
    """Have the action of that number begin; those before it are done."""
    title = f"action {number}"
    view.running.done = number - 1
    view.running.record(Progress(number, len(view.running.planned), title, "a step"))
    view.follow()


def marked(person: Person, mark: str) -> list[int]:
    return [row for row, line in enumerate(person.screen().splitlines()) if line.startswith(f"  [{mark}]")]


@pytest.mark.parametrize("rows", [23, 24, 60])
def test_what_is_being_done_is_in_sight(rows: int) -> None:
    person, view = at_work()
    person.size = (80, rows)
    for number in range(1, MANY + 1):
        begin(view, number)
        here = marked(person, ">")
        canvas = person.window.render(person.size, focus=True)
        assert len(here) == 1 and canvas.cursor == (3, here[0]), (number, person.screen())
        assert f"action {number - 1}" in person.screen().splitlines()[here[0]]


def test_the_end_of_an_installation_is_in_sight() -> None:
    """The last action takes the longest, and was never seen."""
    person = walk("one-disk", "Confirm")
    person.press("tab", "tab", "enter")
    assert "[x] Proving every step and making the disk bootable" in person.screen()
    assert "more above   Page Up, Page Down: scroll" in person.screen()


def test_what_failed_is_in_sight_below_its_long_reason() -> None:
    person, view = at_work()
    begin(view, 16)
    person.screen()
    view.running.failed(StepFailed("why"))
    view.end(False, "Failed: " + "a long reason " * 30)
    view.put_buttons([Button("Retry", lambda: None)])
    assert len(marked(person, "!")) == 1 and "[>Retry<]" in person.screen()


def test_a_list_that_was_scrolled_stays_until_the_next_action() -> None:
    person, view = at_work()
    begin(view, 30)
    assert "action 0" not in person.screen()
    person.press("home")
    for _second in range(3):
        view.follow()
        assert "action 0" in person.screen() and not marked(person, ">")
    begin(view, 31)
    assert len(marked(person, ">")) == 1


def test_who_scrolls_sees_that_no_button_has_the_focus() -> None:
    person, view = at_work()
    begin(view, MANY)
    view.put_buttons([Button("Restart", lambda: None)])
    assert "[>Restart<]" in person.screen() and "\n >" not in person.screen()
    person.press("page up")
    assert "[ Restart ]" in person.screen() and "\n > more above, more below" in person.screen()
    person.press("tab")
    assert "[>Restart<]" in person.screen() and "\n >" not in person.screen()


def test_a_short_list_names_no_keys() -> None:
    person, view = at_work(3)
    begin(view, 1)
    assert "more" not in person.screen() and "scroll" not in person.screen()
