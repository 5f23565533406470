"""Scans TCP ports of another machine: `python3 testbed/scan.py ADDRESS [FIRST-LAST ...]`, answers as JSON.

Without a range of ports, every one is tried.
Ports that accept a connection are listed as "open"; those that refuse it, or do not answer, are counted.
"""

from __future__ import annotations

import argparse
import errno
import json
import resource
import select
import socket
import time
from pathlib import Path

SCAN = Path(__file__)
ALL = "1-65535"
AT_ONCE = 10000
PACE = 100  # connections between two polls for answers, so that no queue on the way overflows
PACE_SECONDS = 0.02
PATIENCE = 4.0  # seconds; long enough for a lost packet to be sent again


def scan(address: str, ranges: list[str], patience: float) -> dict[str, object]:
    """The results of a connection to each port of *address* in *ranges* (FIRST-LAST)."""
    *_most, target = socket.getaddrinfo(address, 1, type=socket.SOCK_STREAM)[0]
    family = socket.AF_INET6 if len(target) == 4 else socket.AF_INET
    found: dict[str, list[int]] = {"open": [], "refused": [], "silent": []}
    for text in ranges or (ALL,):
        first, last = map(int, text.split("-"))
        for start in range(first, last + 1, AT_ONCE):
            _try(family, target, range(start, min(start + AT_ONCE, last + 1)), patience, found)
    return {"open": sorted(found["open"]), "refused": len(found["refused"]), "silent": len(found["silent"])}


def _try(family: int, target: tuple[object, ...], ports: range, patience: float, found: dict[str, list[int]]) -> None:
    """Connect to all *ports*, and collect answers until *patience* seconds after the last attempt."""
    waiting: dict[int, tuple[int, socket.socket]] = {}
    watch = select.poll()
    for number, port in enumerate(ports):
        caller = socket.socket(family, socket.SOCK_STREAM)
        caller.setblocking(False)
        code = caller.connect_ex((target[0], port, *target[2:]))
        waiting[caller.fileno()] = (port, caller)
        if code not in (0, errno.EINPROGRESS):
            _note(waiting, caller.fileno(), code, found)
            continue
        watch.register(caller, select.POLLOUT)
        if number % PACE == PACE - 1:
            _answers(watch, waiting, patience / PATIENCE * PACE_SECONDS, found)
    end = time.monotonic() + patience
    while waiting and time.monotonic() < end:
        _answers(watch, waiting, end - time.monotonic(), found)
    for port, caller in waiting.values():
        found["silent"].append(port)
        caller.close()


def _answers(
    watch: select.poll, waiting: dict[int, tuple[int, socket.socket]], seconds: float, found: dict[str, list[int]]
) -> None:
    for handle, _event in watch.poll(max(0.0, seconds) * 1000):
        watch.unregister(handle)
        _note(waiting, handle, waiting[handle][1].getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), found)


def _note(waiting: dict[int, tuple[int, socket.socket]], handle: int, code: int, found: dict[str, list[int]]) -> None:
    port, caller = waiting.pop(handle)
    names = {0: "open", errno.ECONNREFUSED: "refused", errno.ETIMEDOUT: "silent"}
    found[names.get(code, "silent")].append(port)
    caller.close()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (AT_ONCE + 100, AT_ONCE + 100))
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("ranges", nargs="*")
    parser.add_argument("--patience", type=float, default=PATIENCE)
    print(json.dumps(scan(**vars(parser.parse_args()))))
