"""Where a node is not as it was saved, and what brings it to an answer file: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable

from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.autoinstall.request import intent
from ovirt_tui.cli import documents
from ovirt_tui.cli.json_report import remarks
from ovirt_tui.cli.plan_report import step_plans
from ovirt_tui.features.drift import Difference, Drift, file_of, named
from ovirt_tui.features.observation import Strange
from ovirt_tui.features.order import defaults
from ovirt_tui.i18n import _
from ovirt_tui.plan.goal import Goal
from ovirt_tui.plan.runner import Planned
from ovirt_tui.system.steps import Entry, Keys, Step


def sentence(difference: Difference) -> str:
    """A setting that differs, with both values."""
    label = defaults().setting(difference.path).label
    text = _("{label} ({path}): saved as {saved}, changed outside this program to {here}")
    return text.format(label=_(label), path=difference.path, saved=named(difference.saved), here=difference.here)


def altered(step: Step) -> str:
    """What no setting says, and is not as it was made."""
    if isinstance(step, Keys | Entry):
        return _("{path} does not say any more what this program wrote: {step}").format(path=step.file, step=step)
    if file := file_of(step):
        return _("{path} is not as this program wrote it").format(path=file)
    return _("this does not hold any more: {step}").format(step=step)


def text(found: Drift) -> str:
    """A line for each difference; one that says so where there is none."""
    lines = (*map(sentence, found.differences), *map(altered, found.altered))
    return "".join(f"{line}\n" for line in lines or (_("This node is as it was saved."),))


def document(found: Drift) -> documents.Drift:
    """What drift answers with."""
    return documents.Drift(
        differences=tuple(documents.Difference(path=each.path, text=sentence(each)) for each in found.differences),
        saved=documents.settings({each.path: each.saved for each in found.differences}),
        found=documents.settings(
            {each.path: each.seen.value for each in found.differences if not isinstance(each.seen, Strange)}
        ),
        altered=tuple(documents.Altered(path=file_of(step), text=altered(step)) for step in found.altered),
        problems=(),
    )


def brought(wanted: Goal, reading: Reading, planned: tuple[Planned, ...], *, made: bool) -> documents.Apply:
    """What apply answers with; *made* says whether the steps were made, or would be."""
    wrong = {each.path for each in wanted.complaints}
    return documents.Apply(
        mode=intent(reading.said),
        config=documents.settings({path: wanted.config.get(path) for path in wanted.decided if path not in wrong}),
        carried=reading.carried,
        problems=remarks(wanted.complaints),
        notes=remarks(wanted.notes),
        steps=step_plans(planned),
        made=made,
    )


def steps(planned: Iterable[Planned]) -> str:
    """The steps in order; a line that says so where there is nothing to do."""
    return "".join(f"{line}\n" for line in [str(each) for each in planned] or [_("Nothing to do: nothing differs.")])
