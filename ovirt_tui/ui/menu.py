"""The list of pages at the left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import urwid

from ovirt_tui.ui.widgets import at_cursor


class Menu(urwid.Widget):
    """Titles of pages; moving the cursor calls *open* for another page, which may refuse for now."""

    _sizing = frozenset(["box"])
    _selectable = True

    def __init__(self, titles: Sequence[str], open: Callable[[int], None]) -> None:
        self.titles, self.open = tuple(titles), open
        self.here = 0

    def go(self, index: int) -> None:
        """Mark the page at *index*."""
        self.here = index
        self._invalidate()

    def render(self, size: tuple[int, int], focus: bool = False) -> urwid.Canvas:
        width, height = size
        top = max(0, self.here - height + 1)
        lines = []
        for index in range(top, top + height):
            title = self.titles[index] if index < len(self.titles) else ""
            here = index == self.here and bool(title)
            mark = (">" if focus else "*") if here else " "
            attribute = ("focus" if focus else "title") if here else None
            lines.append(
                (urwid.Text((attribute, f"{mark} {title}".ljust(width)), wrap="clip").render((width,)), None, False)
            )
        canvas = urwid.CanvasCombine(lines)
        return at_cursor(canvas, *self.get_cursor_coords(size)) if focus else canvas

    def get_cursor_coords(self, size: tuple[int, int]) -> tuple[int, int]:
        """On the title of the page that is shown."""
        return 0, min(self.here, size[1] - 1)

    def keypress(self, size: tuple[int, int], key: str) -> str | None:
        step = {"up": -1, "down": 1}.get(key, 0)
        if step:
            if 0 <= self.here + step < len(self.titles):
                self.open(self.here + step)
            return None
        return "tab" if key in ("enter", "right", " ") else key
