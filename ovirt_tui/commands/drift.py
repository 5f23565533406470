"""ovirt-tui drift."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.cli import documents, drift_report, streams
from ovirt_tui.cli.commands import DIFFERS, DONE
from ovirt_tui.commands import given
from ovirt_tui.features.drift import drift
from ovirt_tui.plan.saved import remembered


def run(args: SimpleNamespace) -> int:
    """What on this node is not as it was saved."""
    system, facts = given.node(args)
    found = drift(remembered(system, facts), system, facts)
    streams.answer(documents.text(drift_report.document(found)) if args.json else drift_report.text(found))
    return DIFFERS if found else DONE
