"""ovirt-tui plan."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.cli import documents, plan_report, streams
from ovirt_tui.commands import given


def run(args: SimpleNamespace) -> int:
    """Every disk that will be written, what is lost on it, and every step in order."""
    found = given.understood(args)
    if args.json:
        streams.answer(documents.text(plan_report.planned_for(found)))
    elif not found.complaints:
        streams.answer("".join(f"{line}\n" for line in plan_report.plan(found)))
    return given.judged(found)
