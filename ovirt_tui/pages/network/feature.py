"""The network as a feature, with what is done about it."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, Strange, content, observed, statements
from ovirt_tui.features.parameter import Put
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved, in_effect
from ovirt_tui.model.values import show
from ovirt_tui.pages.logging.settings import Logging
from ovirt_tui.pages.monitoring import Monitoring
from ovirt_tui.pages.network import checks, interface, page
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.system import Reader, Step

HOSTNAME = "/etc/hostname"
OWN = ("ipaddr", "127.0.1.1")
"""Where a node finds its own name before it has an address."""


def observe_name(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    """The first line says it, as systemd reads the file; localhost is what a machine without a name is called."""
    name = next(iter(statements(content(reader, HOSTNAME) or "")), "")
    yield observed(Network, "hostname", "" if name.lower() in checks.LOCAL else name, HOSTNAME)


@action(N_("Setting the host name"), observe=observe_name)
def host_name(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """The one entry of /etc/hosts that is the node's own; localhost is the image's, all others are somebody else's.

    rsyslog and collectd ask for the name once, when they start, and go on sending under that.
    """
    from ovirt_tui.system.steps import Entry, File, Restart, Run

    name = in_effect(config[Network]).hostname
    short = name.partition(".")[0] if name else ""
    if name:
        yield File(HOSTNAME, f"{name}\n")
    alias = (("alias", short),) if short != name else ()
    yield Entry("/etc/hosts", "Hosts", OWN, (("canonical", str(name)), *alias) if name else ())
    if name:
        yield Run(("hostname", "--file", HOSTNAME))
        if config[Logging].server:
            yield Restart("rsyslog.service")
        if config[Monitoring].server:
            yield Restart("collectd.service")


def observe_network(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    yield from distro.network_seen(reader)


@action(N_("Configuring the network"), observe=observe_network)
def network(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    yield from distro.network(config[Network])


def observe_time(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    """Nothing but servers, or nothing but the distribution's pool, is what a setting can say."""
    text = content(reader, distro.ntp_sources)
    yield Put("network.ntp_enabled", text is not None)
    if text is None:
        return
    said = [tuple(line.split()[:2]) for line in statements(text)]
    if {each[0] for each in said} == {"server"} and all(len(each) == 2 for each in said):
        yield observed(Network, "ntp", ",".join(each[1] for each in said), distro.ntp_sources)
    elif said == [("pool", distro.ntp_pool)]:
        yield Put("network.ntp", ())
    else:
        yield Strange("network.ntp", distro.ntp_sources)


@action(N_("Configuring time servers"), observe=observe_time)
def time_servers(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """The service runs while its file is there; the distribution's pool is for who names no server."""
    from ovirt_tui.system.steps import File, Restart

    if config[Network].ntp_enabled:
        servers = "".join(f"server {show(server)} iburst\n" for server in config[Network].ntp)
        yield File(distro.ntp_sources, servers or f"pool {distro.ntp_pool} iburst\n")
        yield Restart(distro.ntp_service)


FEATURE = Feature(
    section=Network,
    parameters=(*interface.PARAMETERS, *page.PARAMETERS),
    pages=(page.PAGE,),
    pages_in=("ovirt_tui.pages.network.first_page",),
    resolve=interface.resolve,
    rules=(
        checks.network_is_complete,
        checks.packets_are_long_enough,
        checks.servers_are_machines,
        checks.host_name_is_its_own,
    ),
    doubts=(
        checks.gateway_is_near,
        checks.servers_can_be_asked,
        checks.servers_are_elsewhere,
        checks.address_reaches_others,
    ),
    actions=(host_name, network, time_servers),
)
