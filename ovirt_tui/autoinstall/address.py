"""Grammar of ip=, netmask=, gateway= and ipv6=: the address of the management interface."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address

from ovirt_tui.autoinstall.forms import Keys, Refused, counted, is_a
from ovirt_tui.autoinstall.network import MTUS
from ovirt_tui.i18n import _
from ovirt_tui.values import Hostname, Netmask, NicName, PrefixLength

METHODS: dict[str, Keys] = {
    **{word: {"net.ipv4.method": "dhcp"} for word in ("dhcp", "on", "any", "single-dhcp")},
    **{word: {"net.ipv4.method": "off"} for word in ("off", "none")},
    **{word: {"net.ipv6.method": "link-local"} for word in ("link6", "link-local")},
    "ibft": {"net.ipv4.method": "ibft"},
    "dhcp6": {"net.ipv6.method": "dhcp"},
    "auto6": {"net.ipv6.method": "auto"},
    "either6": {"net.ipv6.method": "either"},
}
AUTOMATIC = ("dhcp", "on", "any", "dhcp6", "auto6", "either6", "link6", "ibft")
MAC = re.compile("([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
ADDRESS_LIKE = re.compile(r"\[.*\]|[0-9.]+")


def ip(text: str) -> Keys:
    """A method, INTERFACE:METHOD, an address alone, or the long form that dracut and PXELINUX write."""
    if text in METHODS:
        return dict(METHODS[text])
    fields = _fields(text)
    if len(fields) == 1:
        if is_a(IPv4Address, text):
            return {"net.ipv4.method": "static", "net.ipv4.address": text}
        if not text.startswith("["):
            raise Refused(_("bad client address") if ADDRESS_LIKE.fullmatch(text) else _("unknown value"))
    if not fields[0]:
        return _host_only(fields)
    if len(fields) > 1 and fields[1] in AUTOMATIC and is_a(NicName, fields[0]):
        extra = _mtu_and_mac(fields[2], ":".join(fields[3:])) if len(fields) > 2 else {}
        return {**METHODS[fields[1]], "net.ip.interface": fields[0], **extra}
    if not ADDRESS_LIKE.fullmatch(fields[0]):
        raise Refused(_("unknown value"))
    return _static(fields + [""] * (9 - len(fields)))


def _fields(text: str) -> list[str]:
    """Cut at colons, but not inside brackets."""
    return re.findall(r"(?:^|:)((?:\[[^\[\]]*\]|[^:\[\]]|[\[\]])*)", text) if "[" in text else text.split(":")


def _host_only(fields: list[str]) -> Keys:
    host, device, method = (fields + [""] * 7)[4:7]
    if any(fields[:4]) or method not in AUTOMATIC:
        raise Refused(_("unknown value"))
    return {**METHODS[method], **_host(host), **_device(device)}


def _static(fields: list[str]) -> Keys:
    client, _peer, gateway, mask, host, device, method, *rest = fields
    family = "net.ipv6" if client.startswith("[") else "net.ipv4"
    address = _address(client, _("bad client address"))
    if method in AUTOMATIC:
        raise Refused(_("a static address with autoconf"))
    if method not in ("", "none", "off"):
        raise Refused(_("unknown value"))
    keys: Keys = {f"{family}.method": "static", f"{family}.address": address, "net.ip.form": "long"}
    if mask:
        keys[f"{family}.netmask"] = netmask_text(mask) if family == "net.ipv4" else _prefix(mask, 128)
    elif family == "net.ipv6":
        raise Refused(_("static address without a netmask"))
    if gateway:
        keys[f"{family}.gateway"] = _address(gateway, _("bad gateway"))
        if ("[" in gateway) != (family == "net.ipv6"):
            raise Refused(_("bad gateway"))
    return {**keys, **_host(host), **_device(device), **_tail(rest)}


def _tail(rest: list[str]) -> Keys:
    """What may follow the method: an MTU and a hardware address, or two DNS servers."""
    if not rest[0] or rest[0].isdigit():
        return _mtu_and_mac(rest[0], ":".join(rest[1:]).strip(":"))
    return {"net.ip.dns": [_address(server, _("bad DNS server")) for server in rest if server]}


def _mtu_and_mac(mtu: str, mac: str) -> Keys:
    keys: Keys = {}
    if mtu:
        keys["net.mtu"] = counted(mtu, MTUS, _("bad mtu"))
    if mac:
        if not MAC.fullmatch(mac):
            raise Refused(_("bad hardware address"))
        keys["net.ip.mac"] = mac.lower()
    return keys


def _host(text: str) -> Keys:
    if text and not is_a(Hostname, text):
        raise Refused(_("bad host name"))
    return {"net.ip.hostname": text} if text else {}


def _device(text: str) -> Keys:
    if text and not is_a(NicName, text):
        raise Refused(_("bad interface"))
    return {"net.ip.interface": text} if text else {}


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


def netmask_text(text: str) -> str:
    """Return a mask in dots, from a contiguous mask in dots or a prefix length."""
    if text.isascii() and text.isdigit():
        return str(IPv4Network(f"0.0.0.0/{_prefix(text, 32)}").netmask)
    if not is_a(Netmask, text):
        raise Refused(_("bad netmask"))
    return text


def netmask(text: str) -> Keys:
    """The mask of an address that ip= gives alone."""
    try:
        return {"net.ipv4.netmask": netmask_text(text)}
    except Refused as error:
        raise Refused(_("bad netmask")) from error


def gateway(text: str) -> Keys:
    """The router of an address that ip= gives alone."""
    if is_a(IPv4Address, text):
        return {"net.ipv4.gateway": text}
    if is_a(IPv6Address, text):
        return {"net.ipv6.gateway": text}
    raise Refused(_("bad address"))


def ipv6(text: str) -> Keys:
    """How IPv6 is configured when ip= does not say."""
    if text not in ("auto", "dhcp", "off"):
        raise Refused(_("must be auto or dhcp, or off"))
    return {"net.ipv6.method": text}
