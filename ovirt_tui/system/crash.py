"""Uncaught exceptions: tells the admin, and keeps the traceback.

On the medium, where whoever started it owns the machine, a shell is offered.  On an installed node never: the program
may have been locked, so only the login prompt may follow it.
"""

from __future__ import annotations

import os
import sys
import syslog
import tempfile
import traceback
from pathlib import Path
from types import TracebackType

from ovirt_tui.i18n import _
from ovirt_tui.machine.untrusted import escaped
from ovirt_tui.system.terminal import shell

FOLDER = Path("/run/ovirt-node")
NAME = "crash.txt"
IDENTIFIER = "ovirt-node"


def keep(text: str, folder: Path = FOLDER) -> Path:
    """Write *text* to a file and return its path: in *folder*, else in the folder for temporary files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NAME).write_text(text, errors="backslashreplace")
    except OSError:
        handle, name = tempfile.mkstemp(prefix="ovirt-node-crash-", suffix=".txt", text=True)
        with os.fdopen(handle, "w", errors="backslashreplace") as file:
            file.write(text)
        return Path(name)
    return folder / NAME


def logged(text: str, level: int = syslog.LOG_ERR) -> None:
    """Write *text* to the journal, line by line."""
    syslog.openlog(IDENTIFIER, syslog.LOG_PID, syslog.LOG_DAEMON)
    for line in text.split("\n"):
        syslog.syslog(level, escaped(line))


def ended_closed(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """sys.excepthook on an installed node: the traceback goes to the journal, and the session ends."""
    logged("".join(traceback.format_exception(kind, value, trace)))
    print(_("\nThis program made a mistake and had to stop. The journal has the details."), flush=True)


def ended_open(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """sys.excepthook on the medium.  The terminal is out of full-screen mode by then."""
    text = "".join(traceback.format_exception(kind, value, trace))
    path = keep(text)
    logged(text)
    print(_("\nThis program made a mistake and had to stop: {what}").format(what=escaped(f"{kind.__name__}: {value}")))
    print(_("What it was doing is in {path}.").format(path=path), flush=True)
    if not sys.stdin.isatty():
        return
    try:
        answer = input(_("Press Enter to leave, or type s and Enter for a shell: "))
    except (EOFError, UnicodeError):
        return
    if answer.strip() == "s":
        shell()
