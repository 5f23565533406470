"""ovirt-tui check."""

from __future__ import annotations

import argparse

from ovirt_tui.cli import documents, report, streams
from ovirt_tui.commands import given


def run(args: argparse.Namespace) -> int:
    """What was understood, and every problem."""
    found = given.understood(args)
    streams.answer(
        documents.text(report.checked(found)) if args.json else "".join(f"{line}\n" for line in report.check(found))
    )
    return given.judged(found)
