"""An image on a web server, kept on Data while a node is upgraded to it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell
from ovirt_tui.system.command import outcome
from ovirt_tui.system.mounts import is_mounted
from ovirt_tui.system.tree import file_errors

DATA = Path("/data")
FOLDER = DATA / "upgrade"
FETCH = Path(__file__).with_name("fetch.py")
LENGTH_SECONDS, SECONDS = 60, 3600
SPARE = 64 << 20
"""Bytes that stay free on Data: guests may need them while the image is there."""


@contextmanager
def fetched(url: str, tell: Tell, folder: Path = FOLDER) -> Iterator[str]:
    """The path of the file at *url*, which is removed at the end.  StepFailed when it cannot be had."""
    if folder == FOLDER and not is_mounted(DATA):
        raise StepFailed(_("there is no volume Data to keep the image on while it is written: give it as a file"))
    said = _asked("length", url, seconds=LENGTH_SECONDS).strip()
    length = int(said) if said else 0
    with file_errors(_("{path} could not be made").format(path=folder)):
        shutil.rmtree(folder, ignore_errors=True)  # left by an upgrade that was cut off
        folder.mkdir(mode=0o700, parents=True)
        free = shutil.disk_usage(folder).free
    try:
        if length + SPARE > free:
            text = _("{url} has {length} MiB, and Data has room for {free} MiB more")
            raise StepFailed(text.format(url=url, length=-(-length >> 20), free=max(0, free - SPARE) >> 20))
        path = folder / "image.iso"
        with _telling(path, length, tell):
            _asked("get", url, str(path), seconds=SECONDS)
        yield str(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _telling(path: Path, length: int, tell: Tell) -> Iterator[None]:
    """Tell each second how much has arrived.  The fetch itself stays in this thread, where an interrupt ends it."""
    ended = Event()

    def watch() -> None:
        while not ended.wait(1):
            with suppress(FileNotFoundError):
                tell(path.stat().st_size, length)

    watching = Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


def _asked(do: str, *words: str, seconds: int) -> str:
    """What the program prints; StepFailed with what it says is wrong, or in the words of what it could not catch."""
    ended = outcome((sys.executable, "-P", str(FETCH), do, *words), seconds=seconds, reads=True)
    if ended.status != 0:
        said = (ended.out or ended.err).strip().splitlines()
        why = said[-1].removeprefix("error: ") if said else _("exit status {status}").format(status=ended.status)
        raise StepFailed(_("{url} cannot be fetched: {why}").format(url=words[0], why=why), ended.err)
    return ended.out
