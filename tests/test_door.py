"""The locked screen, the shell behind F2, the end by a signal or a mistake: who gets in."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import termios
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from ovirt_tui.system import crash
from ovirt_tui.system.steps import Password
from ovirt_tui.ui.door import FORGOTTEN, IDLE, Door
from person import Person, at_setup
from terminal_line import at_line, heard

ROOT = Path(__file__).parent.parent
MACHINE = ROOT / "tests/machines/node-installed.json"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, person: Person) -> None:
        self.now = 1000.0
        person.window.clock = lambda: self.now


def locked() -> tuple[Person, Clock]:
    person, _setup = at_setup(guests=("web1",))
    person.window.console = "tty1"
    clock = Clock(person)
    person.press("tab", "enter")
    return person, clock


def answer(person: Person, password: str) -> None:
    person.type(password)
    person.press("enter")


def test_wrong_passwords_at_the_lock_cost_more_and_more_time_and_are_in_the_journal() -> None:
    person, clock = locked()
    for number in range(1, 4):
        answer(person, "wr0ng")
        assert "that is not the password of admin" in person.screen()
        assert person.system.lines[-1] == f"tty1: wrong password for admin, number {number}"
    answer(person, "admin")
    assert "try again in 3 seconds" in person.screen() and "web1" not in person.screen()
    clock.now += 2.1
    answer(person, "wr0ng")
    answer(person, "admin")
    assert "try again in 5 seconds" in person.screen()
    clock.now += 4.1
    answer(person, "admin")
    assert "web1" in person.screen() and person.system.lines[-1] == "tty1: screen unlocked"
    assert "wr0ng" not in "\n".join(person.system.lines)


def test_a_wait_is_never_longer_than_a_minute_and_old_mistakes_are_forgotten() -> None:
    person, clock = locked()
    for _ in range(30):
        clock.now += 60
        answer(person, "wr0ng")
        assert "that is not the password" in person.screen()
    clock.now += FORGOTTEN + 1
    answer(person, "wr0ng")
    answer(person, "admin")
    assert "web1" in person.screen()


def test_enter_alone_is_no_wrong_password() -> None:
    person, _clock = locked()
    before = list(person.system.lines)
    person.press(*["enter"] * 6)
    assert "! Type the password of admin." in person.screen() and person.system.lines == before
    answer(person, "admin")
    assert "web1" in person.screen()
    person.press("f2", "right", "enter", *["enter"] * 6)
    assert "! Type the password of admin." in person.screen() and not person.calls
    assert "wrong password" not in "\n".join(person.system.lines)


def test_enter_alone_does_not_hide_how_long_to_wait() -> None:
    person, clock = locked()
    for _ in range(3):
        answer(person, "wr0ng")
    person.press("enter")
    assert "try again in 3 seconds" in person.screen()
    clock.now += 2.1
    person.press("enter")
    answer(person, "admin")
    assert "web1" in person.screen()


def test_a_shell_of_the_node_asks_for_the_password_of_admin() -> None:
    person, _setup = at_setup()
    person.press("f2", "right", "enter")
    assert "Give the password of admin to open a shell" in person.screen() and not person.calls
    answer(person, "wr0ng")
    assert "that is not the password of admin" in person.screen() and not person.calls
    answer(person, "admin")
    assert person.calls == ["shell"]


def test_there_is_no_shell_for_an_admin_without_a_password() -> None:
    person, _setup = at_setup()
    person.system.made.append(Password("admin", None))
    person.press("f2", "right", "enter")
    assert "admin has no password here" in person.screen()
    person.press("enter")
    assert not person.calls


def watched() -> tuple[Person, Clock, list[float]]:
    person, _setup = at_setup(guests=("web1",))
    clock, waits = Clock(person), list[float]()
    person.window.pressed = clock.now
    person.window.after = lambda seconds, call: waits.append(seconds)
    return person, clock, waits


def test_a_screen_that_nobody_uses_locks_itself() -> None:
    person, clock, waits = watched()
    door = Door(person.window)
    door.watch()
    clock.now += IDLE - 10
    person.press("down")
    clock.now += 10
    door.watch()
    assert waits == [IDLE, IDLE - 10] and "This screen is locked" not in person.screen()
    clock.now += IDLE - 10
    door.watch()
    assert "This screen is locked" in person.screen() and "web1" not in person.screen()
    clock.now += IDLE
    door.watch()
    answer(person, "admin")
    assert "This screen is locked" not in person.screen(), "it was locked once"


def test_a_session_that_could_not_be_locked_ends() -> None:
    person, clock, _waits = watched()
    person.system.made.append(Password("admin", None))
    clock.now += IDLE
    Door(person.window).watch()
    assert person.calls == ["quit"]


def test_a_mistake_of_the_program_on_a_node_is_for_the_journal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    monkeypatch.setattr(crash.syslog, "syslog", lambda _level, line: said.append(line))
    monkeypatch.setattr(crash, "shell", lambda: pytest.fail("a shell"))
    monkeypatch.setattr("builtins.input", lambda _text: "s")
    monkeypatch.setattr(crash.sys.stdin, "isatty", lambda: True)
    error = ValueError("a mistake")
    crash.ended_closed(ValueError, error, None)
    assert "ValueError: a mistake" in said
    assert "ValueError" not in capsys.readouterr().out


def test_what_a_mistake_says_cannot_talk_to_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A label of a disk may be in it."""
    said: list[str] = []
    monkeypatch.setattr(crash.syslog, "syslog", lambda _level, line: said.append(line))
    monkeypatch.setattr(crash.sys.stdin, "isatty", lambda: False)
    monkeypatch.setattr(crash.keep, "__defaults__", (tmp_path,))
    crash.ended_open(ValueError, ValueError("\x1b[2J\x9b2J\udc80 gone"), None)
    out = capsys.readouterr().out
    assert "gone" in out and "\x1b" not in out and "\x9b" not in out
    assert all(line.isprintable() and line.isascii() for line in said)
    assert "gone" in (tmp_path / crash.NAME).read_text()


