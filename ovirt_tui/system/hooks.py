"""Hooks: programs of the site and of the image that run at the start of a node and around an upgrade.

python3 -m ovirt_tui.system.hooks NAME, as the unit does for on-boot; docs/hooks.md says what an admin has to know.
"""

from __future__ import annotations

import os
import stat
import sys
import syslog
from collections.abc import Callable, Iterator, Mapping
from math import ceil, inf
from pathlib import Path
from time import monotonic, sleep

from ovirt_tui.i18n import _
from ovirt_tui.machine.untrusted import escaped, shortened
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import outcome
from ovirt_tui.system.command import run as run_program
from ovirt_tui.system.services import nothing
from ovirt_tui.system.steps import Hooks
from ovirt_tui.system.tree import file_errors

IMAGE, SITE = Path("/usr/libexec/ovirt-node/hooks"), Path("/etc/ovirt-node/hooks")
ON_BOOT, PRE_UPGRADE, CHECK, POST_UPGRADE, ROLLBACK = "on-boot", "pre-upgrade", "check", "post-upgrade", "rollback"
SECONDS = {ON_BOOT: 60, PRE_UPGRADE: 300, CHECK: 60, POST_UPGRADE: 300, ROLLBACK: 300}
"""How long each hook of a kind may take."""
TOGETHER = {CHECK: 60}
"""How long all hooks of a kind may take together: a new image is on trial meanwhile, and what is on trial ends."""
AGAIN = {CHECK: 120}
"""For how long hooks of a kind are run again until none fails: much of a node comes up late."""
PAUSE = 5  # seconds before they are
STOPS = (PRE_UPGRADE, CHECK)
"""Kinds of which the first hook that fails is the last one that runs."""
HOOK = "OVIRT_NODE_HOOK"
"""The variable that tells a hook which kind it is run as."""
IGNORED = (".", "~")
"""How a name begins or ends that is none of a hook: what editors leave."""
LOGGED = 50  # lines of the output of a hook, the last ones
SAY = "/usr/libexec/ovirt-node/say"
IDENTIFIER = "ovirt-node-hooks"


@dataclass(frozen=True)
class Hook:
    """A program that may be run."""

    path: Path

    def refusal(self) -> str:
        """Why it must not be run: somebody but root could have written it.  Empty when it may be."""
        for path in (self.path, self.path.resolve(), self.path.parent):
            with file_errors(_("{path} could not be looked at").format(path=path)):
                known = path.lstat()
            if known.st_uid:
                return _("{path} belongs to user {user}, and has to belong to root").format(
                    path=path, user=known.st_uid
                )
            if not stat.S_ISLNK(known.st_mode) and known.st_mode & 0o022:
                text = _("others than root may write {path} (mode {mode:04o})")
                return text.format(path=path, mode=stat.S_IMODE(known.st_mode))
        return ""


def journal(line: str) -> None:
    """Write a line to the journal."""
    syslog.openlog(IDENTIFIER, 0, syslog.LOG_DAEMON)
    syslog.syslog(syslog.LOG_INFO, escaped(line))


def run(
    name: str,
    environment: Mapping[str, str],
    folders: tuple[Path, ...] = (IMAGE, SITE),
    log: Callable[[str], None] = journal,
) -> None:
    """Run the hooks of kind *name* in the order of their names, with these variables more in their environment.

    StepFailed where one fails, with its name and the last line that it printed.  Of those in STOPS the first one that
    fails is the last; of the others all are run, and all that failed are named.
    """
    failed = []
    end = monotonic() + TOGETHER[name] if name in TOGETHER else inf
    for hook in hooks(name, folders):
        try:
            _run(hook, name, {**environment, HOOK: name}, log, end)
        except StepFailed as failure:
            log(str(failure))
            if name in STOPS:
                raise
            failed.append(failure)
    if failed:
        raise StepFailed("; ".join(map(str, failed)), "\n".join(each.output for each in failed))


def hooks(name: str, folders: tuple[Path, ...] = (IMAGE, SITE)) -> tuple[Hook, ...]:
    """The hooks of a kind, those of all folders in one order; of two with one name, that of the image comes first."""
    found = [path for folder in folders for path in _programs(folder / f"{name}.d")]
    return tuple(Hook(path) for path in sorted(found, key=lambda path: path.name))


def _programs(folder: Path) -> Iterator[Path]:
    """The files in *folder* that can be run; a text beside them (README) is none."""
    if not folder.is_dir():
        return
    with file_errors(_("{path} could not be read").format(path=folder)):
        for path in folder.iterdir():
            other = path.name.startswith(IGNORED) or path.name.endswith(IGNORED)
            if not other and path.is_file() and path.stat().st_mode & 0o111:
                yield path


def _run(hook: Hook, name: str, environment: Mapping[str, str], log: Callable[[str], None], end: float) -> None:
    began = monotonic()
    reason = hook.refusal()
    if not reason and began >= end:
        text = _("those before it took all of the {seconds} seconds that they have together")
        reason = text.format(seconds=TOGETHER[name])
    if reason:
        raise StepFailed(_("the hook {path} was not run: {reason}").format(path=hook.path, reason=reason))
    try:
        done = outcome((str(hook.path),), seconds=ceil(min(SECONDS[name], end - began)), environment=environment)
    except StepFailed as failure:
        text = _("the hook {path} failed: {reason}").format(path=hook.path, reason=failure)
        raise StepFailed(text, failure.output) from failure
    lines = [line for line in (*done.out.splitlines(), *done.err.splitlines()) if line.strip()]
    for line in lines[-LOGGED:]:
        log(f"{hook.path.name}: {line}")
    log(f"{name}: {hook.path} ended with status {done.status} after {monotonic() - began:.1f} s")
    if done.status:
        last = shortened(lines[-1].strip()) if lines else _("it printed nothing")
        text = _("the hook {path} failed with exit status {status}: {last}")
        raise StepFailed(text.format(path=hook.path, status=done.status, last=last), "\n".join(lines))


def on_consoles(text: str) -> None:
    """Say *text* on every console; where that fails, the journal gets it."""
    try:
        run_program((SAY, text))
    except StepFailed as failure:
        journal(f"{text}; {failure}")


class HookRuns:
    """Hooks: those of a kind, run once for each plan; *say* tells whoever sits at the node that it waits for one."""

    def __init__(self, say: Callable[[str], None] = on_consoles) -> None:
        self.ran: set[Hooks] = set()
        self.say = say

    def holds(self, step: Hooks) -> bool:
        return step in self.ran

    def make(self, step: Hooks, tell: Tell) -> Undo:
        seconds = AGAIN.get(step.kind, 0)
        end, told = monotonic() + seconds, False
        while why := self._failed(step, last=monotonic() >= end):
            if not told:
                self.say(_("{why}; it is run again for {seconds} seconds").format(why=why, seconds=seconds))
            told = True
            sleep(PAUSE)
        self.ran.add(step)
        return nothing

    def close(self) -> None:
        """Have them run again for whatever comes next: the setup program may try an upgrade many times."""
        self.ran.clear()

    def _failed(self, step: Hooks, *, last: bool) -> str:
        """Why they have to be run again; empty where they need not.  StepFailed from the *last* time."""
        try:
            run(step.kind, dict(step.variables))
        except StepFailed as failure:
            if last:
                raise
            return str(failure)
        return ""


def main() -> int:
    """Run the hooks of a kind; what fails is said on the consoles, and keeps nothing from starting."""
    try:
        run(sys.argv[1], {})
    except StepFailed as failure:
        on_consoles(str(failure))
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
