"""A kernel line, the answer files before it and the facts of a machine give a configuration, what to do with it, and
every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ovirt_tui.autoinstall import lens, request
from ovirt_tui.autoinstall.cmdline import Complaint, Reading, read, read_lines
from ovirt_tui.autoinstall.parameters import WORDS
from ovirt_tui.autoinstall.request import INSTALLING as INSTALLING
from ovirt_tui.autoinstall.request import Intent
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.order import BROKEN
from ovirt_tui.features.parameter import Said
from ovirt_tui.features.resolution import Resolution, lasting, resolve
from ovirt_tui.features.rules import INSTALL_RULES, SETUP_RULES, Rule
from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import Detail, Kind, Problem
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.model.typed import TYPE_CHECKING
from ovirt_tui.pages.storage.checks import OBJECTION, sizes_fit
from ovirt_tui.pages.storage.checks import chosen as chosen_disks
from ovirt_tui.pages.storage.named import INIT
from ovirt_tui.pages.storage.resolution import interrupted
from ovirt_tui.pages.storage.settings import Storage

if TYPE_CHECKING:
    from ovirt_tui.system.disk_steps import Erased, InstalledNode

DISKS = ("storage.boot_disk", "storage.data_disks", "storage.app_disks")
NIC = "network.nic"
AWAITED = (*DISKS, NIC)
"""Settings that name what may not be there yet while a machine starts."""
PLUGINS = "plug-ins"
"""What a note about one that is left out is about."""
BESIDE = {
    Intent.UPGRADE: Intent.UPGRADE,
    Intent.INSTALL_OR_UPGRADE: Intent.UPGRADE,
    Intent.REPAIR: Intent.REPAIR,
}
"""What is asked for that may be about a node beside this medium, and what it is once there is one."""
RULES: dict[Intent, tuple[Rule, ...]] = {
    **dict.fromkeys(INSTALLING, INSTALL_RULES),
    Intent.INTERACTIVE: (*SETUP_RULES, sizes_fit),
}


@dataclass(frozen=True)
class Understood:
    """What a line, and the answer files before it, mean on a machine."""

    intent: Intent
    draft: Draft
    decided: tuple[str, ...]  # paths of the settings that are decided
    carried: tuple[str, ...]  # words kept for the installed boot entry
    complaints: tuple[Complaint, ...]
    notes: tuple[Complaint, ...]  # what stops nothing
    erased: Erased | None = None  # what uninstall does
    missing: tuple[str, ...] = ()  # settings for which a disk or an interface is named that is not there, or not alone
    by_elimination: bool = False  # which disks are meant depends on which others there are
    from_files: bool = False  # there are answer files
    beside: InstalledNode | None = None  # the node that is upgraded, or repaired
    said: Said = field(default_factory=Said)

    @property
    def config(self) -> NodeConfig:
        """The configuration, as far as it is valid."""
        return self.draft.config


OF_NODES = (Intent.UNINSTALL, Intent.UPGRADE, Intent.REPAIR)
"""What is done to the only node where no disk is named."""
OF_UPGRADES = ("storage.", "boot.")
"""Settings by which a line says which node, or how this boot goes: nothing that a node keeps."""
KEEPS_OWN = Kind("node-keeps-own-setting", N_("is not taken: the node that was found keeps its own settings"))
GOES_ON = Kind("installation-goes-on", N_("the installation that was interrupted on {disk} goes on"))


def understand(reading: Reading, facts: Facts) -> Understood:
    """Check *reading* against itself and the machine, and make settings of it."""
    purpose = reading.intent
    if NIC not in reading.answered:
        for outcome in request.complete(reading.said, reading.disks_answered):
            reading.hear(outcome)
    reading.refuse()
    draft = Draft(facts, rules=RULES.get(purpose, ()))
    decided = tuple(lens.put(draft, reading))
    found = resolve(draft.config, facts)
    erased = _erased(reading, found, facts) if purpose is Intent.UNINSTALL else None
    before = len(reading.complaints)
    beside = _beside(reading, found, facts) if purpose in BESIDE else None
    if beside or len(reading.complaints) > before:
        purpose, draft.rules = BESIDE[purpose], ()  # the rules of an installation say nothing more
    if beside:
        for path in sorted(each for each in decided if not each.startswith(OF_UPGRADES)):
            reading.notes.append(complaint(Problem(path, KEEPS_OWN()), reading))
    host = ("storage.boot_disk", "storage.data_disks")
    chosen = tuple(disk.path for path, disk in chosen_disks(found.config, facts) if path in host)
    if purpose in INSTALLING and (node := interrupted(facts, chosen)):
        reading.note(INIT.name, GOES_ON(disk=node.disk))
    complaints = (*reading.complaints, *_from_rules(draft, reading))
    doubts = [complaint(doubt, reading) for doubt in draft.doubts()]
    left_out = [Complaint("", reason, parameter=PLUGINS) for reason in BROKEN]
    return Understood(
        purpose,
        draft,
        tuple(dict.fromkeys(decided)),
        reading.carried,
        complaints,
        (*reading.notes, *left_out, *doubts, *_idle(reading, draft.config)),
        erased,
        tuple(dict.fromkeys(each.path for each in found.problems if each.path in AWAITED)),
        _by_elimination(purpose, draft.config),
        bool(reading.layers),
        beside,
        reading.said,
    )


def _erased(reading: Reading, found: Resolution, facts: Facts) -> Erased | None:
    from ovirt_tui.autoinstall import uninstall  # only here: few lines uninstall

    return uninstall.erased(reading, found, facts)


def _beside(reading: Reading, found: Resolution, facts: Facts) -> InstalledNode | None:
    from ovirt_tui.autoinstall import upgrade  # only here: few lines upgrade or repair

    return upgrade.beside(reading, found, facts)


NO_EFFECT = Kind("no-effect", N_("has no effect beside the other settings"))


def _idle(reading: Reading, config: NodeConfig) -> Iterator[Complaint]:
    """What answer files decide without any effect, as an address while the method is DHCP."""
    for path in sorted(reading.answered):
        setting = config.setting(path)
        if config.get(path) != setting.default and not config.has_effect(path):
            yield complaint(Problem(path, NO_EFFECT()), reading)


def _by_elimination(purpose: Intent, config: NodeConfig) -> bool:
    """Say whether a disk that is not there yet would change which ones are meant."""
    if purpose not in (*INSTALLING, *OF_NODES):
        return False
    storage = config[Storage]
    if not storage.boot_disk:
        return purpose in OF_NODES
    return any(selector.by_elimination for selector in (storage.boot_disk, *storage.data_disks, *storage.app_disks))


def put_lines(draft: Draft, lines: Iterable[str]) -> None:
    """Put what the lines of a file of our own say into *draft*, as far as it is right."""
    put(draft, read_lines("\n".join(lines)))


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
    for _path in lens.put(draft, reading):
        pass


def _from_rules(draft: Draft, reading: Reading) -> list[Complaint]:
    """Problems of settings by the name of their parameter, without those that a complaint already explains."""
    explained = {complaint.path for complaint in reading.complaints}
    return _complaints((each for each in draft.problems() if each.path not in explained), reading, draft.facts)


def _complaints(problems: Iterable[Problem], reading: Reading, facts: Facts) -> list[Complaint]:
    return [
        complaint(
            each,
            reading,
            each.details or _way_out(each, facts, by_word=INIT.name in reading.said or not reading.layers),
        )
        for each in problems
    ]


BY_SETTING = Kind("override-by-setting", N_('storage.override = ["{disk}"] erases it all the same'))


def _way_out(problem: Problem, facts: Facts, *, by_word: bool) -> tuple[Detail, ...]:
    """What lets a disk be used in spite of what is on it."""
    if problem.reason.kind is not OBJECTION:
        return ()
    disk = disks.find(facts, str(problem.reason["name"]))
    if by_word:
        from ovirt_tui.autoinstall import uninstall  # only here: few disks hold what must not be lost

        return uninstall.way_out(facts, disk)
    return (BY_SETTING(disk=disks.stable_name(facts, disk)),)


def complaint(problem: Problem, reading: Reading, details: tuple[Detail, ...] = ()) -> Complaint:
    """Return what is to be said of *problem* by the name of what an admin has to change, with *details*."""
    return Complaint(problem.path, problem.reason, details, parameter=parameter_of(problem.path, reading))


def parameter_of(path: str, reading: Reading) -> str:
    """What an admin has to change for the setting at *path*: the parameter that is on the line, else the setting where
    there are answer files, with the one that counts, else the setting's own parameter."""
    words = sorted((word for word in WORDS if path in word.fills), key=lambda word: word.fills.index(path))
    given = next((word for word in words if word.name in reading.said), None)
    if reading.layers and (not given or path in reading.answered - reading.decided):
        return reading.place(path)
    given = given or (words[0] if words else None)
    return reading.said.spelled(given.name) if given else path
