"""What a line means, as text and as JSON: for check, and what all commands say of problems and notes."""

from __future__ import annotations

from collections.abc import Iterable

from ovirt_tui.autoinstall.cmdline import Complaint, Reading
from ovirt_tui.autoinstall.request import Intent
from ovirt_tui.autoinstall.understand import Understood
from ovirt_tui.cli import documents
from ovirt_tui.cli.documents import Remark
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.untrusted import masked
from ovirt_tui.model.problems import Reason
from ovirt_tui.model.secrets import Secret
from ovirt_tui.model.values import show

PURPOSES = {
    Intent.RESCUE: N_("opens a rescue shell and changes nothing"),
    Intent.UNINSTALL: N_("removes the node from its disks"),
    Intent.STATELESS: N_("runs without storage"),
    Intent.INSTALL_OR_UPGRADE: N_("installs, or upgrades the node that is found"),
    Intent.UPGRADE: N_("upgrades the node that is found"),
    Intent.INSTALL: N_("installs without asking"),
    Intent.INTERACTIVE: N_("opens the installer and writes nothing by itself"),
}
ASKED = {False: N_("this line {what}"), True: N_("this configuration {what}")}
REFUSED = {
    False: N_("this line is refused: nothing is done before every problem is solved"),
    True: N_("this configuration is refused: nothing is done before every problem is solved"),
}
"""What a line, or with answer files all together, is for."""


def problems(found: Understood) -> list[str]:
    """Every complaint, by parameter."""
    return [str(complaint) for complaint in found.complaints]


def notes(found: Understood) -> list[str]:
    """What stops nothing, but should be known."""
    return noted(found.notes)


def noted(said: Iterable[Complaint]) -> list[str]:
    """Notes as they are said."""
    return [_("note: {text}").format(text=note) for note in said]


def check(found: Understood) -> list[str]:
    """All that was understood, and what it is for; what is wrong with it is told beside."""
    decided = [f"{path} = {_shown(value)}{_meant(found, path)}" for path, value in _values(found).items()]
    carried = (
        [_("kept for the installed system: {words}").format(words=" ".join(found.carried))] if found.carried else []
    )
    return [masked(line) for line in (purpose(found), *decided, *carried)]


def purpose(found: Understood) -> str:
    """What the line is for."""
    if found.complaints:
        return _(REFUSED[found.from_files])
    return _(ASKED[found.from_files]).format(what=_(PURPOSES[found.intent]))


def _values(found: Understood) -> dict[str, object]:
    """What each setting that is decided is on this machine."""
    config = found.draft.resolved
    decided = {path: config.get(path) for path in found.decided if path not in found.draft.errors}
    return {path: value for path, value in decided.items() if value not in (None, ())}


def _meant(found: Understood, path: str) -> str:
    """How a disk or an interface was meant that has another name."""
    meant, known = found.config.get(path), found.draft.resolved.get(path)
    return _(" (meant as {selector})").format(selector=show(meant)) if meant and meant != known else ""


def _shown(value: object) -> str:
    return documents.MASK if isinstance(value, Secret) else show(value)


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
    return documents.settings(_values(found))


def remarks(said: tuple[Complaint, ...]) -> tuple[Remark, ...]:
    """Problems, or notes, as JSON has them."""
    return tuple(
        Remark(path=each.path, parameter=masked(each.parameter), code=each.code, text=each.message) for each in said
    )


def remark(parameter: str, reason: Reason) -> Remark:
    """What is wrong with an argument of the command, as JSON has it."""
    return Remark(path="", parameter=parameter, code=reason.kind.code, text=str(reason))
