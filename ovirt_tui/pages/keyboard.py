"""The keyboard layout of the console."""

from __future__ import annotations

from ovirt_tui.facts import Facts
from ovirt_tui.i18n import N_
from ovirt_tui.pages import Choice, Item, Page


def layouts(facts: Facts) -> tuple[Item, ...]:
    return tuple(Item(name, (name,), (name,)) for name in facts.keymaps)


PAGE = Page(
    order=30,
    title=N_("Keyboard"),
    install=True,
    setup=True,
    live=True,
    rows=(Choice("keyboard.layout", ((N_("Layout"), 30),), layouts, empty=N_("No keyboard layouts are installed.")),),
)
