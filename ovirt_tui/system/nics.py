"""Network interfaces as facts, from sysfs, udev and 'ip'."""

from __future__ import annotations

import json
from pathlib import Path

from ovirt_tui.machine.facts import Nic
from ovirt_tui.system.udev import Device

ETHERNET = "1"  # ARPHRD_ETHER
PRIVATE = "fe80:"


def nics(devices: tuple[Device, ...], addresses: str, sys: Path = Path("/sys")) -> tuple[Nic, ...]:
    """The interfaces that a node can use; *addresses* is the output of 'ip -json address'.

    An interface that is down has no carrier: it is reported without link, and never brought up to find out.
    """
    known = {device.get("INTERFACE", ""): device for device in devices}
    addresses_of = {entry.get("ifname", ""): _addresses(entry) for entry in json.loads(addresses or "[]")}
    folder = sys / "class/net"
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        kind = _kind(path)
        if kind and _read(path / "type") == ETHERNET:
            device = known.get(path.name, {})
            found.append(
                Nic(
                    name=path.name,
                    mac=_read(path / "address"),
                    link=_read(path / "carrier") == "1",
                    kind=kind,
                    driver=_driver(path),
                    model=device.get("ID_MODEL_FROM_DATABASE", ""),
                    members=_members(path, kind),
                    addresses=addresses_of.get(path.name, ()),
                )
            )
    return tuple(found)


def _kind(path: Path) -> str:
    """physical, bond, bridge or vlan; empty for anything else, such as the tap of a virtual machine."""
    if (path / "bridge").is_dir():
        return "bridge"
    if (path / "bonding").is_dir():
        return "bond"
    if "DEVTYPE=vlan" in _read(path / "uevent").splitlines():
        return "vlan"
    return "physical" if (path / "device").exists() else ""


def _members(path: Path, kind: str) -> tuple[str, ...]:
    if kind == "bridge":
        return tuple(sorted(entry.name for entry in (path / "brif").glob("*")))
    if kind == "bond":
        return tuple(sorted(_read(path / "bonding/slaves").split()))
    return tuple(sorted(entry.name.removeprefix("lower_") for entry in path.glob("lower_*")))


def _addresses(entry: dict[str, list[dict[str, object]]]) -> tuple[str, ...]:
    found = (f"{one['local']}/{one['prefixlen']}" for one in entry.get("addr_info", ()))
    return tuple(address for address in found if not address.startswith(PRIVATE))


def _driver(path: Path) -> str:
    try:
        return (path / "device/driver").resolve(strict=True).name
    except OSError:
        return ""


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
