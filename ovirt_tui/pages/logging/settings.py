"""What can be decided about the log of a node."""

from __future__ import annotations

from enum import Enum
from ipaddress import IPv4Address, IPv6Address

from ovirt_tui.i18n import N_
from ovirt_tui.model.certificates import Certificate
from ovirt_tui.model.config import Section, setting
from ovirt_tui.model.network import Hostname, Port
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.values import Kibibytes, Size


class Transport(Enum):
    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Interval(Enum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


def has_server(log: Logging) -> bool:
    return log.server is not None


def has_netconsole(log: Logging) -> bool:
    return log.netconsole is not None


def is_sealed(log: Logging) -> bool:
    return has_server(log) and log.transport is Transport.TLS


SYSLOG, SYSLOG_TLS, NETCONSOLE = Port(514), Port(6514), Port(6666)


@dataclass(frozen=True, kw_only=True)
class Logging(Section, prefix="logging"):
    server: IPv4Address | IPv6Address | Hostname | None = setting(
        None, N_("Log server"), N_("Gets every line by syslog. Empty: none.")
    )
    port: Port = setting(SYSLOG, N_("Log server port"), when=has_server)
    transport: Transport = setting(
        Transport.UDP, N_("Sent by"), N_("tcp, tls: waits for the server on the disk."), when=has_server
    )
    ca: Certificate | None = setting(None, N_("Authority"), N_("Its certificate, as in a PEM file."), when=is_sealed)
    netconsole: IPv4Address | IPv6Address | Hostname | None = setting(
        None, N_("Netconsole"), N_("Gets the kernel's own last words. Empty: none.")
    )
    netconsole_port: Port = setting(NETCONSOLE, N_("Netconsole port"), when=has_netconsole)
    journal: Size | None = setting(None, N_("Journal size"), N_("MiB or 1G. Empty: 256 MiB. Oldest goes first."))
    rotate_size: Kibibytes = setting(
        Kibibytes(1024), N_("Rotate files at"), N_("KiB, hourly. 0: at the interval only.")
    )
    rotate_interval: Interval = setting(Interval.DAILY, N_("Rotate files"))
