"""Services and commands: units enabled and restarted, programs run."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep

from ovirt_tui.i18n import _
from ovirt_tui.steps import Restart, Run, Service
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import run, succeeds
from ovirt_tui.system.tree import Tree

ENABLED = {"enabled", "alias"}
DISABLED = {"disabled", "masked", "not-found"}
START_SECONDS = 90
JOURNAL_LINES = "20"


def nothing() -> None:
    """Take back what leaves nothing behind."""


class Runs:
    """Run: a command that has run."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: Run) -> bool:
        if step.live and not self.tree.live:
            return True
        return bool(step.creates) and self.tree.path(step.creates).exists()

    def make(self, step: Run, tell: Tell) -> Undo:
        run(step.argv if step.live else self.tree.argv(step.argv), seconds=step.seconds)
        if step.creates and not self.tree.path(step.creates).exists():
            text = _("{program} ended well but did not make {path}")
            raise StepFailed(text.format(program=step.argv[0], path=step.creates))
        return nothing


class Services:
    """Service: enabled and running, or neither."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: Service) -> bool:
        state = self._state(step.unit)
        if not self.tree.live:
            return state in (ENABLED if step.enabled else DISABLED)
        runs = succeeds(("systemctl", "--quiet", "is-active", step.unit))
        return state in (ENABLED if step.enabled else DISABLED) and runs == step.enabled

    def make(self, step: Service, tell: Tell) -> Undo:
        was = self._state(step.unit) in ENABLED
        ran = self.tree.live and succeeds(("systemctl", "--quiet", "is-active", step.unit))
        try:
            self._set(step.unit, step.enabled, step.enabled)
        except StepFailed:  # enabled, but it does not start
            self._set(step.unit, was, ran)
            raise
        return lambda: self._set(step.unit, was, ran)

    def _set(self, unit: str, enabled: bool, runs: bool) -> None:
        run(self._systemctl("enable" if enabled else "disable", unit))
        if self.tree.live:
            run(("systemctl", "start" if runs else "stop", unit), seconds=START_SECONDS)

    def _state(self, unit: str) -> str:
        return run(self._systemctl("is-enabled", unit), good=(0, 1, 4)).strip() or "not-found"

    def _systemctl(self, verb: str, unit: str) -> tuple[str, ...]:
        if self.tree.root == Path("/"):
            return ("systemctl", verb, unit)
        return ("systemctl", f"--root={self.tree.root}", verb, unit)


class Restarts:
    """Restart: a running service has picked up its new configuration; nothing runs in a mounted system."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: Restart) -> bool:
        return not self.tree.live

    def make(self, step: Restart, tell: Tell) -> Undo:
        try:
            # A service that an earlier wrong setting made fail too often must not be refused now.
            run(("systemctl", "reset-failed", step.service), good=(0, 1))
            run(("systemctl", "restart", step.service), seconds=START_SECONDS)
            self._wait(step.service)
        except StepFailed as failure:
            text = _("{service} did not start with its new configuration").format(service=step.service)
            raise StepFailed(text, f"{failure}\n{failure.output}\n{_journal(step.service)}") from failure
        return nothing

    def _wait(self, service: str) -> None:
        """A service may report itself started and die a moment later: see it active twice."""
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


def _journal(unit: str) -> str:
    try:
        return run(("journalctl", "--no-pager", "--quiet", f"--unit={unit}", f"--lines={JOURNAL_LINES}"))
    except StepFailed as failure:
        return str(failure)
