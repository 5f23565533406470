"""A program at a terminal of its own, as at a serial line."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent


@contextmanager
def at_line(argv: list[str], **environment: str) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """The process, the person's end of the line, and the program's."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        # as systemd starts it: what was ignored by whom the tests run for is not ignored here
        ["env", "--default-signal=INT,QUIT,TSTP", *argv],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "PYTHONPATH": ".", **environment},
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield process, ours, theirs
    finally:
        process.kill()
        process.wait(10)
        for end in (ours, theirs):
            with suppress(OSError):
                os.close(end)


def heard(line: int, text: str, seconds: float = 30) -> str:
    """What the program says until *text* is among it."""
    said, end = b"", time.monotonic() + seconds
    while text.encode() not in said:
        assert time.monotonic() < end, said.decode(errors="replace")
        if select.select([line], [], [], 0.2)[0]:
            said += os.read(line, 65536)
    return said.decode(errors="replace")
