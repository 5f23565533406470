"""ovirt-tui facts."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.cli import streams
from ovirt_tui.cli.commands import DONE
from ovirt_tui.machine.facts import dump


def run(args: SimpleNamespace) -> int:
    """This machine as JSON."""
    streams.answer(dump(args.pick().facts()))
    return DONE
