"""The root that steps write to: that of the running system, or of a mounted new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ovirt_tui.model.records import dataclass
from ovirt_tui.system import StepFailed


@dataclass
class Tree:
    """A root folder.  *live* says that it is the one of the running system."""

    root: Path = Path("/")
    live: bool = True

    def path(self, inside: str) -> Path:
        """The path of *inside*, a path on the node, as seen from here."""
        return self.root / inside.lstrip("/")


@contextmanager
def file_errors(what: str) -> Iterator[None]:
    """Turn errors of the file system into StepFailed: *what* is the beginning of the sentence."""
    try:
        yield
    except OSError as error:
        raise StepFailed(f"{what}: {error.strerror or error}", repr(error)) from error
