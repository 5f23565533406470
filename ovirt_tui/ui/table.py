"""A table that draws only its visible lines, filtered by what is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import urwid

from ovirt_tui.i18n import _
from ovirt_tui.pages import Item
from ovirt_tui.ui.paste import Pasted
from ovirt_tui.ui.widgets import at_cursor

MOVES = {"up": -1, "down": 1}
MARK_COLUMN = 3  # column of the mark of a line
KEPT = 128  # drawn lines that are cached: an arrow key changes two of them
LONGEST = 40  # letters of a filter


def drawn(text: str, width: int, attribute: str | None) -> urwid.Canvas:
    """Draw one line; the focused line is highlighted to its end."""
    canvas = urwid.Text((attribute, text), wrap="clip").render((width,))
    if attribute != "focus":
        return canvas
    filled = urwid.CompositeCanvas(canvas)
    filled.fill_attr_apply({None: attribute})
    return filled


def shortened(text: str, columns: int) -> str:
    """*text* in *columns* columns, shortened in the middle, since long names differ at their ends."""
    if len(text) <= columns:
        return text
    end = columns // 2
    return f"{text[: columns - end - 2]}..{text[-end:]}"


def cut(text: str, columns: int) -> str:
    """*text* in *columns* columns; dots at the end show that it was cut."""
    return text if len(text) <= columns else f"{text[: max(0, columns - 2)]}.."


class Table(urwid.Widget):
    """Lines to choose from: one, or with *many* several.

    *chosen* says which names are chosen, *choose* is called with the item under the cursor when Enter or the
    space bar is pressed, *moved* when the cursor has moved.  For a single choice, Enter is passed on to the form.
    """

    _sizing = frozenset(["box"])
    _selectable = True

    def __init__(
        self,
        columns: Sequence[tuple[str, int]],
        items: Sequence[Item],
        *,
        many: bool = False,
        empty: str = "",
        chosen: Callable[[], frozenset[str]],
        choose: Callable[[Item], None],
        moved: Callable[[], None],
    ) -> None:
        self.columns, self.items, self.many, self.empty = tuple(columns), tuple(items), many, empty
        self.chosen, self.choose, self.moved = chosen, choose, moved
        self.filter, self.shown = "", tuple(range(len(self.items)))
        self.cursor, self.top, self.height = 0, 0, 1
        self._drawn = lru_cache(KEPT)(drawn)
        marked = chosen()
        for index, item in enumerate(self.items):
            if self.is_chosen(item, marked):
                self.cursor = index
                break
        self.home, self.missed = self.cursor, False  # the item last moved to on purpose; no match

    def is_chosen(self, item: Item, marked: frozenset[str]) -> bool:
        """Say whether one of the names of *item* is chosen."""
        return not marked.isdisjoint(item.names)

    def resume(self, before: Table) -> None:
        """Put the cursor on the line that has it in *before*, if there still is one, below the same filter."""
        wanted = before.item or (before.items[before.home] if before.items else None)
        same = [index for index, item in enumerate(self.items) if wanted and item.name == wanted.name]
        self.home = same[0] if same else self.home
        self._filter(before.filter)
        self.top = before.top
        if same and self.home in self.shown:
            self._go(self.shown.index(self.home))

    @property
    def item(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.shown[self.cursor]] if self.shown else None

    def render(self, size: tuple[int, int], focus: bool = False) -> urwid.Canvas:
        width, height = size
        self._scroll(height)
        marked = self.chosen()
        lines = [self._line(("", *self._titles()), width, "title")]
        for place in range(self.top, self.top + self.height):
            if place < len(self.shown):
                item = self.items[self.shown[place]]
                lines.append(self._item(item, width, focus and place == self.cursor, marked))
            else:
                lines.append(self._drawn(self._nothing() if place == 0 else "", width, "warning"))
        lines.append(self._drawn(self._count(marked, width), width, "help"))
        canvas = urwid.CanvasCombine([(line, None, False) for line in lines[:height]])
        return at_cursor(canvas, *self.get_cursor_coords(size)) if focus else canvas

    def _scroll(self, height: int) -> None:
        """Scroll so that the line under the cursor is visible in *height* rows."""
        self.height = max(1, height - 2)
        self.top = min(max(self.top, self.cursor - self.height + 1), self.cursor)

    def get_cursor_coords(self, size: tuple[int, int]) -> tuple[int, int]:
        """On the mark of the line under the cursor; below the table when the filter matches none.

        Also called before the table is drawn, and must return the position that it will have then.
        """
        self._scroll(size[1])
        line = 1 + self.cursor - self.top if self.shown else size[1] - 1
        return MARK_COLUMN, min(max(line, 0), size[1] - 1)

    def _titles(self) -> tuple[str, ...]:
        return tuple(_(title) for title, _width in self.columns)

    def _item(self, item: Item, width: int, here: bool, marked: frozenset[str]) -> urwid.Canvas:
        left, right = ("[", "]") if self.many else ("(", ")")
        mark = ("X" if self.many else "*") if self.is_chosen(item, marked) else " "
        box = "   " if item.reason else f"{left}{mark}{right}"
        attribute = "focus" if here else "off" if item.reason else None
        return self._line((f"{'>' if here else ' '}{box}", *item.cells), width, attribute)

    def _line(self, cells: Sequence[str], width: int, attribute: str | None) -> urwid.Canvas:
        text = f" {cells[0]:<5}"
        for cell, (_title, columns) in zip(cells[1:], self.columns, strict=False):
            text += f"{shortened(cell, columns - 1):<{columns}}" if columns else cut(cell, width - len(text))
        return self._drawn(text, width, attribute)

    def _nothing(self) -> str:
        """The text shown where there are no lines."""
        if self.shown:
            return ""
        return _(" No line has these letters.") if self.items else _(self.empty)

    def _count(self, marked: frozenset[str], width: int) -> str:
        where = _("{here} of {count}").format(here=self.cursor + 1 if self.shown else 0, count=len(self.shown))
        if self.many:
            where += _(", {count} chosen").format(count=sum(self.is_chosen(item, marked) for item in self.items))
        if self.filter:
            text = f" {where}   " + _("with '{filter}' in it (Ctrl-U: show all)")
            return text.format(filter=shortened(self.filter, width - len(text.format(filter=""))))
        return f" {where}" + (_("   type to filter") if len(self.items) > self.height else "")

    def keypress(self, size: tuple[int, int], key: str) -> str | None:
        page = {"page up": -self.height, "page down": self.height, "home": -len(self.shown), "end": len(self.shown)}
        if key in MOVES or key in page:
            return self._move(key, MOVES.get(key) or page[key])
        if key in ("enter", " ") and (self.item or self.filter):
            if self.item and not self.item.reason:
                self.home = self.shown[self.cursor]
                self.choose(self.item)
                self._invalidate()
                return key if key == "enter" and not self.many else None
            return None
        if key == "backspace" and self.filter:
            self._filter(self.filter[:-1])
        elif key == "ctrl u":
            self._filter("")
        elif isinstance(key, Pasted) or (len(key) == 1 and key.isprintable() and key != " "):
            self._filter((self.filter + key)[:LONGEST])
        else:
            return key
        return None

    def _move(self, key: str, by: int) -> str | None:
        to = min(max(self.cursor + by, 0), len(self.shown) - 1)
        if to == self.cursor or not self.shown:
            return key if key in MOVES else None
        self.home = self.shown[to]
        self._go(to)
        return None

    def _go(self, to: int) -> None:
        self.cursor = to
        self._invalidate()
        self.moved()

    def _filter(self, text: str) -> None:
        """Show the lines with *text* in them; the cursor stays on its line if that is one of them.

        After a filter that matched no line, an empty one moves the cursor back to where it was.
        """
        was = self.shown[self.cursor] if self.shown and (text or not self.missed) else self.home
        self.filter, wanted = text, text.casefold()
        self.shown = tuple(
            index for index, item in enumerate(self.items) if any(wanted in cell.casefold() for cell in item.cells)
        )
        self.missed = bool(text) and (self.missed or not self.shown)
        self.top = 0
        self._go(self.shown.index(was) if was in self.shown else 0)
