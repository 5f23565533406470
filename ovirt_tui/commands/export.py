"""ovirt-tui export."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.autoinstall.understand import NIC, put_settings
from ovirt_tui.cli import documents, export_report, report, streams
from ovirt_tui.cli.commands import DONE, REFUSED
from ovirt_tui.commands import given
from ovirt_tui.features.draft import Draft
from ovirt_tui.plan.saved import reading


def run(args: SimpleNamespace) -> int:
    """Settings as a line or an answer file: those given, else those the installed node was brought to last."""
    some = args.answers or args.cmdline is not None
    if some:
        args.reading = given.reading(args)
    draft = Draft(given.facts(args), rules=())
    if not some:
        args.reading = reading(args.pick()) if draft.facts.slot else given.reading(args)
    said = args.reading
    wrong, whole = put_settings(draft, said), "BOOTIF" in said.said or NIC in said.answered
    notes = report.noted(export_report.export_notes(draft, said, args.form, whole=whole))
    if args.json:
        streams.answer(documents.text(export_report.exported(draft, said, whole=whole)))
    elif not wrong:
        streams.answer(export_report.export(draft, args.form, whole=whole))
    streams.remark((*notes, *wrong))
    return REFUSED if wrong else DONE
