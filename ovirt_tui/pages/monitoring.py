"""Where the measured values of a node and its guests go: collectd sends them to a collectd of somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from ipaddress import IPv4Address, IPv6Address

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, Strange, content, observed
from ovirt_tui.features.parameter import Put, Word, choice, is_a, plain, value
from ovirt_tui.features.servers import HOST_PORT, located, server
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved, Section, setting
from ovirt_tui.model.network import Hostname, Port
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.secrets import Confidential, Passphrase
from ovirt_tui.model.values import Text
from ovirt_tui.pages import Answer, Enquiry, Field, Page, Way
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.system import Reader, Step, System

FILE = "/etc/collectd/collectd.conf.d/ovirt-node.conf"
"""collectd runs while there is a file in this folder; what it measures, image/overlay/etc/collectd says."""
COLLECTD = Port(7634)
"""What the ancestors sent to when nobody said otherwise."""
SERVICE, MOST = "_collectd._udp", 8
"""What the DNS is asked for, and how many servers are shown."""
NO_NETWORK = Kind("monitoring-without-network", N_("this node has no management interface to send by"))
NO_SECURITY = Kind("no-security-level", N_("must be none, sign or encrypt"))
NO_USER = Kind("monitoring-without-user", N_("values are signed and encrypted as a user of the server: give the name"))
NO_PASSWORD = Kind("monitoring-without-password", N_("the server knows its user by a password: give it"))
TARGET = r'<Server "([^"\n]*)" "([^"\n]*)">'
SECURED = r'SecurityLevel (\S+)\s+Username "([^"\n]*)"\s+Password "([^"\n]*)"'
SENT = """\
# Made by ovirt-tui from the settings of this node; a change by hand is lost with the next save.
LoadPlugin network
<Plugin network>
    <Server "{server}" "{port}">
{secured}        # a name may get another address: it is asked for again, in seconds
        ResolveInterval 600
    </Server>
</Plugin>
"""
SECURE = """\
        SecurityLevel {level}
        Username "{user}"
        Password "{{password}}"
