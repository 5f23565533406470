"""What a line means, as text and as JSON: for check, plan, export and the unattended run."""

from __future__ import annotations

from collections.abc import Iterable

from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import LINE, Complaint, Reading
from ovirt_tui.autoinstall.lens import offered, words
from ovirt_tui.autoinstall.request import INSTALLING, Intent
from ovirt_tui.autoinstall.understand import NIC, Understood
from ovirt_tui.cli import documents
from ovirt_tui.cli.documents import DiskPlan, Remark, StepPlan
from ovirt_tui.features.draft import Draft
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.untrusted import masked
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.tokens import LONGEST
from ovirt_tui.model.values import Crypted, show
from ovirt_tui.plan import summary
from ovirt_tui.plan.actions import INSTALL
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.runner import plan as planned
from ovirt_tui.system.steps import Bootable, BootLoader, Erased, Step, Volumes

FORMS = ("cmdline", "answers")
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


def steps(found: Understood) -> tuple[Planned, ...]:
    """The plan; empty where the line changes nothing by itself.  Nothing may be wrong with it."""
    if found.erased:
        return summary.removal(found.erased)
    return planned(INSTALL, found.config, found.draft.facts) if found.intent in INSTALLING else ()


def disks(found: Understood) -> tuple[str, ...]:
    """What happens to each disk."""
    if found.erased:
        return summary.erase_plan(found.erased, found.draft.facts)
    return summary.write_plan(found.draft.resolved, found.draft.facts) if found.intent in INSTALLING else ()


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
    return [masked(line) for line in (_purpose(found), *decided, *carried)]


def _purpose(found: Understood) -> str:
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
    return documents.MASK if isinstance(value, Crypted) else show(value)


def plan(found: Understood) -> list[str]:
    """What happens to each disk, then every step in order."""
    made = steps(found)
    if not made:
        return [_purpose(found)]
    text = "\n".join(str(each) for each in made).splitlines()
    return [_("Disks"), *(f"  {line}" for line in disks(found)), *text]


def export(draft: Draft, form: str, *, whole: bool = False) -> str:
    """The settings as one kernel line, or as an answer file; *whole* ones say it too when no network is meant."""
    if form == "cmdline":
        return f"{' '.join(_lines(draft, whole))}\n"
    return answers.write(draft.config, (NIC,) if whole else ())


def checked(found: Understood) -> documents.Check:
    """What check answers with."""
    return documents.Check(
        mode=found.intent,
        config=_decided(found),
        carried=found.carried,
        problems=remarks(found.complaints),
        notes=remarks(found.notes),
    )


def planned_for(found: Understood) -> documents.Plan:
    """What plan answers with; no disks and no steps while something is wrong."""
    made = () if found.complaints else steps(found)
    return documents.Plan(
        mode=found.intent,
        config=_decided(found),
        carried=found.carried,
        problems=remarks(found.complaints),
        notes=remarks(found.notes),
        disks=tuple(_disk_plan(fate) for fate in _fates(found)) if made else (),
        steps=step_plans(made),
    )


def step_plans(made: Iterable[Planned]) -> tuple[StepPlan, ...]:
    """Every step, in order."""
    return tuple(
        StepPlan(title=each.title, kind=type(step).__name__.lower(), text=str(step), disks=written(step))
        for each in made
        for step in each.steps
    )


def exported(draft: Draft, reading: Reading, *, whole: bool = False) -> documents.Export:
    """What export answers with of what *reading* put into *draft*; no settings while something is wrong."""
    wrong = tuple(reading.complaints)
    told = {
        each.path: value for each in draft.config.settings() if (value := draft.config.get(each.path)) != each.default
    }
    return documents.Export(
        mode=reading.intent,
        carried=reading.carried,
        notes=remarks(export_notes(draft, reading, "cmdline", whole=whole)),
        config=documents.settings({} if wrong else told),
        cmdline="" if wrong else " ".join(_lines(draft, whole)),
        answers=() if wrong else tuple(export(draft, "answers", whole=whole).split("\n")[:-1]),
        problems=remarks(wrong),
    )


TOO_LONG = Kind("line-too-long", N_("it has {bytes} bytes, and a kernel keeps {most}: hand it over as an answer file"))


def export_notes(draft: Draft, reading: Reading, form: str, *, whole: bool = False) -> tuple[Complaint, ...]:
    """What should be known of what was read, and of the line that is made of it."""
    size = len(export(draft, "cmdline", whole=whole).encode()) - 1
    if form != "cmdline" or reading.complaints or size < LONGEST:
        return tuple(reading.notes)
    return (*reading.notes, Complaint("", TOO_LONG(bytes=size, most=LONGEST - 1), parameter=LINE))


def unusable(command: str, reading: Reading, parameter: str, reason: Reason) -> documents.Document:
    """What *command* answers with where a file, or the machine, could not be read: that, and nothing else."""
    problems = (remark(parameter, reason),)
    if command == "disks":
        return documents.Disks(disks=(), problems=problems)
    nothing = documents.settings({})
    if command == "drift":
        return documents.Drift(differences=(), saved=nothing, found=nothing, altered=(), problems=problems)
    found = documents.Check(mode=reading.intent, config=nothing, carried=(), problems=problems, notes=())
    if command == "apply":
        return documents.Apply(**vars(found), steps=(), made=False)
    if command == "plan":
        return documents.Plan(**vars(found), disks=(), steps=())
    return documents.Export(**vars(found), cmdline="", answers=()) if command == "export" else found


def _lines(draft: Draft, whole: bool) -> tuple[str, ...]:
    return (offered if whole else words)(draft.config)


def written(step: Step) -> tuple[str, ...]:
    """The disks that *step* itself writes to."""
    match step:
        case Volumes() | Erased():
            return step.disks
        case BootLoader() | Bootable():
            return (step.disk,)
    return ()


def _decided(found: Understood) -> documents.Settings:
    return documents.settings(_values(found))


def remarks(said: tuple[Complaint, ...]) -> tuple[Remark, ...]:
    """Problems, or notes, as JSON has them."""
    return tuple(
        Remark(path=each.path, parameter=masked(each.parameter), code=each.code, text=each.message) for each in said
    )


def remark(parameter: str, reason: Reason) -> Remark:
    """What is wrong with an argument of the command, as JSON has it."""
    return Remark(path="", parameter=parameter, code=reason.kind.code, text=str(reason))


def _fates(found: Understood) -> tuple[summary.Fate, ...]:
    if found.erased:
        return summary.erased_fates(found.erased, found.draft.facts)
    return summary.fates(found.draft.resolved, found.draft.facts)


def _disk_plan(fate: summary.Fate) -> DiskPlan:
    disk = fate.disk
    return DiskPlan(
        path=disk.path,
        mib=disk.mib,
        bus=disk.bus,
        model=disk.model,
        serial=disk.serial,
        wwn=disk.wwn,
        lost=() if fate.goes_on else fate.now,
        kept=fate.keep,
        will_be=fate.will_be,
    )
