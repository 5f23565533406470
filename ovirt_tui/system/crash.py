"""The end of the program by a mistake of its own: says so, keeps what is needed to find it, offers a shell."""

from __future__ import annotations

import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType

from ovirt_tui.i18n import _
from ovirt_tui.system.terminal import shell

FOLDER = Path("/run/ovirt-node")
NAME = "crash.txt"


def keep(text: str, folder: Path = FOLDER) -> Path:
    """Write *text* to a file and return its path: in *folder*, or where anybody may write."""
    for place in (folder, Path(tempfile.gettempdir())):
        try:
            place.mkdir(parents=True, exist_ok=True)
            (place / NAME).write_text(text)
        except OSError:
            continue
        return place / NAME
    return Path("/dev/null")


def ended(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """What sys.excepthook calls.  The terminal is the shell's again by then."""
    path = keep("".join(traceback.format_exception(kind, value, trace)))
    print(_("\nThis program made a mistake and had to stop: {what}").format(what=f"{kind.__name__}: {value}"))
    print(_("What it was doing is in {path}.").format(path=path), flush=True)
    if not sys.stdin.isatty():
        return
    try:
        answer = input(_("Press Enter to leave, or type s and Enter for a shell: "))
    except EOFError:
        return
    if answer.strip() == "s":
        shell()