"""


class Security(Enum):
    NONE = "none"
    SIGN = "sign"
    ENCRYPT = "encrypt"


class CollectdUser(Text):
    wanted = N_("a name of letters, digits and . _ @ -")
    longest = 64
    pattern = r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}"


def has_server(monitoring: Monitoring) -> bool:
    return monitoring.server is not None


def is_secured(monitoring: Monitoring) -> bool:
    return has_server(monitoring) and monitoring.security is not Security.NONE


@dataclass(frozen=True, kw_only=True)
class Monitoring(Section, prefix="monitoring"):
    server: IPv4Address | IPv6Address | Hostname | None = setting(
        None, N_("Collectd server"), N_("Gets all values that are measured. Empty: none.")
    )
    port: Port = setting(
        COLLECTD, N_("Collectd port"), N_("UDP; 25826 unless its server chose another."), when=has_server
    )
    security: Security = setting(Security.NONE, N_("Security"), N_("As the server demands it."), when=has_server)
    user: CollectdUser | None = setting(None, N_("User"), N_("As the server knows this node."), when=is_secured)
    password: Passphrase | None = setting(None, N_("Password"), N_("The one of that user."), when=is_secured)


def user_is_known(config: Resolved, facts: Facts) -> Iterator[Problem]:
    monitoring = config[Monitoring]
    if is_secured(monitoring) and not monitoring.user:
        yield Problem("monitoring.user", NO_USER())
    if is_secured(monitoring) and not monitoring.password:
        yield Problem("monitoring.password", NO_PASSWORD())


def can_be_sent(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if config[Network].nic is None and config[Monitoring].server:
        yield Problem("monitoring.server", NO_NETWORK())


NAMES = ("security", "user", "password")


def observe(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    text = content(reader, FILE)
    if text is None:
        yield Put("monitoring.server", None)
    elif found := re.search(TARGET, text):
        yield observed(Monitoring, "server", found[1], FILE)
        yield observed(Monitoring, "port", found[2], FILE)
        secured = re.search(SECURED, text)
        said = (secured[1].lower(), *secured.group(2, 3)) if secured else (Security.NONE.value, "", "")
        yield from (observed(Monitoring, name, each, FILE) for name, each in zip(NAMES, said, strict=True))
    else:
        yield Strange("monitoring.server", FILE)


@action(N_("Sending measured values to a server"), observe=observe)
def send(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import File, Restart

    to = config[Monitoring]
    if to.server:
        secured, secrets = "", dict[str, Passphrase]()
        if is_secured(to) and to.user and to.password:
            secured = SECURE.format(level=to.security.value.capitalize(), user=to.user)
            secrets = {"password": to.password}
        text = SENT.format(server=to.server, port=to.port, secured=secured)
        yield File(FILE, Confidential(text, **secrets), mode=0o600)
        yield Restart("collectd.service")


def named_by_dns(system: System, config: Resolved, facts: Facts) -> Answer:
    """The servers that the DNS names, of which the admin takes one or none: whoever answers may be anybody."""
    import json

    from ovirt_tui.system import srv

    said = json.loads(system.output((*srv.PROGRAM, SERVICE)))
    found = [(host, port) for host, port in said if is_a(Hostname, host) and is_a(Port, str(port))][:MOST]
    if not found:
        text = _("The DNS names no collectd: it has no record {service} in the domains that this node searches.")
        return Answer(text.format(service=SERVICE))
    ways = (
        Way(f"{host}, {port}", (("monitoring.server", host), ("monitoring.port", str(port)))) for host, port in found
    )
    return Answer(
        _("The DNS names these servers and ports, the best first. Which one is to get the values?"), tuple(ways)
    )


SERVER = Word(
    name="collectd",
    subject="logging",
    grammar=server(COLLECTD),
    form=HOST_PORT,
    help=N_("Server that gets what is measured on the node and its guests; port 7634 unless another is said."),
    example="192.0.2.7:25826",
    fills=("monitoring.server", "monitoring.port"),
)
SECURITY = Word(
    name="collectd_security",
    subject="logging",
    grammar=choice(Security, NO_SECURITY),
    form=N_("none, sign or encrypt"),
    help=N_("Whether what goes to collectd= is signed or encrypted, by collectd_user= and collectd_password=."),
    example="encrypt",
    fills=("monitoring.security",),
)
USER = Word(
    name="collectd_user",
    subject="logging",
    grammar=value(CollectdUser),
    form=CollectdUser.wanted,
    help=N_("User by whose password the server of collectd= knows the node."),
    example="node1",
    fills=("monitoring.user",),
)
PASSWORD = Word(
    name="collectd_password",
    subject="logging",
    grammar=value(Passphrase),
    form=Passphrase.wanted,
    help=N_("Password of collectd_user=. Everybody can read it on the line: an answer file keeps it better."),
    example="correct-horse-9",
    fills=("monitoring.password",),
    secret=True,
)
PAGE = Page(
    order=35,
    title=N_("Monitoring"),
    setup=True,
    help=N_(
        "This node measures every 10 seconds how its processors, memory, disks and interfaces are used, and what each "
        "guest uses of them, and sends that to a server on which collectd listens. The values go by udp: what is lost "
        "on the way is lost, and nothing says whether the server is there. Guests appear there by their UUIDs. The "
        "port is the one that the server listens on: 25826 where nobody chose another, 7634 where it served older "
        "versions of this node; the DNS can name both (a record SRV of _collectd._udp). A signature proves to the "
        "server which user sends, encryption also hides what is sent; what the server demands is its SecurityLevel, "
        "and users and passwords are in its AuthFile. Without a server nothing is measured. Nothing is changed before "
        "Save."
    ),
    rows=(
        Field("monitoring.server"),
        Field("monitoring.port"),
        Enquiry(N_("Ask the DNS"), N_("Asking the DNS for a collectd, a minute at most ..."), named_by_dns),
        Field("monitoring.security"),
        Field("monitoring.user"),
        Field("monitoring.password"),
    ),
)
FEATURE = Feature(
    section=Monitoring,
    parameters=(
        located(SERVER, Monitoring, COLLECTD),
        plain("monitoring.security", SECURITY),
        plain("monitoring.user", USER),
        plain("monitoring.password", PASSWORD),
    ),
    pages=(PAGE,),
    rules=(user_is_known,),
    doubts=(can_be_sent,),
    actions=(send,),
)