PROGRAM = """
import signal
import sys
import threading
from pathlib import Path
from ovirt_tui.machine.facts import load
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.ui import start, window
if sys.argv[2] == "crash":
    whole = window.Window.keypress
    def keypress(self, size, key):
        if key == "x":
            raise ValueError("a mistake")
        return whole(self, size, key)
    window.Window.keypress = keypress
if sys.argv[2] == "elsewhere":
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
start.setup(FakeSystem(load(Path(sys.argv[1]).read_text())))
"""


def at_setup_program(how: str = "") -> AbstractContextManager[tuple[subprocess.Popen[bytes], int, int]]:
    """The setup program at a terminal."""
    return at_line([sys.executable, "-c", PROGRAM, str(MACHINE), how], TERM="linux")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_program_and_leaves_the_terminal_as_it_was(number: signal.Signals) -> None:
    with at_setup_program() as (process, ours, theirs):
        before = termios.tcgetattr(theirs)
        heard(ours, "Running guests")
        assert termios.tcgetattr(theirs) != before
        process.send_signal(number)
        heard(ours, "\x1b[?1049l")
        assert process.wait(10) == 0
        assert termios.tcgetattr(theirs) == before


def test_a_signal_that_does_not_interrupt_the_wait_of_the_loop_ends_the_program() -> None:
    with at_setup_program("elsewhere") as (process, ours, _theirs):  # another thread takes it
        heard(ours, "Running guests")
        while select.select([ours], [], [], 0.5)[0]:  # until the loop waits
            os.read(ours, 65536)
        process.send_signal(signal.SIGHUP)
        heard(ours, "\x1b[?1049l", 10)
        assert process.wait(10) == 0


def test_the_program_ends_with_its_terminal() -> None:
    with at_setup_program() as (process, ours, theirs):
        heard(ours, "Running guests")
        os.close(theirs)
        os.close(ours)
        assert process.wait(10) == 0


@pytest.mark.parametrize("lock", [b"", b"\t\r"], ids=["open", "locked"])
def test_after_a_mistake_nothing_takes_the_keyboard(lock: bytes) -> None:
    with at_setup_program("crash") as (process, ours, theirs):
        before = termios.tcgetattr(theirs)
        heard(ours, "Running guests")
        if lock:
            os.write(ours, lock)
            heard(ours, "This screen is locked")
        os.write(ours, b"x")
        said = heard(ours, "The journal has the details")
        assert process.wait(10) == 1
        assert "Traceback" not in said and "shell" not in said
        assert termios.tcgetattr(theirs) == before


def test_the_bytes_that_opened_a_shell_do_nothing_at_the_lock() -> None:
    with at_setup_program() as (process, ours, _theirs):
        heard(ours, "Running guests")
        os.write(ours, b"\t\r")
        heard(ours, "This screen is locked")
        for codes in (b"\x1b[<M", b"\x1b", b"[", b"<", b"M"):
            os.write(ours, codes)
            time.sleep(0.15)
        os.write(ours, b"wr0ng\r")
        heard(ours, "that is not the password of admin")
        assert process.poll() is None
