"""What BOOTIF=, ip= and vlan= may say, in all the forms that PXELINUX, dracut and people write."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address

from ovirt_tui.features.parameter import UNKNOWN_VALUE, Refused, counted, is_a
from ovirt_tui.i18n import N_
from ovirt_tui.model.network import Hostname, Mac, Mtu, Netmask, NicName, PrefixLength
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.records import dataclass, replace
from ovirt_tui.model.typed import Any

HEX = r"[0-9A-Fa-f]{2}"
ETHERNET, INFINIBAND = 6, 20
MTUS = range(Mtu.least, Mtu.most + 1)
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
ADDRESS_LIKE = r"\[.*\]|[0-9.]+"


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
    mtu: Mtu | None = None
    mac: Mac | None = None


@dataclass(frozen=True)
class Vlan:
    """A VLAN, and the interface that it is said to be on."""

    number: int
    parent: str = ""


NO_INTERFACE = Kind("no-interface-name", N_("not an interface name or MAC"))
NOT_HEXADECIMAL = Kind("not-hexadecimal", N_("not hexadecimal"))
OCTETS = Kind("hardware-address-of-octets", N_("hardware address of {count} octets"))


def management(text: str) -> Management:
    """link, none, a hardware address in any of the forms that boot loaders write, or the name of an interface."""
    if text in ("link", "none"):
        return Management(link=text == "link")
    groups = re.split("[-:]", text)
    if len(groups) > 2 and all(len(group) == 2 for group in groups):
        return _hardware_address(groups, re.findall("[-:]", text))
    if not is_a(NicName, text):
        raise Refused(NO_INTERFACE())
    return Management(name=text)


def _hardware_address(groups: list[str], separators: list[str]) -> Management:
    grub = separators == ["-", *":" * (ETHERNET - 1)]  # BOOTIF=01-$net_default_mac
    if len(set(separators)) > 1 and not grub:
        raise Refused(NO_INTERFACE())
    if not all(re.fullmatch(HEX, group) for group in groups):
        raise Refused(NOT_HEXADECIMAL())
    typed = len(groups) in (ETHERNET + 1, INFINIBAND + 1)
    if len(groups) != ETHERNET and not typed:
        raise Refused(OCTETS(count=len(groups)))
    mac = ":".join(groups[typed:]).lower()
    return Management(mac=mac, hardware=int(groups[0], 16) if typed else None)


VLAN_FIELDS = Kind("vlan-of-fields", N_("more than two fields"))
BAD_PARENT = Kind("vlan-bad-parent", N_("bad parent device {name}"))
NO_PARENT = Kind("vlan-without-parent", N_("parent device required with {name}"))
NO_VLAN_ID = Kind("vlan-without-id", N_("no VLAN id in {name}"))
VLAN_OUTSIDE = Kind("vlan-id-outside", N_("id {number} outside 1 to 4094"))
OTHER_PARENT = Kind("vlan-of-other-parent", N_("name {name} does not belong to parent {parent}"))


def vlan(text: str) -> Vlan:
    """VID[:NIC], NIC.VID[:NIC] or vlanVID:NIC."""
    name, colon, parent = text.partition(":")
    if ":" in parent:
        raise Refused(VLAN_FIELDS())
    if colon and not is_a(NicName, parent):
        raise Refused(BAD_PARENT(name=repr(parent)))
    inside, _dot, number = name.rpartition(".")
    if not inside and name.startswith("vlan") and name != "vlan":
        number = name.removeprefix("vlan")
        if not parent:
            raise Refused(NO_PARENT(name=name))
    if not (number.isascii() and number.isdigit()):
        raise Refused(NO_VLAN_ID(name=repr(name)))
    found = counted(number, VLANS, VLAN_OUTSIDE(number=number.lstrip("0") or "0"))
    if inside and parent and inside != parent:
        raise Refused(OTHER_PARENT(name=repr(name), parent=repr(parent)))
    return Vlan(found, parent or inside)


BAD_CLIENT = Kind("bad-client-address", N_("bad client address"))
BAD_GATEWAY = Kind("bad-gateway", N_("bad gateway"))
BAD_DNS = Kind("bad-dns-server", N_("bad DNS server"))
BAD_HOST = Kind("bad-host-name", N_("bad host name"))
BAD_INTERFACE = Kind("bad-interface", N_("bad interface"))
BAD_HARDWARE = Kind("bad-hardware-address", N_("bad hardware address"))
BAD_MTU = Kind("bad-mtu", N_("bad mtu"))
BAD_PREFIX = Kind("bad-prefix-length", N_("bad prefix length"))
BAD_NETMASK = Kind("bad-netmask", N_("bad netmask"))
STATIC_AND_AUTOMATIC = Kind("static-with-autoconf", N_("a static address with autoconf"))
NO_NETMASK = Kind("static-without-netmask", N_("static address without a netmask"))


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
            raise Refused(BAD_CLIENT() if re.fullmatch(ADDRESS_LIKE, text) else UNKNOWN_VALUE())
    if not fields[0]:
        return _host_only(fields)
    if len(fields) > 1 and fields[1] in AUTOMATIC and is_a(NicName, fields[0]):
        extra = _mtu_and_mac(fields[2], ":".join(fields[3:])) if len(fields) > 2 else {}
        return replace(_by(fields[1]), interface=fields[0], **extra)
    if not re.fullmatch(ADDRESS_LIKE, fields[0]):
        raise Refused(UNKNOWN_VALUE())
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
        raise Refused(UNKNOWN_VALUE())
    return replace(_by(method), hostname=_host(host), interface=_device(device))


def _static(fields: list[str]) -> Ip:
    client, _peer, gateway, mask, host, device, method, *rest = fields
    family = 6 if client.startswith("[") else 4
    address = _address(client, BAD_CLIENT)
    if method in AUTOMATIC:
        raise Refused(STATIC_AND_AUTOMATIC())
    if method not in ("", "none", "off"):
        raise Refused(UNKNOWN_VALUE())
    if not mask and family == 6:
        raise Refused(NO_NETMASK())
    if mask:
        mask = _netmask(mask) if family == 4 else _prefix(mask, 128)
    if gateway:
        bare = _address(gateway, BAD_GATEWAY)
        if ("[" in gateway) != (family == 6):
            raise Refused(BAD_GATEWAY())
        gateway = bare
    made = Ip(family=family, method=STATIC, address=address, mask=mask, gateway=gateway, long=True)
    return replace(made, hostname=_host(host), interface=_device(device), **_tail(rest))


def _tail(rest: list[str]) -> dict[str, Any]:
    """What may follow the method: an MTU and a hardware address, or two DNS servers."""
    if not rest[0] or rest[0].isdigit():
        return _mtu_and_mac(rest[0], ":".join(rest[1:]).strip(":"))
    servers = (_address(server, BAD_DNS) for server in rest if server)
    return {"dns": tuple(IPv6Address(each) if ":" in each else IPv4Address(each) for each in servers)}


def _mtu_and_mac(mtu: str, mac: str) -> dict[str, Any]:
    found: dict[str, Any] = {"mtu": Mtu(counted(mtu, MTUS, BAD_MTU()))} if mtu else {}
    if mac:
        if not is_a(Mac, mac):
            raise Refused(BAD_HARDWARE())
        found["mac"] = Mac(mac)
    return found


def _host(text: str) -> str:
    if text and not is_a(Hostname, text):
        raise Refused(BAD_HOST())
    return text


def _device(text: str) -> str:
    if text and not is_a(NicName, text):
        raise Refused(BAD_INTERFACE())
    return text


def _address(text: str, wrong: Kind) -> str:
    bracketed = text.startswith("[") and text.endswith("]")
    bare = text[1:-1] if bracketed else text
    if not is_a(IPv6Address if bracketed else IPv4Address, bare):
        raise Refused(wrong())
    return bare


def _prefix(text: str, longest: int) -> str:
    if not is_a(PrefixLength, text) or not 0 < int(text) <= longest:
        raise Refused(BAD_PREFIX())
    return text


def _netmask(text: str) -> str:
    """Return a mask in dots, from a contiguous mask in dots or a prefix length."""
    if text.isascii() and text.isdigit():
        return str(IPv4Network(f"0.0.0.0/{_prefix(text, 32)}").netmask)
    if not is_a(Netmask, text):
        raise Refused(BAD_NETMASK())
    return text


def netmask(text: str) -> str:
    """The mask of an address that ip= gives alone, as in its long form."""
    try:
        return _netmask(text)
    except Refused as refused:
        raise Refused(BAD_NETMASK()) from refused


BAD_ADDRESS = Kind("bad-address", N_("bad address"))


def gateway(text: str) -> IPv4Address | IPv6Address:
    """The router of an address that ip= gives alone."""
    for kind in (IPv4Address, IPv6Address):
        if is_a(kind, text):
            return kind(text)
    raise Refused(BAD_ADDRESS())


NO_IPV6_METHOD = Kind("no-method-of-ipv6", N_("must be auto or dhcp, link-local or off"))


def ipv6(text: str) -> str:
    """How IPv6 is configured when ip= does not say."""
    if text not in ("auto", "dhcp", "link-local", "off"):
        raise Refused(NO_IPV6_METHOD())
    return text
