"""Standard input and the two outputs of a command: each may be closed, full, or of an encoding that holds little.

Python has None in place of one that was closed at the start, and print() then takes another one, or says nothing.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress

from ovirt_tui.i18n import _
from ovirt_tui.model.typed import NoReturn

ANSWERS, LAST = 1, 2  # the descriptors of standard output and standard error
WIDTH = 80  # columns, where nothing says how many there are


class Unwritable(Exception):
    """The answer cannot be written: standard output is full or closed, or nobody reads it any more."""


def prepare() -> None:
    """Have what is closed lead nowhere, and what an encoding does not hold be shown with escapes.

    Else a file that is opened later would be taken for a standard output, by a program that is started from here.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= LAST:
        os.set_inheritable(number, True)
    os.close(number)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def release() -> None:
    """Let go of what could not be written: it must not be tried again when the program ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def leave(status: int) -> NoReturn:
    """End this program, which has released its outputs, with this exit status.

    Python would take apart all that was loaded, for a twentieth of the time of a command.  It does where a thread may
    have to be waited for, as in whatever has started another program.
    """
    if "threading" in sys.modules:
        sys.exit(status)
    os._exit(status)


def answer(text: str) -> None:
    """Write *text*, which ends its own lines, to standard output, and see it out."""
    if not sys.stdout:
        raise Unwritable(_("standard output is closed"))
    try:
        print(text, end="", flush=True)
    except OSError as error:
        raise Unwritable(_("standard output: {reason}").format(reason=error.strerror)) from error


def remark(lines: Iterable[object]) -> None:
    """Say problems and notes on standard error.  Where not even these can be said, the exit status still can."""
    if not sys.stderr:
        return
    with suppress(OSError):
        print("".join(f"{line}\n" for line in lines), end="", file=sys.stderr, flush=True)


def tell(line: str) -> None:
    """Say how an installation goes on; a closed output is no reason to leave it half done."""
    with suppress(OSError):
        print(line, flush=True)


def given() -> str:
    """All of standard input."""
    if not sys.stdin:
        raise OSError(_("it is closed"))
    return sys.stdin.read()


def given_bytes(most: int) -> bytes:
    """Standard input, as far as *most* bytes."""
    if not sys.stdin:
        raise OSError(_("it is closed"))
    return sys.stdin.buffer.read(most)


def content(path: str, most: int = -1) -> bytes:
    """The file at *path*, as far as *most* bytes."""
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib takes longer to load than all that is read here
        return file.read(most)


def columns() -> int:
    """How wide the terminal is that answers go to, unless COLUMNS says so; 80 where there is none."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and len(said) < 6 and int(said):
        return int(said)
    try:
        return os.get_terminal_size(ANSWERS).columns or WIDTH
    except OSError:
        return WIDTH


def at_terminal() -> bool:
    """Whether somebody can see a screen, and press a key."""
    return all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout))
