"""An iSCSI target: tgtd of Debian, which needs nothing of the kernel.  At the peer of a segment, or on loopback."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testbed.segment import Segment

SECONDS = 30
SOCKETS = Path("/var/run/tgtd")


class Loopback:
    """This host, of which a machine sees what is forwarded to it."""

    @contextmanager
    def running(self, *argv: str | Path) -> Iterator[None]:
        """A program that runs for as long as this context."""
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


class Targets:
    """tgtd that serves at *portal* of a peer; its control socket has a number of its own on this host."""

    def __init__(self, portal: str) -> None:
        self.portal, self.number = portal, str(os.getpid() % 30000 + 100)
        self.names: list[str] = []
        self.users: set[str] = set()

    @contextmanager
    def serving(self, peer: Segment | Loopback) -> Iterator[None]:
        """Run it for as long as this context; it forgets everything in between."""
        SOCKETS.mkdir(exist_ok=True)
        with peer.running("tgtd", "-f", "-C", self.number, "--iscsi", f"portal={self.portal}"):
            end = time.monotonic() + SECONDS
            while subprocess.run(self._words("show", "target"), capture_output=True, timeout=SECONDS).returncode:
                if time.monotonic() > end:
                    raise TimeoutError("tgtd does not answer")
                time.sleep(0.2)
            self.names, self.users = [], set()
            try:
                yield
            finally:
                self._end()

    def offer(self, name: str, disk: Path, accounts: tuple[tuple[str, str], ...] = ()) -> None:
        """Offer *disk* as a target to everybody; *accounts* are those of who logs in, and of the target itself."""
        self.names.append(name)
        tid = ("--tid", str(len(self.names)))
        self._order("new", "target", *tid, "-T", name)
        self._order("new", "logicalunit", *tid, "--lun", "1", "-b", str(disk))
        self._order("bind", "target", *tid, "-I", "ALL")
        for (user, password), outgoing in zip(accounts, ((), ("--outgoing",)), strict=False):
            if user not in self.users:
                self._order("new", "account", "--user", user, "--password", password)
                self.users.add(user)
            self._order("bind", "account", *tid, "--user", user, *outgoing)

    def _end(self) -> None:
        """Have tgtd end, which no signal does: it goes once it has no target."""
        for number in range(1, len(self.names) + 1):
            self._order("delete", "target", "--tid", str(number), "--force")
        self._order("delete", "system")

    def _words(self, op: str, mode: str, *words: str) -> tuple[str, ...]:
        return ("tgtadm", "-C", self.number, "--lld", "iscsi", "--op", op, "--mode", mode, *words)

    def _order(self, op: str, mode: str, *words: str) -> str:
        done = subprocess.run(self._words(op, mode, *words), capture_output=True, text=True, timeout=SECONDS)
        assert not done.returncode, done.stdout + done.stderr
        return done.stdout
