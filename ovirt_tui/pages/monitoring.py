"""Where the measured values of a node and its guests go: collectd sends them to a collectd of somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, Strange, content, observed
from ovirt_tui.features.parameter import Put, Word
from ovirt_tui.features.servers import HOST_PORT, located, server
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved, Section, setting
from ovirt_tui.model.network import Hostname, Port
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.records import dataclass
from ovirt_tui.pages import Field, Page
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.system import Reader
from ovirt_tui.system.steps import File, Restart, Step

FILE = "/etc/collectd/collectd.conf.d/ovirt-node.conf"
"""collectd runs while there is a file in this folder; what it measures, image/overlay/etc/collectd says."""
COLLECTD = Port(7634)
"""What the ancestors sent to when nobody said otherwise."""
NO_NETWORK = Kind("monitoring-without-network", N_("this node has no management interface to send by"))
TARGET = re.compile(r'<Server "([^"\n]*)" "([^"\n]*)">')
SENT = """\
# Made by ovirt-tui from the settings of this node; a change by hand is lost with the next save.
LoadPlugin network
<Plugin network>
    <Server "{server}" "{port}">
        # a name may get another address: it is asked for again, in seconds
        ResolveInterval 600
    </Server>
</Plugin>
"""


def has_server(monitoring: Monitoring) -> bool:
    return monitoring.server is not None


@dataclass(frozen=True, kw_only=True)
class Monitoring(Section, prefix="monitoring"):
    server: IPv4Address | IPv6Address | Hostname | None = setting(
        None, N_("Collectd server"), N_("Gets all values that are measured. Empty: none.")
    )
    port: Port = setting(COLLECTD, N_("Collectd port"), N_("UDP; 25826 unless its server chose another."), when=has_server)


def can_be_sent(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if config[Network].nic is None and config[Monitoring].server:
        yield Problem("monitoring.server", NO_NETWORK())


def observe(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    text = content(reader, FILE)
    if text is None:
        yield Put("monitoring.server", None)
    elif found := TARGET.search(text):
        yield observed(Monitoring, "server", found[1], FILE)
        yield observed(Monitoring, "port", found[2], FILE)
    else:
        yield Strange("monitoring.server", FILE)


@action(N_("Sending measured values to a server"), observe=observe)
def send(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    monitoring = config[Monitoring]
    if monitoring.server:
        yield File(FILE, SENT.format(server=monitoring.server, port=monitoring.port))
        yield Restart("collectd.service")


SERVER = Word(
    name="collectd",
    subject="logging",
    grammar=server(COLLECTD),
    form=HOST_PORT,
    help=N_("Server that gets what is measured on the node and its guests; port 7634 unless another is said."),
    example="192.0.2.7:25826",
    fills=("monitoring.server", "monitoring.port"),
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
        "versions of this node. Without a server nothing is measured. Nothing is changed before Save."
    ),
    rows=(Field("monitoring.server"), Field("monitoring.port")),
)
FEATURE = Feature(
    section=Monitoring,
    parameters=(located(SERVER, Monitoring, COLLECTD),),
    pages=(PAGE,),
    doubts=(can_be_sent,),
    actions=(send,),
)
