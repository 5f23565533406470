"""What a disk would start, read from its bytes alone: nothing is mounted, and no device is needed."""

from __future__ import annotations

from typing import Protocol


class Damaged(Exception):
    """What is on the disk is not whole; the text says what."""


class Source(Protocol):
    """Bytes that can be read anywhere: a disk, a part of one, a volume."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, place: int, length: int) -> bytes:
        """As many bytes at *place*; Damaged where there are less."""


class Part:
    """A run of a source, which begins at 0."""

    def __init__(self, of: Source, start: int, size: int) -> None:
        self.of, self.start, self._size = of, start, size

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self._size

    def read(self, place: int, length: int) -> bytes:
        """As many bytes at *place*."""
        if place < 0 or length < 0 or place + length > self._size:
            raise Damaged(f"{length} bytes at {place} lie behind its end")
        return self.of.read(self.start + place, length)
