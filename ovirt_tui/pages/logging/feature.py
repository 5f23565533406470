"""The log as a feature: a copy to a server, the kernel's own messages, and how much stays here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, Strange, content, observed, statements
from ovirt_tui.features.parameter import Put
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.pages import Field, Heading, Page
from ovirt_tui.pages.logging.settings import SYSLOG, SYSLOG_TLS, Interval, Logging, Transport, is_sealed
from ovirt_tui.pages.logging.words import PARAMETERS
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.system import Reader, Step

FORWARD = "/etc/rsyslog.d/ovirt-node.conf"
JOURNAL = "/etc/systemd/journald.conf.d/20-ovirt-node.conf"
ROTATE = "/etc/logrotate.d/ovirt-node"
KERNEL = "/etc/ovirt-node/netconsole"
LEAST_JOURNAL = 16
"""MiB; journald makes files of 8 MiB at least, and needs two of them."""
LEAST = Kind("journal-too-small", N_("the journal needs at least {least} MiB"))
NO_AUTHORITY = Kind("log-without-authority", N_("tls needs the certificate of the authority that signed the server's"))
NO_NAME = Kind("log-server-without-name", N_("by tls a server proves its name: give that, and not its address"))
PORT_WITHOUT_TLS = Kind("log-port-without-tls", N_("servers listen for tls on {usual}; {port} is for udp and tcp"))
NO_NETWORK = Kind("log-without-network", N_("this node has no management interface to send by"))
CA = "/etc/ovirt-node/syslog-ca.pem"
TARGET = r'target="([^"]*)" port="([^"]*)" protocol="([^"]*)"'
SENT = """\
# Made by ovirt-tui from the settings of this node; a change by hand is lost with the next save.
# By tcp, what the server does not take waits on the disk, over a reboot too.
action(
    type="omfwd" target="{server}" port="{port}" protocol="{protocol}"
{sealed}    queue.type="LinkedList" queue.filename="ovirt-node" queue.maxDiskSpace="100m" queue.saveOnShutdown="on"
    action.resumeRetryCount="-1" action.resumeInterval="10"
)
"""
SEALED = """\
    StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="x509/name"
    StreamDriverPermittedPeers="{name}" StreamDriver.CAFile="{ca}"
