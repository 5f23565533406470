"""A private network segment: a running machine at one end, a network namespace of this host at the other."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from testbed.console import Terminal
from testbed.monitor import Monitor

MAC = "52:54:00:00:00:77"
ADDRESS = "192.0.2.2/24"
SECONDS = 300
FIND = (
    "name=$(basename $(dirname $(grep -l {mac} /sys/class/net/*/address))) 2> /dev/null"
    " && [ -e /run/udev/data/n$(cat /sys/class/net/$name/ifindex) ]"
)
"""True in a shell once udev is done with the interface, which has another name until then; sets name."""


def interface(shell: Terminal) -> str:
    """The name of the machine's interface on the segment, once it has the one that it keeps."""
    return shell.run(f"until {FIND.format(mac=MAC)}; do sleep 1; done 2> /dev/null; echo $name", SECONDS)


def connected(shell: Terminal, address: str) -> None:
    """The machine's interface on the segment has *address* (with its prefix), after a restart too."""
    profile = f"type ethernet con-name segment ifname {interface(shell)} ipv4.method manual ipv4.addresses {address}"
    shell.run(f"nmcli connection add {profile} ipv6.method disabled", SECONDS)
    # NetworkManager takes a moment to see what udev is done with
    said = shell.run("until nmcli connection up segment 2> /dev/null; do sleep 1; done", SECONDS)
    assert "successfully activated" in said


class Segment:
    """A link from the spare slot *slot* of a machine to a peer.  A context manager; needs root."""

    def __init__(self, monitor: Monitor, slot: str) -> None:
        self.monitor, self.slot = monitor, slot
        self._holder: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._holder = subprocess.Popen(("unshare", "--net", "sleep", "infinity"))
        name = f"tap{self._holder.pid}"
        try:
            _run("ip", "tuntap", "add", "dev", name, "mode", "tap")
            tap = {"type": "tap", "id": "segment", "ifname": name, "script": "no", "downscript": "no"}
            self.monitor.order("netdev_add", **tap)
            self.monitor.order(
                "device_add", driver="virtio-net-pci", id="segment0", netdev="segment", bus=self.slot, mac=MAC
            )
            self._wait_for_the_namespace()
            _run("ip", "link", "set", name, "netns", str(self._holder.pid))
            self.run("ip", "address", "add", ADDRESS, "dev", name)
            self.run("ip", "link", "set", name, "up")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.name = name
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        assert self._holder
        self._holder.kill()
        self._holder.wait(30)

    def run(self, *argv: str | Path) -> str:
        """Run a program at the peer and return its output."""
        assert self._holder
        return _run("nsenter", "--net", f"--target={self._holder.pid}", *argv)

    @contextmanager
    def running(self, *argv: str | Path) -> Iterator[None]:
        """A program at the peer that runs for as long as this context."""
        assert self._holder
        argv = ("nsenter", "--net", f"--target={self._holder.pid}", *argv)
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)

    def _wait_for_the_namespace(self) -> None:
        assert self._holder
        theirs = Path(f"/proc/{self._holder.pid}/ns/net")
        end = time.monotonic() + 30
        while theirs.readlink() == Path("/proc/self/ns/net").readlink():
            if time.monotonic() > end:
                raise TimeoutError("no network namespace within 30 s")
            time.sleep(0.05)


def _run(*argv: str | Path) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        raise AssertionError(f"{argv} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
