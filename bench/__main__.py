"""make bench: prints every figure with its yardstick, and fails when a mark was missed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from bench import installed, line, screen, sizes, upgraded
from bench.figure import Figure, row
from testbed.qemu import accelerator

CACHE = Path(__file__).parent.parent / "build/pycache"
IDLE = 0.5  # load below which a machine counts as idle
Figures = Callable[[], Iterable[Figure]]

SECTIONS: tuple[tuple[str, Figures], ...] = (
    ("The image", sizes.figures),
    ("Understanding a full kernel line", line.figures),
    *(
        (f"The installer on a machine with {count} disks, beside a bare urwid program", partial(screen.figures, count))
        for count in screen.COUNTS
    ),
    (f"An installation in a virtual machine with {installed.MEMORY} MB", installed.figures),
    ("An upgrade in place, of the saved node", upgraded.figures),
)


def heading(title: str) -> str:
    """The title of a section, and the load of this machine when it began."""
    load = os.getloadavg()[0]
    busy = "" if load < IDLE else ": not idle, so times are too long"
    return f"\n{title}; load {load:.1f}{busy}"


def compiled() -> None:
    """Have every program that is measured load compiled modules, as on a node, whatever this shell asks for."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(CACHE)


def main() -> int:
    """Print one line per figure, section by section; return 1 when a mark was missed."""
    compiled()
    kind = "hardware virtualization" if "kvm" in accelerator() else "emulation"
    print(f"{os.cpu_count()} processors, virtual machines by {kind}\n")
    print(row("figure", "measured", "beside it, in the same run", "mark", ""))
    missed = []
    for title, figures in SECTIONS:
        print(heading(title), flush=True)
        for figure in figures():
            print(figure.line(), flush=True)
            missed += [f"{figure.name} ({title})"] if figure.met is False else []
    print("\nMarks missed: " + ("; ".join(missed) or "none"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
