"""ovirt-tui status."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.cli import documents, image_report, streams
from ovirt_tui.cli.commands import DONE
from ovirt_tui.commands import given
from ovirt_tui.plan.upgrade import last


def run(args: SimpleNamespace) -> int:
    """Which image runs, which is beside it, and how the last upgrade stands."""
    system, _facts = given.node(args)
    slots, known = system.slots(), last(system)
    if args.json:
        streams.answer(documents.text(image_report.document(slots, known)))
    else:
        streams.answer(image_report.status(slots, known))
    return DONE
