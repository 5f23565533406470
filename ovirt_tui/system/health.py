"""How this node is now: services, network, libvirt, and whoever manages it."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

from ovirt_tui.machine.health import WATCHED, Health
from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import run

MISSING = Path("/run/ovirt-node/config-missing")
GUESTS = Path(__file__).with_name("guests.py")
GUESTS_SECONDS = 20
CONNECT_SECONDS = 5
SYS = Path("/sys/class/net")
UNITS = ("systemctl", "list-units", "--plain", "--no-legend", "--no-pager", "--full")


def health(managers: tuple[str, ...]) -> Health:
    """Ask everything once; *managers* are HOST:PORT of those to connect to."""
    return Health(
        config=_config(),
        active=tuple(unit for unit in _units("--state=active", *WATCHED) if unit in WATCHED),
        failed=_units("--state=failed"),
        interfaces=_interfaces(),
        routes=_routes(),
        libvirt=_libvirt(),
        managers=tuple(each for each in managers if _connects(each)),
    )


def _config(missing: Path = MISSING) -> str:
    try:
        return " ".join(missing.read_text(errors="replace").split("\n")).strip()
    except FileNotFoundError:
        return ""


def _units(*asked: str) -> tuple[str, ...]:
    return tuple(line.split()[0] for line in run((*UNITS, *asked), reads=True).splitlines() if line.split())


def _interfaces() -> tuple[str, ...]:
    """Those with a global address, as _known() calls them: the name has to mean the same adapter."""
    found = json.loads(run(("ip", "-json", "address", "show"), reads=True) or "[]")
    addressed = (each for each in found if any(part.get("scope") == "global" for part in each.get("addr_info", ())))
    return tuple(sorted(_known(str(each.get("ifname", "")), str(each.get("address", ""))) for each in addressed))


def _known(name: str, mac: str, sys: Path = SYS) -> str:
    """The name of an interface, and of an adapter its hardware address: a bridge may get another at each start."""
    return f"{name} {mac}" if (sys / name / "device").exists() else name


def _routes() -> tuple[str, ...]:
    lines = "\n".join(run(("ip", family, "route", "show", "default"), reads=True) for family in ("-4", "-6"))
    words = [line.split() for line in lines.splitlines()]
    return tuple(sorted({line[line.index("dev") + 1] for line in words if "dev" in line[:-1]}))


def _libvirt() -> bool:
    try:
        run((sys.executable, "-P", str(GUESTS)), seconds=GUESTS_SECONDS, reads=True)
    except StepFailed:
        return False
    return True


def _connects(server: str) -> bool:
    """Say whether a connection is taken.  A name server may be waited for; the limit of the whole trial ends that."""
    host, _colon, port = server.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS):
            return True
    except (OSError, ValueError):
        return False
