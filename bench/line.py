"""How long a full kernel line takes to parse and to understand."""

from __future__ import annotations

import timeit
from collections.abc import Iterator

from bench.figure import Figure
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.facts import Disk, Facts

LENGTH = 2048  # an x86 kernel keeps as many, the last of them a zero
ROUNDS = 50
START = "storage_init=/dev/vda BOOTIF=01-52-54-00-12-34-56 ip=192.0.2.7::192.0.2.1:255.255.255.0 dns=192.0.2.53 "
MACHINE = Facts(image_mib=160, disks=(Disk(path="/dev/vda", mib=20480),))


def full() -> str:
    """A kernel line of settings and words of others, as long as there can be."""
    line = START
    number = 0
    while len(line) < LENGTH:
        line += f"foreignword{number}=1 "
        number += 1
    return line[:LENGTH]


def figures() -> Iterator[Figure]:
    """The parser beside a plain split of the same line."""
    line = full()
    ours = timeit.timeit(lambda: understand(read(line), MACHINE), number=ROUNDS) / ROUNDS * 1000
    floor = timeit.timeit(lambda: [word.partition("=") for word in line.split()], number=ROUNDS) / ROUNDS * 1000
    yield Figure(f"a line of {len(line):,} bytes", f"{ours:.2f} ms", f"split at spaces and '=': {floor:.3f} ms")
