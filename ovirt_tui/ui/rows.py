"""Rows of a page as widgets: each builds itself from its declaration and the type of its setting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import urwid

from ovirt_tui.features.draft import Draft
from ovirt_tui.i18n import _
from ovirt_tui.model.values import longest, show
from ovirt_tui.pages import Choice, Field, Item, Shown, Try
from ovirt_tui.pages.security import Users
from ovirt_tui.system import StepFailed, System
from ovirt_tui.ui.table import Table
from ovirt_tui.ui.widgets import Check, Choices, Entry, Marked, dotted, doubted

LONGEST = 255  # bytes of a password
Changed = Callable[[], None]
Problems = dict[str, str]
GREYED = dict.fromkeys((None, "edit", "help", "focus", "error", "warning", "title"), "off")


def is_choice(kind: Any) -> bool:
    """Say whether *kind* is one of a few words."""
    return isinstance(kind, type) and issubclass(kind, Enum)


class EditorRow(urwid.WidgetWrap):
    """Base of the rows for one setting: takes keys while its field applies, and is greyed out while it does not.

    *lines* are its editors; a note below them, under the text, has the error or the help.  A text that is still being
    typed has no error yet: errors are shown when the row loses the focus, and only as long as they last.
    """

    def __init__(self, field: Field, draft: Draft, lines: Sequence[urwid.Widget], label_width: int) -> None:
        self.field, self.draft, self.setting = field, draft, draft.config.setting(field.path)
        self.touched, self.typing = False, False
        self.doubt = ""  # what is probably wrong, but may be intended
        self.outside = ""  # the note that it was changed outside this program
        self.note = urwid.Text("")
        self.said = False  # whether the note is an error
        self.full = urwid.Pile([*lines, urwid.Padding(self.note, left=label_width + 2)], focus_item=0)
        self.grey = urwid.WidgetDisable(urwid.AttrMap(self.full, GREYED))
        super().__init__(self.full)

    @property
    def paths(self) -> tuple[str, ...]:
        """The settings that this row edits."""
        return (self.field.path,)

    @property
    def applies(self) -> bool:
        """Whether the row takes keys now."""
        return self.draft.config.has_effect(self.field.path)

    @property
    def place(self) -> urwid.Widget:
        """The widget that gets the focus."""
        return self

    def settle(self) -> None:
        """Grey out the row while it does not apply."""
        self._w = self.full if self.applies else self.grey

    def type(self) -> None:
        """Record that a text was changed."""
        self.touched = True
        self.typing = not self.said

    def say(self, wrong: str, otherwise: tuple[str, str]) -> None:
        """Show the error *wrong* below the editors, or else *otherwise*."""
        self.said = bool(wrong)
        otherwise = ("warning", self.outside) if self.outside else otherwise
        self.note.set_text(("error", f"! {wrong}") if wrong else otherwise)


class FieldRow(EditorRow):
    """A label and an editor for anything but a password."""

    def __init__(self, field: Field, draft: Draft, changed: Changed, label_width: int) -> None:
        self.changed = changed
        self.unset = urwid.Text("", wrap="clip")
        self.entry: Entry | None = None
        self.typed: str | None = None
        self.used = True
        super().__init__(field, draft, [self._line(field, draft, label_width)], label_width)

    def _line(self, field: Field, draft: Draft, label_width: int) -> urwid.Widget:
        setting, value = draft.config.setting(field.path), draft.config.get(field.path)
        if setting.type is bool:
            return Check(_(setting.label), value, lambda state: self._put(show(state)))
        label = urwid.Text(_(setting.label), wrap="clip")
        if is_choice(setting.type):
            options = list(setting.type)
            words = [show(option) for option in options]
            choices = Choices(words, options.index(value), lambda index: self._put(words[index]))
            return urwid.Columns([(label_width, label), choices], focus_column=1)
        self.entry = entry = Entry(show(value), longest=longest(setting.type))
        urwid.connect_signal(entry, "postchange", lambda _entry, _old: self._type())
        cells: list[Any] = [(label_width, label)]
        if field.unset(draft.resolved, draft.facts):
            return urwid.Columns([*cells, (13, Marked(entry)), self.unset], dividechars=0, focus_column=1)
        return urwid.Columns([*cells, Marked(entry)], focus_column=1)

    def _put(self, text: str) -> None:
        self.touched = True
        self.draft.put(self.field.path, text)
        self.changed()

    def _type(self) -> None:
        self.type()
        self._put_typed()
        self.changed()

    def _put_typed(self) -> None:
        if not self.entry:
            return
        self.typed = self.entry.edit_text.strip()
        if self.entry.too_long:
            self.draft.refuse(self.field.path, self.entry.too_long)
        else:
            self.draft.put(self.field.path, self.typed)

    def kept(self) -> tuple[str, ...]:
        """A text that is not a valid value yet, to be restored when the page is opened again."""
        wrong = self.entry and self.field.path in self.draft.errors
        return (self.entry.edit_text,) if self.entry and wrong else ()

    def restore(self, texts: tuple[str, ...]) -> None:
        """Put a kept text back into the editor."""
        if self.entry and texts:
            self.entry.fill(texts[0])
            self.typing = False

    def settle(self) -> None:
        """Grey out the row while it does not apply.  Errors in its text count only while it does."""
        super().settle()
        if not self.applies:
            self.draft.errors.pop(self.field.path, None)
        elif not self.used and self.typed is not None:
            self._put_typed()
        self.used = self.applies

    def refresh(self, problems: Problems, asked: bool) -> None:
        """Show errors once the row was changed and left, or the page was *asked* to go on."""
        visible = self.applies and (asked or self.touched) and not self.typing
        help_text = _(self.field.help or self.setting.help) if self.applies else _("not used now")
        doubt = self.doubt and self.applies and not self.typing
        self.say(
            problems.get(self.field.path, "") if visible else "",
            ("warning", doubted(self.doubt)) if doubt else ("help", help_text),
        )
        text = self.field.unset(self.draft.resolved, self.draft.facts)
        empty = self.draft.config.get(self.field.path) is None
        self.unset.set_text(("help", f"  {text}" if empty and text else ""))

    def commit(self) -> bool:
        """Hand over what was held back; nothing here is."""
        return True


class PasswordRow(EditorRow):
    """A password typed twice.  Only its hash gets into the draft, when the admin goes on to the next page."""

    def __init__(self, field: Field, draft: Draft, system: System, changed: Changed, label_width: int) -> None:
        self.system, self.changed = system, changed
        self.first, self.second = (Entry(mask="*", longest=LONGEST) for _time in range(2))
        self.failed, label = "", _(draft.config.setting(field.path).label)
        lines = [
            urwid.Columns([(label_width, urwid.Text(title, wrap="clip")), Marked(entry)], focus_column=1)
            for title, entry in ((label, self.first), (_("The same again"), self.second))
        ]
        super().__init__(field, draft, lines, label_width)
        for entry in (self.first, self.second):
            urwid.connect_signal(entry, "postchange", self._typed)

    def keypress(self, size: tuple[int, ...], key: str) -> str | None:
        pile = self.full
        if key in ("tab", "enter") and pile.focus_position == 0:
            pile.focus_position = 1
            return None
        if key == "shift tab" and pile.focus_position == 1:
            pile.focus_position = 0
            return None
        return super().keypress(size, key)

    @property
    def at_first(self) -> bool:
        """Whether the first of the two fields has the focus."""
        return bool(self.full.focus_position == 0)

    def _typed(self, _entry: Entry, _old: str) -> None:
        self.failed = ""
        self.type()
        self.changed()

    def kept(self) -> tuple[str, ...]:
        """The typed texts, to be restored when the page is opened again."""
        texts = (self.first.edit_text, self.second.edit_text)
        return texts if any(texts) else ()

    def restore(self, texts: tuple[str, ...]) -> None:
        """Put kept texts back into the two fields."""
        for entry, text in zip((self.first, self.second), texts, strict=False):
            entry.fill(text)
        self.typing = False

    @property
    def pending(self) -> bool:
        """Whether a password was typed that applies and is not in the draft yet."""
        return self.applies and bool(self.first.edit_text or self.second.edit_text)

    def error(self) -> str:
        """What is wrong with the two texts; empty when nothing is."""
        first, second = self.first.edit_text, self.second.edit_text
        if len(first.encode()) > LONGEST:
            return _("longer than {most} bytes, which not every way to log in takes").format(most=LONGEST)
        if first and not second:
            return _("type the same password again")
        return _("the two passwords differ") if first != second else self.unfit(first)

    def unfit(self, password: str) -> str:
        """Why *password*, or else the one set before, is too weak while anybody on the network can try it."""
        path = self.field.path
        if not (path == "users.admin_password" and self.draft.config[Users].ssh_password_login):
            return ""
        hashed = self.draft.weak.get(path, "") if self.draft.config.get(path) else ""
        weak = self.system.weakness(password) if password else hashed
        return _("too weak while SSH lets people in with it: {reason}").format(reason=weak) if weak else ""

    def refresh(self, problems: Problems, asked: bool) -> None:
        """Show the error, or else how weak the password is."""
        visible = self.applies and (asked or self.touched) and not self.typing
        wrong = self.failed or (self.error() if visible else "")
        missing = problems.get(self.field.path, "") if asked and self.applies and not self.pending else ""
        self.say(wrong or missing, self.otherwise())

    def otherwise(self) -> tuple[str, str]:
        """What is said below the fields while nothing is wrong, with its style."""
        first = self.first.edit_text
        if not self.applies:
            return "help", _("not used now")
        if first:
            weak = self.system.weakness(first)
            return ("warning", _("weak: {reason}").format(reason=weak)) if weak else ("good", _("not weak"))
        if self.draft.config.get(self.field.path):
            kept = _("A password is set; leave this empty to keep it.")
            return ("warning", doubted(self.doubt)) if self.doubt else ("help", kept)
        return "help", _(self.setting.help)

    def commit(self) -> bool:
        """Put the hash of the typed password into the draft and clear the fields; False when it is not accepted."""
        if self.error():
            return False
        if self.pending:
            try:
                self.put(self.first.edit_text)
            except StepFailed as failure:
                self.failed = str(failure)
                return False
            for entry in (self.first, self.second):
                entry.set_edit_text("")
            self.touched = True
        return True

    def put(self, password: str) -> None:
        """Put the hash of *password* into the draft; StepFailed when there is none."""
        crypted = self.system.crypted(password)
        boot = self.system.boot_hash(password) if self.field.boot else None
        self.draft.put(self.field.path, crypted.reveal())
        self.draft.weak[self.field.path] = self.system.weakness(password)
        if boot:
            self.draft.put(self.field.boot, boot.reveal())


class ChoiceRows:
    """A table, details of the line under its cursor, and the error of the choice."""

    def __init__(self, choice: Choice, draft: Draft, changed: Changed) -> None:
        self.choice, self.draft, self.changed = choice, draft, changed
        self.touched, self.asked, self.doubt, self.outside = False, False, "", ""
        self.details = dotted()
        self.note = urwid.Text("")
        self._names: tuple[object, frozenset[str]] = (self, frozenset())  # no value cached yet
        self.items = choice.items(draft.facts)
        self.table = Table(
            choice.columns,
            self.items,
            many=choice.many,
            empty=choice.empty,
            chosen=self.names,
            choose=self.choose,
            moved=self.moved,
        )
        self._say(())
        self.moved()

    @property
    def paths(self) -> tuple[str, ...]:
        """The settings that this row edits."""
        return (self.choice.path,)

    @property
    def place(self) -> urwid.Widget:
        """The widget that gets the focus."""
        return self.table

    applies = True

    def settle(self) -> None:
        """A choice always applies."""

    def names(self) -> frozenset[str]:
        """The names in the present value of the setting."""
        value = self.draft.config.get(self.choice.path)
        if self._names[0] is not value:
            names = value if isinstance(value, tuple) else (value or "",)
            self._names = (value, frozenset(map(str, names)))
        return self._names[1]

    def choose(self, item: Item) -> None:
        """Choose *item*; with many, toggle it."""
        self.touched = True
        if self.choice.many:
            kept = [name for name in self.chosen_in_order() if name not in item.names]
            if len(kept) == len(self.names()):
                kept.append(item.name)
            self.draft.put(self.choice.path, ",".join(kept))
        else:
            self.draft.put(self.choice.path, item.name)
        self.changed()

    def chosen_in_order(self) -> tuple[str, ...]:
        """The chosen names in the order of the setting."""
        return tuple(map(str, self.draft.config.get(self.choice.path) or ()))

    def moved(self) -> None:
        """Show details of the line under the cursor."""
        if self.choice.details:
            item = self.table.item
            self._say(self.choice.details(self.draft.facts, item.name) if item else ())

    def _say(self, lines: tuple[str, ...]) -> None:
        """Write *lines* below the table, always padded to the same number, so that nothing below them moves."""
        room = self.choice.lines
        shown = [f" {line}" for line in lines[:room]]
        self.details.set_text("\n".join(shown + [""] * (room - len(shown))))

    def refresh(self, problems: Problems, asked: bool) -> None:
        """Show the error of the choice, or else its note or help."""
        self.table._invalidate()
        problem = problems.get(self.choice.path) if asked or self.touched else None
        otherwise = ("help", _(self.draft.config.setting(self.choice.path).help))
        otherwise = ("warning", self.outside) if self.outside else otherwise
        self.note.set_text(("error", f"! {problem}") if problem else otherwise)

    def commit(self) -> bool:
        """Hand over what was held back; nothing here is."""
        return True


class ShownRow(urwid.Text):
    """Lines derived from settings and facts."""

    def __init__(self, shown: Shown, draft: Draft) -> None:
        self.shown, self.draft = shown, draft
        super().__init__("")
        self.follow()

    def follow(self) -> None:
        """Show the present text."""
        self.set_text("\n".join(self.shown.text(self.draft.resolved, self.draft.facts)))


def try_row(row: Try, label_width: int) -> urwid.Widget:
    """A line to type in whose text is discarded."""
    label = urwid.Text(_(row.label), wrap="clip")
    return urwid.Pile(
        [
            urwid.Columns([(label_width, label), Marked(Entry())], focus_column=1),
            urwid.Padding(urwid.Text(("help", _(row.help))), left=label_width + 2),
        ],
        focus_item=0,
    )
