"""The port: what the program may ask of the machine it runs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from ovirt_tui.machine import untrusted
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.secrets import BootHash, Crypted
from ovirt_tui.model.typed import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # what most commands have no use for
    from ovirt_tui.machine.boot_parts import BootParts
    from ovirt_tui.machine.health import Health
    from ovirt_tui.machine.images import Candidate, NodeSlots
    from ovirt_tui.machine.lasting import Done, Lasting
    from ovirt_tui.system.disk_steps import InstalledNode
    from ovirt_tui.system.steps import Step as Step
else:
    Step = Any

Undo = Callable[[], None]
Tell = Callable[[int, int], None]
"""Progress callback: bytes done, bytes in total."""


class StepFailed(Exception):
    """A step failed.  The text is one sentence for the admin; *output* is what a command printed.

    Both may quote text from a disk or another program, and are escaped.  *left* says why earlier steps of the same
    action could not be undone.
    """

    def __init__(self, text: str, output: str = "") -> None:
        super().__init__(untrusted.escaped(text))
        self.output = untrusted.lines(output)
        self.left: tuple[str, ...] = ()


class Missing(StepFailed):
    """There is no such file."""


def silent(done: int, total: int) -> None:
    """Report no progress."""


class Reader(Protocol):
    """The read-only half of the port, for steps and files: all that observation may use."""

    def holds(self, step: Step) -> bool:
        """Say whether *step* is true now."""
        ...

    def text(self, path: str) -> str:
        """Return the content of the file at *path*, escaped line by line.

        Missing where there is no regular file; StepFailed when it cannot be read.
        """
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """Return the names in *folder*, escaped and sorted; none where there is no such folder."""
        ...


class System(Reader, Protocol):
    """The machine, real or in memory."""

    def facts(self) -> Facts:
        """Probe the machine.  Writes nothing and leaves nothing mounted."""
        ...

    def prepare(self, step: Step) -> None:
        """Do what can fail of making *step* and changes nothing, such as loading what it needs, or raise StepFailed."""
        ...

    def make(self, step: Step, tell: Tell = silent) -> Undo:
        """Make *step* true and return its undo, or raise StepFailed."""
        ...

    def warm_up(self) -> None:
        """Start loading what partitioning needs, in the background; loading takes longer than partitioning."""
        ...

    def begun(self) -> bool:
        """Say whether a step of this or another program has written to a disk since this machine booted."""
        ...

    def output(self, argv: tuple[str, ...]) -> str:
        """Return the output of a read-only command, escaped line by line, or raise StepFailed."""
        ...

    def guests(self) -> tuple[str, ...]:
        """Return the names of the running virtual machines, escaped; StepFailed when libvirt does not answer."""
        ...

    def slots(self, beside: InstalledNode | None = None) -> NodeSlots:
        """Return the slots of this node, or of the one *beside* a medium, and what its boot menu starts.

        Nothing is written; StepFailed where there is none, or it is not whole.
        """
        ...

    def boot_parts(self, beside: InstalledNode, app_disks: tuple[str, ...], stub: str) -> BootParts:
        """Return all that starts the node *beside* a medium, whose second volume group is on *app_disks*.

        *stub* is where the signed GRUB looks for its menu.  Nothing is written; StepFailed where the layout is none of
        ours.
        """
        ...

    def candidate(self, path: str, tell: Tell = silent) -> Candidate:
        """Return what the image in the ISO file at *path* is; StepFailed unless every byte is as its checksums say.

        Without a path it is the medium that this system was started from.
        """
        ...

    def image_says(self, path: str, arguments: tuple[str, ...], given: Mapping[str, str]) -> str:
        """What the program of the image at *path* answers; *given* are files that it finds below GIVEN.

        The image has to be one that somebody trusted answers for.  StepFailed where it does not answer.
        """
        ...

    def fetched(self, url: str, tell: Tell = silent) -> AbstractContextManager[str]:
        """Return a context in which there is a file with what is at *url*; StepFailed when entering it."""
        ...

    def health(self, managers: tuple[str, ...]) -> Health:
        """Return how this node is now; *managers* are HOST:PORT of those that have to take a connection."""
        ...

    def proven(self) -> None:
        """The image that runs has proven itself: what would end its first boot is called off."""
        ...

    def link_up(self, nic: str) -> None:
        """Bring the interface *nic* up, so that it shows whether it has a carrier, or raise StepFailed."""
        ...

    def pause(self, seconds: int) -> None:
        """Sleep for *seconds*."""
        ...

    def clock(self) -> float:
        """Return seconds since some moment: only the difference of two says anything."""
        ...

    def restart(self) -> None:
        """Initiate a restart of the machine, or raise StepFailed."""
        ...

    def power_off(self) -> None:
        """Initiate a power-off of the machine, or raise StepFailed."""
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

    def lasting(self) -> Lasting:
        """Return what lasts on this node, what of it differs from the image, and what does not last."""
        ...

    def keep(self, path: str) -> Done:
        """Have the folder of *path* last, or raise StepFailed."""
        ...

    def drop(self, path: str) -> Done:
        """Have the folder of *path* last until the next restart only, or raise StepFailed."""
        ...

    def close(self) -> None:
        """Unmount what steps have mounted.  What they wrote stays, and a later run mounts it again."""
        ...

    def log(self, line: str) -> None:
        """Write one line to the journal, escaped."""
        ...

    def say(self, lines: tuple[str, ...]) -> None:
        """Print lines, escaped, on every console without blocking on a stopped one; StepFailed where there is none."""
        ...
