"""What words about services may say.  This version reads them, and cannot carry them out (coming.py)."""

from __future__ import annotations

import re
from itertools import pairwise

from ovirt_tui.features.parameter import Refused, counted, is_a
from ovirt_tui.i18n import N_
from ovirt_tui.model.network import NicName
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.records import dataclass
from ovirt_tui.pages.network.ip import BAD_MTU, MTUS

HOOK = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
BOND_MODES = ("balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb")
BOND_NUMBERS = tuple(str(index) for index in range(len(BOND_MODES)))
BOND_DEFAULTS = {"mode": "active-backup", "miimon": "100"}


@dataclass(frozen=True)
class Bond:
    """A bond of interfaces; *mtu* is 0 where none was said."""

    name: str
    members: tuple[str, ...]
    options: dict[str, str]
    mtu: int = 0


BOND_FIELDS = Kind("bond-of-fields", N_("more than four fields"))
BAD_BOND = Kind("bond-bad-name", N_("bad bond name {name}"))
NO_MEMBER = Kind("bond-without-member", N_("at least one member interface is required"))
BAD_MEMBER = Kind("bond-bad-member", N_("bad member interface"))
MEMBER_TWICE = Kind("bond-member-twice", N_("member listed twice"))


def bond(text: str) -> Bond:
    """NAME:MEMBER[,MEMBER]...[:OPTION=VALUE[,...][:MTU]]."""
    fields = text.split(":")
    name, members = fields[0], fields[1].split(",") if len(fields) > 1 and fields[1] else []
    if len(fields) > 4:
        raise Refused(BOND_FIELDS())
    if not is_a(NicName, name):
        raise Refused(BAD_BOND(name=repr(name)))
    if not members:
        raise Refused(NO_MEMBER())
    if not all(is_a(NicName, member) for member in members):
        raise Refused(BAD_MEMBER())
    if any(one == two for one, two in pairwise(sorted(members))):
        raise Refused(MEMBER_TWICE())
    options = _bond_options(fields[2]) if len(fields) > 2 and fields[2] else dict(BOND_DEFAULTS)
    mtu = counted(fields[3], MTUS, BAD_MTU()) if len(fields) > 3 and fields[3] else 0
    return Bond(name, tuple(members), options, mtu)


BAD_OPTION = Kind("bond-bad-option", N_("option {option} is not key=value"))
OPTION_TWICE = Kind("bond-option-twice", N_("option {option} is given twice"))
NO_MODE = Kind("bond-no-such-mode", N_("unknown mode {mode}"))


def _bond_options(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for part in text.split(","):
        key, equals, said = part.partition("=")
        if not (key and equals and said):
            raise Refused(BAD_OPTION(option=repr(part)))
        if key in options:
            raise Refused(OPTION_TWICE(option=repr(key)))
        options[key] = said.replace(";", ",")
    if "mode" in options:
        options["mode"] = _bond_mode(options["mode"])
    return options


def _bond_mode(text: str) -> str:
    if text in BOND_NUMBERS:
        return BOND_MODES[int(text)]
    if text not in BOND_MODES:
        raise Refused(NO_MODE(mode=repr(text)))
    return text


BAD_HOOK = Kind("bad-hook-name", N_("bad hook name {name}"))


def hooks(text: str) -> tuple[str, ...]:
    """Names of hooks."""
    names = re.split("[,:;]", text)
    for name in names:
        if not re.fullmatch(HOOK, name):
            raise Refused(BAD_HOOK(name=repr(name)))
    return tuple(names)
