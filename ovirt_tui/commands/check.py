"""ovirt-tui check."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.cli import report, streams
from ovirt_tui.commands import given


def run(args: SimpleNamespace) -> int:
    """What was understood, and every problem."""
    found = given.understood(args)
    if args.json:
        from ovirt_tui.cli import documents, json_report  # only here: most checks are for people

        streams.answer(documents.text(json_report.checked(found)))
    else:
        streams.answer("".join(f"{line}\n" for line in report.check(found)))
    return given.judged(found)
