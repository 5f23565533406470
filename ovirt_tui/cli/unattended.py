"""The unattended run: what the boot starts when the kernel line names disks, or what to do to a node."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from types import TracebackType

from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.request import INSTALLING, REPAIR, Intent, asked, insisted
from ovirt_tui.autoinstall.understand import DISKS, Understood, understand
from ovirt_tui.cli import places, plan_report, report
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine import untrusted
from ovirt_tui.machine.disks import identities
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.pages.boot import Boot
from ovirt_tui.pages.remote.own_disk import unreached
from ovirt_tui.plan import summary
from ovirt_tui.plan.links import wake
from ovirt_tui.plan.runner import Progress, run
from ovirt_tui.system import StepFailed, System
from ovirt_tui.system.disk_steps import InstalledNode
from ovirt_tui.system.steps import File

DONE, FAILED, REFUSED = 0, 1, 2
PREFIX = "ovirt-node: "
NAP = 20  # seconds; no command may run without an end near
PATIENCE = (2, 3, 5, 10, 10, 15, 15)  # seconds between looks at a machine that is still finding its disks
REACHED_FOR = (*DISKS, "storage.override", "remote.disk")
"""Settings whose problems may go away with a login; where there are others, nothing is asked of the target."""
LINK_LOOKS = 4  # so many of them for a carrier, which is there after seconds or never
LOOKING = N_("reading what starts the node on {disk}, and comparing every byte of its images with their checksums")
READING = N_("reading the node on {disk}, and comparing every byte of this medium with its checksums")
PORTION = 10  # percent of a copy between two lines

Print = Callable[[str], None]


@dataclass
class Consoles:
    """Says a line on every console and in the journal."""

    system: System
    to_stdout: Print

    def say(self, text: str) -> None:
        """Say one or more lines; each begins with 'ovirt-node:', so that it is found among those of the boot."""
        lines = [untrusted.escaped(line) for line in text.split("\n")]
        for line in lines:
            self.system.log(f"{PREFIX}{line}")
        try:
            self.system.say(tuple(f"{PREFIX}{line}" for line in lines))
        except StepFailed:
            for line in lines:
                self.to_stdout(f"{PREFIX}{line}")


@dataclass
class Teller:
    """Turns progress into lines, not too many of them."""

    consoles: Consoles
    last: tuple[int, int] = field(default=(0, -1))
    ended: bool = False
    """Whether the last action of the plan has ended."""
    done: str = ""
    """What is true then."""
    until: str = ""
    """What is true of the disks until then; empty where they do not start."""

    def __call__(self, progress: Progress) -> None:
        """Say an action when it begins, and then every tenth part of a copy."""
        self.ended = progress.finished and progress.number == progress.count
        part = progress.bytes_done * 100 // progress.bytes_total // PORTION if progress.bytes_total > 1 else -1
        if progress.finished or (progress.number, part) <= self.last:
            return
        self.last = (progress.number, part)
        percent = f" {part * PORTION} %" if part >= 0 else ""
        self.consoles.say(f"({progress.number}/{progress.count}) {_(progress.title)}{percent}")


@dataclass(frozen=True)
class Outcome:
    """How it ended: 0 done, 1 a step failed, 2 refused before anything was written; and why, or why not to the end."""

    status: int
    reason: str = ""


def autoinstall(system: System, to_stdout: Print, line: str | None = None) -> Outcome:
    """Do what the kernel line says, or *line* in its place, and reboot."""
    consoles = Consoles(system, to_stdout)
    teller = Teller(consoles)
    with ExitStack() as stack:
        stack.push(partial(_mistake, system, teller))
        try:
            try:
                return _whole_run(system, teller, system.text(places.CMDLINE) if line is None else line)
            finally:
                system.close()
        except StepFailed as failure:
            for said in failure.output.splitlines():
                system.log(said)
            if teller.ended:
                told = _("{done}; restart this machine by hand: {why}").format(done=teller.done, why=failure)
                consoles.say(told)
                return Outcome(DONE, told)
            consoles.say("\n".join((_("failed: {failure}").format(failure=failure), teller.until or certain(system))))
            return Outcome(FAILED, "\n".join(filter(None, (str(failure), teller.until))))
    raise AssertionError("an exception went missing")  # of the three ways out of the block, each left it


def certain(system: System) -> str:
    """What can be said of the disks after a failure."""
    if system.begun():
        return _("a disk was written to: what is on it is not complete and does not boot")
    return _("nothing was written to any disk")


def mistake(error: BaseException) -> str:
    """One sentence about an exception that nobody foresaw."""
    return _("this program made a mistake: {what}").format(what=f"{type(error).__name__}: {error}")


def _mistake(
    system: System,
    teller: Teller,
    _kind: type[BaseException] | None,
    error: BaseException | None,
    _trace: TracebackType | None,
) -> bool:
    """What an unforeseen exception passes on its way out: the consoles hear of it, whoever started this handles it."""
    if isinstance(error, Exception):
        said = (
            _("failed: {failure}").format(failure=mistake(error)),
            teller.until or certain(system),
            _("the journal has the details"),
        )
        teller.consoles.say("\n".join(said))
    return False


def _whole_run(system: System, teller: Teller, line: str) -> Outcome:
    consoles = teller.consoles
    system.warm_up()
    found, steady = _look(system, consoles, line)
    refusals = _refusals(found)
    if not refusals and not steady:
        refusals = [_("cmdline: the disks of this machine keep changing; name the disks, by path or by bus:serial")]
    if refusals:
        _refuse(system, consoles, refusals)
        return Outcome(REFUSED, "\n".join(refusals))
    if found.beside and found.intent is Intent.REPAIR:
        return _repair(found, found.beside, system, teller)
    if found.beside:
        return _upgrade(found, found.beside, system, teller)
    _carry_out(found, system, teller)
    return Outcome(DONE)


def _upgrade(found: Understood, beside: InstalledNode, system: System, teller: Teller) -> Outcome:
    """Look at the node and at the medium, and write the image of the one to a slot of the other."""
    from ovirt_tui.plan import medium  # only here: few lines upgrade

    consoles, word = teller.consoles, asked(found.said)
    consoles.say("\n".join((_(READING).format(disk=beside.disk), *report.notes(found))))
    looked = medium.look(system, beside, found.draft.facts)
    if wrong := [f"{word}: {reason}" for reason in medium.refusals(looked, insisted(found.said))]:
        _refuse(system, consoles, wrong)
        return Outcome(REFUSED, "\n".join(wrong))
    told = summary.upgrade(looked.candidate.version, looked.slots, beside.disk)
    consoles.say("\n".join((_("upgrade starts"), *told)))
    teller.until = _("the node on {disk} starts as before").format(disk=beside.disk)
    teller.done = _("the image is written and is tried at the next start from {disk}").format(disk=beside.disk)
    run(looked.planned, system, teller)
    _reboot(found, system, teller)
    return Outcome(DONE)


def _repair(found: Understood, beside: InstalledNode, system: System, teller: Teller) -> Outcome:
    """Look at what starts the node, say what is wrong with it, and make that anew."""
    from ovirt_tui.plan import repair  # only here: few lines repair

    consoles = teller.consoles
    consoles.say("\n".join((_(LOOKING).format(disk=beside.disk), *report.notes(found))))
    looked = repair.look(system, beside, found.draft.facts)
    if wrong := [f"{REPAIR.name}: {reason}" for reason in looked.against]:
        _refuse(system, consoles, wrong)
        return Outcome(REFUSED, "\n".join(wrong))
    consoles.say("\n".join((_("repair starts"), *repair.in_words(looked))))
    teller.until = _("the slots, the settings and Data of the node on {disk} are as before").format(disk=beside.disk)
    teller.done = _("what starts the node on {disk} is whole").format(disk=beside.disk)
    run(looked.planned, system, teller)
    _reboot(found, system, teller)
    return Outcome(DONE)


def _look(system: System, consoles: Consoles, line: str) -> tuple[Understood, bool]:
    """Look at the machine, and again for a while when a disk or a carrier that the line names is not there yet.

    Where the line means disks by what else is there (the only one, all of a bus), two looks in a row must be equal
    and udev at rest; the second value says whether they were.
    """
    before, told = None, ""
    for number, seconds in enumerate((*PATIENCE, 0)):
        facts = system.facts()
        found = understand(read(line), facts)
        if _reach(system, consoles, found):
            facts = system.facts()
            found = understand(read(line), facts)
        steady = not found.by_elimination or _alike(before, facts)
        last = len(PATIENCE) if not steady or set(DISKS) & set(found.missing) else LINK_LOOKS
        if (steady and not found.missing) or number >= last:
            break
        if (what := _awaited(found)) != told and (number or found.missing):
            told, left = what, sum(PATIENCE[number:last])
            consoles.say(_("waiting, {seconds} seconds at most: {what}").format(seconds=left, what=what))
        wake(system, facts)
        system.pause(seconds)
        before = facts
    return found, steady


def _reach(system: System, consoles: Consoles, found: Understood) -> bool:
    """Log in to the target of the node's own disk, if it has one; True when its disk has come by that.

    A disk that does not is missing like any other, and looked for again.
    """
    refused = any(complaint.path not in REACHED_FOR for complaint in found.complaints)
    login = unreached(found.draft.resolved, found.draft.facts) if found.intent in INSTALLING else None
    if not login or refused:
        return False
    consoles.say(_("logging in to {target}").format(target=login.target))
    try:
        system.make(login)
    except StepFailed as failure:
        consoles.say(str(failure))
        return False
    return True


def _alike(before: Facts | None, now: Facts) -> bool:
    """Say whether two looks in a row saw the same disks, and none was on its way."""
    if before is None or not (before.settled and now.settled):
        return False
    return identities(before, (disk.path for disk in before.disks)) == identities(
        now, (disk.path for disk in now.disks)
    )


def _awaited(found: Understood) -> str:
    """What is not there yet, or that all disks are waited for."""
    texts = (f"{each.parameter}: {each.text}" for each in found.complaints if each.path in found.missing)
    return "; ".join(texts) or _("until the disks of this machine are all there")


def _refusals(found: Understood) -> list[str]:
    if found.draft.facts.slot:
        return [_("cmdline: this is an installed node; start the medium to install, upgrade, repair or uninstall")]
    if found.complaints:
        return report.problems(found)
    if found.intent not in (*INSTALLING, Intent.UNINSTALL) and not found.beside:
        what = _(report.PURPOSES[found.intent])
        return [_("cmdline: nothing to do without a person; the line {what}").format(what=what)]
    return []


def _refuse(system: System, consoles: Consoles, refusals: list[str]) -> None:
    reasons = (_("refused: {reason}").format(reason=line) for line in "\n".join(refusals).splitlines())
    consoles.say("\n".join((_("refused: nothing was written to any disk"), *reasons)))
    system.make(File(places.REFUSAL, "\n".join(refusals) + "\n"))


def _carry_out(found: Understood, system: System, teller: Teller) -> None:
    consoles, uninstalling = teller.consoles, found.intent is Intent.UNINSTALL
    opening = _("uninstallation starts") if uninstalling else _("installation starts")
    teller.done = _("the node is removed") if uninstalling else _("installation is complete")
    consoles.say("\n".join((opening, *report.notes(found), *plan_report.disks(found))))
    run(plan_report.steps(found), system, teller)
    _reboot(found, system, teller)


def _reboot(found: Understood, system: System, teller: Teller) -> None:
    """Say that it is done, and start the machine again after the time that the line says."""
    consoles = teller.consoles
    system.close()
    delay = int(found.config[Boot].reboot_delay)
    told = _("{done}; reboot in {delay} seconds").format(done=teller.done, delay=delay) if delay else teller.done
    consoles.say(told)
    for start in range(0, delay, NAP):
        system.pause(min(NAP, delay - start))
    consoles.say(_("reboot"))
    system.restart()
