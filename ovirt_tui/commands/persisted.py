"""ovirt-tui persisted."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.cli import documents, lasting_report, streams
from ovirt_tui.cli.commands import DONE
from ovirt_tui.commands import given


def run(args: SimpleNamespace) -> int:
    """What lasts, what differs, and what is lost."""
    system, _facts = given.node(args)
    found = system.lasting()
    streams.answer(documents.text(lasting_report.persisted(found)) if args.json else lasting_report.text(found))
    return DONE
