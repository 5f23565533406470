"""The basic widgets of the screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import urwid
from urwid.text_layout import trim_line
from urwid.util import str_util

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.ui.paste import Pasted
from ovirt_tui.ui.theme import Glyphs

LONGEST = 255  # characters of a text whose type has no limit


def at_cursor(canvas: urwid.Canvas, column: int, row: int) -> urwid.Canvas:
    """*canvas* with the terminal's cursor there: braille displays and screen readers follow it, not the colours."""
    marked = urwid.CompositeCanvas(canvas)
    marked.cursor = (column, row)
    return marked


def fitting(text: str, line: list[Any], width: int) -> list[Any]:
    """The visible part of a *line* of *text*.

    Where only half of a wide letter fits, urwid leaves a piece without a width, which would make it raise.
    """
    return [piece for piece in trim_line(line, text, 0, width) if piece[0] or len(piece) < 3]


class Dots(urwid.StandardTextLayout):
    """Clips lines; ends a clipped one with two dots, in ASCII, which every terminal has."""

    def layout(self, text: str, width: int, align: str, wrap: str) -> list[list[Any]]:
        return [self._line(text, line, width) for line in super().layout(text, width, align, wrap)]

    def _line(self, text: str, line: list[Any], width: int) -> list[Any]:
        columns, start, *end = line[0] if line else (0, 0)
        if columns <= width or not end or width < 3:
            return fitting(text, line, width)
        _start, stop, _left, missing = urwid.calc_trim_text(text, start, end[0], 0, width - 2)
        shown = [(width - 2 - missing, start, stop)] if width - 2 > missing else []
        return [*shown, (2, stop, b"..")]


def dotted() -> urwid.Text:
    """A text whose lines end in dots where they do not fit."""
    return urwid.Text("", wrap="clip", layout=Dots())


class Button(urwid.WidgetWrap):
    """A title in brackets; the arrow inside them shows the focus where there is no colour."""

    def __init__(self, title: str, press: Callable[[], None]) -> None:
        self.title, self.press = title, press
        self.text = urwid.SelectableIcon("", 1)
        self.text.set_wrap_mode("clip")  # a title may be an untrusted label: it stays on one line
        super().__init__(urwid.AttrMap(self.text, None, "focus"))

    def selectable(self) -> bool:
        return True

    def render(self, size: tuple[int, ...], focus: bool = False) -> urwid.Canvas:
        self.text.set_text(f"[>{self.title}<]" if focus else f"[ {self.title} ]")
        return super().render(size, focus)

    def keypress(self, size: tuple[int, ...], key: str) -> str | None:
        if key in ("enter", " "):
            self.press()
            return None
        return key

    @property
    def width(self) -> int:
        """Columns it takes."""
        return int(urwid.calc_width(self.title, 0, len(self.title))) + 4


def own_line(button: Button) -> urwid.Padding:
    """A button on a line of its own, as wide as its title."""
    return urwid.Padding(button, left=1, width=button.width)


class ButtonRow(urwid.Columns):
    """Buttons side by side; its parent may handle Tab before it does."""

    @property
    def needs(self) -> int:
        """Columns for all of its buttons."""
        return sum(button.width + self.dividechars for button, _how in self.contents) - self.dividechars

    def sizing(self) -> frozenset[str]:
        """Buttons take the width that they are given; urwid would compute that again at every key."""
        return frozenset((urwid.FLOW,))

    def keypress(self, size: tuple[int, ...], key: str) -> str | None:
        left = super().keypress(size, key)
        step = {"tab": 1, "shift tab": -1}.get(left or "", 0)
        if step and 0 <= self.focus_position + step < len(self.contents):
            self.focus_position += step
            return None
        return left


def button_row(buttons: Sequence[Button]) -> ButtonRow:
    """A row of *buttons*."""
    return ButtonRow([(button.width, button) for button in buttons], dividechars=2)


def doubted(text: str) -> str:
    """*text* is probably wrong, and holds nothing up: without colours an error looks otherwise, too."""
    return _("note: {text}").format(text=text)


TOO_LONG = Kind("too-long", N_("at most {most} characters; the rest was not taken"))


class Entry(urwid.Edit):
    """One line of text.  What is longer than the field scrolls in it.

    It takes one character more than the *longest* text allowed, so that a text that was cut off stays invalid.
    """

    def __init__(self, text: str = "", mask: str | None = None, longest: int = LONGEST) -> None:
        self.longest, self.masked = longest, mask is not None
        super().__init__(edit_text=text, wrap="clip", mask=mask)

    def valid_char(self, ch: str) -> bool:
        """Accept characters with a width: a line of accents without letters cannot be drawn, and no setting has any.

        A password shows none of its characters, and may have every one.
        """
        return super().valid_char(ch) and (self.masked or str_util.get_char_width(ch) > 0)

    def get_line_translation(self, maxcol: int, ta: Any = None) -> list[list[Any]]:
        """Keep the visible part when the window is too small for a wide letter."""
        text, _marks = self.get_text()
        lines = super().get_line_translation(maxcol, ta)
        return [fitting(text, line, maxcol) for line in lines] if ta else lines  # with *ta*, it is called to draw

    @property
    def too_long(self) -> Reason | None:
        """The error for a text that was cut off; None when none was."""
        return TOO_LONG(most=self.longest) if len(self.edit_text) > self.longest else None

    def fill(self, text: str) -> None:
        """Set *text*, with the cursor at its end."""
        self.set_edit_text(text)
        self.set_edit_pos(len(text))

    def keypress(self, size: tuple[int], key: str) -> str | None:
        if key == "ctrl u":
            self.set_edit_text("")
            return None
        if isinstance(key, Pasted) or len(key) == 1:
            room = max(0, self.longest + 1 - len(self.edit_text))
            self.insert_text("".join(filter(self.valid_char, key))[:room])
            return None
        return super().keypress(size, key)


