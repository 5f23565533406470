"""Models of a node, as Hypothesis draws them: a value of its type for each setting, and nothing else about them."""

from __future__ import annotations

import base64
from collections.abc import Collection
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from typing import Any, get_args, get_origin

from hypothesis import strategies as st

from ovirt_tui.features.order import defaults
from ovirt_tui.model.certificates import Certificate
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.public_keys import ED25519, SshKey
from ovirt_tui.model.secrets import Secret
from ovirt_tui.model.selectors import BUSES, FORMS, DiskName, DiskSelector, NicSelector
from ovirt_tui.model.values import Number, Ratio, Text, members
from ovirt_tui.pages.logging.words import EXAMPLE

MOST = 3
"""Values of a list."""
LABELS = st.from_regex("[A-Za-z0-9]([A-Za-z0-9-]{0,8}[A-Za-z0-9])?", fullmatch=True)
"""Labels of names; most texts of the pattern of a name are refused by what it looks ahead for."""
WORD = st.from_regex("[A-Za-z0-9_.-]{1,12}", fullmatch=True)


def _key(kind: str, key: bytes, comment: str) -> SshKey:
    parts = b"".join(len(part).to_bytes(4, "big") + part for part in (kind.encode(), key))
    return SshKey(f"{kind} {base64.b64encode(parts).decode()} {comment}")


def _criteria() -> st.SearchStrategy[str]:
    known: dict[str, st.SearchStrategy[str]] = {
        "bus": st.sampled_from(BUSES),
        "wwn": st.from_regex("0x[0-9a-f]{16}", fullmatch=True),
        "size": st.builds("{}G-{}T".format, st.integers(1, 900), st.integers(1, 90)),
        "rotational": st.sampled_from(("yes", "no")),
        "hctl": st.lists(st.integers(0, 99).map(str), min_size=4, max_size=4).map(":".join),
    }
    each = (known.get(name, WORD).map(f"{name}={{}}".format) for name in FORMS)
    return st.lists(st.one_of(*each), min_size=1, max_size=3).map("+".join)


def _is(kind: Any, text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


NAMES = st.builds("{}:{}".format, st.sampled_from(BUSES), WORD) | WORD.map("/dev/disk/by-id/{}".format)
"""Disks that are named, each alone."""
MACS = st.lists(st.from_regex("[0-9a-f]{2}", fullmatch=True), min_size=6, max_size=6).map(":".join)
OTHER_AUTHORITY = (
    "MIIBNDCB56ADAgECAhQprsRjIQly7+KY+aDkFjF/yb0W6zAFBgMrZXAwEDEOMAwGA1UEAwwFb3RoZXIwHhcNMjYxMTIyMTIyMDAwWhcN"
    "NDYxMTE3MTIyMDAwWjAQMQ4wDAYDVQQDDAVvdGhlcjAqMAUGAytlcAMhAJsDUHdNWUDVa8Sq7DZ60C5XUOPIZ4g3+ics4uGcUV42o1Mw"
    "UTAdBgNVHQ4EFgQUgY8pdn+RkpiLdcmV2P5w+FK+SpwwHwYDVR0jBBgwFoAUgY8pdn+RkpiLdcmV2P5w+FK+SpwwDwYDVR0TAQH/BAUw"
    "AwEB/zAFBgMrZXADQQCR3cROIIq9xCr2bBqy1a6lxOnNnK6XIny0x6IWa33d01eGYhdX79OVQN47ZwP/5xedQ4YK46xUqS+rHjdUtYgB"
)
SPECIAL: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    IPv4Address: st.ip_addresses(v=4),
    IPv6Address: st.ip_addresses(v=6),
    IPv4Interface: st.builds(lambda ip, bits: IPv4Interface((ip, bits)), st.ip_addresses(v=4), st.integers(0, 32)),
    IPv6Interface: st.builds(lambda ip, bits: IPv6Interface((ip, bits)), st.ip_addresses(v=6), st.integers(0, 128)),
    Certificate: st.sampled_from((EXAMPLE, OTHER_AUTHORITY)).map(Certificate),
    Ratio: st.floats(Ratio.least, Ratio.most).map(Ratio),
    Hostname: st.lists(LABELS, min_size=1, max_size=3)
    .map(".".join)
    .filter(lambda text: _is(Hostname, text))
    .map(Hostname),
    SshKey: st.builds(_key, st.just(ED25519), st.binary(min_size=32, max_size=32), st.text(max_size=20)),
    DiskSelector: (
        st.sampled_from(("only", *BUSES, *(f"{bus}:ALL" for bus in BUSES)))
        | NAMES
        | _criteria()
        | _criteria().map("{}+all".format)
    ).map(DiskSelector),
    DiskName: NAMES.map(DiskName),
    NicSelector: (st.from_regex("[a-z][a-z0-9.-]{0,14}", fullmatch=True) | MACS).map(NicSelector),
}
"""Types whose values are not what their pattern says alone, or have none."""


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of the type *kind*."""
    if len(members(kind)) > 1:
        return st.one_of(*map(values, members(kind)))
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0]), max_size=MOST).map(tuple)
    if kind in SPECIAL:
        return SPECIAL[kind]
    if kind is type(None):
        return st.none()
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    if issubclass(kind, Number):
        return st.integers(kind.least, kind.most).map(kind)
    if issubclass(kind, Text | Secret):
        return st.from_regex(kind.pattern, fullmatch=True).filter(lambda text: _is(kind, text)).map(kind)
    raise TypeError(kind)


def configs(without: Collection[str] = ()) -> st.SearchStrategy[NodeConfig]:
    """Any configuration that the types allow: each setting, but those *without*, at its default or any other value."""
    drawn = {each.path: values(each.type) for each in defaults().settings() if each.path not in without}
    return st.fixed_dictionaries({}, optional=drawn).map(_config)


def _config(chosen: dict[str, object]) -> NodeConfig:
    config = defaults()
    for path, value in chosen.items():
        config = config.put(path, value)
    return config
