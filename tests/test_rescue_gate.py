"""The password before the rescue shell of an installed node: no key and no new start makes guessing cheaper."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from ovirt_tui.system import rescue_gate
from ovirt_tui.system.accounts import Accounts
from ovirt_tui.system.crypt import crypted, matches
from ovirt_tui.system.rescue_gate import LONGEST, FailedAttempts
from ovirt_tui.system.steps import Password
from ovirt_tui.system.tree import Tree
from terminal_line import at_line, heard

ROOT = Path(__file__).parent.parent
RESCUE = ROOT / "image/overlay/usr/libexec/ovirt-node/rescue"
RIGHT = "correct horse"


class Clock:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now, self.waits = 1000.0, list[float]()

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.waits.append(seconds)


class Gate:
    """A gate that can be started anew, as systemd does."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()

    def __call__(self, accounts: Accounts, ask: Callable[[str], str]) -> bool:
        failures = FailedAttempts(self.folder / "run/gate-tty1", self.clock)
        return rescue_gate.opened(accounts, ask, self.clock.wait, failures)


@pytest.fixture
def at_gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


def typed(*answers: str | type[BaseException]) -> Callable[[str], str]:
    """Somebody who types these; an exception is what the terminal makes of a key or a byte."""
    waiting = iter(answers)

    def ask(_text: str) -> str:
        answer = next(waiting)
        if isinstance(answer, str):
            return answer
        raise answer("utf-8", b"\xff", 0, 1, "invalid start byte") if answer is UnicodeDecodeError else answer

    return ask


def shadow(folder: Path, admin: str, root: str = "!*") -> Accounts:
    (folder / "etc").mkdir()
    lines = "".join(f"{user}:{hashed}:20000:0:99999:7:::\n" for user, hashed in (("root", root), ("admin", admin)))
    (folder / "etc/shadow").write_text(lines)
    return Accounts(Tree(folder, live=False))


@pytest.mark.parametrize(("admin", "root"), [("!", "!*"), ("!*", "*")])
def test_rescue_opens_where_nobody_has_a_password(tmp_path: Path, at_gate: Gate, admin: str, root: str) -> None:
    accounts = shadow(tmp_path, admin, root)
    assert accounts.holds(Password("admin", None))
    assert at_gate(accounts, lambda text: pytest.fail(text))


@pytest.mark.parametrize("whose", ["admin", "root"])
def test_rescue_asks_on_until_the_password_is_right(
    tmp_path: Path, at_gate: Gate, whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = {"admin": "!", "root": "!", whose: crypted(RIGHT).reveal()}
    said: list[str] = []
    monkeypatch.setattr(rescue_gate, "logged", lambda text, _level: said.append(text))
    assert at_gate(shadow(tmp_path, **hashes), typed("", "wr0ng", "admin", RIGHT))
    assert at_gate.clock.waits == [2, 4, 8]
    assert len(said) == 4 and said[-1].endswith(f"opened by {whose}") and "wr0ng" not in "".join(said)


@pytest.mark.parametrize("error", [EOFError, KeyboardInterrupt])
def test_rescue_stays_closed_to_who_does_not_answer(tmp_path: Path, at_gate: Gate, error: type[BaseException]) -> None:
    assert not at_gate(shadow(tmp_path, crypted(RIGHT).reveal()), typed(error))


def test_a_shadow_file_that_cannot_be_read_opens_nothing(tmp_path: Path, at_gate: Gate) -> None:
    assert not at_gate(Accounts(Tree(tmp_path, live=False)), typed(EOFError))


def test_a_new_gate_waits_and_counts_on(tmp_path: Path, at_gate: Gate) -> None:
    """Ctrl-D at the prompt ends the gate, and systemd starts the next."""
    accounts = shadow(tmp_path, crypted(RIGHT).reveal())
    for _time in range(8):
        assert not at_gate(accounts, typed("wr0ng", EOFError))
    assert at_gate.clock.waits == [2, 4, 8, 16, 32, 60, 60, 60]
    failures = FailedAttempts(tmp_path / "run/gate-tty1", at_gate.clock)
    failures.add()
    at_gate.clock.now += 20
    assert FailedAttempts(failures.file, at_gate.clock).left() == LONGEST - 20
    assert at_gate(accounts, typed(RIGHT))
    assert at_gate.clock.waits[-1] == LONGEST - 20
    assert FailedAttempts(failures.file, at_gate.clock).number == 0, "the right one is the end of it"


@pytest.mark.parametrize("kept", ["", "3", "x y", "\xff"])
def test_a_count_that_cannot_be_read_is_a_high_one(tmp_path: Path, kept: str) -> None:
    (tmp_path / "gate").write_bytes(kept.encode("latin-1"))
    assert FailedAttempts(tmp_path / "gate", Clock()).left() == LONGEST


def test_a_count_that_cannot_be_kept_holds_for_this_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescue_gate, "logged", lambda text: None)
    (tmp_path / "run").touch()
    failures = FailedAttempts(tmp_path / "run/gate", Clock())
    for _time in range(3):
        failures.add()
    assert failures.left() == LONGEST


