"""Creates volume groups with blivet in a separate process, which can be started ahead of time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import Waiting

SECONDS = 300
PROGRAM = (sys.executable, "-P", "-W", "ignore", str(Path(__file__).with_name("blivet_process.py")))


class GroupMaker:
    """Creates a volume group, each time in a new process; loading blivet takes longer than its work."""

    def __init__(self, program: tuple[str, ...] = PROGRAM) -> None:
        self.program = program
        self._waiting: Waiting | None = None

    def warm_up(self) -> None:
        """Start the program, which loads and waits; StepFailed when it cannot be started."""
        self._waiting = self._waiting or Waiting(self.program)

    def load(self) -> None:
        """Wait until the program has loaded; StepFailed when it cannot be, or takes longer than SECONDS."""
        try:
            self.warm_up()
            assert self._waiting
            self._waiting.load(seconds=SECONDS)
        except StepFailed as failure:
            self._waiting = None
            text = _("what makes volume groups could not be loaded: {reason}").format(reason=failure)
            raise StepFailed(text, failure.output) from failure

    def make(self, name: str, members: list[str], volumes: list[tuple[str, int]], spare: int) -> None:
        """Create physical volumes on *members*, the group on them, and in it volumes (name, MiB or -1 for the rest).

        *spare* MiB stay free.  StepFailed when that fails, or takes longer than SECONDS.
        """
        wanted = json.dumps({"name": name, "members": members, "volumes": volumes, "spare": spare})
        try:
            self.warm_up()
            waiting, self._waiting = self._waiting, None
            assert waiting
            waiting.run(wanted, seconds=SECONDS)
        except StepFailed as failure:
            text = _("the volume group {name} could not be made: {reason}").format(name=name, reason=failure)
            raise StepFailed(text, failure.output) from failure
