"""ovirt-tui register."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

from ovirt_tui.cli import streams
from ovirt_tui.cli.commands import DONE, FAILED, REFUSED
from ovirt_tui.commands import given
from ovirt_tui.distro.registry import distro_for
from ovirt_tui.features.observation import taken
from ovirt_tui.features.order import defaults
from ovirt_tui.i18n import _
from ovirt_tui.machine.engine import failed_at
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import Reason
from ovirt_tui.pages.engine import feature as engine
from ovirt_tui.pages.engine.settings import Engine
from ovirt_tui.pages.management import feature as management
from ovirt_tui.pages.management.settings import Management
from ovirt_tui.system import StepFailed, System
from ovirt_tui.system.lock import saving
from ovirt_tui.system.steps import Registered, Reported


def run(args: SimpleNamespace) -> int:
    """Register this node as its settings say.  ovirt-node-engine.service runs this at each start.

    The lock for saving is held for one server at a time, and the settings are read under it: a Save neither waits for
    both nor is undone by what was meant before it.  What fails with one does not keep the other from being tried.
    """
    system, facts = given.node(args)
    ends = []
    for each in (at_engine, at_server):
        with saving() if args.shared else nullcontext():
            ends.append(each(system, wanted(system, facts)))
    if ends == [None, None]:
        streams.answer(_("neither an engine nor a management server is set") + "\n")
    return max((end for end in ends if end is not None), key=(DONE, REFUSED, FAILED).index, default=DONE)


def wanted(system: System, facts: Facts) -> NodeConfig:
    """What the files of the settings say, which the boot of a new node has and nothing else yet."""
    distro = distro_for(facts.os_id)
    found = (each.observe(system, facts, distro) for each in (engine.register, management.report))
    return taken(defaults(), (seen for each in found for seen in each))


def at_engine(system: System, config: NodeConfig) -> int | None:
    """How the registration with the engine ended; None where there is none."""
    server = config[Engine].server
    if not server:
        return None
    if not (step := engine.registered(config)):
        return _refused(engine.NOT_APPROVED())
    if system.holds(step):
        streams.answer(_("this node is registered with {server} already").format(server=server) + "\n")
        return DONE
    said = _("registered with {server}; its administrator approves it there")
    return _made(system, step, server, said.format(server=server))


def at_server(system: System, config: NodeConfig) -> int | None:
    """How the report to the management server ended; None where there is none.  It is made anew each time."""
    url = config[Management].url
    if not url:
        return None
    if not (step := management.reported(config)):
        return _refused(management.NOT_APPROVED())
    return _made(system, step, url, _("reported to {url}").format(url=url))


def _made(system: System, step: Registered | Reported, server: object, said: str) -> int:
    try:
        system.make(step)
    except StepFailed as failure:
        streams.remark([f"{failed_at(server)}{failure}"])
        return FAILED
    streams.answer(f"{said}\n")
    return DONE


def _refused(why: Reason) -> int:
    streams.remark([f"ovirt-tui: {why}"])
    return REFUSED
