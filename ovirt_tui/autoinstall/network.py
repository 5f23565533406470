"""Grammar of bond=, which this version cannot carry out."""

from __future__ import annotations

from itertools import pairwise

from ovirt_tui.autoinstall.forms import Keys, Refused, counted, is_a
from ovirt_tui.i18n import _
from ovirt_tui.values import NicName

MTUS = range(68, 65536)
BOND_MODES = ("balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb")
BOND_NUMBERS = tuple(str(number) for number in range(len(BOND_MODES)))
BOND_DEFAULTS = {"mode": "active-backup", "miimon": "100"}


def bond(text: str) -> Keys:
    """NAME:MEMBER[,MEMBER]...[:OPTION=VALUE[,...][:MTU]]."""
    fields = text.split(":")
    name, members = fields[0], fields[1].split(",") if len(fields) > 1 and fields[1] else []
    if len(fields) > 4:
        raise Refused(_("more than four fields"))
    if not is_a(NicName, name):
        raise Refused(_("bad bond name {name}").format(name=repr(name)))
    if not members:
        raise Refused(_("at least one member interface is required"))
    if not all(is_a(NicName, member) for member in members):
        raise Refused(_("bad member interface"))
    if any(one == two for one, two in pairwise(sorted(members))):
        raise Refused(_("member listed twice"))
    options = _bond_options(fields[2]) if len(fields) > 2 and fields[2] else dict(BOND_DEFAULTS)
    made: Keys = {"name": name, "members": members, "options": options}
    if len(fields) > 3 and fields[3]:
        made["mtu"] = counted(fields[3], MTUS, _("bad mtu"))
    return {"net.bond": made}


def _bond_options(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for option in text.split(","):
        key, equals, value = option.partition("=")
        if not (key and equals and value):
            raise Refused(_("option {option} is not key=value").format(option=repr(option)))
        if key in options:
            raise Refused(_("option {option} is given twice").format(option=repr(key)))
        options[key] = value.replace(";", ",")
    if "mode" in options:
        options["mode"] = _bond_mode(options["mode"])
    return options


def _bond_mode(text: str) -> str:
    if text in BOND_NUMBERS:
        return BOND_MODES[int(text)]
    if text not in BOND_MODES:
        raise Refused(_("unknown mode {mode}").format(mode=repr(text)))
    return text
