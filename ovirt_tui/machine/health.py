"""How a node is: what ran and what could be reached, before an upgrade and after it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import FREE, Fact, parse
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.records import asdict, dataclass, field

WATCHED = (
    "ssh.service",
    "NetworkManager.service",
    "nftables.service",
    "chrony.service",
    "multipathd.service",
    "rsyslog.service",
    "collectd.service",
    "snmpd.service",
)
"""Services that have to run after an upgrade where they ran before it."""


@dataclass(frozen=True, kw_only=True)
class Health(Fact):
    """What of a node works."""

    config: str = field(default="", metadata=FREE)  # what of its settings cannot be had; empty where all can
    active: tuple[str, ...] = ()  # of WATCHED
    failed: tuple[str, ...] = ()  # units of systemd
    interfaces: tuple[str, ...] = ()  # with an address: name and hardware address
    routes: tuple[str, ...] = ()  # interfaces that lead to other networks
    libvirt: bool = False
    managers: tuple[str, ...] = ()  # HOST:PORT of engine and management server that take a connection


FILE = "/config/health.json"
"""How the node was when it last ran: what a medium compares its image with, once it starts."""


def written(health: Health) -> str:
    """The file of a health."""
    return json.dumps(asdict(health), indent=1) + "\n"


def read(text: str) -> Health | None:
    """What such a file says; None where it is damaged."""
    try:
        found = parse(Health, text)
    except ValueError:
        return None
    return found if isinstance(found, Health) else None


SETTINGS_GONE = Kind("settings-gone", N_("its settings cannot be had: {what}"))
UNIT_FAILED = Kind("unit-failed", N_("{unit} failed"))
NOT_RUNNING = Kind("service-not-running", N_("{unit} does not run, and did before"))
NO_ADDRESS = Kind("interface-without-address", N_("the interface {interface} has no address, and had one before"))
NO_ROUTE = Kind("no-route", N_("there is no route to other networks by {interface}, as there was before"))
NO_LIBVIRT = Kind("no-libvirt", N_("libvirt does not answer, and did before"))
NO_MANAGER = Kind("manager-unreachable", N_("{server} cannot be reached, and could be before"))


def worse(before: Health, now: Health) -> Iterator[Reason]:
    """What does not work *now* that worked *before*; settings that are wrong in another way count, too."""
    if now.config and now.config != before.config:
        yield SETTINGS_GONE(what=now.config)
    for unit in now.failed:
        if unit not in before.failed:
            yield UNIT_FAILED(unit=unit)
    lost = (
        (NOT_RUNNING, "unit", before.active, now.active),
        (NO_ADDRESS, "interface", before.interfaces, now.interfaces),
        (NO_ROUTE, "interface", before.routes, now.routes),
        (NO_MANAGER, "server", before.managers, now.managers),
    )
    for kind, name, was, there in lost:
        for each in was:
            if each not in there:
                yield kind(**{name: each})
    if before.libvirt and not now.libvirt:
        yield NO_LIBVIRT()
