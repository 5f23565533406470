"""A line and a machine give a configuration, what to do with it, and every problem at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ovirt_tui import disks
from ovirt_tui.autoinstall import assign, request, uninstall
from ovirt_tui.autoinstall.cmdline import Complaint, Reading, read, read_answers
from ovirt_tui.autoinstall.params import WORDS
from ovirt_tui.autoinstall.request import INSTALLING as INSTALLING
from ovirt_tui.autoinstall.request import Intent, intent
from ovirt_tui.config import NodeConfig
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts
from ovirt_tui.features import BROKEN
from ovirt_tui.i18n import _
from ovirt_tui.pages.storage.checks import OBJECTION, sizes_fit
from ovirt_tui.pages.storage.checks import chosen as chosen_disks
from ovirt_tui.pages.storage.named import INIT
from ovirt_tui.pages.storage.resolution import interrupted
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.problems import Problem
from ovirt_tui.resolution import lasting, resolve
from ovirt_tui.rules import INSTALL_RULES, SETUP_RULES, Rule
from ovirt_tui.steps import Erased

DISKS = ("storage.boot_disk", "storage.data_disks")
AWAITED = (*DISKS, "network.nic")
"""Settings that name what may not be there yet while a machine starts."""
PLUGINS = "plug-ins"
"""What a note about one that is left out is about."""
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
    draft = Draft(facts, rules=RULES.get(purpose, ()))
    decided = tuple(assign.put(draft, reading))
    found = resolve(draft.config, facts)
    erased = uninstall.erased(reading, found, facts) if purpose is Intent.UNINSTALL else None
    chosen = tuple(disk.path for _path, disk in chosen_disks(found.config, facts))
    if purpose in INSTALLING and (node := interrupted(facts, chosen)):
        reading.note(INIT.name, _("the installation that was interrupted on {disk} goes on").format(disk=node.disk))
    complaints = (*reading.complaints, *_from_rules(draft, reading))
    for broken in BROKEN:
        reading.note(PLUGINS, str(broken))
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
        tuple(dict.fromkeys(each.path for each in found.problems if each.path in AWAITED)),
        _by_elimination(purpose, draft.config),
    )


def _by_elimination(purpose: Intent, config: NodeConfig) -> bool:
    """Say whether a disk that is not there yet would change which ones are meant."""
    if purpose not in (*INSTALLING, Intent.UNINSTALL):
        return False
    storage = config[Storage]
    if not storage.boot_disk:
        return purpose is Intent.UNINSTALL
    return any(selector.by_elimination for selector in (storage.boot_disk, *storage.data_disks))


def put_answers(draft: Draft, lines: Iterable[str]) -> None:
    """Put what the lines of an answer file say into *draft*, as far as it is right and true of this machine."""
    put(draft, read_answers("\n".join(lines)))


def put_line(draft: Draft, line: str) -> tuple[Complaint, ...]:
    """Put what a kernel line says and this machine has into *draft*; return what is wrong with it or not true here.

    So the console it was booted with is that of the installed system, and a refused installation starts from what
    was right with it.
    """
    reading = read(line)
    put_settings(draft, reading)
    found = resolve(draft.config, draft.facts)
    unknown = {*(each.path for each in found.problems)}
    draft.config = lasting(draft.config, draft.facts)
    for path in (*unknown, *(DISKS if unknown & set(DISKS) else ())):
        draft.config = draft.config.put(path, draft.config.setting(path).default)
    return (*reading.complaints, *_complaints(found.problems, reading, draft.facts))


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
    return _complaints((each for each in draft.problems() if each.path not in explained), reading, draft.facts)


def _complaints(problems: Iterable[Problem], reading: Reading, facts: Facts) -> list[Complaint]:
    return [
        Complaint(parameter_of(each.path, reading), each.text, each.path, details=each.details or _way_out(each, facts))
        for each in problems
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
