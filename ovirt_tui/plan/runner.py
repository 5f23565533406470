"""Plan, compare and run actions.  The only loop that changes a system."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ovirt_tui.distro.registry import distro_for
from ovirt_tui.features.feature import Action
from ovirt_tui.features.observation import Strange, taken
from ovirt_tui.features.resolution import resolve
from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.records import dataclass, replace
from ovirt_tui.system import Reader, StepFailed, System, Undo
from ovirt_tui.system.steps import Absent, File, Restart, Step, follows, picks_up


@dataclass(frozen=True)
class Planned:
    """An action with its steps."""

    title: str
    steps: tuple[Step, ...]
    proves: bool = False
    before: tuple[Step, ...] = ()
    """What picks up again what was there before, should the action be taken back."""

    def __str__(self) -> str:
        return "\n".join((_(self.title), *(f"  {step}" for step in self.steps)))


@dataclass(frozen=True)
class Progress:
    """What run() tells: action *number* of *count* is at *step*; bytes of a copy where they are known."""

    number: int
    count: int
    title: str
    step: str = ""
    bytes_done: int = 0
    bytes_total: int = 0
    finished: bool = False


Tell = Callable[[Progress], None]


def plan(actions: tuple[Action, ...], config: NodeConfig, facts: Facts) -> tuple[Planned, ...]:
    """What *actions* would do, without those that have nothing to do."""
    distro = distro_for(facts.os_id)
    found = resolve(config, facts).config
    planned = (Planned(each.title, tuple(each.steps(found, facts, distro)), each.proves) for each in actions)
    return tuple(each for each in planned if each.steps)


def due(action: Action, old: NodeConfig, new: NodeConfig, facts: Facts, system: Reader) -> Iterator[Planned]:
    """The *action*, when something of it is not as *new* wants it; *old* is what it was applied with last.

    The machine is asked, and memory only for what is in the way: files of the old plan, and those that the machine
    has in their place, become absent, and the services of the old plan are restarted.
    """
    distro = distro_for(facts.os_id)
    seen = tuple(action.observe(system, facts, distro))
    configs = (resolve(each, facts).config for each in (old, taken(old, seen), new))
    was, here, now = (tuple(action.steps(each, facts, distro)) for each in configs)
    written = {step.path for step in now if isinstance(step, File)}
    known = [step.path for step in (*was, *here) if isinstance(step, File)]
    known += [each.file for each in seen if isinstance(each, Strange)]
    gone = tuple(Absent(path) for path in dict.fromkeys(known) if path not in written)
    again = tuple(step for step in was if isinstance(step, Restart) and step not in now)
    steps = (*gone, *now, *again)
    if action.memory:
        is_due = was != now or any(system.holds(Absent(path)) for path in written)
    else:
        is_due = not all(follows(step) or system.holds(step) for step in steps)
    if is_due:
        yield Planned(action.title, steps, before=tuple(filter(picks_up, was)))


def changes(
    actions: tuple[Action, ...], old: NodeConfig, new: NodeConfig, facts: Facts, system: Reader
) -> tuple[Planned, ...]:
    """What of *actions* is due to bring the node, where *old* was applied, to *new*."""
    return tuple(planned for action in actions for planned in due(action, old, new, facts, system))


def run(planned: tuple[Planned, ...], system: System, tell: Tell) -> None:
    """Make every step true that is not yet; StepFailed when one cannot be, with its action taken back."""
    try:
        for number, each in enumerate(planned, 1):
            progress = Progress(number, len(planned), each.title)
            if each.proves:
                _prove(planned[: number - 1], system, progress, tell)
            _run_action(each, system, progress, tell)
            tell(replace(progress, finished=True))
    finally:
        system.close()


def _prove(done: tuple[Planned, ...], system: System, progress: Progress, tell: Tell) -> None:
    for step in (step for each in done for step in each.steps if not follows(step)):
        tell(replace(progress, step=_("prove: {step}").format(step=step)))
        if not system.holds(step):
            raise StepFailed(_("after everything was done, this does not hold: {step}").format(step=step))


def _run_action(action: Planned, system: System, progress: Progress, tell: Tell) -> None:
    undone: list[Undo] = []
    picked: list[Step] = []
    try:
        for step in action.steps:
            if (follows(step) and not undone) or system.holds(step):
                continue
            system.prepare(step)
            at = replace(progress, step=str(step))
            tell(at)
            if follows(step):
                picked.append(step)
            undone.append(system.make(step, partial(_tell_bytes, tell, at)))
            system.log(_("done: {step}").format(step=step))
    except StepFailed as failure:
        system.log(_("failed: {title}: {failure}").format(title=action.title, failure=failure))
        failure.left = _take_back(undone, _again(action, picked), system)
        raise


def _again(action: Planned, picked: list[Step]) -> tuple[Step, ...]:
    """The steps by which services go back to what they ran with before those *picked* of *action* changed that."""
    restarts = tuple(step for step in picked if isinstance(step, Restart) and step not in action.before)
    return (*action.before, *restarts) if picked else ()


def _tell_bytes(tell: Tell, at: Progress, done: int, total: int) -> None:
    tell(replace(at, bytes_done=done, bytes_total=total))


def _take_back(undone: list[Undo], again: tuple[Step, ...], system: System) -> tuple[str, ...]:
    """Undo the steps of an action, last first; then its services pick up what was there before.

    Return what could not be.
    """
    left = []
    calls: list[Undo] = [*reversed(undone), *(partial(_make, system, step) for step in again)]
    for undo in calls:
        try:
            undo()
        except StepFailed as failure:
            left.append(_("could not be taken back: {failure}").format(failure=failure))
            system.log(left[-1])
    return tuple(left)


def _make(system: System, step: Step) -> None:
    system.make(step)