"""
ROTATED = """\
# Made by ovirt-tui from the settings of this node; a change by hand is lost with the next save.
/var/log/libvirt/*.log /var/log/libvirt/*/*.log {{
    {interval}
    {limit}
    rotate 4
    missingok
    notifempty
    compress
    copytruncate
}}
"""
LIMIT = r"maxsize ([0-9]+)k"


def journal_has_room(config: Resolved, facts: Facts) -> Iterator[Problem]:
    size = config[Logging].journal
    if size is not None and size < LEAST_JOURNAL:
        yield Problem("logging.journal", LEAST(least=LEAST_JOURNAL))


def server_can_be_proved(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """rsyslog compares no addresses of a certificate, only names."""
    log = config[Logging]
    if is_sealed(log) and log.ca is None:
        yield Problem("logging.ca", NO_AUTHORITY())
    if is_sealed(log) and not isinstance(log.server, Hostname):
        yield Problem("logging.server", NO_NAME())


def port_is_for_tls(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if is_sealed(config[Logging]) and config[Logging].port == SYSLOG:
        yield Problem("logging.port", PORT_WITHOUT_TLS(usual=SYSLOG_TLS, port=SYSLOG))


def can_be_sent(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if config[Network].nic is None:
        for path, host in (("server", config[Logging].server), ("netconsole", config[Logging].netconsole)):
            if host:
                yield Problem(f"logging.{path}", NO_NETWORK())


def observe_server(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    text = content(reader, FORWARD)
    if text is None:
        yield Put("logging.server", None)
    elif found := re.search(TARGET, text):
        server, port, protocol = found.groups()
        if 'StreamDriver="ossl"' in text:
            protocol = Transport.TLS.value
            yield observed(Logging, "ca", content(reader, CA) or "", CA)
        seen = {"server": server, "port": port, "transport": protocol}
        yield from (observed(Logging, name, said, FORWARD) for name, said in seen.items())
    else:
        yield Strange("logging.server", FORWARD)


@action(N_("Sending the log to a server"), observe=observe_server)
def forward(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """Who the server is, it proves by a certificate for the name that it is called by here."""
    from ovirt_tui.system.steps import File, Restart

    log = config[Logging]
    if log.server:
        sealed = log.transport is Transport.TLS
        if sealed and log.ca:
            yield File(CA, log.ca.pem)
        protocol = Transport.TCP if sealed else log.transport
        # the dot at the end of a name means the same to the DNS, and is in no certificate
        drivers = SEALED.format(name=str(log.server).removesuffix("."), ca=CA) if sealed else ""
        yield File(FORWARD, SENT.format(server=log.server, port=log.port, protocol=protocol.value, sealed=drivers))
        yield Restart("rsyslog.service")


def observe_kernel(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    said = dict(line.partition("=")[::2] for line in statements(content(reader, KERNEL) or ""))
    yield observed(Logging, "netconsole", said.get("SERVER", ""), KERNEL)
    if "PORT" in said:
        yield observed(Logging, "netconsole_port", said["PORT"], KERNEL)


@action(N_("Sending messages of the kernel"), observe=observe_kernel)
def kernel(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import File, Restart

    log = config[Logging]
    if log.netconsole:
        yield File(KERNEL, f"SERVER={log.netconsole}\nPORT={log.netconsole_port}\n")
        yield Restart("ovirt-node-netconsole.service")


def observe_journal(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    said = [line.partition("=")[2] for line in statements(content(reader, JOURNAL) or "") if "SystemMaxUse=" in line]
    yield observed(Logging, "journal", said[-1] if said else "", JOURNAL)


@action(N_("Setting the size of the journal"), observe=observe_journal)
def journal(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import File, Restart

    if size := config[Logging].journal:
        yield File(JOURNAL, f"[Journal]\nSystemMaxUse={size}M\n")
        yield Restart("systemd-journald.service")


def observe_rotation(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    """Without the file, nothing was saved yet, and nothing is known of it."""
    lines = statements(content(reader, ROTATE) or "")
    intervals = [line for line in lines if line in [each.value for each in Interval]]
    sizes = [found[1] for line in lines if (found := re.fullmatch(LIMIT, line))]
    if intervals:
        yield observed(Logging, "rotate_interval", intervals[-1], ROTATE)
        yield observed(Logging, "rotate_size", sizes[-1] if sizes else "0", ROTATE)
    else:
        yield Strange("logging.rotate_interval", ROTATE)


@action(N_("Setting when log files are rotated"), observe=observe_rotation)
def rotation(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import File

    log = config[Logging]
    limit = f"maxsize {log.rotate_size}k" if log.rotate_size else "# of any size"
    yield File(ROTATE, ROTATED.format(interval=log.rotate_interval.value, limit=limit))


PAGE = Page(
    order=27,
    title=N_("Logging"),
    setup=True,
    help=N_(
        "The log of this node is its journal, on the volume Logging. A log server gets a copy of every line by "
        "syslog. By udp, what is lost on the way is lost; by tcp and tls, lines wait on this node until the server "
        "takes them, over a reboot too, but for the one that is on its way just then. With tls nobody reads or "
        "forges them on the way: the server proves its name by a certificate, and that of the authority behind it "
        "is pasted here. Kernel messages are sent by the kernel itself (netconsole), without any program, so that a "
        "server in the same network or behind the router gets the last words of a crash. The files of guests are "
        "rotated at a size or an interval, whichever comes first. Nothing is changed before Save."
    ),
    rows=(
        Heading(N_("Log server")),
        Field("logging.server"),
        Field("logging.port"),
        Field("logging.transport"),
        Field("logging.ca"),
        Heading(N_("Kernel messages")),
        Field("logging.netconsole"),
        Field("logging.netconsole_port"),
        Heading(N_("On this node")),
        Field("logging.journal"),
        Field("logging.rotate_size"),
        Field("logging.rotate_interval"),
    ),
)
FEATURE = Feature(
    section=Logging,
    parameters=PARAMETERS,
    pages=(PAGE,),
    rules=(journal_has_room, server_can_be_proved),
    doubts=(can_be_sent, port_is_for_tls),
    actions=(forward, kernel, journal, rotation),
)
