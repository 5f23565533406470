"""A page on the screen: its rows, its buttons, and how the focus moves through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import urwid

from ovirt_tui.features.draft import Draft
from ovirt_tui.i18n import _
from ovirt_tui.model.problems import Problem
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.secrets import HIDDEN, Crypted
from ovirt_tui.pages import Act, Choice, Deed, Enquiry, Field, Heading, Live, Note, Offer, Offers, Page, Shown, Try
from ovirt_tui.system import System
from ovirt_tui.ui.passphrase import PassphraseRow
from ovirt_tui.ui.rows import ChoiceRows, EditorRow, FieldRow, PasswordRow, ShownRow, is_choice, try_row
from ovirt_tui.ui.ssh_keys import KeysRow
from ovirt_tui.ui.table import Table
from ovirt_tui.ui.theme import Theme
from ovirt_tui.ui.widgets import Button, button_row, own_line, scroll_hint
from ovirt_tui.ui.worker import Work

Editor = FieldRow | PasswordRow | KeysRow | ChoiceRows
APART = 4
"""Offers that have a line between them; more of them would not fit on 24 rows with their help."""


class Kept(dict[str, tuple[str, ...]]):
    """Typed text that is not a valid value yet, by setting; may be passwords, so repr() hides it."""

    def __repr__(self) -> str:
        return HIDDEN


def nobody(*_args: object) -> None:
    """Do nothing, for a page that has no such button."""


@dataclass(frozen=True)
class Callbacks:
    """Callbacks of a page: a name typed by hand, an offer, an action of the node, SSH keys, an enquiry, a new value.

    *outside* returns, by path, the notes on settings that were changed outside this program.
    """

    other: Callable[[Choice], None] = nobody
    offer: Callable[[Offer], None] = nobody
    deed: Callable[[Deed], None] = nobody
    changed: Callable[[], None] = nobody
    keys: Callable[[Callable[[], None]], None] = nobody
    enquire: Callable[[Form, Enquiry], None] = nobody
    outside: Callable[[], dict[str, str]] = dict


class Form(urwid.WidgetWrap):
    """The rows of *page* over *draft*, and *buttons* below them; the last button is the one that leads on."""

    def __init__(
        self, page: Page, draft: Draft, system: System, work: Work, theme: Theme, label_width: int, callbacks: Callbacks
    ) -> None:
        self.page, self.draft, self.system, self.work, self.theme = page, draft, system, work, theme
        self.label_width, self.callbacks = label_width, callbacks
        self.asked, self.hint = False, ""
        self.editors: list[Editor] = []
        self.follows: list[ShownRow] = []
        self.message = urwid.Text("")
        self.buttons: list[Button] = []
        self.bar = urwid.Columns([])
        self.body = self._body()
        self.outer = urwid.Pile([("weight", 1, self.body), ("pack", self.message), ("pack", self.bar)])
        super().__init__(self.outer)
        self.refresh()

    def set_buttons(self, buttons: Sequence[Button]) -> None:
        """Show *buttons* at the bottom."""
        self.buttons = list(buttons)
        self.bar = button_row(self.buttons)
        self.outer.contents[2] = (self.bar, self.outer.options("pack"))
        if not self.body.selectable() and self.buttons:
            self.focus_button(len(self.buttons) - 1)

    def _body(self) -> urwid.Widget:
        widgets: list[tuple[str, urwid.Widget]] = []
        for row in self.page.rows:
            widgets += self._widgets(row)
        if any(sizing == "fill" for sizing, _widget in widgets):
            parts = [("weight", 1, widget) if sizing == "fill" else ("pack", widget) for sizing, widget in widgets]
            return urwid.Pile(parts)
        return urwid.ListBox(urwid.SimpleFocusListWalker([widget for _sizing, widget in widgets]))

    def _widgets(self, row: object) -> list[tuple[str, urwid.Widget]]:
        match row:
            case Heading():
                above: list[tuple[str, urwid.Widget]] = [("flow", urwid.Divider())] if row != self.page.rows[0] else []
                return [*above, ("flow", urwid.Text(("title", _(row.text))))]
            case Note():
                return [("flow", urwid.Text(_(row.text))), ("flow", urwid.Divider())]
            case Field():
                return [("flow", self._field(row))]
            case Choice():
                return self._choice(row)
            case Live():
                return [("flow", self._live(row))]
            case Shown():
                self.follows.append(ShownRow(row, self.draft))
                return [("flow", self.follows[-1]), ("flow", urwid.Divider())]
            case Offers():
                ways = row.of(self.draft.facts)
                return [pair for offer in ways for pair in self._offer(offer, apart=len(ways) <= APART)]
            case Try():
                return [("flow", try_row(row, self.label_width))]
            case Act():
                return [("flow", own_line(Button(_(row.title), lambda: self.callbacks.deed(row.deed))))]
            case Enquiry():
                return [("flow", own_line(Button(_(row.title), lambda: self.callbacks.enquire(self, row))))]
        raise TypeError(row)

    def _field(self, field: Field) -> urwid.Widget:
        setting = self.draft.config.setting(field.path)
        kind = setting.type
        if setting.kept or kind == Crypted | None:
            password = (PassphraseRow if setting.kept else PasswordRow)(
                field, self.draft, self.system, self.changed, self.label_width
            )
            self.editors.append(password)
            return password
        if kind == tuple[SshKey, ...]:
            keys = KeysRow(field, self.draft, lambda: self.callbacks.keys(self.changed), self.label_width)
            self.editors.append(keys)
            return keys
        row = FieldRow(field, self.draft, self.changed, self.label_width)
        self.editors.append(row)
        return row

    def _choice(self, choice: Choice) -> list[tuple[str, urwid.Widget]]:
        rows = ChoiceRows(choice, self.draft, self.changed)
        self.editors.append(rows)
        table = urwid.BoxAdapter(rows.table, choice.height + 2) if choice.height else rows.table
        parts: list[tuple[str, urwid.Widget]] = [("flow" if choice.height else "fill", table)]
        if choice.details:
            parts.append(("flow", rows.details))
        parts.append(("flow", urwid.Padding(rows.note, left=1)))
        if choice.other:
            button = Button(_(choice.other), lambda: self.callbacks.other(choice))
            parts.append(("flow", own_line(button)))
        return parts

    def _live(self, live: Live) -> urwid.Widget:
        value = urwid.Text(("help", _("looking ...")))
        facts = self.draft.facts
        self.work.start(lambda: live.text(self.system, facts), value.set_text)
        return urwid.Columns([(self.label_width, urwid.Text(_(live.label))), value])

    def _offer(self, offer: Offer, *, apart: bool) -> list[tuple[str, urwid.Widget]]:
        button = Button(_(offer.title), lambda: self.callbacks.offer(offer))
        text = urwid.Padding(urwid.Text(("help", _(offer.help))), left=3)
        return [("flow", own_line(button)), ("flow", text), *([("flow", urwid.Divider())] if apart else [])]

    def changed(self) -> None:
        """A value may have changed: check everything, and clear the message above the buttons, now outdated."""
        self.show_error("")
        self.refresh()
        self.callbacks.changed()

    def refresh(self) -> None:
        """Show the present values and problems."""
        for editor in self.editors:
            editor.settle()
        problems: dict[str, str] = {}
        for problem in self.draft.problems():
            problems.setdefault(problem.path, problem.text)
        doubts = {doubt.path: doubt.text for doubt in self.draft.doubts()}
        outside = self.callbacks.outside()
        for editor in self.editors:
            editor.outside = outside.get(editor.paths[0], "")
            editor.doubt = doubts.get(editor.paths[0], "")
            editor.refresh(problems, self.asked)
        for follow in self.follows:
            follow.follow()

    def leave(self, row: object = None) -> None:
        """*row*, or all rows, lost the focus: show what is wrong there from now on."""
        rows = [each for each in self.editors if isinstance(each, EditorRow) and row in (None, each)]
        typing = [each for each in rows if each.typing]
        for each in typing:
            each.typing = False
        if typing:
            self.refresh()

    def keep(self) -> Kept:
        """Typed text of this page that is not a valid value yet."""
        rows = [each for each in self.editors if isinstance(each, FieldRow | PasswordRow)]
        return Kept({each.field.path: each.kept() for each in rows})

    def restore(self, kept: Kept) -> None:
        """Put kept text back into the editors of this page."""
        for each in self.editors:
            if isinstance(each, FieldRow | PasswordRow):
                each.restore(kept.get(each.field.path, ()))
        self.refresh()

    def forget(self) -> None:
        """Empty the fields of passwords, of which the draft knows nothing."""
        for each in self.editors:
            if isinstance(each, PasswordRow):
                each.restore(("", ""))

    def resume(self, before: Form) -> None:
        """Put the cursors where they are in *before*, the same page until now: what is pressed next is meant there."""
        for now, then in zip(self.editors, before.editors, strict=True):
            if isinstance(now, ChoiceRows) and isinstance(then, ChoiceRows):
                now.table.resume(then.table)
            elif isinstance(now, FieldRow) and isinstance(then, FieldRow) and now.entry and then.entry:
                now.entry.set_edit_pos(then.entry.edit_pos)

    def commit(self) -> bool:
        """Take passwords into the draft; False when one is not valid, which is then shown."""
        self.show_error("")
        self.leave()
        wrong = [editor for editor in self.editors if editor.applies and not editor.commit()]
        self.asked = True
        self.refresh()
        for editor in wrong[:1]:
            self.go_to(editor)
        return not wrong

    def show_problems(self, wrong: Sequence[Problem]) -> bool:
        """Show the problems *wrong*: go to the first row with one, and name those without a row above the buttons."""
        shown = {path for editor in self.editors if editor.applies for path in editor.paths}
        others = [each for each in wrong if each.path not in shown]
        self.show_error("; ".join(f"{_(self.draft.config.setting(each.path).label)}: {each.text}" for each in others))
        paths = {each.path for each in wrong}
        for editor in [each for each in self.editors if each.applies and paths & set(each.paths)][:1]:
            self.go_to(editor)
        return bool(wrong)

    def go_to(self, editor: Editor) -> None:
        """Give the focus to the row of *editor*."""
        for index, widget in enumerate(self._rows()):
            if editor.place in (widget, getattr(widget, "original_widget", None)):
                self.go((0, index))
                if editor.place is not widget and isinstance(self.body, urwid.ListBox):
                    self.body.set_focus_valign("middle")  # the message about a table is below it

    @property
    def pending(self) -> bool:
        """Whether a password was typed that is not in the draft yet."""
        return any(isinstance(editor, PasswordRow) and editor.pending for editor in self.editors)

    def show_error(self, text: str) -> None:
        """Show *text* above the buttons."""
        self.hint = ""
        self.message.set_text(("error", f" ! {text}") if text else "")

    def render(self, size: tuple[int, int], focus: bool = False) -> urwid.Canvas:
        """Show above the buttons whether there is more to scroll, unless there is a message."""
        if isinstance(self.body, urwid.ListBox) and (self.hint or not self.message.text):
            more = scroll_hint(self.body, (size[0], size[1] - 2), focus and self.outer.focus_position == 0)
            keys = "" if self.stops() else _("   Page Up, Page Down: scroll")
            self.hint = f" {more}{keys}" if more else ""
            self.message.set_text(("help", self.hint))
        return super().render(size, focus)

    def scroll(self, size: tuple[int, int], key: str) -> None:
        """Scroll by *key*, whether or not a row takes keys."""
        if isinstance(self.body, urwid.ListBox):
            self.body.keypress((size[0], size[1] - 2), key)

    def focus_button(self, index: int) -> None:
        """Give the focus to a button."""
        self.outer.focus_position = 2
        self.bar.focus_position = index

    def focus_forward(self) -> None:
        """Give the focus to the button that leads on."""
        if self.buttons:
            self.focus_button(len(self.buttons) - 1)

    def _rows(self) -> list[urwid.Widget]:
        if isinstance(self.body, urwid.Pile):
            return [row for row, _how in self.body.contents]
        return list(self.body.body)

    def stops(self) -> list[tuple[int, int]]:
        """The tab stops: (0, row) or (2, button)."""
        inside = [(0, index) for index, row in enumerate(self._rows()) if row.selectable()]
        return inside + [(2, index) for index in range(len(self.buttons))]

    def here(self) -> tuple[int, int]:
        """The stop that has the focus."""
        part = self.outer.focus_position
        if part == 2:
            return (2, self.bar.focus_position)
        return (0, self.body.focus_position)

    def step(self, by: int) -> None:
        """Move the focus to the next or the previous stop, around the ends."""
        stops = self.stops()
        if not stops:
            return
        here = self.here()
        self.go(stops[(stops.index(here) + by) % len(stops) if here in stops else 0])

    def go(self, stop: tuple[int, int]) -> None:
        """Give the focus to *stop*."""
        part, index = stop
        if part == 2:
            self.focus_button(index)
        else:
            self.outer.focus_position = 0
            self.body.focus_position = index

    def inner(self, last: bool) -> bool:
        """Whether the focused row has another field after the focused one; before it, without *last*."""
        row = self.outer.focus_position == 0 and self.body.focus
        return isinstance(row, PasswordRow) and row.at_first == last

    def row(self) -> object:
        """The row that has the focus; None when a button below the page has it."""
        return self.body.focus if self.outer.focus_position == 0 else None

    def space(self) -> str:
        """What the space bar does at the focus, for the bottom line."""
        row = self.row()
        table = getattr(row, "original_widget", row)
        if isinstance(table, Table) and table.item and not table.item.reason:
            return _("Space Tick") if table.many else _("Space Choose")
        if isinstance(row, FieldRow) and row.applies and is_choice(row.setting.type):
            return _("Space Choose")
        return _("Space Tick") if isinstance(row, FieldRow) and row.setting.type is bool else ""

    def keypress(self, size: tuple[int, int], key: str) -> str | None:
        before = self.row()
        left = self._key(size, key)
        self._find_stop(last=key == "end")
        if before is not None and self.row() is not before:
            self.leave(before)
        return left

    def _find_stop(self, last: bool) -> None:
        """Move from a row that takes no keys, where Home and End may lead, to the first or last that does."""
        row, stops = self.row(), [stop for stop in self.stops() if stop[0] == 0]
        if isinstance(row, urwid.Widget) and not row.selectable() and stops:
            self.go(stops[-1 if last else 0])

    def _key(self, size: tuple[int, int], key: str) -> str | None:
        left = super().keypress(size, key)
        if left in ("tab", "shift tab"):
            self.step(1 if left == "tab" else -1)
            return None
        if left == "enter":
            self.focus_next()
            return None
        return left

    def focus_next(self) -> None:
        """After Enter: focus the next field; after the last, or after a table, the button that leads on.

        Never a button that discards what was typed.
        """
        places = [editor.place for editor in self.editors]
        fields = [
            index
            for index, row in enumerate(self._rows())
            if row.selectable() and {id(row), id(getattr(row, "original_widget", None))} & set(map(id, places))
        ]
        part, here = self.here()
        after = [index for index in fields if index > here]
        if part == 2 or isinstance(self.row(), Table) or not after:
            self.focus_forward()
        else:
            self.go((0, after[0]))
