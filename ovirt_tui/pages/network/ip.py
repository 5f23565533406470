"""What BOOTIF=, ip= and vlan= may say, in all the forms that PXELINUX, dracut and people write."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from typing import Any

from ovirt_tui.features.parameter import Refused, counted, is_a
from ovirt_tui.i18n import N_, _
from ovirt_tui.model.values import Hostname, Netmask, NicName, PrefixLength

HEX = re.compile(r"[0-9A-Fa-f]{2}")
ETHERNET, INFINIBAND = 6, 20
MTUS = range(68, 65536)
VLANS = range(1, 4095)
STATIC = "static"
METHODS = {
    **dict.fromkeys(("dhcp", "on", "any", "single-dhcp"), (4, "dhcp")),
    **dict.fromkeys(("off", "none"), (4, "off")),
    **dict.fromkeys(("link6", "link-local"), (6, "link-local")),
    "ibft": (4, "ibft"),
    "dhcp6": (6, "dhcp"),
    "auto6": (6, "auto"),
    "either6": (6, "either"),
}
"""What ip= says in one word: family of addresses and method."""
AUTOMATIC = ("dhcp", "on", "any", "dhcp6", "auto6", "either6", "link6", "ibft")
MAC = re.compile("([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
ADDRESS_LIKE = re.compile(r"\[.*\]|[0-9.]+")


@dataclass(frozen=True)
class Management:
    """Which interface is meant: by *name*, by *mac*, the first with a *link*, or none of these and no interface."""

    name: str = ""
    mac: str = ""
    link: bool = False
    hardware: int | None = None  # the type that PXELINUX writes before the address


@dataclass(frozen=True, kw_only=True)
class Ip:
    """One ip= of the line.  *mask* is in dots for IPv4 and a length for IPv6; *long* is the form with colons."""

    family: int
    method: str
    address: str = ""
    mask: str = ""
    gateway: str = ""
    long: bool = False
    hostname: str = ""
    interface: str = ""
    dns: tuple[IPv4Address | IPv6Address, ...] = ()
    mtu: int = 0
    mac: str = ""


@dataclass(frozen=True)
class Vlan:
    """A VLAN, and the interface that it is said to be on."""

    number: int
    parent: str = ""


def management(text: str) -> Management:
    """link, none, a hardware address in any of the forms that boot loaders write, or the name of an interface."""
    if text in ("link", "none"):
        return Management(link=text == "link")
    groups = re.split("[-:]", text)
    if len(groups) > 2 and all(len(group) == 2 for group in groups):
        return _hardware_address(groups, re.findall("[-:]", text))
    if not is_a(NicName, text):
        raise Refused(_("not an interface name or MAC"))
    return Management(name=text)


def _hardware_address(groups: list[str], separators: list[str]) -> Management:
    grub = separators == ["-", *":" * (ETHERNET - 1)]  # BOOTIF=01-$net_default_mac
    if len(set(separators)) > 1 and not grub:
        raise Refused(_("not an interface name or MAC"))
    if not all(HEX.fullmatch(group) for group in groups):
        raise Refused(_("not hexadecimal"))
    typed = len(groups) in (ETHERNET + 1, INFINIBAND + 1)
    if len(groups) != ETHERNET and not typed:
        raise Refused(_("hardware address of {count} octets").format(count=len(groups)))
    mac = ":".join(groups[typed:]).lower()
    return Management(mac=mac, hardware=int(groups[0], 16) if typed else None)


def vlan(text: str) -> Vlan:
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
    found = counted(number, VLANS, outside)
    if inside and parent and inside != parent:
        raise Refused(_("name {name} does not belong to parent {parent}").format(name=repr(name), parent=repr(parent)))
    return Vlan(found, parent or inside)


def ip(text: str) -> tuple[Ip, ...]:
    """A method, INTERFACE:METHOD, an address alone, or the long form that dracut and PXELINUX write."""
    return (_ip(text),)


def _ip(text: str) -> Ip:
    if text in METHODS:
        return _by(text)
    fields = _fields(text)
    if len(fields) == 1:
        if is_a(IPv4Address, text):
            return Ip(family=4, method=STATIC, address=text)
        if not text.startswith("["):
            raise Refused(_("bad client address") if ADDRESS_LIKE.fullmatch(text) else _("unknown value"))
    if not fields[0]:
        return _host_only(fields)
    if len(fields) > 1 and fields[1] in AUTOMATIC and is_a(NicName, fields[0]):
        extra = _mtu_and_mac(fields[2], ":".join(fields[3:])) if len(fields) > 2 else {}
        return replace(_by(fields[1]), interface=fields[0], **extra)
    if not ADDRESS_LIKE.fullmatch(fields[0]):
        raise Refused(_("unknown value"))
    return _static(fields + [""] * (9 - len(fields)))


def _by(method: str) -> Ip:
    family, name = METHODS[method]
    return Ip(family=family, method=name)


def _fields(text: str) -> list[str]:
    """Cut at colons, but not inside brackets."""
    return re.findall(r"(?:^|:)((?:\[[^\[\]]*\]|[^:\[\]]|[\[\]])*)", text) if "[" in text else text.split(":")


def _host_only(fields: list[str]) -> Ip:
    host, device, method = (fields + [""] * 7)[4:7]
    if any(fields[:4]) or method not in AUTOMATIC:
        raise Refused(_("unknown value"))
    return replace(_by(method), hostname=_host(host), interface=_device(device))


def _static(fields: list[str]) -> Ip:
    client, _peer, gateway, mask, host, device, method, *rest = fields
    family = 6 if client.startswith("[") else 4
    address = _address(client, _("bad client address"))
    if method in AUTOMATIC:
        raise Refused(_("a static address with autoconf"))
    if method not in ("", "none", "off"):
        raise Refused(_("unknown value"))
    if not mask and family == 6:
        raise Refused(_("static address without a netmask"))
    if mask:
        mask = netmask(mask, wrong="") if family == 4 else _prefix(mask, 128)
    if gateway:
        bare = _address(gateway, _("bad gateway"))
        if ("[" in gateway) != (family == 6):
            raise Refused(_("bad gateway"))
        gateway = bare
    made = Ip(family=family, method=STATIC, address=address, mask=mask, gateway=gateway, long=True)
    return replace(made, hostname=_host(host), interface=_device(device), **_tail(rest))


def _tail(rest: list[str]) -> dict[str, Any]:
    """What may follow the method: an MTU and a hardware address, or two DNS servers."""
    if not rest[0] or rest[0].isdigit():
        return _mtu_and_mac(rest[0], ":".join(rest[1:]).strip(":"))
    servers = (_address(server, _("bad DNS server")) for server in rest if server)
    return {"dns": tuple(IPv6Address(each) if ":" in each else IPv4Address(each) for each in servers)}


def _mtu_and_mac(mtu: str, mac: str) -> dict[str, Any]:
    found: dict[str, Any] = {"mtu": counted(mtu, MTUS, _("bad mtu"))} if mtu else {}
    if mac:
        if not MAC.fullmatch(mac):
            raise Refused(_("bad hardware address"))
        found["mac"] = mac.lower()
    return found


def _host(text: str) -> str:
    if text and not is_a(Hostname, text):
        raise Refused(_("bad host name"))
    return text


def _device(text: str) -> str:
    if text and not is_a(NicName, text):
        raise Refused(_("bad interface"))
    return text


def _address(text: str, reason: str) -> str:
    bracketed = text.startswith("[") and text.endswith("]")
    bare = text[1:-1] if bracketed else text
    if not is_a(IPv6Address if bracketed else IPv4Address, bare):
        raise Refused(reason)
    return bare


def _prefix(text: str, longest: int) -> str:
    if not is_a(PrefixLength, text) or not 0 < int(text) <= longest:
        raise Refused(_("bad prefix length"))
    return text


def netmask(text: str, wrong: str = N_("bad netmask")) -> str:
    """Return a mask in dots, from a contiguous mask in dots or a prefix length; *wrong* is all that is said of none."""
    try:
        if text.isascii() and text.isdigit():
            return str(IPv4Network(f"0.0.0.0/{_prefix(text, 32)}").netmask)
    except Refused as refused:
        raise Refused(_(wrong) if wrong else str(refused)) from refused
    if not is_a(Netmask, text):
        raise Refused(_("bad netmask"))
    return text


def gateway(text: str) -> IPv4Address | IPv6Address:
    """The router of an address that ip= gives alone."""
    for kind in (IPv4Address, IPv6Address):
        if is_a(kind, text):
            return kind(text)
    raise Refused(_("bad address"))


def ipv6(text: str) -> str:
    """How IPv6 is configured when ip= does not say."""
    if text not in ("auto", "dhcp", "off"):
        raise Refused(_("must be auto or dhcp, or off"))
    return text
