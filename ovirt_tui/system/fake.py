"""A System in memory, for tests and for trying the program without a machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ovirt_tui.machine import engine, report, untrusted
from ovirt_tui.machine.boot_parts import BootParts
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.machine.lasting import By, Done, Kept, Lasting
from ovirt_tui.model.public_keys import plain_keys
from ovirt_tui.model.records import dataclass, field, replace
from ovirt_tui.model.secrets import BootHash, Crypted, revealed
from ovirt_tui.system import Missing, StepFailed, Tell, Undo, silent
from ovirt_tui.system.disk_steps import (
    Bootable,
    BootChoice,
    BootLoader,
    BootPartition,
    CrashMemory,
    Erased,
    Image,
    InstalledNode,
    Volumes,
)
from ovirt_tui.system.steps import (
    Absent,
    Entry,
    File,
    Keys,
    OwnDisk,
    Password,
    Profiles,
    Reached,
    Registered,
    Reported,
    Restart,
    Run,
    SshKeys,
    Step,
)

WRITES = Volumes | Erased | Image | BootPartition | BootLoader | Bootable
"""Steps that write to a disk."""


@dataclass
class FakeSystem:
    """Remembers which steps were made; fails at one when told to."""

    seen: Facts
    fails_at: Step | None = None
    unprepared: Step | None = None
    """The step that cannot be prepared."""
    made: list[Step] = field(default_factory=list)
    earlier: list[Step] = field(default_factory=list)
    """Steps of an earlier run that still hold."""
    lines: list[str] = field(default_factory=list)
    outputs: dict[tuple[str, ...], str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """Content by path, including what steps wrote: editing an entry simulates a change by hand."""
    did: list[tuple[str, ...]] = field(default_factory=list)
    """Calls with an immediate effect, and their arguments: link_up, pause, restart, power_off."""
    cannot: frozenset[str] = frozenset()
    """Which of these fail."""
    wrote: bool = False
    lasts: Lasting = Lasting()
    beyond: dict[str, Facts] = field(default_factory=dict)
    """What is seen once it is logged in to a target."""
    running: tuple[str, ...] | None = None
    """Names of the virtual machines that run; None where libvirt cannot be asked."""

    image_slots: NodeSlots | None = None
    found_boot: BootParts | None = None
    """What starts the node beside a medium."""
    candidates: tuple[Candidate, ...] = ()
    """Images in files, by their paths."""
    image_answer: str | None = '{"problems": []}'
    """What the program of an image says; None where it does not answer."""
    asked: tuple[str, tuple[str, ...], dict[str, str]] | None = None
    """What it was asked for last."""
    healths: list[Health] = field(default_factory=list)
    """How the node is at each look; the last one stays."""

    def facts(self) -> Facts:
        return self.seen

    def holds(self, step: Step) -> bool:
        if isinstance(step, Restart | Profiles | Run):
            return False  # these affect the running system only and leave nothing to check
        if isinstance(step, Absent):
            return step.path not in self.files
        if isinstance(step, Password) and step.crypted is None:
            return self._hash(step.user) is None
        if isinstance(step, SshKeys):
            here = plain_keys(self.files.get(_authorized(step.user), ""))
            return {key.encoded for key in here} == {key.encoded for key in step.keys}
        if isinstance(step, Keys | Entry):
            text = self.files.get(step.file, "")
            return _with_step(text, step) == text
        if isinstance(step, File):
            return self.files.get(step.path) == revealed(step.content) and self._mode(step.path) == step.mode
        if isinstance(step, CrashMemory) and not step.word:
            return not any(isinstance(made, CrashMemory) and made.word for made in self._made_so_far())
        return step in self._made_so_far()

    def prepare(self, step: Step) -> None:
        if step == self.unprepared:
            raise StepFailed(f"could not load what is needed to {step}")

    def make(self, step: Step, tell: Tell = silent) -> Undo:
        upgraded = any(isinstance(made, InstalledNode) for made in self.made)
        self.wrote |= isinstance(step, WRITES) and not upgraded
        if step == self.fails_at:
            raise StepFailed(f"could not {step}")
        before = self.made, self.earlier, self.files
        self.made, self.earlier = ([made for made in each if _subject(made) != _subject(step)] for each in before[:2])
        self.files = dict(self.files)
        self.made.append(step)
        if isinstance(step, File):
            self.files[step.path] = revealed(step.content)
        elif isinstance(step, Keys | Entry):
            self.files[step.file] = _with_step(self.files.get(step.file, ""), step)
        elif isinstance(step, Absent):
            self.files.pop(step.path, None)
        elif isinstance(step, SshKeys):
            self.files[_authorized(step.user)] = "".join(f"{key}\n" for key in step.keys)
        elif isinstance(step, Registered):
            self.files |= _registration(step)
        elif isinstance(step, Reached):
            self.seen = self.beyond.get(step.target, self.seen)
        elif isinstance(step, Reported):
            at = "2026-11-22 16:00"
            kept = report.Sent(url=step.url, fingerprint=step.fingerprint, id="00112233-4455", at=at)
            self.files[report.STATE] = report.written(kept)
        tell(1, 1)

        def undo() -> None:
            self.made, self.earlier, self.files = before

        return undo

    def _made_so_far(self) -> list[Step]:
        return [*self.earlier, *self.made]

    def _mode(self, path: str) -> int:
        """The mode of a file; a change by hand leaves it."""
        return next((made.mode for made in self._made_so_far() if isinstance(made, File) and made.path == path), 0o644)

    def warm_up(self) -> None:
        return None

    def begun(self) -> bool:
        return self.wrote

    def text(self, path: str) -> str:
        if path not in self.files:
            raise Missing(f"there is no file {path}")
        return untrusted.lines(self.files[path])

    def names(self, folder: str) -> tuple[str, ...]:
        below = (path.removeprefix(f"{folder}/") for path in self.files if path.startswith(f"{folder}/"))
        return tuple(sorted({untrusted.escaped(name.partition("/")[0]) for name in below}))

    def guests(self) -> tuple[str, ...]:
        if self.running is None:
            raise StepFailed("libvirt is not here")
        return tuple(map(untrusted.escaped, self.running))

    def slots(self, beside: InstalledNode | None = None) -> NodeSlots:
        if beside and self.image_slots is None:
            raise StepFailed(f"{beside.disk} has no partition 2")
        if self.image_slots is None and not self.seen.slot:
            raise StepFailed("this system does not run from a partition of a node's disk")
        here = self.seen.slot
        empty = NodeSlots(running=here, version=self.seen.version, other="RootBackup", room=300, default=here)
        return self.image_slots or empty

    def boot_parts(self, beside: InstalledNode, app_disks: tuple[str, ...], stub: str) -> BootParts:
        if self.found_boot is None:
            raise StepFailed(f"{beside.disk} has no partition 2")
        return self.found_boot

    def candidate(self, path: str, tell: Tell = silent) -> Candidate:
        for each in self.candidates:
            if each.path == path:
                tell(1, 1)
                return each
        raise StepFailed(f"{path} cannot be used: there is no such file")

    def image_says(self, path: str, arguments: tuple[str, ...], given: Mapping[str, str]) -> str:
        self.asked = (path, arguments, dict(given))
        if self.image_answer is None:
            raise StepFailed("its program does not answer: exit status 1")
        return self.image_answer

    @contextmanager
    def fetched(self, url: str, tell: Tell = silent) -> Iterator[str]:
        self._do("fetched", url)
        tell(1, 1)
        yield "/data/upgrade/image.iso"

    def health(self, managers: tuple[str, ...]) -> Health:
        return self.healths.pop(0) if len(self.healths) > 1 else next(iter(self.healths), Health())

    def proven(self) -> None:
        self._do("proven")

    def link_up(self, nic: str) -> None:
        self._do("link_up", nic)

    def pause(self, seconds: int) -> None:
        self._do("pause", str(seconds))

    def clock(self) -> float:
        return float(sum(int(done[1]) for done in self.did if done[0] == "pause"))

    def restart(self) -> None:
        self._do("restart")

    def power_off(self) -> None:
        self._do("power_off")

    def _do(self, *call: str) -> None:
        if call[0] in self.cannot:
            raise StepFailed(f"could not {call[0]}")
        self.did.append(call)

    def output(self, argv: tuple[str, ...]) -> str:
        if argv not in self.outputs:
            raise StepFailed(f"{argv[0]} is not here")
        return untrusted.lines(self.outputs[argv])

    def crypted(self, password: str) -> Crypted:
        return Crypted("$6$fake$" + (password.encode().hex() or "."))

    def boot_hash(self, password: str) -> BootHash:
        return BootHash(f"grub.pbkdf2.sha512.1.00.{password.encode().hex() or '00'}")

    def weakness(self, password: str) -> str:
        return "it is shorter than 8 characters" if len(password) < 8 else ""

    def verify(self, user: str, password: str) -> bool:
        return self._hash(user) == self.crypted(password)

    def _hash(self, user: str) -> Crypted | None:
        """The hash that was set last.  Initially, the password of admin is "admin", and root is locked."""
        known = [made.crypted for made in self._made_so_far() if isinstance(made, Password) and made.user == user]
        return known[-1] if known else self.crypted("admin") if user == "admin" else None

    def lasting(self) -> Lasting:
        return self.lasts

    def keep(self, path: str) -> Done:
        if not path.startswith("/opt/"):
            raise StepFailed(f"{path} cannot be kept")
        known = any(each.folder == path for each in self.lasts.kept)
        folders = self.lasts.kept if known else (*self.lasts.kept, Kept(folder=path, by=By.PERSIST))
        self.lasts = replace(self.lasts, kept=folders)
        return Done(path=path, folder=path, by=By.PERSIST, changed=not known)

    def drop(self, path: str) -> Done:
        if all(each.folder != path for each in self.lasts.kept):
            raise StepFailed(f"{path} is not kept")
        self.lasts = replace(self.lasts, kept=tuple(each for each in self.lasts.kept if each.folder != path))
        return Done(path=path, folder=path, by=By.DROPPED, changed=True)

    def close(self) -> None:
        """Nothing is mounted in memory."""

    def log(self, line: str) -> None:
        self.lines.append(untrusted.escaped(line))

    def say(self, lines: tuple[str, ...]) -> None:
        raise StepFailed("no console is here")


def _registration(step: Registered) -> dict[str, str]:
    """The files of a registration."""
    known = engine.Registration(
        server=step.server,
        port=str(step.port),
        fingerprint=step.fingerprint,
        id="00112233-4455-6677-8899-aabbccddeeff",
        address="192.0.2.7",
        user=step.user,
        key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICY3JydQhhTfSZun1DmnNlPY7SLOjFCcD9Njb1j7COaa ovirt-engine",
        at="2026-11-22 16:00",
    )
    return {engine.STATE: engine.written(known), engine.keys_of(step.user): engine.line(known.key)}


def _authorized(user: str) -> str:
    return f"/home/{user}/.ssh/authorized_keys"


def _with_step(text: str, step: Keys | Entry) -> str:
    """*text* with *step* applied, unchanged where it holds already: KEY=VALUE lines, or a line of an entry's values."""
    if isinstance(step, Keys):
        said = [(f"{key}=", f"{key}={value}" if value else "") for key, value in step.values]
    else:
        said = [(f"{step.key[1]} ", " ".join(value for _key, value in (step.key, *step.values)) if step.values else "")]
    lines = text.splitlines()
    for start, line in said:
        if not line or line not in lines:
            lines = [each for each in lines if not each.startswith(start)] + ([line] if line else [])
    return "".join(f"{line}\n" for line in lines)


def _subject(step: Step) -> object:
    """What *step* sets: of two steps that set the same thing, only the later can hold."""
    match step:
        case File() | Absent():
            return ("file", step.path)
        case Password():
            return ("account", step.user)
        case SshKeys():
            return ("keys", step.user)
        case Registered():
            return ("engine",)
        case Reported():
            return ("management server",)
        case BootChoice():
            return ("boot choice",)
        case CrashMemory():
            return ("crash memory", step.disk)
        case OwnDisk():
            return ("own disk", step.disk)
        case Entry():
            return ("entry", step.file, step.key)
    return step
