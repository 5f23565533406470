"""Text from outside: labels, serial numbers, names that a DHCP server or a guest chose, what programs print.

A terminal acts upon some characters, others cannot be seen or change the order of those around them.  All of these are
shown as escapes (\\x1b, \\u202e), so that what is read is what is there and one text stays on one line.  A backslash
stays as it is: escaping twice changes nothing, and a text can be compared with one that was escaped before.
"""

from __future__ import annotations

import re
from unicodedata import category

LONGEST = 255
"""Characters that are shown of a text whose length somebody else chose."""
CUT = "..."
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0"
"""Characters that are letters or signs by their category, and blank all the same."""
HASH = re.compile(r"\$(1|5|6|7|y|gy|2[abxy])\$\S*|grub\.pbkdf2\.\S*")
"""Password hashes, as accounts and the boot menu have them."""
MARKS = ("Mn", "Me")
"""Categories of what is drawn over the character before it, any number of times."""


def escaped(text: str) -> str:
    """Return *text* with nothing in it that a terminal acts upon, or that cannot be seen."""
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
    return escaped(HASH.sub("***", text))


def _plain(char: str) -> bool:
    return char.isprintable() and category(char) not in MARKS and char not in FILLERS


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
