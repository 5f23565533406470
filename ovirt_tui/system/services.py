"""Services and commands: restarts units, runs programs."""

from __future__ import annotations

from time import monotonic, sleep

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import run
from ovirt_tui.system.steps import Restart, Run
from ovirt_tui.system.tree import Tree

START_SECONDS = 90
JOURNAL_LINES = "20"
OURS = "ovirt-node-"
"""How our own units begin; what they say is a sentence."""


def nothing() -> None:
    """Undo a step that has nothing to undo."""


class Runs:
    """Run: runs a command; holds in a mounted system, where nothing runs."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: Run) -> bool:
        return not self.tree.live

    def make(self, step: Run, tell: Tell) -> Undo:
        run(step.argv)
        return nothing


class Restarts:
    """Restart: restarts a service; holds in a mounted system, where nothing runs."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: Restart) -> bool:
        return not self.tree.live

    def make(self, step: Restart, tell: Tell) -> Undo:
        try:
            # A service that hit its start limit with an earlier wrong setting must not be refused now.
            run(("systemctl", "reset-failed", step.service), good=(0, 1))
            run(("systemctl", "restart", step.service), seconds=START_SECONDS)
            self._wait(step.service)
        except StepFailed as failure:
            text = _("{service} did not start with its new configuration").format(service=step.service)
            text += f": {said}" if (said := _said(step.service)) else ""
            raise StepFailed(text, f"{failure}\n{failure.output}\n{_journal(step.service)}") from failure
        return nothing

    def _wait(self, service: str) -> None:
        """Wait until the service is active in two checks: it may report success and exit a moment later."""
        end = monotonic() + START_SECONDS
        seen = 0
        while seen < 2:
            state = run(("systemctl", "is-active", service), good=(0, 1, 3, 4)).strip()
            if state == "inactive" and self._is_off(service):
                return
            if state in {"failed", "inactive"} or monotonic() > end:
                raise StepFailed(_("{service} is {state}").format(service=service, state=state))
            seen = seen + 1 if state == "active" else 0
            sleep(0.5)

    def _is_off(self, service: str) -> bool:
        """Whether a condition of the unit, such as that its configuration is there, keeps it from running."""
        return run(("systemctl", "show", "--property=ConditionResult", "--value", service)).strip() == "no"


def _said(unit: str) -> str:
    """The last sentence that a service of our own said when it failed; those of others tell no admin anything."""
    if not unit.startswith(OURS):
        return ""
    try:
        run_of = run(("systemctl", "show", "--property=InvocationID", "--value", unit)).strip()
        wanted = (f"_SYSTEMD_INVOCATION_ID={run_of}", "_TRANSPORT=stdout")
        lines = run(("journalctl", "--no-pager", "--quiet", "--output=cat", "--lines=1", *wanted))
    except StepFailed:
        return ""
    return lines.strip()


def _journal(unit: str) -> str:
    try:
        return run(("journalctl", "--no-pager", "--quiet", f"--unit={unit}", f"--lines={JOURNAL_LINES}"))
    except StepFailed as failure:
        return str(failure)
