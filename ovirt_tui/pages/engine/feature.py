"""Registration with an oVirt Engine as a feature.  What registers is ovirt_tui/system/engines.py."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, content, observed, statements
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.fingerprints import SHA1
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.typed import TYPE_CHECKING
from ovirt_tui.pages.engine.settings import HTTPS, WANTED, Engine, asked
from ovirt_tui.pages.engine.words import PARAMETERS, WEAK_FINGERPRINT
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.security import USER
from ovirt_tui.system import Reader

if TYPE_CHECKING:
    from ovirt_tui.system.steps import Registered, Step

NOT_APPROVED = Kind(
    "engine-not-approved",
    N_("nothing is sent to it before its certificate is approved on the page, or its fingerprint is given"),
)
NO_NETWORK = Kind("engine-without-network", N_("this node has no management interface to reach it by"))


def has_fingerprint(config: Resolved, facts: Facts) -> Iterator[Problem]:
    engine = config[Engine]
    if engine.server and not engine.fingerprint:
        yield Problem("engine.fingerprint", NOT_APPROVED())
    if engine.server and engine.fingerprint and engine.fingerprint.octets == SHA1:
        yield Problem("engine.fingerprint", WEAK_FINGERPRINT())


def can_be_reached(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if config[Engine].server and config[Network].nic is None:
        yield Problem("engine.server", NO_NETWORK())


def registered(config: NodeConfig) -> Registered | None:
    """What has to hold for the node to be registered; None where it is not to be, or must not yet."""
    from ovirt_tui.system.steps import Registered

    engine = config[Engine]
    if not engine.server or not engine.fingerprint:
        return None
    return Registered(str(engine.server), int(engine.port), str(engine.fingerprint), USER)


def observe_engine(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    """What is to be, and not what is: an engine that does not answer is no change of a setting."""
    said = dict(line.partition("=")[::2] for line in statements(content(reader, WANTED) or ""))
    yield observed(Engine, "server", said.get("SERVER", ""), WANTED)
    yield observed(Engine, "port", said.get("PORT", str(HTTPS)), WANTED)
    yield observed(Engine, "fingerprint", said.get("FINGERPRINT", ""), WANTED)


@action(N_("Registering with oVirt Engine"), observe=observe_engine)
def register(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """Whoever is not to be known any more gets in no more; the engine itself is told nothing, as it has no ear."""
    from ovirt_tui.machine.engine import STATE, keys_of
    from ovirt_tui.system.steps import Absent, File

    engine = config[Engine]
    if engine.server:
        yield File(WANTED, asked(engine.server, engine.port, engine.fingerprint))
    if wanted := registered(config):
        yield wanted
    elif facts.slot:
        yield Absent(STATE)
        yield Absent(keys_of(USER))


FEATURE = Feature(
    section=Engine,
    parameters=PARAMETERS,
    pages_in=("ovirt_tui.pages.engine.page",),
    doubts=(has_fingerprint, can_be_reached),
    actions=(register,),
)
