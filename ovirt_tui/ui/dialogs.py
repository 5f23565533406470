"""Questions in a box over the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import urwid

from ovirt_tui.i18n import _
from ovirt_tui.ui.look import Look
from ovirt_tui.ui.widgets import Button, Entry, Marked, beyond, boxed, button_row

WIDTH = 66
READER_LINES = 14
Does = Callable[[], None]
Answers = Sequence[tuple[str, Does]]
"""Titles of buttons and what they do."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of text that is asked for: *check* says what is wrong with it, *take* gets it once nothing is.

    A *secret* is not shown.  One that *stays* has no way around a right answer.
    """

    label: str
    check: Callable[[str], str]
    take: Callable[[str], None]
    secret: bool = False
    stays: bool = False


class Dialog(urwid.WidgetWrap):
    """A box with a text and buttons; Esc does the first of the *answers*.

    A dialog closes itself (through *close*) before it does what its button says.  One that *stays* has no way
    around its question.
    """

    stays = False

    def __init__(self, title: str, text: str, answers: Answers, look: Look, close: Does, focus: int = 0) -> None:
        self.title, self.close = title, close
        self.answers = [self._closing(does) for _title, does in answers]
        buttons = [Button(name, does) for (name, _does), does in zip(answers, self.answers, strict=True)]
        self.bar = button_row(buttons)
        self.bar.focus_position = focus
        self.text = urwid.Text(text)
        self.parts = urwid.Pile([*self.inside(), urwid.Divider(), self.bar])
        self.parts.focus_position = self.first_focus()
        body = urwid.Padding(self.parts, left=1, right=1)
        super().__init__(boxed(body, title, look.glyphs))

    def inside(self) -> list[urwid.Widget]:
        """What is above the buttons."""
        return [self.text]

    def first_focus(self) -> int:
        """Which part gets the focus first."""
        return len(self.inside()) + 1

    def _closing(self, does: Does) -> Does:
        def closed() -> None:
            self.close()
            does()

        return closed

    def over(self, below: urwid.Widget) -> urwid.Overlay:
        """This dialog over *below*."""
        return urwid.Overlay(self, below, "center", WIDTH, "middle", "pack")

    def keypress(self, size: tuple[int, ...], key: str) -> str | None:
        if key == "esc":
            self.answers[0]()
            return None
        left = super().keypress(size, key)
        if left in ("tab", "shift tab"):
            self.step(1 if left == "tab" else -1)
        return None

    def step(self, by: int) -> None:
        """Move the focus to the next stop of the box."""
        stops = [(index, 0) for index, (part, _how) in enumerate(self.parts.contents[:-1]) if part.selectable()]
        last = len(self.parts.contents) - 1
        stops += [(last, index) for index in range(len(self.bar.contents))]
        part = self.parts.focus_position
        here = stops.index((part, self.bar.focus_position if part == last else 0))
        part, index = stops[(here + by) % len(stops)]
        self.parts.focus_position = part
        if part == last:
            self.bar.focus_position = index


class Ask(Dialog):
    """A dialog with one line to type; the last button needs it right."""

    def __init__(self, title: str, text: str, wanted: Line, look: Look, close: Does) -> None:
        self.entry = Entry(mask="*" if wanted.secret else None)
        self.wrong = urwid.Text("")
        self.check, self.take, self.stays = wanted.check, wanted.take, wanted.stays
        label = urwid.Text(wanted.label)
        self.line = urwid.Columns([(len(wanted.label) + 1, label), Marked(self.entry)], focus_column=1)
        back = [] if wanted.stays else [(_("Back"), lambda: None)]
        super().__init__(title, text, [*back, (_("OK"), lambda: None)], look, close)
        self.answers[-1] = self.accept
        self.bar.contents[-1][0].press = self.accept

    def inside(self) -> list[urwid.Widget]:
        return [self.text, urwid.Divider(), self.line, self.wrong]

    def first_focus(self) -> int:
        return 2

    def accept(self) -> None:
        """Take the text, or say what is wrong with it."""
        text = self.entry.edit_text
        if wrong := self.check(text):
            self.wrong.set_text(("error", f"! {wrong}"))
            self.parts.focus_position = 2
            self.entry.set_edit_text("" if self.stays else text)
            return
        self.close()
        self.take(text)

    def keypress(self, size: tuple[int, ...], key: str) -> str | None:
        if key == "enter" and self.parts.focus_position == 2:
            self.accept()
            return None
        if key == "esc" and self.stays:
            return None
        return super().keypress(size, key)


def indented(line: object) -> urwid.Widget:
    """A line whose continuation is indented as its beginning is."""
    text = line[1] if isinstance(line, tuple) else str(line)
    bare = text.lstrip()
    inside = urwid.Text((line[0], bare) if isinstance(line, tuple) else bare)
    return urwid.Padding(inside, left=len(text) - len(bare))


class Pick(Dialog):
    """A dialog with things to pick from, one a line."""

    def __init__(self, title: str, text: str, choices: Answers, look: Look, close: Does) -> None:
        self.close = close
        self.choices = [Button(name, self._closing(does)) for name, does in choices]
        super().__init__(title, text, [(_("Back"), lambda: None)], look, close)

    def inside(self) -> list[urwid.Widget]:
        return [self.text, urwid.Divider(), *self.choices]

    def first_focus(self) -> int:
        return 2


class Pages(urwid.ListBox):
    """Text longer than the screen, to scroll with the arrow keys."""

    def __init__(self, lines: Sequence[object]) -> None:
        super().__init__(urwid.SimpleListWalker([indented(line) for line in lines]))

    def selectable(self) -> bool:
        return True

    def put(self, lines: Sequence[object]) -> None:
        """Show other lines."""
        self.body[:] = [indented(line) for line in lines]


class Reader(Dialog):
    """A dialog that shows a long text."""

    def __init__(self, title: str, lines: Sequence[str], look: Look, close: Does, word: str, from_end: bool) -> None:
        self.pages, self.more = Pages(lines), urwid.Text("")
        super().__init__(title, "", [(word, lambda: None)], look, close)
        if lines and from_end:
            self.pages.set_focus(len(lines) - 1)

    def inside(self) -> list[urwid.Widget]:
        return [urwid.BoxAdapter(self.pages, READER_LINES), self.more]

    def render(self, size: tuple[int, ...], focus: bool = False) -> urwid.Canvas:
        """Say that there is more to read, since scrolling shows no cursor."""
        self.more.set_text(("help", beyond(self.pages, self.room(size))))
        return super().render(size, focus)

    def room(self, size: tuple[int, ...]) -> tuple[int, int]:
        """Columns and lines of the text in a box of this *size*."""
        return (size[0] - 4, READER_LINES)

    def over(self, below: urwid.Widget) -> urwid.Overlay:
        return urwid.Overlay(self, below, "center", ("relative", 96), "middle", "pack", min_width=76)

    def keypress(self, size: tuple[int, ...], key: str) -> str | None:
        if key in ("up", "down", "page up", "page down", "home", "end"):
            self.pages.keypress(self.room(size), key)
            return None
        return super().keypress(size, key)
