"""What a running node is to be brought to: what was saved, and on top of it what an answer file says."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.autoinstall import lens
from ovirt_tui.autoinstall.cmdline import Complaint, Reading
from ovirt_tui.autoinstall.understand import complaint, parameter_of
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.order import FEATURES
from ovirt_tui.features.rules import SETUP_RULES
from ovirt_tui.features.rules import wrong as judged
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.records import dataclass
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import Planned, changes, run
from ovirt_tui.plan.saved import saved_config
from ovirt_tui.system import System

INSTALLED = Kind("decided-by-installation", N_("decided when a node is installed; it changes nothing here"))


@dataclass(frozen=True)
class Goal:
    """The settings, which of them the answers decide, what is wrong with those, and what should be known."""

    config: NodeConfig
    decided: tuple[str, ...]
    complaints: tuple[Complaint, ...]
    notes: tuple[Complaint, ...]


def goal(reading: Reading, saved: NodeConfig, facts: Facts) -> Goal:
    """What *reading* makes of the node where *saved* was saved last: what it does not say stays."""
    draft, before = Draft(facts, saved, SETUP_RULES), judged(saved, facts, SETUP_RULES)
    wrong, known = len(reading.complaints), len(reading.notes)
    decided = tuple(dict.fromkeys(lens.put(draft, reading)))
    reading.refuse()
    # Of what only an installation decides, whether it is true of this machine is no question: the disks are in use.
    complaints = [*reading.complaints[:wrong], *_of_a_node(reading.complaints[wrong:])]
    notes = [*reading.notes[:known], *_of_a_node(reading.notes[known:])]
    explained = {each.path for each in complaints}
    complaints += [  # and what was wrong before is in nobody's way
        complaint(each, reading)
        for each in draft.problems()
        if each.path not in explained and (each.path in decided or each not in before)
    ]
    notes += [complaint(each, reading) for each in draft.doubts()]
    idle = {parameter_of(path, reading): path for path in decided if not is_of_a_node(path)}
    notes += [Complaint(path, INSTALLED(), parameter=name) for name, path in idle.items()]
    for each in FEATURES:
        if each.section and not each.actions:
            draft.config = draft.config.with_section(saved[each.section])
    return Goal(draft.config, tuple(filter(is_of_a_node, decided)), tuple(complaints), tuple(notes))


def bring(reading: Reading, system: System, facts: Facts, *, check: bool) -> tuple[Goal, tuple[Planned, ...]]:
    """Bring the node to what *reading* says, unless something is wrong with it; with *check*, change nothing.

    Returns what was wanted, and what was due for it.  StepFailed when a step cannot be made.
    """
    saved = saved_config(system, facts)
    wanted = goal(reading, saved, facts)
    due = () if wanted.complaints else changes(SETUP, saved, wanted.config, facts, system)
    if not check:
        run(due, system, lambda progress: None)
    return wanted, due


def is_of_a_node(path: str) -> bool:
    """Say whether something is done about the setting at *path* on a node that runs."""
    return any(each.section and each.actions and path.startswith(f"{each.section.prefix}.") for each in FEATURES)


def _of_a_node(said: list[Complaint]) -> Iterator[Complaint]:
    return (each for each in said if not each.path or is_of_a_node(each.path))
