"""An SSH session to a node, through a port of this host that is forwarded to it."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from testbed.console import Terminal

OPTIONS = {
    "StrictHostKeyChecking": "no",
    "UserKnownHostsFile": "/dev/null",
    "LogLevel": "ERROR",
    "PreferredAuthentications": "password",
    "NumberOfPasswordPrompts": "1",
    "ConnectTimeout": "60",
}


def free_port() -> int:
    """A free TCP port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Remote(Terminal):
    """A session of admin on the node behind *port* of this host.  A context manager: disconnects at exit."""

    def __init__(self, port: int, password: str, log: Path) -> None:
        super().__init__(log)
        self.port = port
        self._folder = tempfile.TemporaryDirectory(prefix="ovirt-node-ssh-")
        self._answer = Path(self._folder.name) / "answer"
        self._answer.touch(mode=0o700)
        self._answer.write_text(f"#!/bin/sh\ncat <<'END'\n{password}\nEND\n")

    def __enter__(self) -> Self:
        ours, theirs = socket.socketpair()
        argv = ["ssh", "-F", "none", "-tt", "-p", str(self.port), "-l", "admin"]
        argv += [word for name, value in OPTIONS.items() for word in ("-o", f"{name}={value}")]
        environment = {**os.environ, "TERM": "linux", "SSH_ASKPASS": str(self._answer), "SSH_ASKPASS_REQUIRE": "force"}
        with theirs:
            end = theirs.fileno()
            self.process = subprocess.Popen([*argv, "127.0.0.1"], stdin=end, stdout=end, stderr=end, env=environment)
        self._line = ours
        self._line.setblocking(False)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        assert self.process
        self.process.terminate()
        self.process.wait(30)
        self.hang_up()
        self._folder.cleanup()
