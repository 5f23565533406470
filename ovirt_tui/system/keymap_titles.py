"""Titles of the keyboard layouts, from the distribution's own list."""

from __future__ import annotations

import re
from pathlib import Path

from ovirt_tui.machine.facts import KeymapTitle

LIST = "usr/share/console/lists/keymaps/console-data.keymaps"
"""Debian's console-data, nested Perl hashes: 'qwertz' => { 'German' => { 'Standard' => { 'x' => 'de-latin1' }}}."""
TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | default \s* => \s* '[^']*'
    | '(?P<title>[^']*)' \s* => \s* '(?P<keymap>[^']*)'
    | '(?P<family>[^']*)' \s* => (?:\s | \#[^\n]*\n)* \{
    | (?P<top>\{) \s* $
    | (?P<end>\})
    """,
    re.VERBOSE | re.MULTILINE,
)
UNSPECIFIC = ("Standard", "Unknown", "")


def keymap_titles(root: Path) -> tuple[KeymapTitle, ...]:
    """The title of each layout in the list, in its order; none where there is no such list."""
    try:
        text = (root / LIST).read_text(errors="replace")
    except OSError:
        return ()
    found: dict[str, str] = {}
    levels: list[str] = []
    for token in TOKEN.finditer(text):
        if token["keymap"]:
            found.setdefault(token["keymap"], _title([*levels, token["title"]]))
        elif token["top"]:
            levels.append("")
        elif token["family"] is not None:
            levels.append(token["family"])
        elif token["end"] and levels:
            levels.pop()
    return tuple(KeymapTitle(keymap, title) for keymap, title in found.items() if title)


def _title(names: list[str]) -> str:
    """The title made of the levels of the list; the first two are the type of machine and the order of the letters."""
    specific = [name for name in names[2:] if name not in UNSPECIFIC]
    country = [] if names[2] not in UNSPECIFIC else [names[1]]
    return ", ".join(dict.fromkeys([*country, *specific]))
