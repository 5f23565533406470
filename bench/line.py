"""How long a full kernel line takes to parse."""

from __future__ import annotations

import timeit
from collections.abc import Iterator

from bench.screen import Figure
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.facts import Facts

LENGTH = 2047  # what an x86 kernel keeps
START = "storage_init=/dev/vda BOOTIF=01-52-54-00-12-34-56 ip=192.0.2.7::192.0.2.1:255.255.255.0 dns=192.0.2.53 "


def figures() -> Iterator[Figure]:
    """The parser beside a plain split of the same line."""
    line = START
    number = 0
    while len(line) + 20 < LENGTH:
        line += f"foreignword{number}=1 "
        number += 1
    line = line.ljust(LENGTH)
    rounds = 50
    ours = timeit.timeit(lambda: understand(read(line), Facts()), number=rounds) / rounds * 1000
    floor = timeit.timeit(lambda: [word.partition("=") for word in line.split()], number=rounds) / rounds * 1000
    yield Figure("parse a kernel line of 2,047 bytes", f"{ours:.2f} ms", f"plain split {floor:.3f} ms")
