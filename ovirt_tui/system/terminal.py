"""What the screen needs of the process it runs in: the terminal given away, its name, and a clock that never jumps."""

from __future__ import annotations

import os
import subprocess
import sys
import termios
from contextlib import suppress
from time import monotonic as monotonic

SHELL = ("/bin/bash", "--login")
IDLE = 1800
"""Seconds after which bash leaves a prompt at which nobody types."""


def shell() -> None:
    """Give the terminal to a shell until the admin leaves it.  No limit while it is used: a person sits there."""
    print("\nType 'exit' to come back.\n", flush=True)
    subprocess.run(SHELL, check=False, env={**os.environ, "TMOUT": str(IDLE)})


def drop_output() -> None:
    """Throw away what the terminal has not taken: one that takes nothing would have the last words wait for ever."""
    with suppress(termios.error):
        termios.tcflush(sys.stdout.fileno(), termios.TCOFLUSH)


def console() -> str:
    """The name of the terminal, as tty1 or pts/0; "no terminal" where there is none."""
    try:
        return os.ttyname(sys.stdin.fileno()).removeprefix("/dev/")
    except OSError:
        return "no terminal"
