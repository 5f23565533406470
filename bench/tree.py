"""The memory of a program and its descendants."""

from __future__ import annotations

import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
STATE, PARENT, SESSION, RESIDENT = 0, 1, 3, 21  # fields of /proc/PID/stat after the name
Row = list[bytes]


def _row(pid: int) -> Row | None:
    """The fields of /proc/PID/stat after the name; None once the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def resident(leader: int) -> dict[int, int]:
    """Resident bytes of *leader*, its descendants and its session; shared pages count once for each process."""
    rows = {
        int(each.name): row for each in Path("/proc").iterdir() if each.name.isdigit() if (row := _row(int(each.name)))
    }
    found, grew = {leader} & rows.keys(), True
    while grew:
        more = {pid for pid, row in rows.items() if int(row[SESSION]) == leader or int(row[PARENT]) in found} - found
        found |= more
        grew = bool(more)
    return {pid: int(rows[pid][RESIDENT]) * PAGE for pid in found}


def running(pid: int) -> bool:
    """Whether *pid* runs; a zombie does not."""
    row = _row(pid)
    return row is not None and row[STATE] != b"Z"
