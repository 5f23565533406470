"""The keyboard layout of the console."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.config import Keyboard, NodeConfig
from ovirt_tui.facts import Facts
from ovirt_tui.i18n import N_
from ovirt_tui.pages import Choice, Item, Page, Try
from ovirt_tui.parameter import Outcome, Parameter, Put, Said, Word, value
from ovirt_tui.values import Keymap


def layouts(facts: Facts) -> tuple[Item, ...]:
    titles = {each.keymap: each.title for each in facts.keymap_titles}
    return tuple(Item(name, (name, titles.get(name, "")), (name,)) for name in facts.keymaps)


WRONG = N_("not the name of a keyboard layout")
FORM = N_("a layout such as us or de-latin1")
LAYOUT = Word(
    name="keyboard",
    subject="console",
    grammar=value(Keymap, WRONG),
    form=FORM,
    help=N_("Keyboard layout of the console."),
    example="de",
    fills=("keyboard.layout",),
)
KEYMAP = Word(
    name="vconsole.keymap",
    also=("rd.vconsole.keymap",),
    subject="console",
    grammar=value(Keymap, WRONG),
    form=FORM,
    help=N_("Keyboard layout as systemd and dracut spell it. keyboard= wins."),
    example="de",
    fills=("keyboard.layout",),
)


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    yield Put("keyboard.layout", said.get(LAYOUT.name) or said[KEYMAP.name])


def write(config: NodeConfig, facts: Facts) -> Iterator[tuple[str, str]]:
    if config[Keyboard] != Keyboard():
        yield LAYOUT.name, config[Keyboard].layout


PARAMETERS = (Parameter(words=(LAYOUT, KEYMAP), read=read, write=write),)
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
