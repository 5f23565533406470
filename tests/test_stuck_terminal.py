"""A terminal that takes nothing more: what was begun behind its screen goes on to its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from terminal_line import at_line, heard

ROOT = Path(__file__).parent.parent
LIMIT = 30  # seconds
F10 = b"\x1b[21~"
PASSWORD = b"correct horse"
PROGRAM = """
import sys
from pathlib import Path
from ovirt_tui.machine.facts import load
from ovirt_tui.system.disk_steps import Bootable, Image
from ovirt_tui.system import silent
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.ui.start import install

class Long(FakeSystem):
    def make(self, step, tell=silent):
        if isinstance(step, Image):
            for done in range(100_000):
                tell(done, 100)  # a percent more each time: the screen is told of every one
        undo = super().make(step, tell)
        if isinstance(step, Bootable):
            Path(sys.argv[2]).write_text("bootable")
        return undo

install(Long(load(Path(sys.argv[1]).read_text())), trial="TRIAL")
"""


def at_installer(done: Path) -> AbstractContextManager[tuple[subprocess.Popen[bytes], int, int]]:
    """The installer at a terminal."""
    return at_line([sys.executable, "-c", PROGRAM, "tests/machines/one-disk.json", str(done)], TERM="linux")


def to_confirm(line: int) -> None:
    """Through the pages of the installer to the one that begins it."""
    for page, keys in (
        ("Welcome", b"\r"),
        ("Keyboard", F10),
        ("Boot disk", b"\r" + F10),
        ("Data disks", F10),
        ("Volume sizes", F10),
        ("Network", F10),
        ("Admin password", PASSWORD + b"\t" + PASSWORD + F10),
    ):
        heard(line, page)
        os.write(line, keys)
    heard(line, "Nothing is written before 'Install'")
    os.write(line, b"\t\t")
    heard(line, ">Install<")


def fill(theirs: int) -> None:
    """Write until the terminal takes nothing more: nobody reads at its other end."""
    os.set_blocking(theirs, False)
    with suppress(BlockingIOError):
        while os.write(theirs, b"\0" * 4096):
            pass
    os.set_blocking(theirs, True)


def wait_for(done: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + LIMIT
    while not done.exists():
        assert time.monotonic() < end, "the installation waits for its screen"
        assert process.poll() is None
        time.sleep(0.1)


@contextmanager
def installed_unseen(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """An installation that was begun and has ended while its terminal took nothing: the process, and the line."""
    done = tmp_path / "done"
    with at_installer(done) as (process, ours, theirs):
        to_confirm(ours)
        fill(theirs)
        os.write(ours, b"\r")
        wait_for(done, process)
        yield process, ours


def test_an_installation_ends_though_its_screen_takes_nothing(tmp_path: Path) -> None:
    with installed_unseen(tmp_path) as (_process, line):
        heard(line, "Installed.")


def test_who_ends_the_program_does_not_wait_for_its_screen(tmp_path: Path) -> None:
    with installed_unseen(tmp_path) as (process, _line):
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT) == 0
