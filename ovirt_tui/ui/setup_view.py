"""The view of the setup program: a menu at the left, and the chosen page beside it."""

from __future__ import annotations

from collections.abc import Callable

import urwid

from ovirt_tui.i18n import N_, _
from ovirt_tui.ui.form import Form
from ovirt_tui.ui.menu import Menu
from ovirt_tui.ui.theme import Theme
from ovirt_tui.ui.window import View

MENU_WIDTH = 20


class SetupView(View):
    """The menu and the page beside it; *hotkeys* are the functions of its keys."""

    escape = N_("Log off")

    def __init__(self, menu: Menu, form: Form, theme: Theme, hotkeys: dict[str, Callable[[], None]]) -> None:
        self.form, self.hotkeys = form, hotkeys
        self.help = form.page.help
        self.columns = urwid.Columns([(MENU_WIDTH, menu), (1, urwid.SolidFill(theme.glyphs.side)), form], dividechars=1)
        self.columns.focus_position = 0
        super().__init__(self.columns)

    @property
    def hints(self) -> str:  # type: ignore[override]
        """The keys of the page, and what the space bar does at the focus."""
        several = _("Tab Next") if self.form.stops() else ""
        space = self.form.space() if self.columns.focus_position == 2 else ""
        saves = _("F10 Save") if self.form.page.paths() else ""
        return "  ".join(filter(None, (several, space, saves, _("F5 Rescan"))))

    def keypress(self, size: tuple[int, int], key: str) -> str | None:
        in_menu = self.columns.focus_position == 0
        if in_menu and key in ("page up", "page down"):
            self.form.scroll((self.columns.column_widths(size)[-1], size[1]), key)
            return None
        if key == "tab" and in_menu:
            self.enter(first=True)
            return None
        if key == "shift tab" and in_menu:
            self.enter(first=False)
            return None
        if key in ("tab", "shift tab") and self.at_edge(key == "tab"):
            self.columns.focus_position = 0
            self.form.leave()
            return None
        left = super().keypress(size, key)
        if left == "tab" and in_menu:
            self.enter(first=True)
        elif self.columns.focus_position == 0:
            self.form.leave()
        return left

    def at_edge(self, last: bool) -> bool:
        """Whether the focus is on the last (or the first) stop of the page."""
        stops = self.form.stops()
        return not stops or (not self.form.inner(last) and self.form.here() == stops[-1 if last else 0])

    def enter(self, first: bool) -> None:
        """Give the focus to the page, when there is something to focus."""
        stops = self.form.stops()
        if stops:
            self.columns.focus_position = 2
            self.form.go(stops[0 if first else -1])

    def hotkey(self, key: str) -> bool:
        if key in self.hotkeys:
            self.hotkeys[key]()
        return key in self.hotkeys

    def to_page(self) -> None:
        """Give the focus to the page."""
        self.columns.focus_position = 2
