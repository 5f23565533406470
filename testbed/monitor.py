"""The QEMU monitor (QMP): saves a running machine, presses its keys, plugs devices in."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CONNECT = 60  # seconds; timeout for QEMU to open its socket
ANSWER = 300  # seconds; timeout of a command, which may write a machine's memory to a disk


class MonitorError(Exception):
    """QEMU refused a command, or did not answer in time."""


class Monitor:
    """Sends commands to one running QEMU, through the socket at *path*.  A context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        self._socket = _connected(self.path)
        self._lines = self._socket.makefile("r", encoding="utf-8")
        self._read()  # QEMU's greeting
        self.order("qmp_capabilities")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._lines.close()
        self._socket.close()

    def order(self, command: str, **arguments: object) -> Any:
        """Send a command and return QEMU's answer; MonitorError when it refuses."""
        self._socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while True:
            said = self._read()
            if "error" in said:
                raise MonitorError(f"{command}: {said['error']['desc']}")
            if "return" in said:  # anything else is an event
                return said["return"]

    def typed(self, line: str) -> str:
        """The output of *line*, a command of the human monitor; MonitorError when it fails."""
        said = str(self.order("human-monitor-command", **{"command-line": line})).strip()
        if said.startswith("Error"):
            raise MonitorError(f"{line}: {said}")
        return said

    def _read(self) -> dict[str, Any]:
        try:
            line = self._lines.readline()
        except TimeoutError as late:
            raise MonitorError(f"QEMU did not answer within {ANSWER} s") from late
        if not line:
            raise MonitorError("QEMU ended")
        found: dict[str, Any] = json.loads(line)
        return found


def _connected(path: Path) -> socket.socket:
    """Connect to the socket at *path*, which QEMU opens a moment after its start."""
    end = time.monotonic() + CONNECT
    while True:
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(ANSWER)
        try:
            made.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            made.close()
            if time.monotonic() > end:
                raise MonitorError(f"QEMU opened no monitor within {CONNECT} s") from error
            time.sleep(0.1)
        else:
            return made
