"""The keyboard layout of the console."""

from __future__ import annotations

from ovirt_tui.facts import Facts
from ovirt_tui.i18n import N_
from ovirt_tui.pages import Choice, Item, Page, Try


def layouts(facts: Facts) -> tuple[Item, ...]:
    titles = {each.keymap: each.title for each in facts.keymap_titles}
    return tuple(Item(name, (name, titles.get(name, "")), (name,)) for name in facts.keymaps)


PAGE = Page(
    order=30,
    title=N_("Keyboard"),
    install=True,
    setup=True,
    live=True,
    help=N_(
        "The layout says what the keys of this machine's own keyboard give. Type letters of its code or of its name to "
        "find it, and choose it with Enter or the space bar. The installer uses it at once; the setup program does "
        "when it is saved. In the line below the list, type the special characters of your password, and "
        "see whether they come out right. Over a serial line or SSH, the layout of your own terminal counts instead."
    ),
    rows=(
        Choice(
            "keyboard.layout",
            ((N_("Layout"), 24), (N_("Name"), 0)),
            layouts,
            empty=N_("No keyboard layouts are installed."),
        ),
        Try(N_("Try the keys"), N_("Shows what they give now, and goes nowhere.")),
    ),
)
