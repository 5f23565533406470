"""How the kernel line says where the log goes, and how much of it stays."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.features.parameter import Outcome, Parameter, Put, Said, Word, choice, plain, value
from ovirt_tui.features.servers import HOST_PORT, Server, located, server, where, written
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.certificates import Certificate
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Port
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.values import Kibibytes, Size
from ovirt_tui.pages.logging.settings import NETCONSOLE, SYSLOG, SYSLOG_TLS, Interval, Logging, Transport

SUBJECT = "logging"
EXAMPLE = (
    "MIIBLjCB4aADAgECAhQZwoXPWezyNJkyMG+1WveY9AuWvDAFBgMrZXAwDTELMAkGA1UEAwwCY2EwHhcNMjYxMTIyMTIxODI1WhcNNDYx"
    "MTE3MTIxODI1WjANMQswCQYDVQQDDAJjYTAqMAUGAytlcAMhAOM08afV4Y8npzmLH7vHqhDpXpKQCG5O6ThMtps2x3ELo1MwUTAdBgNV"
    "HQ4EFgQU2clodwdh0qc47MuEcJdQXeITYhAwHwYDVR0jBBgwFoAU2clodwdh0qc47MuEcJdQXeITYhAwDwYDVR0TAQH/BAUwAwEB/zAF"
    "BgMrZXADQQDo1H5CF1AILp0nMrTSVXV48Xi6KsAZbrbXyqdegIXoJNXFUKMLYiqfN7lanHMSP/uF6ALTNHE919JcPwB/k/gP"
)
"""A certificate of an authority that signs nothing: its key was thrown away."""
NO_TRANSPORT = Kind("no-transport", N_("must be udp, tcp or tls"))
NO_INTERVAL = Kind("no-interval", N_("must be daily, weekly or monthly"))


def netconsole(text: str) -> Server | str:
    """HOST[:PORT]; the kernel's own parameter of this name has @ or / in it and is kept."""
    found: Server | str = text if "@" in text or "/" in text else server(NETCONSOLE)(text)
    return found


SERVER = Word(
    name="syslog",
    subject=SUBJECT,
    grammar=server(0),
    form=HOST_PORT,
    help=N_("Server that gets every line of the log."),
    example="logs.example.com",
    fills=("logging.server", "logging.port"),
)
TRANSPORT = Word(
    name="syslog_protocol",
    subject=SUBJECT,
    grammar=choice(Transport, NO_TRANSPORT),
    form=N_("udp, tcp or tls"),
    help=N_("How the log goes to syslog=. With tcp and tls, what the server misses is kept and sent later."),
    example="tcp",
    fills=("logging.transport",),
)
CA = Word(
    name="syslog_ca",
    subject=SUBJECT,
    grammar=value(Certificate),
    form=N_("what stands between the first and the last line of a PEM file, without blanks"),
    help=N_("Certificate of the authority that signed the one of the log server, for syslog_protocol=tls."),
    example=EXAMPLE,
    fills=("logging.ca",),
    secret=True,  # a private key may have been given in its place
)
KERNEL = Word(
    name="netconsole",
    subject=SUBJECT,
    grammar=netconsole,
    form=N_("HOST[:PORT], or the kernel's own form"),
    help=N_("Where kernel messages go. The kernel's own form, with @ or /, is kept for the installed system."),
    example="192.0.2.9:6666",
    fills=("logging.netconsole", "logging.netconsole_port"),
    keeps=lambda said: (f"netconsole={said}",) if isinstance(said, str) else (),
)
JOURNAL = Word(
    name="journal_size",
    subject=SUBJECT,
    grammar=value(Size),
    form=N_("a size such as 512 (MiB) or 1G"),
    help=N_("Size of the journal."),
    example="512",
    fills=("logging.journal",),
)
ROTATE_SIZE = Word(
    name="logrotate_max_size",
    subject=SUBJECT,
    grammar=value(Kibibytes),
    form=N_("KiB"),
    help=N_("Log files are rotated at this size."),
    example="2048",
    fills=("logging.rotate_size",),
)
ROTATE_INTERVAL = Word(
    name="logrotate_interval",
    subject=SUBJECT,
    grammar=choice(Interval, NO_INTERVAL),
    form=N_("daily, weekly or monthly"),
    help=N_("How often log files are rotated."),
    example="weekly",
    fills=("logging.rotate_interval",),
)


def _usual(transport: Transport | None) -> Port:
    """The port that servers listen on, by RFC 5426, 6587 and 5425."""
    return SYSLOG_TLS if transport is Transport.TLS else SYSLOG


def read_server(said: Said, facts: Facts) -> Iterator[Outcome]:
    transport = said.get(TRANSPORT.name)
    yield from where(SERVER, said, Logging, _usual(transport))
    if transport:
        yield Put("logging.transport", transport)


def write_server(config: NodeConfig) -> Iterator[tuple[str, str]]:
    log = config[Logging]
    if log.server:
        yield SERVER.name, written(log.server, log.port, _usual(log.transport))
    if log.transport is not Transport.UDP:
        yield TRANSPORT.name, log.transport.value


PARAMETERS = (
    Parameter(words=(SERVER, TRANSPORT), read=read_server, write=write_server),
    plain("logging.ca", CA),
    located(KERNEL, Logging, NETCONSOLE),
    plain("logging.journal", JOURNAL),
    plain("logging.rotate_size", ROTATE_SIZE),
    plain("logging.rotate_interval", ROTATE_INTERVAL),
)
