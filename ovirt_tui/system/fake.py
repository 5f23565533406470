"""A System in memory, for tests and for trying the program without a machine."""

from __future__ import annotations

from dataclasses import dataclass, field

from ovirt_tui import outside
from ovirt_tui.facts import Facts
from ovirt_tui.steps import (
    Absent,
    Bootable,
    BootLoader,
    Entry,
    Erased,
    File,
    Image,
    Keys,
    Password,
    Profiles,
    Restart,
    Run,
    SshKeys,
    Step,
    Volumes,
)
from ovirt_tui.system import StepFailed, Tell, Undo, silent
from ovirt_tui.values import BootHash, Crypted


@dataclass
class FakeSystem:
    """Remembers which steps were made; fails at one when told to."""

    seen: Facts
    fails_at: Step | None = None
    made: list[Step] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    outputs: dict[tuple[str, ...], str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    did: list[tuple[str, ...]] = field(default_factory=list)
    """What acted at once, and on what: link_up, pause, restart, power_off."""
    cannot: frozenset[str] = frozenset()
    """Which of these fail."""
    wrote: bool = False
    running: tuple[str, ...] | None = None
    """Names of the virtual machines that run; None where libvirt cannot be asked."""

    def facts(self) -> Facts:
        return self.seen

    def holds(self, step: Step) -> bool:
        if isinstance(step, Restart | Profiles | Run):
            return False  # of what is only for now, nothing stays to see
        if isinstance(step, Absent):
            return not any(isinstance(made, File) and made.path == step.path for made in self.made)
        if isinstance(step, Password) and step.crypted is None:
            return self._hash(step.user) is None
        if isinstance(step, SshKeys) and not step.keys:
            return not any(isinstance(made, SshKeys) and made.keys for made in self.made)
        if isinstance(step, Entry) and not step.values:
            return not any(isinstance(made, Entry) and made.values for made in self._about(step))
        if isinstance(step, Keys):
            return all(self._key(step.file, key) == value for key, value in step.values)
        return step in self.made

    def make(self, step: Step, tell: Tell = silent) -> Undo:
        self.wrote |= isinstance(step, Volumes | Erased | Image | BootLoader | Bootable)
        if step == self.fails_at:
            raise StepFailed(f"could not {step}")
        before = list(self.made)
        self.made = [made for made in self.made if _subject(made) != _subject(step)]
        self.made.append(step)
        tell(1, 1)

        def undo() -> None:
            self.made = before

        return undo

    def _about(self, step: Step) -> list[Step]:
        return [made for made in self.made if _subject(made) == _subject(step)]

    def _key(self, file: str, key: str) -> str:
        """The value that was set last."""
        known = (made for made in reversed(self.made) if isinstance(made, Keys) and made.file == file)
        return next((value for made in known for name, value in made.values if name == key), "")

    def warm_up(self) -> None:
        return None

    def begun(self) -> bool:
        return self.wrote

    def text(self, path: str) -> str:
        if path not in self.files:
            raise StepFailed(f"{path} could not be read: No such file or directory")
        return outside.lines(self.files[path])

    def guests(self) -> tuple[str, ...]:
        if self.running is None:
            raise StepFailed("libvirt is not here")
        return tuple(map(outside.escaped, self.running))

    def link_up(self, nic: str) -> None:
        self._do("link_up", nic)

    def pause(self, seconds: int) -> None:
        self._do("pause", str(seconds))

    def restart(self) -> None:
        self._do("restart")

    def power_off(self) -> None:
        self._do("power_off")

    def _do(self, *deed: str) -> None:
        if deed[0] in self.cannot:
            raise StepFailed(f"could not {deed[0]}")
        self.did.append(deed)

    def output(self, argv: tuple[str, ...]) -> str:
        if argv not in self.outputs:
            raise StepFailed(f"{argv[0]} is not here")
        return outside.lines(self.outputs[argv])

    def crypted(self, password: str) -> Crypted:
        return Crypted("$6$fake$" + (password.encode().hex() or "."))

    def boot_hash(self, password: str) -> BootHash:
        return BootHash(f"grub.pbkdf2.sha512.1.00.{password.encode().hex() or '00'}")

    def weakness(self, password: str) -> str:
        return "it is shorter than 8 characters" if len(password) < 8 else ""

    def verify(self, user: str, password: str) -> bool:
        return self._hash(user) == self.crypted(password)

    def _hash(self, user: str) -> Crypted | None:
        """The hash that was set last.  Before that, the password of admin is "admin", and root is locked."""
        known = [made.crypted for made in self.made if isinstance(made, Password) and made.user == user]
        return known[-1] if known else self.crypted("admin") if user == "admin" else None

    def close(self) -> None:
        """Nothing is mounted in memory."""

    def log(self, line: str) -> None:
        self.lines.append(outside.escaped(line))

    def say(self, lines: tuple[str, ...]) -> None:
        raise StepFailed("no console is here")


def _subject(step: Step) -> object:
    """What *step* is about: of two steps about the same, only the later can hold."""
    match step:
        case File() | Absent():
            return ("file", step.path)
        case Password():
            return ("account", step.user)
        case SshKeys():
            return ("keys", step.user)
        case Entry():
            return ("entry", step.file, step.key)
    return step
