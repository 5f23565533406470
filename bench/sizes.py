"""How large the image is."""

from __future__ import annotations

from collections.abc import Iterator

from bench.screen import Figure
from guest.medium import ISO, files

MARK_ISO_MB = 220


def figures() -> Iterator[Figure]:
    """The ISO, and the parts that a slot holds, beside the ISO that holds them."""
    whole = ISO.stat().st_size
    yield Figure("ISO", f"{whole / 1e6:.1f} MB", f"mark of this version {MARK_ISO_MB} MB", "150 MB later")
    for name, path in files(ISO).items():
        size = path.stat().st_size
        yield Figure(name, f"{size / 1e6:.1f} MB", f"{size / whole:.0%} of the ISO")
