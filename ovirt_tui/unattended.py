"""The unattended run: what the boot starts when the kernel line names disks, or uninstall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ovirt_tui import outside, report
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.conflicts import Intent
from ovirt_tui.autoinstall.understand import INSTALLING, Understood, understand
from ovirt_tui.i18n import _
from ovirt_tui.links import wake
from ovirt_tui.runner import Progress, run
from ovirt_tui.steps import File
from ovirt_tui.system import StepFailed, System

DONE, FAILED, REFUSED = 0, 1, 2
CMDLINE = "/proc/cmdline"
REFUSAL = "/run/ovirt-node/refusal"
FAILURE = "/run/ovirt-node/failure"
PREFIX = "ovirt-node: "
NAP = 20  # seconds; no command may run without an end near
PATIENCE = (2, 3, 5)  # seconds between looks at a machine that is still finding its disks and carriers
PORTION = 10  # percent of a copy between two lines

Print = Callable[[str], None]


@dataclass
class Consoles:
    """Says a line on every console and in the journal."""

    system: System
    to_stdout: Print

    def say(self, text: str) -> None:
        """Say one or more lines; each begins with 'ovirt-node:', so that it is found among those of the boot."""
        lines = [outside.escaped(line) for line in text.split("\n")]
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

    def __call__(self, progress: Progress) -> None:
        """Say an action when it begins, and then every tenth part of a copy."""
        part = progress.bytes_done * 100 // progress.bytes_total // PORTION if progress.bytes_total > 1 else -1
        if progress.finished or (progress.number, part) <= self.last:
            return
        self.last = (progress.number, part)
        percent = f" {part * PORTION} %" if part >= 0 else ""
        self.consoles.say(f"({progress.number}/{progress.count}) {_(progress.title)}{percent}")


@dataclass(frozen=True)
class Outcome:
    """How it ended: 0 done, 1 a step failed, 2 refused before anything was written; and why."""

    status: int
    reason: str = ""


def autoinstall(system: System, to_stdout: Print, line: str | None = None) -> Outcome:
    """Do what the kernel line says, or *line* in its place, and reboot."""
    consoles = Consoles(system, to_stdout)
    try:
        found = _look(system, system.output(("cat", CMDLINE)) if line is None else line)
        if refusals := _refusals(found):
            _refuse(system, consoles, refusals)
            return Outcome(REFUSED, "\n".join(refusals))
        _carry_out(found, system, consoles)
    except StepFailed as failure:
        consoles.say(_("failed: {failure}").format(failure=failure))
        for said in failure.output.splitlines():
            system.log(said)
        return Outcome(FAILED, str(failure))
    finally:
        system.close()
    return Outcome(DONE)


def _look(system: System, line: str) -> Understood:
    """Look at the machine, and again for a while when a disk or a carrier that the line names is not there yet."""
    facts = system.facts()
    found = understand(read(line), facts)
    for seconds in PATIENCE:
        if not found.missing:
            break
        wake(system, facts)
        if not _nap(system, seconds):
            break
        facts = system.facts()
        found = understand(read(line), facts)
    return found


def _nap(system: System, seconds: int) -> bool:
    try:
        system.output(("sleep", str(seconds)))
    except StepFailed:
        return False
    return True


def _refusals(found: Understood) -> list[str]:
    if found.draft.facts.slot:
        return [_("cmdline: this is an installed node; start the installation medium to install or uninstall")]
    if found.complaints:
        return report.problems(found)
    if found.intent not in (*INSTALLING, Intent.UNINSTALL):
        what = _(report.PURPOSES[found.intent])
        return [_("cmdline: nothing to do without a person; the line {what}").format(what=what)]
    return []


def _refuse(system: System, consoles: Consoles, refusals: list[str]) -> None:
    reasons = (_("refused: {reason}").format(reason=line) for line in "\n".join(refusals).splitlines())
    consoles.say("\n".join((_("refused: nothing was written to any disk"), *reasons)))
    system.make(File(REFUSAL, "\n".join(refusals) + "\n"))


def _carry_out(found: Understood, system: System, consoles: Consoles) -> None:
    uninstalling = found.intent is Intent.UNINSTALL
    opening = _("uninstallation starts") if uninstalling else _("installation starts")
    consoles.say("\n".join((opening, *report.notes(found), *report.disks(found))))
    run(report.steps(found), system, Teller(consoles))
    system.close()
    delay = int(found.config.boot.reboot_delay)
    done = _("the node is removed") if uninstalling else _("installation is complete")
    consoles.say(_("{done}; reboot in {delay} seconds").format(done=done, delay=delay) if delay else done)
    for start in range(0, delay, NAP):
        _nap(system, min(NAP, delay - start))
    consoles.say(_("reboot"))
    system.output(("systemctl", "reboot"))
