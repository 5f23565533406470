"""make bench: prints every figure with its yardstick."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from bench import installed, line, screen, sizes
from bench.screen import Figure

SECTIONS: tuple[Callable[[], Iterator[Figure]], ...] = (
    sizes.figures,
    line.figures,
    screen.figures,
    installed.figures,
)


def main() -> int:
    """Print one line a figure."""
    print(f"{'figure':44} {'measured':28} {'beside':34} mark")
    for section in SECTIONS:
        for figure in section():
            print(f"{figure.name:44} {figure.value:28} {figure.yardstick:34} {figure.mark}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
