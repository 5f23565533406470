"""Reporting to a management server as a feature.  What posts is ovirt_tui/system/reports.py."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, content, observed, statements
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.typed import TYPE_CHECKING
from ovirt_tui.pages.management.settings import WANTED, Management, asked
from ovirt_tui.pages.management.words import PARAMETERS
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.system import Reader

if TYPE_CHECKING:
    from ovirt_tui.system.steps import Reported, Step

NOT_APPROVED = Kind(
    "management-not-approved",
    N_("nothing is sent to that server before its certificate is approved on the page, or its fingerprint is given"),
)
NO_NETWORK = Kind("management-without-network", N_("this node has no management interface to reach that server by"))


def can_be_sent(config: Resolved, facts: Facts) -> Iterator[Problem]:
    management = config[Management]
    if management.url and not management.fingerprint:
        yield Problem("management.fingerprint", NOT_APPROVED())
    if management.url and config[Network].nic is None:
        yield Problem("management.url", NO_NETWORK())


def reported(config: NodeConfig) -> Reported | None:
    """What has to hold for the server to know the node; None where it is not to, or must not yet."""
    from ovirt_tui.system.steps import Reported

    management = config[Management]
    if not management.url or not management.fingerprint:
        return None
    return Reported(str(management.url), str(management.fingerprint))


def observe_server(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    """What is to be, and not what is: a server that does not answer is no change of a setting."""
    said = dict(line.partition("=")[::2] for line in statements(content(reader, WANTED) or ""))
    yield observed(Management, "url", said.get("URL", ""), WANTED)
    yield observed(Management, "fingerprint", said.get("FINGERPRINT", ""), WANTED)


@action(N_("Reporting to the management server"), observe=observe_server)
def report(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.machine.report import STATE
    from ovirt_tui.system.steps import Absent, File

    management = config[Management]
    if management.url:
        yield File(WANTED, asked(management.url, management.fingerprint))
    if wanted := reported(config):
        yield wanted
    elif facts.slot:
        yield Absent(STATE)


FEATURE = Feature(
    section=Management,
    parameters=PARAMETERS,
    pages_in=("ovirt_tui.pages.management.page",),
    doubts=(can_be_sent,),
    actions=(report,),
)
