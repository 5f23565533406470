"""What a new image would make of the settings of this node: its own program reads them before anything is written.

The interface is one that every version has, and that is published: 'check --json' of an answer file on a recorded
machine.  What the version that runs says of them too is no reason against the new one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts, dump
from ovirt_tui.machine.images import Candidate
from ovirt_tui.machine.untrusted import masked, shortened
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.plan.actions import SAVED
from ovirt_tui.system import Missing, StepFailed, System
from ovirt_tui.system.image_program import GIVEN

NODE, MACHINE = "node.toml", "machine.json"
QUESTION = ("check", "--json", "--answers", f"{GIVEN}/{NODE}", "--machine", f"{GIVEN}/{MACHINE}")
SHOWN = 5
"""Problems that are said; who has more has seen enough to look."""
REFUSED = Kind("settings-not-taken", N_("version {version} does not take the settings of this node: {problems}"))
UNTRIED = Kind("settings-untried", N_("whether it takes the settings of this node cannot be told: {why}"))

Said = tuple[str, str]
"""The code of a problem, and what has to be changed."""


def objections(system: System, facts: Facts, candidate: Candidate) -> Iterator[Reason]:
    """Why the settings of this node speak against *candidate*, which is run for it: somebody answers for it."""
    try:
        saved = system.text(SAVED)
    except Missing:
        return  # nothing was saved yet
    try:
        answer = system.image_says(candidate.path, QUESTION, {NODE: saved, MACHINE: dump(facts)})
        found = _problems(answer)
    except StepFailed as failure:
        yield UNTRIED(why=failure)
        return
    here = _here(saved, facts)
    yield from _refused(candidate, [text for said, text in found.items() if said not in here])


def not_taken(saved: bytes, candidate: Candidate) -> Iterator[Reason]:
    """Why the settings of a node beside this medium speak against its image, whose program this is.

    Only what the file says by itself is judged: what a setting means is judged on the node.
    """
    found = answers.read(SAVED, saved).problems
    yield from _refused(candidate, [shortened(masked(f"{each.path or SAVED}: {each.text}")) for each in found])


def _refused(candidate: Candidate, new: list[str]) -> Iterator[Reason]:
    if new:
        more = [_("and {count} more").format(count=len(new) - SHOWN)] if len(new) > SHOWN else []
        yield REFUSED(version=candidate.version, problems="; ".join((*new[:SHOWN], *more)))


def _here(saved: str, facts: Facts) -> set[Said]:
    """What the version that runs says of the same."""
    found = understand(Reading().over((answers.read(f"{GIVEN}/{NODE}", saved.encode()),)), facts)
    return {(each.reason.kind.code, each.parameter) for each in found.complaints}


def _problems(answer: str) -> dict[Said, str]:
    """The problems in what the image answers, in its order; StepFailed where that is no such answer."""
    try:
        found = json.loads(answer)["problems"]
        return {(str(each["code"]), str(each["parameter"])): _sentence(each) for each in found}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise StepFailed(_("its program answers something else"), shortened(masked(answer))) from error


def _sentence(problem: dict[str, object]) -> str:
    """One problem, on one line; the file is called otherwise here."""
    name = str(problem["parameter"]).removeprefix(f"{GIVEN}/{NODE}: ")
    return shortened(masked(f"{name}: {str(problem['text']).partition(chr(10))[0]}"))
