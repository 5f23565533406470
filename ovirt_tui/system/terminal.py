"""What the screen needs of its process: a shell on its terminal, the name of the terminal, and a monotonic clock."""

from __future__ import annotations

import os
import subprocess
import sys
import termios
from contextlib import suppress
from time import monotonic as monotonic

SHELL = ("/bin/bash", "--login")
IDLE = 1800
"""Seconds without input after which bash exits."""


def shell() -> None:
    """Run a shell on the terminal until the admin leaves it.  No timeout while it is used: it is interactive."""
    print("\nType 'exit' to come back.\n", flush=True)
    subprocess.run(SHELL, check=False, env={**os.environ, "TMOUT": str(IDLE)})


def drop_output() -> None:
    """Discard output that the terminal has not taken: on a stopped one, the last write would block forever."""
    with suppress(termios.error):
        termios.tcflush(sys.stdout.fileno(), termios.TCOFLUSH)


def console() -> str:
    """The name of the terminal, such as tty1 or pts/0; "no terminal" where there is none."""
    try:
        return os.ttyname(sys.stdin.fileno()).removeprefix("/dev/")
    except OSError:
        return "no terminal"
