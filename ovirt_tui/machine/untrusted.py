"""Untrusted text: labels, serial numbers, names that a DHCP server or a guest chose, output of programs.

Some characters control a terminal, others are invisible or change the order of those around them.  All of these are
shown as escapes (\\x1b, \\u202e), so that what is read is what is there and one text stays on one line.  A backslash
is not escaped: escaping is idempotent, and a text can be compared with one that was escaped before.
"""

from __future__ import annotations

import re
from unicodedata import category

from ovirt_tui.model.secrets import HIDDEN

LONGEST = 255
"""Characters shown of a text of untrusted length."""
CUT = "..."
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0"
"""Characters that are letters or symbols by their Unicode category, but blank."""
HASH = r"\$(1|5|6|7|y|gy|2[abxy])\$\S*|grub\.pbkdf2\.\S*"
"""Password hashes, in the forms of /etc/shadow and of GRUB."""
MARKS = ("Mn", "Me")
"""Unicode categories of combining marks, any number of which are drawn over one character."""


def escaped(text: str) -> str:
    """Return *text* with control and invisible characters escaped."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _plain(char) else _escape(char) for char in text)


def lines(text: str) -> str:
    r"""Return *text* escaped, line by line: only \n ends a line, and tabs stay."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "\n".join("\t".join(map(escaped, line.split("\t"))) for line in text.split("\n"))


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return *text* cut to *longest* characters, with dots where it was cut."""
    return text if len(text) <= longest else text[: longest - len(CUT)] + CUT


def masked(text: str) -> str:
    """Return *text* escaped, without the password hashes in it."""
    return escaped(re.sub(HASH, HIDDEN, text) if _may_hold_hash(text) else text)


def holds_hash(text: str) -> bool:
    """Say whether a password hash is in *text*."""
    return _may_hold_hash(text) and re.search(HASH, text) is not None


def _may_hold_hash(text: str) -> bool:
    """Most texts hold none, which is seen without a pattern."""
    return "$" in text or "grub.pbkdf2." in text


def _plain(char: str) -> bool:
    return char.isprintable() and category(char) not in MARKS and char not in FILLERS


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
