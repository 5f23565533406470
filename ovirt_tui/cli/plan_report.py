"""What a line would do, as text and as JSON: for plan, apply and the unattended run."""

from __future__ import annotations

from collections.abc import Iterable

from ovirt_tui.autoinstall.request import INSTALLING
from ovirt_tui.autoinstall.understand import Understood
from ovirt_tui.cli import documents, json_report, report
from ovirt_tui.cli.documents import DiskPlan, StepPlan
from ovirt_tui.i18n import _
from ovirt_tui.plan import summary
from ovirt_tui.plan.actions import INSTALL
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.runner import plan as planned
from ovirt_tui.system.disk_steps import Bootable, BootLoader, BootPartition, Erased, Volumes
from ovirt_tui.system.steps import Step


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


def plan(found: Understood) -> list[str]:
    """What happens to each disk, then every step in order."""
    made = steps(found)
    if not made:
        return [report.purpose(found)]
    text = "\n".join(str(each) for each in made).splitlines()
    return [_("Disks"), *(f"  {line}" for line in disks(found)), *text]


def planned_for(found: Understood) -> documents.Plan:
    """What plan answers with; no disks and no steps while something is wrong."""
    made = () if found.complaints else steps(found)
    return documents.Plan(
        mode=found.intent,
        config=json_report.settings(found),
        carried=found.carried,
        problems=json_report.remarks(found.complaints),
        notes=json_report.remarks(found.notes),
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


def written(step: Step) -> tuple[str, ...]:
    """The disks that *step* itself writes to."""
    match step:
        case Volumes() | Erased():
            return step.disks
        case BootPartition() | BootLoader() | Bootable():
            return (step.disk,)
    return ()


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
