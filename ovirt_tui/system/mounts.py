"""Mounts: what is mounted now, mounting, and unmounting."""

from __future__ import annotations

import fcntl
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from ovirt_tui.i18n import _
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import run
from ovirt_tui.system.tree import file_errors

RUN = Path("/run/ovirt-node")
"""The folder of all our mount points."""
UNMOUNT_SECONDS = 30
TURN_SECONDS = 5
"""How long a mount waits for those of other programs, each of which takes a moment."""
INITRD = "/sysroot"
"""Where the initrd has the root of the system: it is in the options of what was mounted there."""
DATA_ONLY = "nosuid,nodev,noexec,nosymfollow"
"""Options of temporary mounts: files are only read or written, nothing on them is executed or followed."""

UNTOUCHED = dict.fromkeys(("ext3", "ext4"), ",noload,errors=remount-ro")
"""What a mount for reading is told of these kinds: to replay a journal writes to the disk, and a file system may ask
for a panic where it is damaged."""


def apart() -> str:
    """Have no other program see what this one mounts from now on, nor keep it mounted once this one has ended.

    systemd looks at all mounts whenever it sees one come or go, which takes longer than mounting.  It sees none of
    these, nor does what it is asked to run; what others mount is seen here as before.  Return why that is not possible,
    where it is not: mounts are then seen by all.
    """
    unshare = getattr(os, "unshare", None)  # from Python 3.12 on
    try:
        if not unshare:
            return _("Python before 3.12 cannot do that")
        unshare(os.CLONE_NEWNS)  # type: ignore[attr-defined]
        run(("mount", "--make-rslave", "/"))
    except (OSError, StepFailed) as error:
        return str(error)
    return ""


@dataclass(frozen=True)
class Mount:
    """A line of /proc/self/mountinfo."""

    number: str  # major:minor
    point: str
    kind: str
    source: str
    options: str = ""  # those of the file system, as the kernel writes them

    def option(self, name: str) -> str:
        """The value of an option, empty where it has none.  Paths are as the system sees them, not the initrd."""
        found = (word.partition("=")[2] for word in self.options.split(",") if word.startswith(f"{name}="))
        value = _plain(next(found, ""))
        return value.removeprefix(INITRD) if value.startswith(f"{INITRD}/") else value


def mounts(proc: Path = Path("/proc")) -> tuple[Mount, ...]:
    """All mounts, in the order they were made."""
    found = []
    for line in (proc / "self/mountinfo").read_text(errors="replace").splitlines():
        left, _dash, right = line.partition(" - ")
        words, (kind, source, *options) = left.split(), right.split()
        found.append(Mount(words[2], _plain(words[4]), kind, _plain(source), options[-1] if options else ""))
    return tuple(found)


def _plain(text: str) -> str:
    """Undo the kernel's octal escapes of blanks."""
    if "\\" not in text:
        return text
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)


def is_mounted(point: Path) -> bool:
    """Say whether something is mounted on *point*."""
    return any(mount.point == str(point) for mount in mounts())


def mount(kind: str, source: str, point: Path, options: str = "") -> None:
    """Mount *source* on the folder *point*, which is created if missing."""
    with file_errors(_("{path} could not be made").format(path=point)):
        point.mkdir(parents=True, exist_ok=True)
    run(("mount", "-t", kind, *(("-o", options) if options else ()), source, str(point)))


@dataclass(frozen=True)
class MountEntry:
    """A mount to make, as a line of fstab; no field may contain a blank."""

    kind: str
    source: str
    point: Path
    options: str


def mount_all(entries: Iterable[MountEntry]) -> None:
    """Mount *entries* in this order, by one program: starting one for each takes longer than mounting.

    The mount points must exist.
    """
    table = "".join(f"{each.source} {each.point} {each.kind} {each.options} 0 0\n" for each in entries)
    with tempfile.NamedTemporaryFile("w", prefix="fstab.", dir=RUN) as file:
        file.write(table)
        file.flush()
        run(("mount", "--all", "--fstab", file.name))


def unmount(*points: Path, inside: bool = False) -> None:
    """Unmount *points*, in this order; with *inside*, all mounts below them too.

    Retried for UNMOUNT_SECONDS: a program may still have to close a file.
    """
    end = monotonic() + UNMOUNT_SECONDS
    more = ("--recursive",) if inside else ()
    while left := [str(point) for point in points if is_mounted(point)]:
        try:
            run(("umount", *more, *left))
        except StepFailed as failure:
            if monotonic() > end:
                text = _("{path} could not be unmounted within {seconds} seconds")
                raise StepFailed(text.format(path=left[0], seconds=UNMOUNT_SECONDS), failure.output) from failure
            sleep(0.3)


def unmount_leftovers() -> None:
    """Unmount the mounts that mounted() made in programs that were killed."""
    for each in reversed(mounts()):
        point = Path(each.point)
        number = point.suffix.removeprefix(".")
        if point.parent == RUN and number.isdigit() and not Path("/proc", number).exists():
            unmount(point)


@contextmanager
def in_turn(source: str, options: str) -> Iterator[None]:
    """Wait until no other program of ours has the device *source* mounted in another way, at most TURN_SECONDS.

    A device is mounted for reading or for writing: while somebody looks at the boot partition, which takes a moment, it
    could not be written, and the other way round.  Who only reads shares it.
    """
    number = _device(source)
    if not number:
        yield
        return
    how = fcntl.LOCK_SH if "ro" in options.split(",") else fcntl.LOCK_EX
    path = RUN / f"turn-{number}"
    with file_errors(_("{path} could not be made").format(path=path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = monotonic() + TURN_SECONDS
        while not _locked(handle, how) and monotonic() < end:
            sleep(0.02)
        yield
    finally:
        os.close(handle)


def _device(source: str) -> str:
    """The number of the device at *source*; empty where that is none, or is not there, which mount says."""
    try:
        found = os.stat(source)  # noqa: PTH116  # as mount takes it, empty too
    except OSError:
        return ""
    return f"{os.major(found.st_rdev)}-{os.minor(found.st_rdev)}" if stat.S_ISBLK(found.st_mode) else ""


def _locked(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def mounted(kind: str, source: str, name: str, options: str = "ro", limits: str = DATA_ONLY) -> Iterator[Path]:
    """Mount *source* below RUN, yield the folder and unmount it at the end.

    The folder is *name* with the PID of this program: another console may be reading the same disk.
    """
    point = RUN / f"{name}.{os.getpid()}"
    with in_turn(source, options):
        more = UNTOUCHED.get(kind, "") if "ro" in options.split(",") else ""
        mount(kind, source, point, f"{limits},{options}{more}")
        try:
            yield point
        finally:
            unmount(point)
            with suppress(OSError):
                point.rmdir()
