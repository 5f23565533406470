"""GRUB's environment block of an installed node: which slot starts, which is tried before that, and which helps out.

All that matters lies in its first 512 bytes, so that one write of one sector changes it, from GRUB and from the node
alike: a power cut leaves the old state or the new one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bootmenu.entries import SLOTS

FILE = "grub/grubenv"
"""On the boot partition."""

SIZE = 1024
"""Bytes of the file; GRUB never makes it larger or smaller."""

SECTOR = 512
TRIES = 2
"""How often GRUB starts a new image that has not proven itself.  One boot may end by a power cut."""

STARTS = 3
"""How often in a row GRUB starts an image that has proven itself and does not come up any more."""

_HEAD = b"# GRUB Environment Block\n"
_TALLY = re.compile("x{0,9}")


class Choice(NamedTuple):
    """What GRUB starts: *slot*, unless there are *tries* left for the slot *next*, of which each start takes one.

    *next* without tries is a slot that nothing starts by itself: its image failed, or is not whole.  Where the slot
    *back* is named, the *starts* of *slot* are counted until one of them lasted.  With STARTS of them GRUB gives it
    up: *back* becomes *slot*, what was it becomes *next*, and *starts* stays for the node to see why.
    """

    slot: str
    next: str = ""
    tries: int = 0
    back: str = ""
    starts: int = 0

    @property
    def gave_way(self) -> bool:
        """Say whether GRUB gave up *next*, which had proven itself, and nobody has noticed yet."""
        return bool(self.next) and not self.tries and not self.back and self.starts >= STARTS


def starting(choice: Choice) -> str:
    """The slot that the next start of the disk is left with: not the one that GRUB is about to give up."""
    return choice.back if choice.back and choice.starts >= STARTS else choice.slot


def other(slot: str) -> str:
    """The slot beside *slot*."""
    return next(name for name in SLOTS if name != slot)


def block(choice: Choice) -> bytes:
    """The file for *choice*; ValueError where it names no slot, or cannot be counted."""
    for slot in filter(None, (choice.slot, choice.next, choice.back)):
        if slot not in SLOTS:
            raise ValueError(f"{slot!r} is not a slot; the slots are {', '.join(SLOTS)}")
    tries, starts = ("x" * number for number in (choice.tries, choice.starts))
    if not _TALLY.fullmatch(tries) or not _TALLY.fullmatch(starts) or not choice.slot:
        raise ValueError(f"{choice} is nothing that GRUB could start")
    text = f"slot={choice.slot}\nnext={choice.next}\ntries={tries}\nback={choice.back}\nstarts={starts}\n"
    return (_HEAD + text.encode("ascii")).ljust(SIZE, b"#")


def read(content: bytes) -> Choice:
    """What a file says; ValueError where that is nothing GRUB would follow.

    A node of the version before says *slot* only.  What is said otherwise is GRUB's own business.
    """
    if not content.startswith(_HEAD):
        raise ValueError("it is no environment block of GRUB")
    lines = content[len(_HEAD) :].decode("ascii", errors="replace").splitlines()
    said = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    slot, trial, tally, back, starts = (said.get(name, "") for name in Choice._fields)
    if slot not in SLOTS or not {trial, back} <= {"", *SLOTS}:
        raise ValueError(f"slot={slot} next={trial} back={back} names no slot to start")
    if not _TALLY.fullmatch(tally) or not _TALLY.fullmatch(starts):
        raise ValueError(f"tries={tally} starts={starts} counts no start of a slot")
    return Choice(slot, trial, len(tally), back, len(starts))
