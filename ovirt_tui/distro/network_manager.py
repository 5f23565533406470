"""The management network as NetworkManager keyfiles."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid5

from ovirt_tui.features.observation import Seen, Strange, content, observed, statements
from ovirt_tui.features.parameter import Put
from ovirt_tui.model.typed import TYPE_CHECKING
from ovirt_tui.pages.network.settings import IPv4Method, IPv6Method, Layout, Network
from ovirt_tui.system import Reader

if TYPE_CHECKING:
    from ovirt_tui.system.steps import File, Step

FOLDER = "/etc/NetworkManager/system-connections"
OURS, ENDING = "ovirt-node-", ".nmconnection"
KINDS = ("ethernet", "vlan", "bridge")
"""Of devices, from the interface up: the last there is carries the addresses."""
NAMESPACE = UUID("5bb1b7a2-6f0b-4b57-9d7c-0b4b3f5a9c1e")
IPV4 = {IPv4Method.OFF: "disabled", IPv4Method.DHCP: "auto", IPv4Method.STATIC: "manual"}
IPV6 = {
    IPv6Method.OFF: "disabled",
    IPv6Method.AUTO: "auto",
    IPv6Method.DHCP: "dhcp",
    IPv6Method.LINK: "link-local",
    IPv6Method.STATIC: "manual",
}


def keyfiles(network: Network) -> tuple[Step, ...]:
    """One keyfile for each device: the interface, a VLAN on it, a bridge on that; the last carries the address."""
    from ovirt_tui.system.steps import Profiles

    chain = [("ethernet", str(network.nic))] if network.nic else []
    if network.nic and network.vlan:
        chain.append(("vlan", f"{network.nic}.{network.vlan}"))
    if network.bridge:
        chain.append(("bridge", network.bridge))
    files: list[Step] = []
    for index, (kind, name) in enumerate(chain):
        above = chain[index + 1] if index + 1 < len(chain) else None
        parent = chain[index - 1][1] if index else ""
        files.append(_file(kind, name, parent, above, network))
    return (*files, Profiles(tuple(f"{OURS}{name}" for _kind, name in chain)))


def _file(kind: str, name: str, parent: str, above: tuple[str, str] | None, network: Network) -> File:
    from ovirt_tui.system.steps import File

    title = f"{OURS}{name}"
    lines = ["[connection]", f"id={title}", f"uuid={uuid5(NAMESPACE, title)}", f"type={kind}", f"interface-name={name}"]
    lines += ["autoconnect=true"]
    if above and above[0] == "bridge":
        lines += [f"controller={above[1]}", "port-type=bridge"]
    if kind == "ethernet" and (network.mtu or network.mac):
        lines += ["", "[ethernet]"]
        lines += [f"{key}={said}" for key, said in (("mtu", network.mtu), ("cloned-mac-address", network.mac)) if said]
    if kind == "vlan":
        lines += ["", "[vlan]", f"id={network.vlan}", f"parent={parent}"]
    if kind == "bridge":
        lines += ["", "[bridge]", "stp=false"]
    lines += (
        _addresses(network) if above is None else ["", "[ipv4]", "method=disabled", "", "[ipv6]", "method=disabled"]
    )
    if above and above[0] == "bridge":
        lines = [line for line in lines if not line.startswith(("[ipv", "method="))]
    return File(f"{FOLDER}/{title}{ENDING}", "\n".join(lines).rstrip() + "\n", 0o600)


def _addresses(network: Network) -> list[str]:
    lines: list[str] = []
    for version, method, static, address, gateway in (
        (4, IPV4[network.ipv4], network.ipv4 is IPv4Method.STATIC, network.ipv4_address, network.ipv4_gateway),
        (6, IPV6[network.ipv6], network.ipv6 is IPv6Method.STATIC, network.ipv6_address, network.ipv6_gateway),
    ):
        lines += ["", f"[ipv{version}]", f"method={method}"]
        if static and address:
            lines.append(f"address1={address}" + (f",{gateway}" if gateway else ""))
        servers = [str(server) for server in network.dns if server.version == version]
        if servers and method != "disabled":
            lines += [f"dns={';'.join(servers)};", "ignore-auto-dns=true"]
    return lines


Keyfile = dict[tuple[str, str], str]
"""The values of a keyfile by their group and key."""


def seen(reader: Reader) -> Iterator[Seen]:
    """What the keyfiles of this program say, the inverse of keyfiles(); other profiles are nobody's business here."""
    found: dict[str, list[tuple[str, Keyfile]]] = {kind: [] for kind in KINDS}
    strange: list[tuple[str, Keyfile]] = []
    for name in reader.names(FOLDER):
        if name.startswith(OURS) and name.endswith(ENDING):
            path = f"{FOLDER}/{name}"
            keyfile = _parsed(content(reader, path) or "")
            kind = keyfile.get(("connection", "type"), "")
            found.get(kind, strange).append((path, keyfile))
    chain = [each for kind in KINDS for each in found[kind]]
    strange += [each for several in found.values() if len(several) > 1 for each in several]
    if not found["ethernet"]:
        strange += chain
    if strange:
        yield from (Strange("network.nic", path) for path, _keyfile in strange)
    elif not chain:
        yield Put("network.nic", None)
    else:
        (path, interface), *_above = found["ethernet"]
        yield observed(Network, "nic", interface.get(("connection", "interface-name"), "?/"), path)
        for name, key in (("mtu", "mtu"), ("mac", "cloned-mac-address")):
            yield observed(Network, name, interface.get(("ethernet", key), ""), path)
        yield from _seen_vlan(found["vlan"])
        yield Put("network.layout", Layout.BRIDGED if found["bridge"] else Layout.DIRECT)
        yield from _seen_addresses(*chain[-1])


def _parsed(text: str) -> Keyfile:
    """The values of a keyfile, the last one of each; what has no such form says nothing."""
    values, group = {}, ""
    for line in statements(text):
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1]
            continue
        key, equals, value = line.partition("=")
        if equals:
            values[group, key.rstrip()] = value.lstrip()
    return values


def _seen_vlan(found: list[tuple[str, Keyfile]]) -> Iterator[Seen]:
    if not found:
        yield Put("network.vlan", None)
    for path, keyfile in found:
        vlan = observed(Network, "vlan", keyfile.get(("vlan", "id"), ""), path)
        yield Strange("network.vlan", path) if vlan == Put("network.vlan", None) else vlan


def _seen_addresses(path: str, keyfile: Keyfile) -> Iterator[Seen]:
    """Of both kinds of addresses; static ones only where the method is, and name servers only where there is one."""
    servers = []
    for group, methods in (("ipv4", IPV4), ("ipv6", IPV6)):
        said = keyfile.get((group, "method"), "")
        method = next((each for each, word in methods.items() if word == said), None)
        yield Put(f"network.{group}", method) if method else Strange(f"network.{group}", path)
        if said == "manual":
            yield from _seen_static(group, path, keyfile)
        if said != "disabled":
            servers += [each for each in keyfile.get((group, "dns"), "").split(";") if each]
    yield observed(Network, "dns", ",".join(servers), path)


def _seen_static(group: str, path: str, keyfile: Keyfile) -> Iterator[Seen]:
    """One address, with the gateway behind it or, as newer NetworkManagers write, beside it."""
    address, _comma, gateway = keyfile.get((group, "address1"), "").partition(",")
    gateway = gateway or keyfile.get((group, "gateway"), "")
    if (group, "address2") in keyfile:
        yield Strange(f"network.{group}_address", path)
    else:
        yield observed(Network, f"{group}_address", address, path)
    yield observed(Network, f"{group}_gateway", gateway, path)
