"""GRUB's environment block of an installed node: which slot starts, and which one is tried before that.

All that matters lies in its first 512 bytes, so that one write of one sector changes it, from GRUB and from the node
alike: a power cut leaves the old state or the new one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bootmenu.entries import SLOTS

SIZE = 1024
"""Bytes of the file; GRUB never makes it larger or smaller."""

SECTOR = 512
TRIES = 2
"""How often GRUB starts a new image that has not proven itself.  One boot may end by a power cut."""

_HEAD = b"# GRUB Environment Block\n"
_TALLY = re.compile("x{0,9}")


class Choice(NamedTuple):
    """What GRUB starts: *slot*, unless there are *tries* left for the slot *next*, of which each start takes one.

    *next* without tries is a slot that nothing starts by itself: its image failed, or is not whole.
    """

    slot: str
    next: str = ""
    tries: int = 0


def other(slot: str) -> str:
    """The slot beside *slot*."""
    return next(name for name in SLOTS if name != slot)


def block(choice: Choice) -> bytes:
    """The file for *choice*; ValueError where it names no slot, or cannot be counted."""
    for slot in filter(None, choice):
        if isinstance(slot, str) and slot not in SLOTS:
            raise ValueError(f"{slot!r} is not a slot; the slots are {', '.join(SLOTS)}")
    if not _TALLY.fullmatch("x" * choice.tries) or not choice.slot:
        raise ValueError(f"{choice} is nothing that GRUB could start")
    text = f"slot={choice.slot}\nnext={choice.next}\ntries={'x' * choice.tries}\n"
    return (_HEAD + text.encode("ascii")).ljust(SIZE, b"#")


def read(content: bytes) -> Choice:
    """What a file says; ValueError where that is nothing GRUB would follow.

    A node of the version before has no *next* and no *tries*.  What is said otherwise is GRUB's own business.
    """
    if not content.startswith(_HEAD):
        raise ValueError("it is no environment block of GRUB")
    lines = content[len(_HEAD) :].decode("ascii", errors="replace").splitlines()
    said = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    slot, trial, tally = (said.get(name, "") for name in ("slot", "next", "tries"))
    if slot not in SLOTS or trial not in ("", *SLOTS) or not _TALLY.fullmatch(tally):
        raise ValueError(f"slot={slot} next={trial} tries={tally} names no slot to start")
    return Choice(slot, trial, len(tally))
