"""Words that are not parameters of the node: which are kept for the installed system, which are mistakes."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ovirt_tui.autoinstall.params import PARAMS
from ovirt_tui.values import Crypted

ONE_BOOT = re.compile(
    r"BOOT_IMAGE|initrd|check|linux|liveimg|root|rootfstype|rootflags|ro|rw|single|emergency|s|S|[1-5]"
    r"|CPU|(SYS|MB|BIOS)[A-Z]+|rd\.live\..*|rd\.overlay.*|rd\.(neednet|bootif|peerdns|route|break|shell|emergency|debug)"
    r"|rd\.net\..*|rd\.iscsi\..*|netroot|bootdev|bridge|team|ks|ksdevice|inst\..*|node\.slot"
    r"|systemd\.(unit|wants|debug_shell|run.*)"
)
"""Words that describe or steer one boot, or the medium itself: dropped."""

OLD_DRACUT = {"rd_NO_LUKS": "rd.luks=0", "rd_NO_MD": "rd.md=0", "rd_NO_LVM": "", "rd_NO_DM": "", "rd_NO_MULTIPATH": ""}
"""Switches of old dracut with their names of today.  Those the installed node's own volumes need are dropped."""

OWN = ("ovirt_", "storage_", "iscsi_", "kdump_", "management_", "logrotate_", "node.")
HASH = re.compile(r"\$(1|5|6|7|y|gy|2[abxy])\$")
KERNEL = ("console", "crashkernel")
"""Parameters that the kernel shares; it has longer ones that begin like them."""

FAR = 99


def is_of_one_boot(name: str) -> bool:
    """Say whether a word of this name is about this boot only."""
    return ONE_BOOT.fullmatch(name) is not None


def holds_hash(value: str | None) -> bool:
    """Say whether a value looks like a password hash, which must not get into a boot menu."""
    return bool(value and HASH.match(value) and re.fullmatch(Crypted.pattern, value))


def installed(carried: list[str]) -> tuple[str, ...]:
    """Return the carried words as today's kernel and dracut spell them."""
    return tuple(word for old in carried if (word := OLD_DRACUT.get(old, old)))


@cache
def known() -> tuple[str, ...]:
    """Every spelling of every parameter."""
    return tuple(name for param in PARAMS for name in param.names)


@lru_cache(maxsize=4096)
def mistake(name: str) -> tuple[bool, str]:
    """Say whether *name* can only be a mistake, and which parameter was probably meant, if any.

    It is one when it begins like the node's own words, or is a slip of the hand away from one of them.
    """
    own = name.startswith(OWN)
    if "." in name and not own:
        return False, ""
    distance, nearest = min(((_distance(name.lower(), other.lower()), other) for other in known()), default=(FAR, ""))
    if distance > _slips(nearest):
        nearest = next((other for other in known() if _lengthened(name, other)), "")
    return own or bool(nearest), nearest


def _lengthened(name: str, other: str) -> bool:
    """Say whether *name* is the parameter *other* with something added, as 'keyboard_layout' or 'installed'."""
    return other not in KERNEL and name.startswith(other if len(other) > 6 else f"{other}_" if len(other) > 3 else " ")


def _slips(name: str) -> int:
    """How many letters may be wrong in a name of this length."""
    return 0 if len(name) < 5 else 1 if len(name) < 8 else 2


def _distance(one: str, two: str) -> int:
    """Count the letters to add, drop or change, as far as that is few enough to matter."""
    most = _slips(two)
    if abs(len(one) - len(two)) > most:
        return FAR
    row = list(range(len(two) + 1))
    for number, letter in enumerate(one, 1):
        above, row = row, [number]
        for column, other in enumerate(two, 1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != other)))
        if min(row) > most:
            return FAR
    return row[-1]
