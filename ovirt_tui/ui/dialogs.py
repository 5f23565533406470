"""Questions in a box over the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import urwid

from ovirt_tui.i18n import _
from ovirt_tui.model.records import dataclass
from ovirt_tui.ui.table import shortened
from ovirt_tui.ui.theme import Theme
from ovirt_tui.ui.widgets import LONGEST, Button, Entry, Marked, at_cursor, boxed, button_row, scroll_hint

WIDTH = 66
EDGES = 4  # columns of the frame and the padding of the text
TITLE_EDGES = 6  # columns of the frame and the padding of a title; a title that is too long would break the frame
TEXT_LINES = 12  # of the text of a question
READER_LINES = 14
LISTED = 8  # choices that are shown at once
Action = Callable[[], None]
DialogText = str | Callable[[], str]
"""A text, or a function called at each redraw, for a text about state that may change while the dialog is open."""
Lines = Sequence[str] | Callable[[], Sequence[str]]
Answers = Sequence[tuple[str, Action]]
"""Titles of buttons and what they do."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of text to ask for: *check* returns what is wrong with it, *take* gets it once it is valid.

    A *secret* is masked.  If *required*, the dialog cannot be cancelled.  It has at most *longest* characters.
    """

    label: str
    check: Callable[[str], str]
    take: Callable[[str], None]
    secret: bool = False
    required: bool = False
    longest: int = LONGEST


def indented(line: object) -> urwid.Widget:
    """A line whose continuation is indented as its beginning is."""
    text = line[1] if isinstance(line, tuple) else str(line)
    bare = text.lstrip()
    inside = urwid.Text((line[0], bare) if isinstance(line, tuple) else bare)
    return urwid.Padding(inside, left=len(text) - len(bare))


class Pages(urwid.ListBox):
    """Text longer than the screen, to scroll with the arrow keys."""

    def __init__(self, lines: Sequence[object]) -> None:
        self.room: tuple[int, int] | None = None  # the size at which it was drawn last
        super().__init__(urwid.SimpleListWalker([indented(line) for line in lines]))

    def selectable(self) -> bool:
        return True

    def put(self, lines: Sequence[object]) -> None:
        """Show other lines."""
        self.body[:] = [indented(line) for line in lines]

    def grow(self, lines: Sequence[object]) -> None:
        """Append the new lines of *lines*; the view follows only if it was at the end."""
        new = lines[len(self.body) :]
        at_end = not self.room or "bottom" in self.ends_visible(self.room)
        self.body.extend(indented(line) for line in new)
        if new and at_end:
            self.set_focus(len(self.body) - 1)

    def render(self, size: tuple[int, int], focus: bool = False) -> urwid.Canvas:
        self.room = size
        canvas = super().render(size, focus)
        return at_cursor(canvas, 0, 0) if focus else canvas


class Scrolled(urwid.WidgetWrap):
    """Lines that scroll in *rows* rows, and below them whether there are more."""

    def __init__(self, lines: Sequence[object], rows: int) -> None:
        self.pages, self.more, self.rows_shown = Pages(lines), urwid.Text(""), rows
        super().__init__(urwid.Pile([urwid.BoxAdapter(self.pages, rows), self.more]))

    def selectable(self) -> bool:
        return False

    def render(self, size: tuple[int, ...], focus: bool = False) -> urwid.Canvas:
        """Show whether there is more to read, since scrolling shows no cursor."""
        self.more.set_text(("help", scroll_hint(self.pages, (size[0], self.rows_shown))))
        return super().render(size, focus)

    def scroll(self, columns: int, key: str) -> None:
        """Scroll by *key*."""
        self.pages.keypress((columns, self.rows_shown), key)
        self._invalidate()


class Dialog(urwid.WidgetWrap):
    """A box with a text and buttons; Esc presses the first of the *answers*.

    A dialog closes itself (through *close*) before it calls the function of a button.  One that is *required* cannot
    be cancelled.
    """

    required = False
    scrolls: tuple[str, ...] = ("up", "down", "page up", "page down")

    def __init__(
        self, title: str, text: DialogText, answers: Answers, theme: Theme, close: Action, focus: int = 0
    ) -> None:
        self.title, self.close = title, close
        self.current_text = text if callable(text) else lambda: text
        self.way_out = "" if self.required else answers[0][0]
        self.answers = [self._closing(does) for _title, does in answers]
        buttons = [Button(name, does) for (name, _does), does in zip(answers, self.answers, strict=True)]
        self.bar = button_row(buttons)
        self.bar.focus_position = focus
        self.drawn_text = self.current_text()
        self.text = self.shown(self.drawn_text)
        self.parts = urwid.Pile([*self.inside(), urwid.Divider(), self.bar])
        self.parts.focus_position = self.first_focus()
        body = urwid.Padding(self.parts, left=1, right=1)
        self.heading = shortened(title, WIDTH - TITLE_EDGES)
        super().__init__(boxed(body, self.heading, theme.glyphs))

    @property
    def narrowest(self) -> int:
        """Minimum width in columns, for its title and its buttons; its text wraps."""
        return max(len(self.heading) + TITLE_EDGES, self.bar.needs + EDGES)

    def shown(self, text: str) -> urwid.Widget:
        """The widget of the text, which scrolls when the text is longer than TEXT_LINES."""
        plain = urwid.Text(text)
        return plain if plain.rows((WIDTH - EDGES,)) <= TEXT_LINES else Scrolled(text.split("\n"), TEXT_LINES)

    def follow(self) -> None:
        """Update the text, if it has changed since it was drawn."""
        now = self.current_text()
        if now != self.drawn_text:
            self.drawn_text, self.text = now, self.shown(now)
            self.parts.contents[0] = (self.text, self.parts.options("pack"))

    def hints(self) -> str:
        """The keys that work here, for the bottom line."""
        scroll = [_("Up/Down Scroll")] if isinstance(self.text, Scrolled) else []
        several = [_("Tab Next")] if len(self.stops()) > 1 else []
        way_out = [_("Esc {button}").format(button=self.way_out)] if self.way_out else []
        return "  ".join([*scroll, *several, self.enter_hint(), *way_out, _("F12 Redraw")])

    def enter_hint(self) -> str:
        """What Enter does at the focus."""
        return _("Enter {button}").format(button=self.bar.focus.title)

    def inside(self) -> list[urwid.Widget]:
        """The widgets above the buttons."""
        return [self.text]

    def first_focus(self) -> int:
        """The part that gets the focus first."""
        return len(self.inside()) + 1

    def _closing(self, does: Action) -> Action:
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
        if key in self.scrolls and isinstance(self.text, Scrolled):
            self.text.scroll(size[0] - EDGES, key)
            return None
        left = super().keypress(size, key)
        if left in ("tab", "shift tab"):
            self.step(1 if left == "tab" else -1)
        return None

    def stops(self) -> list[tuple[int, int]]:
        """The tab stops: (part, 0), or (last part, button)."""
        stops = [(index, 0) for index, (part, _how) in enumerate(self.parts.contents[:-1]) if part.selectable()]
        last = len(self.parts.contents) - 1
        return stops + [(last, index) for index in range(len(self.bar.contents))]

    def step(self, by: int) -> None:
        """Move the focus *by* tab stops, around the ends."""
        stops, last = self.stops(), len(self.parts.contents) - 1
        part = self.parts.focus_position
        here = stops.index((part, self.bar.focus_position if part == last else 0))
        part, index = stops[(here + by) % len(stops)]
        self.parts.focus_position = part
        if part == last:
            self.bar.focus_position = index


class Ask(Dialog):
    """A dialog with one line to type; the last button only accepts a valid one."""

    def __init__(self, title: str, text: str, wanted: Line, theme: Theme, close: Action) -> None:
        self.entry = Entry(mask="*" if wanted.secret else None, longest=wanted.longest)
        self.wrong = urwid.Text("")
        self.check, self.take, self.required, self.secret = wanted.check, wanted.take, wanted.required, wanted.secret
        label = urwid.Text(wanted.label)
        self.line = urwid.Columns([(len(wanted.label) + 1, label), Marked(self.entry)], focus_column=1)
        back = [] if wanted.required else [(_("Back"), lambda: None)]
        super().__init__(title, text, [*back, (_("OK"), lambda: None)], theme, close)
        self.answers[-1] = self.accept
        self.bar.contents[-1][0].press = self.accept

    def inside(self) -> list[urwid.Widget]:
        return [self.text, urwid.Divider(), self.line, self.wrong]

    def first_focus(self) -> int:
        return 2

    def enter_hint(self) -> str:
        return _("Enter OK") if self.parts.focus_position == 2 else super().enter_hint()

    def accept(self) -> None:
        """Take the text, or say what is wrong with it."""
        text = self.entry.edit_text
        if wrong := self.entry.too_long or self.check(text):
            self.wrong.set_text(("error", f"! {wrong}"))
            self.parts.focus_position = 2
            self.entry.set_edit_text("" if self.secret else text)  # a masked text cannot be corrected
            return
        self.close()
        self.take(text)

    def keypress(self, size: tuple[int, ...], key: str) -> str | None:
        if key == "enter" and self.parts.focus_position == 2:
            self.accept()
            return None
        if key == "esc" and self.required:
            return None
        return super().keypress(size, key)


class Pick(Dialog):
    """A dialog with choices, one a line."""

    def __init__(self, title: str, text: str, choices: Answers, theme: Theme, close: Action) -> None:
        self.close = close
        self.choices = [Button(name, self._closing(does)) for name, does in choices]
        self.things = urwid.ListBox(urwid.SimpleFocusListWalker(self.choices))
        self.rows_shown, self.more = min(LISTED, len(self.choices)), urwid.Text("")
        super().__init__(title, text, [(_("Back"), lambda: None)], theme, close)

    def enter_hint(self) -> str:
        return _("Enter Choose") if self.parts.focus_position == 2 else super().enter_hint()

    def inside(self) -> list[urwid.Widget]:
        listed = urwid.BoxAdapter(self.things, self.rows_shown)
        below = [self.more] if len(self.choices) > self.rows_shown else []
        return [self.text, urwid.Divider(), listed, *below]

    def render(self, size: tuple[int, ...], focus: bool = False) -> urwid.Canvas:
        """Show below the list whether there are more choices."""
        at_list = focus and self.parts.focus_position == 2
        self.more.set_text(("help", scroll_hint(self.things, (size[0] - EDGES, self.rows_shown), at_list)))
        return super().render(size, focus)

    def first_focus(self) -> int:
        return 2


class Reader(Dialog):
    """A dialog that shows a long text; if *lines* is a function, its present result."""

    scrolls = (*Dialog.scrolls, "home", "end")

    def __init__(self, title: str, lines: Lines, theme: Theme, close: Action, word: str, from_end: bool) -> None:
        self.read = lines if callable(lines) else lambda: lines
        self.lines = list(self.read())
        self.pages = Scrolled(self.lines, READER_LINES)
        super().__init__(title, "", [(word, lambda: None)], theme, close)
        if self.lines and from_end:
            self.pages.pages.set_focus(len(self.lines) - 1)

    def follow(self) -> None:
        lines = list(self.read())
        if lines != self.lines:
            self.lines = lines
            self.pages.pages.put(lines)

    def shown(self, text: str) -> urwid.Widget:
        return self.pages

    def over(self, below: urwid.Widget) -> urwid.Overlay:
        return urwid.Overlay(self, below, "center", ("relative", 96), "middle", "pack", min_width=76)


class SmallDialog(urwid.WidgetWrap):
    """A dialog in a window too small for a page: whole where it fits, else its title and the part with the focus."""

    def __init__(self, dialog: Dialog) -> None:
        self.dialog = dialog
        super().__init__(urwid.SolidFill(" "))

    def render(self, size: tuple[int, int], focus: bool = False) -> urwid.Canvas:
        width = min(WIDTH, size[0])
        if width >= self.dialog.narrowest and self.dialog.rows((width,), focus) <= size[1]:
            shown = urwid.Padding(self.dialog, "center", width)
        else:
            shown = urwid.Pile([urwid.Text(("title", self.dialog.title), wrap="clip"), self.dialog.parts.focus])
            shown.focus_position = 1
        return urwid.Filler(shown, "top").render(size, focus)
