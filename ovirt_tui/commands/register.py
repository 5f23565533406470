"""ovirt-tui register."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import nullcontext

from ovirt_tui.cli import streams
from ovirt_tui.cli.commands import DONE, FAILED, REFUSED
from ovirt_tui.commands import given
from ovirt_tui.distro.registry import distro_for
from ovirt_tui.features.observation import taken
from ovirt_tui.features.order import defaults
from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages.engine import feature as engine
from ovirt_tui.pages.engine.settings import Engine
from ovirt_tui.pages.management import feature as management
from ovirt_tui.pages.management.settings import Management
from ovirt_tui.system import StepFailed, System
from ovirt_tui.system.lock import saving
from ovirt_tui.system.steps import Registered, Reported


def run(args: argparse.Namespace) -> int:
    """Register this node as its settings say.  ovirt-node-engine.service runs this at each start."""
    system, facts = given.node(args)
    with saving() if args.shared else nullcontext():
        ends = tuple(registered(system, wanted(system, facts)))
    if not ends:
        streams.answer(_("neither an engine nor a management server is set") + "\n")
    return max(ends, key=(DONE, REFUSED, FAILED).index, default=DONE)


def wanted(system: System, facts: Facts) -> NodeConfig:
    """What the files of the settings say, which the boot of a new node has and nothing else yet."""
    distro = distro_for(facts.os_id)
    found = (each.observe(system, facts, distro) for each in (engine.register, management.report))
    return taken(defaults(), (seen for each in found for seen in each))


def registered(system: System, config: NodeConfig) -> Iterator[int]:
    """How each of those that are set ended.  What fails with one does not keep the other from being tried."""
    server, url = config[Engine].server, config[Management].url
    if server:
        if not (step := engine.registered(config)):
            yield _refused(str(engine.NOT_APPROVED()))
        elif system.holds(step):
            streams.answer(_("this node is registered with {server} already").format(server=server) + "\n")
            yield DONE
        else:
            said = _("registered with {server}; its administrator approves it there")
            yield _made(system, step, said.format(server=server))
    if url:
        post = management.reported(config)
        yield (
            _made(system, post, _("reported to {url}").format(url=url))
            if post
            else _refused(str(management.NOT_APPROVED()))
        )


def _made(system: System, step: Registered | Reported, said: str) -> int:
    try:
        system.make(step)
    except StepFailed as failure:
        streams.remark([f"ovirt-tui: {failure}"])
        return FAILED
    streams.answer(f"{said}\n")
    return DONE


def _refused(why: str) -> int:
    streams.remark([f"ovirt-tui: {why}"])
    return REFUSED
