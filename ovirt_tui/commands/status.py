"""ovirt-tui status."""

from __future__ import annotations

import argparse

from ovirt_tui.cli import documents, image_report, streams
from ovirt_tui.cli.commands import DONE
from ovirt_tui.commands import given
from ovirt_tui.machine.attempt import FILE, Attempt, read
from ovirt_tui.system import Missing, Reader


def attempt(system: Reader) -> Attempt | None:
    """The last upgrade, as it is remembered; None where there was none, or its file is damaged."""
    try:
        return read(system.text(FILE))
    except Missing:
        return None


def run(args: argparse.Namespace) -> int:
    """Which image runs, which is beside it, and how the last upgrade stands."""
    system, _facts = given.node(args)
    slots, known = system.slots(), attempt(system)
    if args.json:
        streams.answer(documents.text(image_report.document(slots, known)))
    else:
        streams.answer(image_report.status(slots, known))
    return DONE
