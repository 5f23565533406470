"""What reaches the terminal: the right picture, with few bytes, on every kind of terminal."""

import io
import random

import pyte
import pytest
import urwid

from machines import four_thousand
from ovirt_tui.ui.display import Display
from ovirt_tui.ui.theme import DRAWN, PLAIN, Theme, theme_for
from person import SERIAL, SIZE, Person, at_installer, at_setup

KEYS = (
    "down",
    "up",
    "page down",
    "page up",
    "home",
    "end",
    "tab",
    "shift tab",
    "enter",
    "f10",
    "x",
    "backspace",
    "esc",
)
MARK = 300  # bytes for an arrow key


class Terminal:
    """A terminal that a Display draws on."""

    def __init__(self, theme: Theme) -> None:
        self.display = Display(theme)
        self.written = io.StringIO()
        self.display.write = self.written.write
        self.display.flush = lambda: None
        self.display._started = True
        self.screen = pyte.Screen(*SIZE)
        self.stream = pyte.Stream(self.screen)

    def draw(self, person: Person) -> int:
        """Draw what *person* sees; return how many bytes that took."""
        self.display.draw_screen(SIZE, person.window.render(SIZE, focus=True))
        text = self.written.getvalue()
        self.written.seek(0)
        self.written.truncate()
        self.stream.feed(text)
        return len(text.encode())

    def text(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]


@pytest.mark.parametrize("theme", [Theme(), SERIAL], ids=["colour", "serial"])
@pytest.mark.parametrize("seed", range(6))
def test_the_terminal_shows_what_the_canvas_holds(theme: Theme, seed: int) -> None:
    dice = random.Random(seed)
    person = at_installer(four_thousand(), theme)[0] if seed % 2 else at_setup(theme=theme)[0]
    terminal = Terminal(theme)
    for _ in range(150):
        person.press(dice.choice(KEYS))
        if person.window.dialogs and dice.random() < 0.7:
            person.press("esc")
        terminal.draw(person)
        assert terminal.text() == person.screen().split("\n")


@pytest.mark.parametrize("theme", [Theme(), SERIAL], ids=["colour", "serial"])
def test_an_arrow_key_costs_few_bytes(theme: Theme) -> None:
    person, _installer = at_installer(four_thousand(), theme)
    person.press("enter", "f10")
    terminal = Terminal(theme)
    terminal.draw(person)
    spent = []
    for key in ["down"] * 40 + ["up"] * 40:
        person.press(key)
        spent.append(terminal.draw(person))
        assert terminal.text() == person.screen().split("\n")
    assert max(spent) <= MARK
    assert min(spent) > 0


def test_nothing_is_sent_when_nothing_changed() -> None:
    person, _installer = at_installer()
    terminal = Terminal(Theme())
    terminal.draw(person)
    assert terminal.draw(person) == 0


def test_a_redraw_sends_everything() -> None:
    person, _installer = at_installer()
    terminal = Terminal(Theme())
    terminal.draw(person)
    terminal.screen.reset()
    terminal.display.clear()
    person.window._invalidate()
    terminal.draw(person)
    assert terminal.text() == person.screen().split("\n")


def test_the_focus_is_visible_without_colour() -> None:
    person, _installer = at_installer("many-kinds", SERIAL)
    person.press("enter", "f10")
    terminal = Terminal(SERIAL)
    terminal.draw(person)
    row = next(index for index, line in enumerate(terminal.text()) if "/dev/sda" in line)
    assert terminal.text()[row].lstrip().startswith(">")
    assert terminal.screen.buffer[row][8].reverse
    colours = {cell.fg for line in terminal.screen.buffer.values() for cell in line.values()}
    assert colours == {"default"}


def test_wide_characters_do_not_shift_the_line() -> None:
    terminal = Terminal(Theme())
    for text in ("磁盘 and more", "磁 and", "plain"):
        canvas = urwid.Filler(urwid.Text(text), "top").render((80, 24))
        terminal.display.draw_screen(SIZE, canvas)
        terminal.stream.feed(terminal.written.getvalue())
        terminal.written.seek(0)
        terminal.written.truncate()
        assert terminal.screen.display[0].rstrip() == text


@pytest.mark.parametrize(
    ("environment", "colours", "glyphs"),
    [
        ({"TERM": "vt100"}, 1, PLAIN),
        ({"TERM": "vt220"}, 1, PLAIN),
        ({"TERM": "linux"}, 16, DRAWN),
        ({"TERM": "xterm-256color"}, 16, DRAWN),
        ({"TERM": "xterm", "NO_COLOR": "1"}, 1, DRAWN),
        ({"TERM": "linux", "LC_ALL": "C"}, 16, PLAIN),
        ({}, 1, PLAIN),
    ],
)
def test_the_look_follows_the_terminal(environment: dict[str, str], colours: int, glyphs: object) -> None:
    theme = theme_for(environment)
    assert (theme.colours, theme.glyphs) == (colours, glyphs)


@pytest.mark.parametrize("theme", [Theme(), SERIAL], ids=["colour", "serial"])
def test_what_is_typed_is_the_same_password_on_every_terminal(theme: Theme) -> None:
    keys, _codes = Display(theme).parse_input(None, None, list("pä€".encode()))
    assert keys == ["p", "ä", "€"]
