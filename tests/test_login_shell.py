"""The login shell of admin: the setup program for a person at a terminal, a shell for everything else."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

SHELL = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node/console"
SETUP = "sudo -n /usr/bin/ovirt-tui setup"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A PATH on which sudo only says how it was called."""
    sudo = tmp_path / "sudo"
    sudo.write_text('#!/bin/sh\necho sudo "$@"\n')
    sudo.chmod(0o755)
    return {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path), "SHELL": str(SHELL)}


def run(environment: dict[str, str], *arguments: str, stdin: str = "") -> str:
    """What the shell says to somebody without a terminal."""
    argv = (SHELL, *arguments)
    done = subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=20, env=environment, check=True)
    return done.stdout


def at_a_terminal(environment: dict[str, str], *arguments: str) -> str:
    """What the shell says on a terminal."""
    ours, theirs = pty.openpty()
    try:
        subprocess.run((SHELL, *arguments), stdin=theirs, stdout=theirs, stderr=theirs, timeout=20, env=environment)
        return os.read(ours, 4096).decode().strip()
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_person_gets_the_setup_program(environment: dict[str, str]) -> None:
    assert at_a_terminal(environment) == SETUP


def test_a_command_runs_with_a_terminal_and_without(environment: dict[str, str]) -> None:
    assert run(environment, "-c", "echo 'a b'; echo c") == "a b\nc\n"
    assert at_a_terminal(environment, "-c", "tty >/dev/null && echo here") == "here"


def test_a_login_without_a_terminal_is_a_shell_that_ends_with_its_input(environment: dict[str, str]) -> None:
    assert run(environment) == ""
    assert run(environment, stdin="echo one\nshopt -q login_shell && echo login\n") == "one\nlogin\n"


def test_the_status_of_a_command_is_handed_on(environment: dict[str, str]) -> None:
    assert subprocess.run((SHELL, "-c", "exit 7"), timeout=20, env=environment).returncode == 7


def test_what_asks_for_a_shell_later_gets_one(environment: dict[str, str]) -> None:
    assert run(environment, "-c", 'exec "$SHELL" -c "echo $0"') == "/bin/bash\n"
