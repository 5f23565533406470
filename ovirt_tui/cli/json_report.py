"""What a line means, as JSON: for check, and what all commands say of problems and notes."""

from __future__ import annotations

from ovirt_tui.autoinstall.cmdline import Complaint, Reading
from ovirt_tui.autoinstall.understand import Understood
from ovirt_tui.cli import documents, report
from ovirt_tui.cli.documents import Remark
from ovirt_tui.machine.untrusted import masked
from ovirt_tui.model.problems import Reason


def checked(found: Understood) -> documents.Check:
    """What check answers with."""
    return documents.Check(
        mode=found.intent,
        config=settings(found),
        carried=found.carried,
        problems=remarks(found.complaints),
        notes=remarks(found.notes),
    )


def unusable(command: str, reading: Reading, parameter: str, reason: Reason) -> documents.Document:
    """What *command* answers with where a file, or the machine, could not be read: that, and nothing else."""
    problems = (remark(parameter, reason),)
    if command == "disks":
        return documents.Disks(disks=(), problems=problems)
    if command == "upgrade":
        return documents.Upgrade(version="", signer="", slot="", steps=(), made=False, problems=problems)
    if command == "status":
        return documents.Status(
            version="",
            slot="",
            other_version="",
            other_slot="",
            starts="",
            tries=0,
            trial=False,
            upgrade="",
            text="",
            problems=problems,
        )
    if command in ("persist", "unpersist"):
        return documents.Persist(paths=(), problems=problems)
    if command == "persisted":
        return documents.Persisted(
            kept=(), changes=(), more_changes=0, lost=(), more_lost=0, room=0, free=0, problems=problems
        )
    nothing = documents.settings({})
    if command == "drift":
        return documents.Drift(differences=(), saved=nothing, found=nothing, altered=(), problems=problems)
    found = documents.Check(mode=reading.intent, config=nothing, carried=(), problems=problems, notes=())
    if command == "apply":
        return documents.Apply(**vars(found), steps=(), made=False)
    if command == "plan":
        return documents.Plan(**vars(found), disks=(), steps=())
    return documents.Export(**vars(found), cmdline="", answers=()) if command == "export" else found


def settings(found: Understood) -> documents.Settings:
    """What is decided, as JSON has it."""
    return documents.settings(report.values(found))


def remarks(said: tuple[Complaint, ...]) -> tuple[Remark, ...]:
    """Problems, or notes, as JSON has them."""
    return tuple(
        Remark(path=each.path, parameter=masked(each.parameter), code=each.code, text=each.message) for each in said
    )


def remark(parameter: str, reason: Reason) -> Remark:
    """What is wrong with an argument of the command, as JSON has it."""
    return Remark(path="", parameter=parameter, code=reason.kind.code, text=str(reason))
