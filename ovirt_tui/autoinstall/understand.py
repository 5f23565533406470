"""A line and a machine give a configuration, what to do with it, and every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ovirt_tui import disks
from ovirt_tui.autoinstall import assign, request, uninstall
from ovirt_tui.autoinstall.cmdline import Complaint, Reading, read, read_answers
from ovirt_tui.autoinstall.params import WORDS
from ovirt_tui.autoinstall.request import INSTALLING as INSTALLING
from ovirt_tui.autoinstall.request import Intent, intent
from ovirt_tui.autoinstall.uninstall import meant
from ovirt_tui.config import NodeConfig
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts
from ovirt_tui.i18n import _
from ovirt_tui.pages.network.interface import BOOTIF
from ovirt_tui.pages.storage.checks import OBJECTION, sizes_fit
from ovirt_tui.pages.storage.named import INIT, chosen, interrupted
from ovirt_tui.problems import Problem
from ovirt_tui.rules import INSTALL_RULES, SETUP_RULES, Rule
from ovirt_tui.steps import Erased

BOOT_DISK, NIC = "storage.boot_disk", "network.nic"
RULES: dict[Intent, tuple[Rule, ...]] = {
    **dict.fromkeys(INSTALLING, INSTALL_RULES),
    Intent.INTERACTIVE: (*SETUP_RULES, sizes_fit),
}


@dataclass(frozen=True)
class Understood:
    """What a line means on a machine."""

    intent: Intent
    draft: Draft
    decided: tuple[str, ...]  # paths of the settings that the line decides
    carried: tuple[str, ...]  # words kept for the installed boot entry
    complaints: tuple[Complaint, ...]
    notes: tuple[Complaint, ...]  # what stops nothing
    erased: Erased | None = None  # what uninstall does
    missing: tuple[str, ...] = ()  # settings for which it names a disk or an interface that is not there, or not alone
    by_elimination: bool = False  # which disks are meant depends on which others there are

    @property
    def config(self) -> NodeConfig:
        """The configuration, as far as it is valid."""
        return self.draft.config


def understand(reading: Reading, facts: Facts) -> Understood:
    """Check *reading* against itself and the machine, and make settings of it."""
    for outcome in request.complete(reading.said):
        reading.hear(outcome)
    reading.refuse()
    purpose = intent(reading.said)
    erased = uninstall.erased(reading, facts) if purpose is Intent.UNINSTALL else None
    draft = Draft(facts, rules=RULES.get(purpose, ()))
    decided = tuple(assign.put(draft, reading))
    paths = meant(lambda: chosen(reading.said, facts))
    if purpose in INSTALLING and (node := interrupted(facts, paths)):
        reading.note(
            "storage_init", _("the installation that was interrupted on {disk} goes on").format(disk=node.disk)
        )
    complaints = (*reading.complaints, *_from_rules(draft, reading))
    for doubt in draft.doubts():
        reading.note(parameter_of(doubt.path, reading), doubt.text, doubt.path)
    return Understood(
        purpose,
        draft,
        tuple(dict.fromkeys(decided)),
        reading.carried,
        complaints,
        tuple(reading.notes),
        erased,
        tuple(_missing(reading, paths, decided)),
        _by_elimination(purpose, reading),
    )


def _by_elimination(purpose: Intent, reading: Reading) -> bool:
    """Say whether a disk that is not there yet would change which ones the line means."""
    if purpose not in (*INSTALLING, Intent.UNINSTALL):
        return False
    if INIT.name not in reading.said:
        return purpose is Intent.UNINSTALL
    return any(selector.by_elimination for selector in reading.said[INIT.name].host)


def _missing(reading: Reading, paths: tuple[str, ...], decided: tuple[str, ...]) -> Iterator[str]:
    """The settings for which the line names a disk or an interface that is not there, or not alone."""
    if INIT.name in reading.said and not paths:
        yield BOOT_DISK
    if BOOTIF.name in reading.said and NIC not in decided:
        yield NIC


def put_answers(draft: Draft, lines: Iterable[str]) -> None:
    """Put what the lines of an answer file say into *draft*, as far as it is right and true of this machine."""
    put(draft, read_answers("\n".join(lines)))


def put_line(draft: Draft, line: str) -> tuple[Complaint, ...]:
    """Put what a kernel line says into *draft*, and return what is wrong with it or not true of this machine.

    So the console it was booted with is that of the installed system, and a refused installation starts from what
    was right with it.
    """
    return put_settings(draft, read(line))


def put_settings(draft: Draft, reading: Reading) -> tuple[Complaint, ...]:
    """Put what *reading* says into *draft* and return what is wrong with it, whatever it is for."""
    put(draft, reading)
    reading.refuse()
    return tuple(reading.complaints)


def put(draft: Draft, reading: Reading) -> None:
    """Put what *reading* says into *draft*, as far as it is right and true of this machine."""
    for _path in assign.put(draft, reading):
        pass


def _from_rules(draft: Draft, reading: Reading) -> list[Complaint]:
    """Problems of settings by the name of their parameter, without those that a complaint already explains."""
    explained = {complaint.path for complaint in reading.complaints}
    return [
        Complaint(
            parameter_of(problem.path, reading), problem.text, problem.path, details=_way_out(problem, draft.facts)
        )
        for problem in draft.problems()
        if problem.path not in explained
    ]


def _way_out(problem: Problem, facts: Facts) -> tuple[str, ...]:
    """What lets a disk be used in spite of what is on it."""
    if problem.reason.kind is not OBJECTION:
        return ()
    return uninstall.way_out(facts, disks.find(facts, str(problem.reason["name"])))


def parameter_of(path: str, reading: Reading) -> str:
    """The parameter that an admin has to change for the setting at *path*: the one on the line, else its own."""
    words = sorted((word for word in WORDS if path in word.fills), key=lambda word: word.fills.index(path))
    given = next((word for word in words if word.name in reading.said), words[0] if words else None)
    return reading.said.spelled(given.name) if given else path
