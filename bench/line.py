"""Time to parse a kernel line of full length, in process and from start to exit, and to plan for very many disks."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
import timeit
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.figure import Figure, at_most, at_most_times
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import plan_report, report
from ovirt_tui.cli.commands import DONE, REFUSED
from ovirt_tui.machine.facts import Disk, Facts, Nic, dump

LENGTH = 2048  # bytes; what an x86 kernel keeps, including the terminating zero
ROUNDS = 50
START = "storage_init=/dev/vda BOOTIF=01-52-54-00-12-34-56 ip=192.0.2.7::192.0.2.1:255.255.255.0 dns=192.0.2.53 "
MACHINE = Facts(image_mib=160, disks=(Disk(path="/dev/vda", mib=20480),))
REPOSITORY = Path(__file__).parent.parent
PYTHON = "/usr/bin/python3"
"""The interpreter that the program has on a node."""
PROGRAM = (PYTHON, "-P", str(REPOSITORY / "image/overlay/usr/bin/ovirt-tui"))
"""As the first line of what a node has in /usr/bin starts it."""
STARTS = 11
CHECK_TIMES = 4
LIMIT = 60  # seconds
DISKS, PLAN_MS = 4096, 50
PLANS = 9


def full() -> str:
    """A kernel line of maximum length: settings, and words of other programs."""
    line = START
    number = 0
    while len(line) < LENGTH:
        line += f"foreignword{number}=1 "
        number += 1
    return line[:LENGTH]


def crowded() -> Facts:
    """A machine on a large storage network."""
    found = (
        Disk(
            path=f"/dev/sd{number}",
            links=(f"/dev/disk/by-id/scsi-S{number:04}", f"/dev/disk/by-path/fc-lun-{number}"),
            mib=20480,
            bus="scsi",
            transport="fc",
            serial=f"S{number:04}",
            wwn=f"0x5000c500{number:08x}",
        )
        for number in range(DISKS)
    )
    return Facts(image_mib=160, memory_mib=4096, disks=tuple(found), nics=(Nic(name="eth0", link=True),))


def plan(facts: Facts) -> list[str]:
    """The plan, as text, of an installation on the last disk, which the line names by its serial number."""
    found = understand(read(f"storage_init=scsi:{facts.disks[-1].serial} BOOTIF=link adminpw=$6$salt$hash"), facts)
    if found.complaints:
        raise RuntimeError("\n".join(report.problems(found)))
    return plan_report.plan(found)


def seconds(argv: Sequence[str]) -> float:
    """Seconds that a program takes from start to exit; RuntimeError when it fails, other than by refusing the line."""
    there = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    began = time.perf_counter()
    done = subprocess.run(argv, env=there, capture_output=True, text=True, timeout=LIMIT, check=False)
    took = time.perf_counter() - began
    if done.returncode not in (DONE, REFUSED):
        raise RuntimeError(done.stderr)
    return took


def start_to_exit(line: str) -> tuple[float, float]:
    """Milliseconds of 'ovirt-tui check' and of an interpreter that does nothing: medians, the two in turn."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as machine:
        machine.write(dump(MACHINE))
        machine.flush()
        check = (*PROGRAM, "check", "--cmdline", line, "--machine", machine.name)
        turns = [(seconds(check), seconds((PYTHON, "-c", "pass"))) for _turn in range(STARTS + 1)][1:]
    ours, floor = (statistics.median(times) * 1000 for times in zip(*turns, strict=True))
    return ours, floor


def figures() -> Iterator[Figure]:
    """The parser beside a plain split of the same line, the program beside its interpreter, and a large plan."""
    line = full()
    ours = timeit.timeit(lambda: understand(read(line), MACHINE), number=ROUNDS) / ROUNDS * 1000
    floor = timeit.timeit(lambda: [word.partition("=") for word in line.split()], number=ROUNDS) / ROUNDS * 1000
    yield Figure(f"a line of {len(line):,} bytes", f"{ours:.2f} ms", f"split at spaces and '=': {floor:.3f} ms")
    ours, floor = start_to_exit(line)
    yield Figure(
        "check of it, from start to exit",
        f"{ours:.0f} ms, {ours / floor:.1f} times",
        f"python3 -c pass: {floor:.0f} ms",
        *at_most_times(CHECK_TIMES, ours, floor),
    )
    facts = crowded()
    ours = statistics.median(timeit.repeat(lambda: plan(facts), number=1, repeat=PLANS)) * 1000
    floor = timeit.timeit(lambda: [(disk.serial, *disk.links) for disk in facts.disks], number=ROUNDS) / ROUNDS * 1000
    yield Figure(
        f"a plan for {DISKS:,} disks",
        f"{ours:.0f} ms",
        f"looking at their names: {floor:.1f} ms",
        *at_most(PLAN_MS, "ms", ours),
    )
