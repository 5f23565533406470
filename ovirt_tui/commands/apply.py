"""ovirt-tui apply."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

from ovirt_tui.cli import documents, drift_report, report, streams
from ovirt_tui.cli.commands import DIFFERS, DONE, REFUSED
from ovirt_tui.commands import given
from ovirt_tui.plan.goal import bring
from ovirt_tui.system.lock import saving


def run(args: SimpleNamespace) -> int:
    """Bring this node to an answer file, or only say what that would change."""
    system, facts = given.node(args)
    args.reading = given.reading(args)
    with saving() if args.shared and not args.check else nullcontext():
        wanted, due = bring(args.reading, system, facts, check=args.check)
    if args.json:
        made = bool(due) and not args.check
        streams.answer(documents.text(drift_report.brought(wanted, args.reading, due, made=made)))
    elif not wanted.complaints:
        streams.answer(drift_report.steps(due))
    streams.remark((*report.noted(wanted.notes), *wanted.complaints))
    if wanted.complaints:
        return REFUSED
    return DIFFERS if args.check and due else DONE
