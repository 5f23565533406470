"""Files: written so that a power cut leaves the old content or the new one, and nothing between."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.secrets import revealed
from ovirt_tui.system import Tell, Undo
from ovirt_tui.system.steps import Absent, File
from ovirt_tui.system.tree import Tree, file_errors

OURS = ".ovirt-node-new"
"""Suffix of a file that is being written."""


@dataclass(frozen=True)
class Before:
    """The previous state of a path; *content* is None where there was no file."""

    content: bytes | None
    mode: int = 0o644
    owner: int = 0
    group: int = 0


def write(path: Path, content: bytes, mode: int, owner: tuple[int, int] | None = None) -> None:
    """Write *content* to *path* durably: new file in the same folder, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}{OURS}")
    with suppress(FileNotFoundError):
        new.unlink()  # left by an interrupted attempt; its mode may be too permissive
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            if owner and owner != (os.geteuid(), os.getegid()):
                os.fchown(file.fileno(), *owner)
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise
    flush(path.parent)


def flush(path: Path) -> None:
    """Flush *path*, a file or a folder, to its device."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def before(path: Path) -> Before:
    """Return the state of *path*, for restore()."""
    try:
        stat = path.stat()
        return Before(path.read_bytes(), stat.st_mode & 0o7777, stat.st_uid, stat.st_gid)
    except FileNotFoundError:
        return Before(None)


def restore(path: Path, was: Before) -> None:
    """Restore a state that before() returned."""
    with file_errors(_("{path} could not be restored").format(path=path)):
        if was.content is None:
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                flush(path.parent)
        else:
            write(path, was.content, was.mode, (was.owner, was.group))


class Files:
    """File: content and mode of a file of our own."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: File) -> bool:
        path = self.tree.path(step.path)
        try:
            return path.stat().st_mode & 0o7777 == step.mode and path.read_bytes() == revealed(step.content).encode()
        except OSError:
            return False

    def make(self, step: File, tell: Tell) -> Undo:
        path = self.tree.path(step.path)
        with file_errors(_("{path} could not be written").format(path=step.path)):
            was = before(path)
            write(path, revealed(step.content).encode(), step.mode)
        return lambda: restore(path, was)


class Absents:
    """Absent: a file of our own that is not there."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: Absent) -> bool:
        return not os.path.lexists(self.tree.path(step.path))

    def make(self, step: Absent, tell: Tell) -> Undo:
        path = self.tree.path(step.path)
        with file_errors(_("{path} could not be removed").format(path=step.path)):
            was = before(path)
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                flush(path.parent)
        return lambda: restore(path, was)
