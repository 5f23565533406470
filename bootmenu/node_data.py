"""What GRUB reads about one node on its boot partition: data, in environment blocks, and never a script.

Menus of images before these source the same files: an assignment means the same to a script, and the first line is a
comment there.
"""

from __future__ import annotations

import re

GROUP_FILE = "grub/group.cfg"
"""Which volume group is the node's, and whether it has a second one."""

CRASH_FILE = "grub/crash.cfg"
"""How much memory the kernel sets aside for a dump.  Absent where it is none."""

OWN_WORDS_FILE = "grub/words.cfg"
"""The words of the installation, where the boot menu is signed and so cannot hold them (bootmenu/signed.py)."""

APP_WORD = "node.app"
"""The word with the UUID of the second volume group; read by image/dracut/90ovirt-node/places.sh."""

_HEAD = "# GRUB Environment Block\n"
_GROUP = re.compile(rf"(?:{_HEAD}|set )group=([A-Za-z0-9-]{{1,64}})\n(?:(?:set )?app=.*\n)?")
_CRASH = re.compile(rf"(?:{_HEAD}|set )crash=([A-Za-z0-9=,:.@-]+)\n")
"""Also the forms of images before these."""


def group_file(uuid: str, second: str = "") -> tuple[str, str]:
    """Name and content of GROUP_FILE; *second* is the UUID of the group AppVG, where the node has one."""
    app = f"app={APP_WORD}={second}\n" if second else ""
    return GROUP_FILE, f"{_HEAD}group={uuid}\n{app}"


def group_in(text: str) -> str:
    """The UUID of the node's volume group in a GROUP_FILE; nothing where it is not one, or not whole."""
    found = _GROUP.fullmatch(text)
    return found[1] if found else ""


def crash_file(word: str) -> tuple[str, str]:
    """Name and content of CRASH_FILE for the *word* that sets memory aside for a dump."""
    return CRASH_FILE, f"{_HEAD}crash={word}\n"


def crash_in(text: str) -> str:
    """The word in a CRASH_FILE; nothing where it is not one, or not whole."""
    found = _CRASH.fullmatch(text)
    return found[1] if found else ""


def own_words_file(words: tuple[str, ...]) -> tuple[str, str]:
    """Name and content of OWN_WORDS_FILE; the words are among those that a signed menu lets through."""
    return OWN_WORDS_FILE, f"{_HEAD}own={' '.join(words)}\n"