class Choices(urwid.WidgetWrap):
    """A few words, one of which is chosen; left, right and the space bar move."""

    def __init__(self, words: Sequence[str], chosen: int, put: Callable[[int], None]) -> None:
        self.words, self.chosen, self.put = tuple(words), chosen, put
        self.text = urwid.Text("", wrap="clip")
        super().__init__(self.text)

    def selectable(self) -> bool:
        return True

    def lines(self, width: int) -> list[list[int]]:
        """The words by their indices, in as many lines of *width* columns as they need."""
        found: list[list[int]] = []
        room = 0
        for index, word in enumerate(self.words):
            taken = len(_option(word))
            if not found or taken > room:
                found.append([])
                room = width
            found[-1].append(index)
            room -= taken
        return found

    def rows(self, size: tuple[int, ...], focus: bool = False) -> int:
        """How many lines the words take."""
        return len(self.lines(size[0]))

    def render(self, size: tuple[int, ...], focus: bool = False) -> urwid.Canvas:
        markup: list[object] = []
        for number, line in enumerate(self.lines(size[0])):
            markup.append("\n" if number else "")
            for index in line:
                shown = _option(self.words[index], index == self.chosen)
                here = index == self.chosen and focus
                markup.append(("focus", f">{shown[1:]}") if here else shown)
        self.text.set_text(markup)
        canvas = super().render(size, focus)
        return at_cursor(canvas, *self.get_cursor_coords(size)) if focus else canvas

    def get_cursor_coords(self, size: tuple[int, ...]) -> tuple[int, int]:
        """On the chosen word."""
        row, line = next(each for each in enumerate(self.lines(size[0])) if self.chosen in each[1])
        column = sum(len(_option(self.words[index])) for index in line if index < self.chosen)
        return min(column, size[0] - 1), row

    def keypress(self, size: tuple[int, ...], key: str) -> str | None:
        step = {"left": -1, "right": 1}.get(key, 0)
        if key == " ":
            self.choose((self.chosen + 1) % len(self.words))
        elif step and 0 <= self.chosen + step < len(self.words):
            self.choose(self.chosen + step)
        else:
            return key
        return None

    def choose(self, index: int) -> None:
        """Choose the word at *index*."""
        self.chosen = index
        self._invalidate()
        self.put(index)


def _option(word: str, chosen: bool = False) -> str:
    return f" ({'*' if chosen else ' '}) {word}"


class Check(urwid.WidgetWrap):
    """A check box with a label."""

    def __init__(self, label: str, ticked: bool, put: Callable[[bool], None]) -> None:
        self.label, self.ticked, self.put = label, ticked, put
        self.text = urwid.SelectableIcon("", 2)
        super().__init__(urwid.AttrMap(self.text, None, "focus"))

    def selectable(self) -> bool:
        return True

    def render(self, size: tuple[int, ...], focus: bool = False) -> urwid.Canvas:
        self.text.set_text(f"{'>' if focus else ' '}[{'X' if self.ticked else ' '}] {self.label}")
        return super().render(size, focus)

    def keypress(self, size: tuple[int, ...], key: str) -> str | None:
        if key not in (" ", "enter"):
            return key
        self.ticked = not self.ticked
        self._invalidate()
        self.put(self.ticked)
        return None


def boxed(widget: urwid.Widget, title: str, glyphs: Glyphs) -> urwid.Widget:
    """*widget* in a frame with *title* in its upper edge."""
    left, right, low_left, low_right = glyphs.corners
    return urwid.LineBox(
        widget,
        title,
        tlcorner=left,
        trcorner=right,
        blcorner=low_left,
        brcorner=low_right,
        tline=glyphs.line,
        bline=glyphs.line,
        lline=glyphs.side,
        rline=glyphs.side,
    )


def scroll_hint(body: urwid.ListBox, room: tuple[int, int], focus: bool = False) -> str:
    """Say whether there is more text above or below *room*; empty when all is shown."""
    body.render(room, focus)
    ends = body.ends_visible(room)
    return ", ".join(word for word, edge in ((_("more above"), "top"), (_("more below"), "bottom")) if edge not in ends)


class Marked(urwid.WidgetWrap):
    """A field with an arrow before it while it has the focus."""

    def __init__(self, field: urwid.Widget) -> None:
        self.arrow = urwid.Text(" ")
        super().__init__(urwid.Columns([(1, self.arrow), urwid.AttrMap(field, "edit", "focus")], focus_column=1))

    def render(self, size: tuple[int, ...], focus: bool = False) -> urwid.Canvas:
        self.arrow.set_text(">" if focus else " ")
        return super().render(size, focus)
