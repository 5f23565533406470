"""The keyboard layout of the console."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, Strange, content, observed, statements
from ovirt_tui.features.parameter import Word, plain, value
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved, Section, setting
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.values import Keymap
from ovirt_tui.pages import Choice, Item, Page, Try
from ovirt_tui.system import Reader, Step


@dataclass(frozen=True, kw_only=True)
class Keyboard(Section, prefix="keyboard"):
    layout: Keymap = setting(Keymap("us"), N_("Keyboard layout"), N_("Used on the console of this machine."))


ASSIGNED = "KEYMAP="
NO_KEYMAP = Kind("no-such-keymap", N_("there is no keyboard layout {name}; there is, for example, {near}"))


def keymap_exists(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if facts.keymaps and config[Keyboard].layout not in facts.keymaps:
        from difflib import get_close_matches  # only here: few names are wrong

        near = get_close_matches(config[Keyboard].layout, facts.keymaps) or ["us"]
        yield Problem("keyboard.layout", NO_KEYMAP(name=config[Keyboard].layout, near=", ".join(near)))


def observe(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    """The last assignment counts, as in a shell."""
    import shlex  # only here: a line is no shell's

    lines = statements(content(reader, distro.keymap_file) or "")
    said = [line.removeprefix(ASSIGNED) for line in lines if line.startswith(ASSIGNED)]
    try:
        words = shlex.split(said[-1], comments=True) if said else []
    except ValueError:  # a quote that does not end
        words = []
    if len(words) == 1:
        yield observed(Keyboard, "layout", words[0], distro.keymap_file)
    else:
        yield Strange("keyboard.layout", distro.keymap_file)


@action(N_("Setting the keyboard layout"), observe=observe)
def apply(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import Restart, keys

    yield keys(distro.keymap_file, "Shellvars", KEYMAP=config[Keyboard].layout)
    yield Restart(distro.keymap_service)


def layouts(facts: Facts) -> tuple[Item, ...]:
    titles = {each.keymap: each.title for each in facts.keymap_titles}
    return tuple(Item(name, (name, titles.get(name, "")), (name,)) for name in facts.keymaps)


NO_NAME = Kind("no-name-of-a-keymap", N_("not the name of a keyboard layout"))
FORM = N_("a layout such as us or de-latin1")
LAYOUT = Word(
    name="keyboard",
    subject="console",
    grammar=value(Keymap, NO_NAME),
    form=FORM,
    help=N_("Keyboard layout of the console."),
    example="de",
    fills=("keyboard.layout",),
)
KEYMAP = Word(
    name="vconsole.keymap",
    also=("rd.vconsole.keymap",),
    subject="console",
    grammar=value(Keymap, NO_NAME),
    form=FORM,
    help=N_("Keyboard layout as systemd and dracut spell it. keyboard= wins."),
    example="de",
    fills=("keyboard.layout",),
)
PARAMETERS = (plain("keyboard.layout", LAYOUT, KEYMAP),)
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
FEATURE = Feature(section=Keyboard, parameters=PARAMETERS, pages=(PAGE,), rules=(keymap_exists,), actions=(apply,))
