"""From normalised keys to settings: path and text, as Draft.put takes them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface

from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.autoinstall.foreign import installed
from ovirt_tui.autoinstall.forms import Keys
from ovirt_tui.autoinstall.params import PARAMETERS
from ovirt_tui.autoinstall.words import Word
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts
from ovirt_tui.parameter import Put
from ovirt_tui.values import show

SIMPLE = {
    "net.hostname": "network.hostname",
    "resolved.net.bootif": "network.nic",
    "net.ipv4.gateway": "network.ipv4_gateway",
    "net.ipv6.gateway": "network.ipv6_gateway",
}
"""Keys whose value is the setting's value."""

IPV6_METHODS = {"either": "auto"}


def assignments(keys: Keys, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield each setting that the line decides, with its text."""
    for key, path in SIMPLE.items():
        if key in keys:
            yield path, show(keys[key])
    yield from _network(keys)
    if words := installed(keys.get("carry", [])):
        yield "boot.words", " ".join(_quoted(word) for word in words)


def put(draft: Draft, reading: Reading) -> Iterator[str]:
    """Put into *draft* what *reading* says and the machine has, and yield the path of each setting it decides."""
    for path, text in assignments(reading.keys, draft.facts):
        draft.put(path, text)
        yield path
    for parameter in PARAMETERS:
        if parameter.is_in(reading.said):
            for outcome in parameter.read(reading.said, draft.facts):
                if isinstance(outcome, Put):
                    draft.take(outcome.path, outcome.value)
                    yield outcome.path
                else:
                    reading.hear(outcome)


def _quoted(text: str) -> str:
    name, equals, value = text.partition("=")
    return Word(name, value if equals else None).quoted


def _network(keys: Keys) -> Iterator[tuple[str, str]]:
    if "net.ipv4.method" in keys:
        yield "network.ipv4", keys["net.ipv4.method"]
    if "net.ipv6.method" in keys:
        method = str(keys["net.ipv6.method"])
        yield "network.ipv6", IPV6_METHODS.get(method, method)
    if "net.ipv4.address" in keys and "net.ipv4.netmask" in keys:
        address = IPv4Interface(f"{keys['net.ipv4.address']}/{keys['net.ipv4.netmask']}")
        yield "network.ipv4_address", str(address)
    if "net.ipv6.address" in keys:
        yield "network.ipv6_address", f"{keys['net.ipv6.address']}/{keys['net.ipv6.netmask']}"
    if "net.vlan" in keys:
        yield "network.vlan", show(keys["net.vlan"]["id"])
    if "net.dns" in keys:
        yield "network.dns", ",".join(keys["net.dns"])
