"""Forms that many parameters share: text to normalised keys, or the reason why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from ovirt_tui.i18n import _
from ovirt_tui.parameter import Refused as Refused
from ovirt_tui.parameter import counted as counted
from ovirt_tui.parameter import is_a as is_a
from ovirt_tui.values import BOOLS, Hostname

Keys = dict[str, Any]
"""Normalised keys, as 'net.hostname', with plain values; what a parameter says, before the machine is looked at."""

Grammar = Callable[[str], Keys]
PORTS = range(1, 65536)
NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]{0,17})")


def flag(key: str) -> Grammar:
    """A boolean; a bare word is true."""

    def grammar(text: str) -> Keys:
        if text.lower() not in BOOLS:
            raise Refused(_("not a boolean"))
        return {key: BOOLS[text.lower()]}

    return grammar


def number(key: str, numbers: range | None = None) -> Grammar:
    """A decimal number, without leading zeros, within bounds."""

    def grammar(text: str) -> Keys:
        if not NUMBER.fullmatch(text):
            raise Refused(_("not an integer"))
        if numbers is not None and int(text) not in numbers:
            raise Refused(_("{value} out of range").format(value=text))
        return {key: int(text)}

    return grammar


def choice(key: str, options: tuple[str, ...], reason: str) -> Grammar:
    """One of *options*."""

    def grammar(text: str) -> Keys:
        if text not in options:
            raise Refused(_(reason))
        return {key: text}

    return grammar


def typed(key: str, kind: Any, reason: str) -> Grammar:
    """Text of the form of *kind*."""

    def grammar(text: str) -> Keys:
        if not is_a(kind, text):
            raise Refused(_(reason))
        return {key: text}

    return grammar


def listed(key: str, kind: Any, reason: str) -> Grammar:
    """A list separated by commas, none of them empty."""

    def grammar(text: str) -> Keys:
        parts = text.split(",")
        for part in parts:
            if not is_a(kind, part):
                raise Refused(_(reason))
        return {key: parts}

    return grammar


def word(key: str, name: str) -> Grammar:
    """A word of the kernel that the installed system keeps."""

    def grammar(text: str) -> Keys:
        return {key: [f"{name}={text}"]}

    return grammar


def host_and_port(text: str, default: int) -> tuple[str, int]:
    """Split HOST, HOST:PORT, [IPV6]:PORT or IPV6."""
    host, port = text, ""
    if text.startswith("["):
        host, closed, port = text[1:].partition("]")
        if not closed or not is_a(IPv6Address, host) or (port and not port.startswith(":")):
            raise Refused(_("bad IPv6 address"))
        return host, _port(port[1:]) if port else default
    if text.count(":") > 1:
        if is_a(IPv6Address, text):
            return text, default
        raise Refused(_("too many colons"))
    host, colon, port = text.partition(":")
    if not is_a(IPv4Address | Hostname, host):
        raise Refused(_("not a host name or address"))
    return host, _port(port) if colon else default


def _port(text: str, ports: range = PORTS) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) in ports):
        raise Refused(_("bad port"))
    return int(text)


def port(key: str, ports: range = PORTS) -> Grammar:
    """A port number, of *ports*."""
    return lambda text: {key: _port(text, ports)}


def host_port(key: str, default: int) -> Grammar:
    """A host with a port; without one, *default*."""

    def grammar(text: str) -> Keys:
        host, number = host_and_port(text, default)
        return {key: {"host": host, "port": number}}

    return grammar
