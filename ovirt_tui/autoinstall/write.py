"""A configuration as the parameters that say it, without secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ovirt_tui.autoinstall import kernel
from ovirt_tui.autoinstall.params import PARAMETERS
from ovirt_tui.autoinstall.words import Word, split
from ovirt_tui.config import Boot, IPv4Method, IPv6Method, Network, NodeConfig, Storage
from ovirt_tui.facts import Facts
from ovirt_tui.values import show

PLAIN = {
    "network.hostname": "hostname",
    "network.nic": "BOOTIF",
    "network.vlan": "vlan",
    "network.dns": "dns",
}
"""Settings whose text is the parameter's text."""


def answers(config: NodeConfig, facts: Facts) -> tuple[str, ...]:
    """One parameter a line for what is not at its default; secrets are left out, disks have their stable names."""
    return tuple(line for part in PARTS for line in part(config, facts))


def offered(config: NodeConfig, facts: Facts) -> tuple[str, ...]:
    """The parameters that install *config* unattended: as answers(), and that no network is meant where none is."""
    lines = answers(config, facts)
    return lines if config[Network].nic or not config[Storage].boot_disk else (*lines, "BOOTIF=none")


def _plain(config: NodeConfig, facts: Facts) -> Iterator[str]:
    for path, name in PLAIN.items():
        value = config.get(path)
        if value != NodeConfig().setting(path).default:
            yield f"{name}={show(value)}"


def _parameters(config: NodeConfig, facts: Facts) -> Iterator[str]:
    for parameter in PARAMETERS:
        for name, text in parameter.write(config, facts):
            yield Word(name, text).quoted


def _network(config: NodeConfig, facts: Facts) -> Iterator[str]:
    net = config[Network]
    if net.ipv4 is IPv4Method.OFF:
        yield "ip=off"
    elif net.ipv4 is IPv4Method.STATIC and net.ipv4_address:
        address = net.ipv4_address
        yield f"ip={address.ip}::{show(net.ipv4_gateway)}:{address.network.prefixlen}"
    if net.ipv6 in (IPv6Method.AUTO, IPv6Method.DHCP):
        yield f"ipv6={net.ipv6.value}"
    elif net.ipv6 is IPv6Method.STATIC and net.ipv6_address:
        gateway = f"[{net.ipv6_gateway}]" if net.ipv6_gateway else ""
        yield f"ip=[{net.ipv6_address.ip}]::{gateway}:{net.ipv6_address.network.prefixlen}"


def _words(config: NodeConfig, facts: Facts) -> Iterator[str]:
    """The words that are kept, and before them the names of those that are not known by themselves."""
    if config[Boot].words:
        marked = dict.fromkeys(word.key for word in split(config[Boot].words) if not kernel.is_known(word.key))
        if marked:
            yield f"{kernel.CARRY}={','.join(marked)}"
        yield str(config[Boot].words)


PARTS: tuple[Callable[[NodeConfig, Facts], Iterator[str]], ...] = (_parameters, _plain, _network, _words)
