"""ovirt-tui register."""

from __future__ import annotations

import argparse
from contextlib import nullcontext

from ovirt_tui.cli import streams
from ovirt_tui.cli.commands import DONE
from ovirt_tui.commands import given
from ovirt_tui.distro.registry import distro_for
from ovirt_tui.features.observation import taken
from ovirt_tui.features.order import defaults
from ovirt_tui.i18n import _
from ovirt_tui.pages.engine.feature import NOT_APPROVED, register, registered
from ovirt_tui.pages.engine.settings import Engine
from ovirt_tui.system.lock import saving


def run(args: argparse.Namespace) -> int:
    """Register this node as its settings say.  ovirt-node-engine.service runs this at each start."""
    system, facts = given.node(args)
    with saving() if args.shared else nullcontext():
        config = taken(defaults(), register.observe(system, facts, distro_for(facts.os_id)))
        wanted, server = registered(config), config[Engine].server
        if server and not wanted:
            raise given.Unusable(NOT_APPROVED())
        if wanted and not system.holds(wanted):
            system.make(wanted)
            streams.answer(
                _("registered with {server}; its administrator approves it there").format(server=server) + "\n"
            )
            return DONE
    said = _("this node is registered with {server} already").format(server=server) if wanted else _("no engine is set")
    streams.answer(f"{said}\n")
    return DONE
