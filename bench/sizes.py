"""How large the image is."""

from __future__ import annotations

from collections.abc import Iterator

from bench.figure import Figure, at_most
from testbed.medium import ISO, files

MARK_MB = 200


def figures() -> Iterator[Figure]:
    """The ISO beside what a slot takes of it, and each of those files beside the ISO."""
    whole = ISO.stat().st_size
    sizes = {name: path.stat().st_size for name, path in files(ISO).items()}
    held = f"the three below together {sum(sizes.values()) / 1e6:.1f} MB"
    yield Figure("ISO", f"{whole / 1e6:.1f} MB", held, *at_most(MARK_MB, "MB", whole / 1e6))
    for name, size in sizes.items():
        yield Figure(name, f"{size / 1e6:.1f} MB", f"{size / whole:.0%} of the ISO")
