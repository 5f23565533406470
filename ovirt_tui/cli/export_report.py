"""Settings as a line or as an answer file, and as JSON: for export."""

from __future__ import annotations

from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import LINE, Complaint, Reading
from ovirt_tui.autoinstall.lens import offered, words
from ovirt_tui.autoinstall.understand import NIC
from ovirt_tui.cli import documents, json_report
from ovirt_tui.features.draft import Draft
from ovirt_tui.i18n import N_
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.tokens import LONGEST

TOO_LONG = Kind("line-too-long", N_("it has {bytes} bytes, and a kernel keeps {most}: hand it over as an answer file"))


def export(draft: Draft, form: str, *, whole: bool = False) -> str:
    """The settings as one kernel line, or as an answer file; *whole* ones say it too when no network is meant."""
    if form == "cmdline":
        return f"{' '.join(_lines(draft, whole))}\n"
    return answers.write(draft.config, (NIC,) if whole else ())


def exported(draft: Draft, reading: Reading, *, whole: bool = False) -> documents.Export:
    """What export answers with of what *reading* put into *draft*; no settings while something is wrong."""
    wrong = tuple(reading.complaints)
    told = {
        each.path: value for each in draft.config.settings() if (value := draft.config.get(each.path)) != each.default
    }
    return documents.Export(
        mode=reading.intent,
        carried=reading.carried,
        notes=json_report.remarks(export_notes(draft, reading, "cmdline", whole=whole)),
        config=documents.settings({} if wrong else told),
        cmdline="" if wrong else " ".join(_lines(draft, whole)),
        answers=() if wrong else tuple(export(draft, "answers", whole=whole).split("\n")[:-1]),
        problems=json_report.remarks(wrong),
    )


def export_notes(draft: Draft, reading: Reading, form: str, *, whole: bool = False) -> tuple[Complaint, ...]:
    """What should be known of what was read, and of the line that is made of it."""
    size = len(export(draft, "cmdline", whole=whole).encode()) - 1
    if form != "cmdline" or reading.complaints or size < LONGEST:
        return tuple(reading.notes)
    return (*reading.notes, Complaint("", TOO_LONG(bytes=size, most=LONGEST - 1), parameter=LINE))


def _lines(draft: Draft, whole: bool) -> tuple[str, ...]:
    return (offered if whole else words)(draft.config)
