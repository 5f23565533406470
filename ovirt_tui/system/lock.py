"""Locks: every console has an installer, and no two may write to the same disks, or save settings, at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed
from ovirt_tui.system.tree import file_errors

LOCK = Path("/run/ovirt-node/lock")
SAVING = Path("/run/ovirt-node/saving")
SAVING_SECONDS = 30
_held: list[IO[str]] = []


def held() -> bool:
    """Say whether this program has the lock."""
    return bool(_held)


def alone(path: Path = LOCK) -> bool:
    """Take the lock until this program ends; say whether that succeeded.  StepFailed when it cannot be made."""
    if _held:
        return True
    file = _made(path)
    if not _taken(file):
        file.close()
        return False
    _held.append(file)
    return True


@contextmanager
def saving(path: Path = SAVING, seconds: float = SAVING_SECONDS) -> Iterator[None]:
    """Hold the lock for saving settings; StepFailed when another session holds it for longer than *seconds*."""
    with _made(path) as file:
        end = monotonic() + seconds
        while not _taken(file):
            if monotonic() > end:
                text = _("another session has been saving settings for {seconds} seconds; nothing was saved here")
                raise StepFailed(text.format(seconds=int(seconds)))
            sleep(0.2)
        yield


def _made(path: Path) -> IO[str]:
    with file_errors(_("{path} could not be made").format(path=path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w")


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
