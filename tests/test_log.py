"""The log beside an installation at work: it follows its end for who reads there, and for nobody else."""

from __future__ import annotations

from ovirt_tui.ui.progress import MIDDLE, ProgressView, Running
from ovirt_tui.ui.widgets import Button
from person import Person, at_installer


def at_log(lines: int = 60) -> tuple[Person, ProgressView]:
    person, _installer = at_installer()
    running = Running((), log=[f"line {number} of the log" for number in range(lines)])
    view = ProgressView(person.window, "Installing", running)
    person.window.show(view)
    person.screen()
    person.press("f4")
    assert f"line {lines - 1} of" in person.screen()
    return person, view


def more(view: ProgressView, line: str) -> None:
    view.running.log.append(line)
    view.follow()


def text(person: Person) -> list[str]:
    return [line for line in person.screen().splitlines() if "of the log" in line]


def test_the_log_follows_its_end() -> None:
    person, view = at_log()
    for number in range(40):
        more(view, f"new {number} of the log")
        assert f"new {number} of the log" in text(person)[-1]


def test_a_log_that_was_scrolled_up_stays_where_it_is() -> None:
    for keys in (["page up"], ["up", "up", "up"], ["home"], ["page up", "page up", "down"]):
        person, view = at_log()
        for key in keys:
            person.press(key)
            person.screen()
        before = text(person)
        assert "line 59" not in before[-1]
        for number in range(30):
            more(view, f"new {number} of the log")
            assert text(person) == before, keys
        person.press("end")
        person.screen()
        more(view, "the last one of the log")
        assert "the last one" in text(person)[-1]


def test_a_new_line_leaves_the_focus_on_the_log() -> None:
    person, view = at_log()
    view.put_buttons([Button("Close", lambda: None)])
    person.press("up")
    assert view.outer.focus_position == MIDDLE
    more(view, "new of the log")
    assert view.outer.focus_position == MIDDLE and "[>Close<]" not in person.screen()


def test_a_log_that_was_empty_grows() -> None:
    person, view = at_log(1)
    for number in range(40):
        more(view, f"new {number} of the log")
    assert "new 39" in text(person)[-1]


def test_lines_that_come_faster_than_they_are_drawn() -> None:
    person, view = at_log(1)
    view.running.log.clear()
    view.show_log(True)
    for number in range(90):
        more(view, f"new {number} of the log")
    assert "new 89" in text(person)[-1] and len(text(person)) > 10
