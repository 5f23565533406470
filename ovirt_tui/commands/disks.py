"""ovirt-tui disks."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.cli import disk_report, documents, streams
from ovirt_tui.cli.commands import DONE, REFUSED
from ovirt_tui.commands import given


def run(args: SimpleNamespace) -> int:
    """The disks, and which of them is meant."""
    known = given.facts(args)
    found = disk_report.look(known, args.match)
    streams.answer(documents.text(disk_report.document(known, found)) if args.json else disk_report.text(found))
    streams.remark([f"{disk_report.PARAMETER}: {found.problem}"] if found.problem else [])
    return REFUSED if found.problem else DONE
