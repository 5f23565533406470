"""Grammar of the parameters of the network: BOOTIF, dns, vlan, bond."""

from __future__ import annotations

import re
from itertools import pairwise

from ovirt_tui.autoinstall.forms import Keys, Refused, counted, is_a
from ovirt_tui.i18n import _
from ovirt_tui.values import NicName

HEX = re.compile(r"[0-9A-Fa-f]{2}")
ETHERNET, INFINIBAND = 6, 20
MTUS = range(68, 65536)
VLANS = range(1, 4095)
BOND_MODES = ("balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb")
BOND_NUMBERS = tuple(str(number) for number in range(len(BOND_MODES)))
BOND_DEFAULTS = {"mode": "active-backup", "miimon": "100"}


def bootif(text: str) -> Keys:
    """link, none, a hardware address in any of the forms that boot loaders write, or the name of an interface."""
    if text in ("link", "none"):
        return {"net.bootif": {"kind": text}}
    groups = re.split("[-:]", text)
    if len(groups) > 2 and all(len(group) == 2 for group in groups):
        return {"net.bootif": _hardware_address(groups, re.findall("[-:]", text))}
    if not is_a(NicName, text):
        raise Refused(_("not an interface name or MAC"))
    return {"net.bootif": {"kind": "name", "name": text}}


def _hardware_address(groups: list[str], separators: list[str]) -> dict[str, str | int]:
    grub = separators == ["-", *":" * (ETHERNET - 1)]  # BOOTIF=01-$net_default_mac
    if len(set(separators)) > 1 and not grub:
        raise Refused(_("not an interface name or MAC"))
    if not all(HEX.fullmatch(group) for group in groups):
        raise Refused(_("not hexadecimal"))
    typed = len(groups) in (ETHERNET + 1, INFINIBAND + 1)
    if len(groups) != ETHERNET and not typed:
        raise Refused(_("hardware address of {count} octets").format(count=len(groups)))
    mac = ":".join(groups[typed:]).lower()
    return {"kind": "mac", "mac": mac, **({"hwtype": int(groups[0], 16)} if typed else {})}


def vlan(text: str) -> Keys:
    """VID[:NIC], NIC.VID[:NIC] or vlanVID:NIC."""
    name, colon, parent = text.partition(":")
    if ":" in parent:
        raise Refused(_("more than two fields"))
    if colon and not is_a(NicName, parent):
        raise Refused(_("bad parent device {name}").format(name=repr(parent)))
    inside, _dot, number = name.rpartition(".")
    if not inside and name.startswith("vlan") and name != "vlan":
        number = name.removeprefix("vlan")
        if not parent:
            raise Refused(_("parent device required with {name}").format(name=name))
    if not (number.isascii() and number.isdigit()):
        raise Refused(_("no VLAN id in {name}").format(name=repr(name)))
    outside = _("id {number} outside 1 to 4094").format(number=number.lstrip("0") or "0")
    vid = counted(number, VLANS, outside)
    if inside and parent and inside != parent:
        raise Refused(_("name {name} does not belong to parent {parent}").format(name=repr(name), parent=repr(parent)))
    return {"net.vlan": {"id": vid, "parent": parent or inside or None}}


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
