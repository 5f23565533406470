"""The management network as NetworkManager keyfiles."""

from __future__ import annotations

from uuid import UUID, uuid5

from ovirt_tui.pages.network.settings import IPv4Method, IPv6Method, Network
from ovirt_tui.steps import File, Profiles, Step

FOLDER = "/etc/NetworkManager/system-connections"
NAMESPACE = UUID("5bb1b7a2-6f0b-4b57-9d7c-0b4b3f5a9c1e")
IPV4 = {IPv4Method.OFF: "disabled", IPv4Method.DHCP: "auto", IPv4Method.STATIC: "manual"}
IPV6 = {IPv6Method.OFF: "disabled", IPv6Method.AUTO: "auto", IPv6Method.DHCP: "dhcp", IPv6Method.STATIC: "manual"}


def keyfiles(network: Network) -> tuple[Step, ...]:
    """One keyfile for each device: the interface, a VLAN on it, a bridge on that; the last carries the address."""
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
    return (*files, Profiles(tuple(f"ovirt-node-{name}" for _kind, name in chain)))


def _file(kind: str, name: str, parent: str, above: tuple[str, str] | None, network: Network) -> File:
    title = f"ovirt-node-{name}"
    lines = ["[connection]", f"id={title}", f"uuid={uuid5(NAMESPACE, title)}", f"type={kind}", f"interface-name={name}"]
    lines += ["autoconnect=true"]
    if above and above[0] == "bridge":
        lines += [f"controller={above[1]}", "port-type=bridge"]
    if kind == "vlan":
        lines += ["", "[vlan]", f"id={network.vlan}", f"parent={parent}"]
    if kind == "bridge":
        lines += ["", "[bridge]", "stp=false"]
    lines += (
        _addresses(network) if above is None else ["", "[ipv4]", "method=disabled", "", "[ipv6]", "method=disabled"]
    )
    if above and above[0] == "bridge":
        lines = [line for line in lines if not line.startswith(("[ipv", "method="))]
    return File(f"{FOLDER}/{title}.nmconnection", "\n".join(lines).rstrip() + "\n", 0o600)


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
