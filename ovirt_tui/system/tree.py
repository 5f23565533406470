"""The root that steps write to: the running system's, or that of a mounted new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ovirt_tui.system import StepFailed


@dataclass
class Tree:
    """A root folder.  *live* says that its services are the running ones."""

    root: Path = Path("/")
    live: bool = True

    def path(self, inside: str) -> Path:
        """Where the file that the node calls *inside* is for us."""
        return self.root / inside.lstrip("/")


@contextmanager
def file_errors(what: str) -> Iterator[None]:
    """Turn errors of the file system into StepFailed: *what* is the beginning of the sentence."""
    try:
        yield
    except OSError as error:
        raise StepFailed(f"{what}: {error.strerror or error}", repr(error)) from error
