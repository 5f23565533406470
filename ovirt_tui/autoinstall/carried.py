"""Words that are not parameters of the node: which are kept for the installed system, which are mistakes."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from ovirt_tui.autoinstall.parameters import WORDS
from ovirt_tui.model.records import dataclass

OLD_DRACUT = {"rd_NO_LUKS": "rd.luks=0", "rd_NO_MD": "rd.md=0", "rd_NO_LVM": "", "rd_NO_DM": "", "rd_NO_MULTIPATH": ""}
"""Switches of old dracut with their names of today.  Those the installed node's own volumes need are dropped."""

OWN = ("ovirt_", "storage_", "iscsi_", "kdump_", "management_", "logrotate_", "node.")
KERNEL = ("console", "crashkernel")
"""Parameters that the kernel shares; it has longer ones that begin like them."""

FAR = 99


def installed(carried: list[str]) -> tuple[str, ...]:
    """Return the carried words as today's kernel and dracut spell them."""
    return tuple(word for old in carried if (word := OLD_DRACUT.get(old, old)))


@dataclass(frozen=True)
class _Known:
    """A spelling of a parameter, with what makes it quick to compare."""

    name: str
    lower: str
    letters: int  # a bit for each letter that is in it
    slips: int  # how many letters of it may be wrong
    parts: tuple[str, ...]  # one more than slips: whatever slips, one of them is as it should be


@cache
def _names() -> tuple[str, ...]:
    return tuple(name for word in WORDS for name in word.names)


@cache
def _known(name: str) -> _Known:
    lower, slips = name.lower(), _slips(name)
    return _Known(name, lower, _letters(lower), slips, _parts(lower, slips + 1))


@cache
def _of_length(length: int) -> tuple[tuple[int, int, _Known], ...]:
    """Those of which a name of this length can be a slip, each with its letters and how many of these may differ.

    A slip changes at most two letters of the set.
    """
    near = (_known(name) for name in _names() if abs(len(name) - length) <= _slips(name))
    return tuple((each.letters, 2 * each.slips, each) for each in near)


@cache
def _beginnings() -> dict[str, str]:
    """How a name begins that is a parameter with something added, as 'keyboard_layout' or 'installed'."""
    names = (name for name in _names() if name not in KERNEL and len(name) > 3)
    return {name if len(name) > 6 else f"{name}_": name for name in names}


@cache
def _any_beginning() -> tuple[str, ...]:
    return tuple(_beginnings())


def mistake(name: str) -> tuple[bool, str]:
    """Say whether *name* can only be a mistake, and which parameter was probably meant, if any.

    It is one when it begins like the node's own words, or is a slip of the hand away from one of them.
    """
    own = name.startswith(OWN)
    if "." in name and not own:
        return False, ""
    nearest = _nearest(name.lower())
    if not nearest and name.startswith(_any_beginning()):
        nearest = next(other for start, other in _beginnings().items() if name.startswith(start))
    return own or bool(nearest), nearest


def _nearest(name: str) -> str:
    letters = _letters(name)
    best, nearest = FAR, ""
    # Most names differ by more letters.
    for each in [each for those, most, each in _of_length(len(name)) if (those ^ letters).bit_count() <= most]:
        if any(part in name for part in each.parts):
            distance = _distance(name, each.lower)
            if distance <= each.slips and distance < best:
                best, nearest = distance, each.name
    return nearest


def _letters(name: str) -> int:
    found = 0
    for letter in name:
        found |= 1 << (ord(letter) & 63)
    return found


def _parts(name: str, count: int) -> tuple[str, ...]:
    edges = [len(name) * number // count for number in range(count + 1)]
    return tuple(name[start:end] for start, end in pairwise(edges))


def _slips(name: str) -> int:
    return 0 if len(name) < 5 else 1 if len(name) < 8 else 2


def _distance(one: str, two: str) -> int:
    """Count the letters to add, drop or change."""
    row = list(range(len(two) + 1))
    for number, letter in enumerate(one, 1):
        above, row = row, [number]
        for column, other in enumerate(two, 1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != other)))
    return row[-1]