def test_what_is_no_utf_8_is_a_wrong_password(tmp_path: Path, at_gate: Gate) -> None:
    accounts = shadow(tmp_path, crypted(RIGHT).reveal())
    assert not matches("\udcff", crypted(RIGHT).reveal())
    assert at_gate(accounts, typed(UnicodeDecodeError, "\udcff", RIGHT))
    assert at_gate.clock.waits == [2, 4]


PROGRAM = """
import os, sys
from pathlib import Path
os.close(os.open(os.ttyname(0), os.O_RDWR))  # now its keys reach this program
from ovirt_tui.system import rescue_gate
from ovirt_tui.system.tree import Tree
if sys.argv[2] == "mistake":
    rescue_gate.Accounts.verify = lambda *_given: 1 / 0
folder = Path(sys.argv[1])
sys.exit(rescue_gate.main(Tree(folder, live=False), folder / "run"))
"""


def at_its_line(argv: list[str]) -> AbstractContextManager[tuple[subprocess.Popen[bytes], int, int]]:
    """The gate at a terminal."""
    return at_line(argv, LANG="C.UTF-8", LC_ALL="C.UTF-8")


def program(folder: Path, how: str = "") -> list[str]:
    shadow(folder, crypted(RIGHT).reveal())
    return [sys.executable, "-c", PROGRAM, str(folder), how]


@pytest.mark.parametrize("key", [b"\x03", b"\x1c", b"\x1a"], ids=["ctrl-c", "ctrl-backslash", "ctrl-z"])
def test_no_key_ends_the_wait(tmp_path: Path, key: bytes) -> None:
    with at_its_line(program(tmp_path)) as (process, line, _theirs):
        heard(line, "Password of admin")
        os.write(line, key)
        time.sleep(0.3)
        begun = time.monotonic()
        os.write(line, b"wr0ng\n")
        said = heard(line, "That is not it.")
        os.write(line, key)
        said += heard(line, "Password of admin") if said.count("Password of admin") == 0 else ""
        assert time.monotonic() - begun >= 2 and "Traceback" not in said
        assert process.poll() is None
        os.write(line, f"{RIGHT}\n".encode())
        assert process.wait(20) == 0


def test_a_byte_that_is_no_text_is_a_wrong_password(tmp_path: Path) -> None:
    with at_its_line(program(tmp_path)) as (process, line, _theirs):
        heard(line, "Password of admin")
        os.write(line, b"\xff\n")
        said = heard(line, "That is not it.") + heard(line, "Password of admin")
        assert "Traceback" not in said and process.poll() is None


def test_a_mistake_of_the_gate_leaves_it_closed_and_says_one_sentence(tmp_path: Path) -> None:
    with at_its_line(program(tmp_path, "mistake")) as (process, line, _theirs):
        heard(line, "Password of admin")
        os.write(line, b"wr0ng\n")
        said = heard(line, "The journal has the details.")
        assert process.wait(20) == 1
        assert "Traceback" not in said and "ZeroDivision" not in said


def test_the_script_around_it_outlasts_the_keys_too(tmp_path: Path) -> None:
    """The keys of a terminal reach every program on it, the shell that waits for the gate too."""
    (tmp_path / "line").write_text("quiet node.slot=Root\n")
    (tmp_path / "gate").write_text(PROGRAM)
    program(tmp_path)
    text = RESCUE.read_text()
    for here, there in (
        ("/usr/libexec/ovirt-node/quiet\n", "\n"),
        ("/proc/cmdline", f"{tmp_path}/line"),
        ("/usr/bin/python3 -P -m ovirt_tui.system.rescue_gate", f"{sys.executable} {tmp_path}/gate {tmp_path} ''"),
        ("exec /bin/bash --login", "exec sleep 60"),
    ):
        assert text.count(here) == 1, here
        text = text.replace(here, there)
    # what opens a terminal first has its keys from there on
    (tmp_path / "rescue").write_text(f': < "$(tty)"\n{text}')
    with at_its_line(["sh", str(tmp_path / "rescue")]) as (process, line, _theirs):
        heard(line, "Password of admin")
        for key in (b"\x03", b"\x1c"):
            os.write(line, key)
            time.sleep(0.3)
            assert process.poll() is None
        os.write(line, f"{RIGHT}\n".encode())
        heard(line, "rescue shell on")
        time.sleep(0.3)
        os.write(line, b"\x03")
        assert process.wait(10) == -2, "the keys are the shell's again"
