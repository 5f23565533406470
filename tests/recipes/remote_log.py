"""Where this node's log goes, beside its own disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from ipaddress import IPv4Address, IPv6Address

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, Strange, content, observed
from ovirt_tui.features.parameter import Put, Word, choice, plain, value
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved, Section, setting
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.values import Facility, show
from ovirt_tui.pages import Field, Page
from ovirt_tui.system import Reader, Step

CONF, LEVEL = "/etc/rsyslog.d/copies.conf", "/etc/ovirt-node/copies"
TARGET = re.compile(r'target="([^"]*)" facility="([^"]*)" protocol="([^"]*)"')


class Protocol(Enum):
    UDP = "udp"
    TCP = "tcp"


class Level(Enum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def has_server(log: RemoteLog) -> bool:
    return log.server is not None


@dataclass(frozen=True, kw_only=True)
class RemoteLog(Section, prefix="log"):
    server: IPv4Address | IPv6Address | Hostname | None = setting(
        None, N_("Log server"), N_("Gets a copy of every line. Empty: none.")
    )
    facility: Facility = setting(Facility("local0"), N_("Facility"), when=has_server)
    protocol: Protocol = setting(Protocol.UDP, N_("Protocol"), when=has_server)
    level: Level = setting(Level.INFO, N_("From level"))


OWN_NAME = Kind("log-to-itself", N_("this node cannot send its log to itself"))


def server_is_another(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if str(config[RemoteLog].server) in ("localhost", "127.0.0.1", "::1"):
        yield Problem("log.server", OWN_NAME())


def observe(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    text = content(reader, CONF)
    if text is None:
        yield Put("log.server", None)
    elif found := TARGET.search(text):
        names = ("server", "facility", "protocol")
        yield from (observed(RemoteLog, *each, CONF) for each in zip(names, found.groups(), strict=True))
    else:
        yield Strange("log.server", CONF)
    yield observed(RemoteLog, "level", (content(reader, LEVEL) or Level.INFO.value).strip(), LEVEL)


@action(N_("Setting where the log goes"), observe=observe)
def apply(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import File, Restart

    log = config[RemoteLog]
    if log.server:
        target = (
            f'*.* action(type="omfwd" target="{show(log.server)}" facility="{log.facility}" '
            f'protocol="{log.protocol.value}")'
        )
        yield File(CONF, f"{target}\n")
        yield Restart("rsyslog.service")
    if log.level is not Level.INFO:
        yield File(LEVEL, f"{log.level.value}\n")


PARAMETERS = (
    plain(
        "log.server",
        Word(
            name="log_server",
            subject="services",
            grammar=value(IPv4Address | IPv6Address | Hostname),
            form=N_("a host name or an address"),
            help=N_("Where the log goes too."),
            example="logs.example.com",
            fills=("log.server",),
        ),
    ),
    plain(
        "log.facility",
        Word(
            name="log_facility",
            subject="services",
            grammar=value(Facility),
            form=N_("local0 to local7"),
            help=N_("The facility of the lines."),
            example="local3",
            fills=("log.facility",),
        ),
    ),
    plain(
        "log.protocol",
        Word(
            name="log_protocol",
            subject="services",
            grammar=choice(Protocol, Kind("no-log-protocol", N_("must be udp or tcp"))),
            form=N_("udp or tcp"),
            help=N_("How the log goes there."),
            example="tcp",
            fills=("log.protocol",),
        ),
    ),
    plain(
        "log.level",
        Word(
            name="node.log_level",
            subject="services",
            grammar=choice(Level, Kind("no-level", N_("must be debug, info, warning or error"))),
            form=N_("debug, info, warning or error"),
            help=N_("How much is logged."),
            example="debug",
            fills=("log.level",),
        ),
    ),
)
PAGE = Page(
    order=28,
    title=N_("Log copies"),
    setup=True,
    help=N_(
        "This page says where the log of this node goes beside its own disk. The server gets a copy of each line, and "
        "this node keeps its own. Lines below the level are not logged at all. Nothing is changed before Save."
    ),
    rows=(Field("log.server"), Field("log.facility"), Field("log.protocol"), Field("log.level")),
)
FEATURE = Feature(section=RemoteLog, parameters=PARAMETERS, pages=(PAGE,), rules=(server_is_another,), actions=(apply,))
