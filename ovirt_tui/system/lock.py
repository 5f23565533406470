"""One installer at a time: every console has one, and two must not write to the same disks."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

LOCK = Path("/run/ovirt-node/lock")
_held: list[IO[str]] = []


def alone(path: Path = LOCK) -> bool:
    """Take the lock until this program ends, and say whether that worked."""
    if _held:
        return True
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _held.append(file)
    return True
