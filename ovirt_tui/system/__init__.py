"""The port: what the program may ask of the machine it runs on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ovirt_tui.machine import untrusted
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.values import BootHash, Crypted
from ovirt_tui.system.steps import Step

Undo = Callable[[], None]
Tell = Callable[[int, int], None]
"""Told how many bytes of how many are done."""


class StepFailed(Exception):
    """A step could not be made true.  The text is one sentence for the admin; *output* is what a command said.

    Both may quote what a disk or another program says, and are escaped.  *left* says why steps before it in the same
    action could not be taken back.
    """

    def __init__(self, text: str, output: str = "") -> None:
        super().__init__(untrusted.escaped(text))
        self.output = untrusted.lines(output)
        self.left: tuple[str, ...] = ()


class Missing(StepFailed):
    """There is no such file."""


def silent(done: int, total: int) -> None:
    """Tell nobody."""


class Reader(Protocol):
    """The half of the port that changes nothing, as far as steps and files go: what observing may use."""

    def holds(self, step: Step) -> bool:
        """Say whether *step* is true now."""
        ...

    def text(self, path: str) -> str:
        """Return what the file at *path* says, escaped line by line.

        Missing where there is no such file, or something else in its place; StepFailed when it cannot be read.
        """
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """Return the names in *folder*, escaped and in order; none where it is not there."""
        ...


class System(Reader, Protocol):
    """The machine, real or in memory."""

    def facts(self) -> Facts:
        """Look at the machine.  Writes nothing and leaves nothing mounted."""
        ...

    def make(self, step: Step, tell: Tell = silent) -> Undo:
        """Make *step* true and return what takes it back, or raise StepFailed."""
        ...

    def warm_up(self) -> None:
        """Begin to load what partitioning needs, beside whatever goes on; loading takes longer than its work."""
        ...

    def begun(self) -> bool:
        """Say whether a step wrote to a disk since this machine started, in this program or another."""
        ...

    def output(self, argv: tuple[str, ...]) -> str:
        """Return what a command prints that only looks, escaped line by line, or raise StepFailed."""
        ...

    def guests(self) -> tuple[str, ...]:
        """Return the names of the running virtual machines, escaped, or raise StepFailed when libvirt is not there."""
        ...

    def link_up(self, nic: str) -> None:
        """Bring the interface *nic* up, so that it shows whether it has a carrier, or raise StepFailed."""
        ...

    def pause(self, seconds: int) -> None:
        """Let that time pass."""
        ...

    def restart(self) -> None:
        """Begin to restart the machine, or raise StepFailed."""
        ...

    def power_off(self) -> None:
        """Begin to switch the machine off, or raise StepFailed."""
        ...

    def crypted(self, password: str) -> Crypted:
        """Hash a password."""
        ...

    def boot_hash(self, password: str) -> BootHash:
        """Hash a password for the boot menu."""
        ...

    def weakness(self, password: str) -> str:
        """Say in one sentence why a password is weak; empty when it is not."""
        ...

    def verify(self, user: str, password: str) -> bool:
        """Say whether this is the password of *user*."""
        ...

    def close(self) -> None:
        """Unmount what steps have mounted.  What they wrote stays, and a later run mounts it again."""
        ...

    def log(self, line: str) -> None:
        """Write one line to the journal, escaped."""
        ...

    def say(self, lines: tuple[str, ...]) -> None:
        """Show lines, escaped, on every console, or raise StepFailed where there is none; wait for no stopped one."""
        ...
