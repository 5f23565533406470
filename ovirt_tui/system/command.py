"""Runs other programs, each with a timeout: the one place that does."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic

from ovirt_tui.i18n import _
from ovirt_tui.model.records import dataclass, replace
from ovirt_tui.system import StepFailed

SECONDS = 60
GRACE = 5  # seconds for a killed program to exit
ERROR = "Error: "
LOADED = b"loaded\n"
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
    "HOME": "/root",
}
"""Output is parsed, so it must not depend on the admin's language."""
_stuck: list[tuple[subprocess.Popen[bytes], bool]] = []
"""Programs that were killed and did not exit, and whether they only read: each is blocked in the kernel on a device
that does not respond."""


@dataclass(frozen=True)
class Completed:
    """Exit status and output of a program."""

    status: int
    out: str
    err: str


def run(
    argv: tuple[str, ...],
    *,
    seconds: int = SECONDS,
    stdin: str = "",
    good: tuple[int, ...] = (0,),
    reads: bool = False,
) -> str:
    """Run *argv* and return its standard output.

    StepFailed when it cannot be started, takes longer than *seconds*, or exits with a status that is not in *good*;
    then .output holds all it printed.  Secrets go through *stdin*, never into *argv*.  *reads* says that it writes to
    no disk, however late it exits.
    """
    return _checked_output(argv, _completed(_start(argv), argv, seconds, stdin, reads=reads), good)


def outcome(
    argv: tuple[str, ...],
    *,
    seconds: int = SECONDS,
    stdin: bytes = b"",
    reads: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Completed:
    """Run *argv*, whatever its exit status means; StepFailed only when it cannot be started or times out.

    *environment* are variables beside ours.
    """
    return _completed(_start(argv, environment or {}), argv, seconds, stdin, reads=reads)


def succeeds(argv: tuple[str, ...], *, seconds: int = SECONDS, reads: bool = False) -> bool:
    """Say whether *argv* exits with status 0; StepFailed only when it cannot be started or times out."""
    return _completed(_start(argv), argv, seconds, reads=reads).status == 0


class Waiting:
    """A program started ahead of time that waits for its input: it loads while other work goes on.

    One that never gets any reads end of file when this program ends, and has to exit too.
    """

    def __init__(self, argv: tuple[str, ...]) -> None:
        self.argv, self._process = argv, _start(argv)
        self._loaded = False

    def load(self, *, seconds: int = SECONDS) -> None:
        """Wait until it has loaded, which it says by a line LOADED; StepFailed as in run()."""
        assert self._process.stdout
        out, end = self._process.stdout, monotonic() + seconds
        said = b"" if not self._loaded else LOADED
        while not said.endswith(LOADED):
            if not select.select([out], [], [], max(0, end - monotonic()))[0]:
                _gone, rest = _kill(self._process, reads=False)
                text = _("{program} did not load within {seconds} seconds")
                shown = f"{shlex.join(self.argv)}\n{_text(said)}{rest}"
                raise StepFailed(text.format(program=self.argv[0], seconds=seconds), shown)
            more = os.read(out.fileno(), 4096)
            if not more:
                ended = _completed(self._process, self.argv, seconds)
                _checked_output(self.argv, replace(ended, out=_text(said)), ())
            said += more
        self._loaded = True

    def run(self, stdin: str, *, seconds: int = SECONDS) -> str:
        """Send *stdin* and return the output; StepFailed as in run()."""
        return _checked_output(self.argv, _completed(self._process, self.argv, seconds, stdin), (0,))


def stuck() -> tuple[str, ...]:
    """The programs started here that were killed and have not exited: a pending write may still reach its disk.

    Those that only read are left out: a LUN that does not respond must not block work on other disks.
    """
    _stuck[:] = [(process, reads) for process, reads in _stuck if process.poll() is None]
    return tuple(str(process.args[0]) for process, reads in _stuck if not reads and isinstance(process.args, tuple))


def _start(argv: tuple[str, ...], more: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start *argv* in a session of its own, so that its descendants can be killed with it."""
    shown = shlex.join(argv)
    pipe = subprocess.PIPE
    try:
        environment = {**ENVIRONMENT, **(more or {})}
        return subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True)
    except FileNotFoundError as error:
        raise StepFailed(_("{program} is not installed").format(program=argv[0]), shown) from error
    except OSError as error:
        text = _("{program} could not be started: {reason}").format(program=argv[0], reason=error.strerror)
        raise StepFailed(text, shown) from error


def _completed(
    process: subprocess.Popen[bytes],
    argv: tuple[str, ...],
    seconds: int,
    stdin: str | bytes = "",
    *,
    reads: bool = False,
) -> Completed:
    shown = shlex.join(argv)
    try:
        out, err = process.communicate(stdin.encode() if isinstance(stdin, str) else stdin, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        gone, said = _kill(process, reads=reads)
        text = _("{program} did not end within {seconds} seconds")
        if not gone:
            text = _("{program} did not end within {seconds} seconds and cannot be stopped: a device does not answer")
        raise StepFailed(text.format(program=argv[0], seconds=seconds), f"{shown}\n{said}") from error
    except KeyboardInterrupt:
        _kill(process, reads=reads)  # in its own session, the key did not reach it
        raise
    return Completed(process.returncode, _text(out), _text(err))


def _checked_output(argv: tuple[str, ...], completed: Completed, good: tuple[int, ...]) -> str:
    """The standard output of a program whose exit status is in *good*; StepFailed otherwise."""
    if completed.status not in good:
        said = (completed.err.strip() or completed.out.strip()).splitlines()
        reason = _reason(said) or _("exit status {status}").format(status=completed.status)
        text = _("{program} failed: {reason}").format(program=argv[0], reason=reason)
        raise StepFailed(text, f"{shlex.join(argv)}\n{completed.out}{completed.err}")
    return completed.out


def _kill(process: subprocess.Popen[bytes], *, reads: bool) -> tuple[bool, str]:
    """Kill *process* and its descendants; return whether it has exited, and what it printed.

    A process that is blocked in the kernel on its device cannot be killed, and one that left its session keeps the
    pipes open: neither is waited for longer than GRACE.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    try:
        said = "".join(map(_text, process.communicate(timeout=GRACE)))
    except subprocess.TimeoutExpired as late:
        said = _text(late.stdout) + _text(late.stderr)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                with suppress(OSError):
                    stream.close()
    gone = process.poll() is not None
    if not gone:
        _stuck.append((process, reads))
    return gone, said


def _reason(said: list[str]) -> str:
    """The first line that begins with ERROR, else the last line: programs print the reason at the end."""
    named = (line.removeprefix(ERROR) for line in said if line.startswith(ERROR))
    return next(named, said[-1] if said else "")


def _text(output: bytes | str | None) -> str:
    return output.decode(errors="replace") if isinstance(output, bytes) else output or ""
