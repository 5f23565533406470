"""The program on a terminal of its own: what is pasted into it, a window that changes, and no terminal at all."""

import fcntl
import os
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.terminal import Session
from ovirt_tui.system import terminal

ROOT = Path(__file__).parent.parent
PASTE = b"abcdefghi " * 2000  # 20 kB
SOON = 5.0  # seconds that a busy machine may take for what takes half a second


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """The setup program on a recorded machine."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'tests'}")
    with Session((sys.executable, "tests/recorded.py", "setup", "tests/machines/one-disk.json")) as session:
        session.settle("> Status")
        yield session


def send(session: Session, data: bytes) -> threading.Thread:
    """Write what a terminal takes in pieces, while the program reads."""

    def write() -> None:
        rest = data
        while rest:
            rest = rest[os.write(session.line, rest[:1024]) :]

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize(("before", "after"), [(b"", b""), (b"\x1b[200~", b"\r\x1b[201~")], ids=["plain", "bracketed"])
def test_a_long_paste_holds_nobody(setup: Session, before: bytes, after: bytes) -> None:
    send(setup, b"\x1b[B\t")
    setup.settle("> *$|>  +")
    began = time.monotonic()
    thread = send(setup, before + PASTE + after)
    while thread.is_alive() and time.monotonic() - began < SOON:
        setup.read(0.05)
    send(setup, b"\t").join(SOON)
    setup.settle("! at most 65 characters")
    assert time.monotonic() - began < SOON and not thread.is_alive()


def resize(session: Session, columns: int, lines: int) -> None:
    session.screen.resize(lines, columns)
    fcntl.ioctl(session.line, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def test_a_window_that_gets_too_small_and_large_again(setup: Session) -> None:
    before = setup.text()
    resize(setup, 60, 12)
    setup.settle("80 columns and 23 rows are needed")
    send(setup, b"\x1b")
    setup.settle("Log off\\?")
    send(setup, b"\r")
    setup.settle("too small")
    resize(setup, 80, 24)
    setup.settle("> Status")
    assert setup.text() == before


SHELL = "from ovirt_tui.system import terminal; terminal.IDLE = {}; terminal.shell(); print('left the shell')"


def in_shell(seconds: int) -> Session:
    return Session((sys.executable, "-c", SHELL.format(seconds)))


def test_a_shell_at_which_nobody_types_closes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """That of F2; how long it waits is what docs/access.md says."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with in_shell(1) as session:
        session.settle("left the shell")
    with in_shell(terminal.IDLE) as session:
        session.settle("[#$] ")
        send(session, b"echo it is=$TMOUT\r")
        session.settle(f"it is={30 * 60}")
    said = (ROOT / "docs/access.md").read_text()
    assert "A prompt at which nobody types for 30 minutes closes." in said


@pytest.mark.parametrize("command", ["install", "setup"])
def test_without_a_terminal_there_is_a_sentence(command: str) -> None:
    ended = subprocess.run(
        (sys.executable, "-m", "ovirt_tui", command),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"ovirt-tui: {command} needs a terminal to read keys from and to show its screen on\n"
