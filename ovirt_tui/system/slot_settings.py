"""SlotSettings and SharedPlaces: the settings of one slot, copied for the image in the other.

An image before each slot had settings of its own keeps them where earlier() says, and nothing of that is changed while
it may start again.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from bootmenu.environment import other
from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import run
from ovirt_tui.system.disk_steps import SharedPlaces, SlotSettings
from ovirt_tui.system.files import flush
from ovirt_tui.system.persistent import OF_SLOT, WITHIN, earlier, store
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.services import nothing
from ovirt_tui.system.small_files import read_small
from ovirt_tui.system.tree import Tree, file_errors

CONFIG = "/config"
SECONDS = 120
ORIGIN = ("overlay.origin", "overlay.impure", "overlay.nlink")
SAVED = "/etc/ovirt-node/node.toml"
LONGEST_NAME = 253
ASIDE = ".before"
"""Suffix of what was apart from the settings of an image that had it among them: guests of a newer one, which is not
there any more."""
SPARE = 1 << 20
"""Bytes that stay free on Config when settings were copied."""


def kept(config: Path, place: str, slot: str) -> Path:
    """Where the changes in *place* of the image in *slot* are, on the volume *config*.

    Whoever writes an image to a slot makes settings for it, so a slot without has an image that keeps them as before.
    """
    own, before = config / store(place, slot), config / earlier(place)
    with file_errors(_("the settings of {slot} cannot be read").format(slot=slot)):
        return before if (before / "upper").is_dir() and not (own / "upper").is_dir() else own


def answer_file(folder: Path) -> bytes:
    """What the node was brought to last, by its settings in *folder*, as kept() has it; nothing where it says none."""
    return read_small(folder / "upper" / SAVED.removeprefix("/etc/")) or b""


def node_name(folder: Path) -> str:
    """The name of the node in such a *folder*, which an admin may have written as he liked."""
    return (read_small(folder / "upper/hostname") or b"")[:LONGEST_NAME].decode(errors="replace").strip()


class SlotsSettings:
    """SlotSettings: what was changed in the places that each slot has for itself, on the Config of *tree*."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    @property
    def config(self) -> Path:
        """Where the volume Config is mounted."""
        return self.tree.path(CONFIG)

    def holds(self, step: SlotSettings) -> bool:
        pairs = self._pairs(step.slot)
        return not self._left(step.slot) and all(same(source / "upper", target / "upper") for source, target in pairs)

    def make(self, step: SlotSettings, tell: Tell) -> Undo:
        for source, target in self._pairs(step.slot):
            _copy(self.config, source / "upper", target)
        with file_errors(_("the settings of an image that is not there any more cannot be removed")):
            for folder in self._left(step.slot):
                _remove(folder)
        return nothing

    def _pairs(self, slot: str) -> Iterator[tuple[Path, Path]]:
        """Of each place, where the changes of the slot beside *slot* are, and where those of *slot*."""
        if slot == Probe().slot():
            raise StepFailed(_("{slot} is the running slot and has the settings already").format(slot=slot))
        for place in OF_SLOT:
            yield kept(self.config, place, other(slot)), self.config / store(place, slot)

    def _left(self, slot: str) -> tuple[Path, ...]:
        """What an image before left, once none is there any more: it was in *slot*, which has another one now."""
        folders = {self.config / earlier(place): kept(self.config, place, other(slot)) for place in OF_SLOT}
        return tuple(folder for folder, used in folders.items() if folder != used and folder.exists())


class SharedPlacesApart:
    """SharedPlaces, on the Config of *tree*: what was there apart from the settings already is set aside, not lost."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: SharedPlaces) -> bool:
        return all(same(source, target / "upper") for source, target in self._pairs())

    def make(self, step: SharedPlaces, tell: Tell) -> Undo:
        for source, target in self._pairs():
            if target.is_dir() and not same(source, target / "upper"):
                aside = target.with_name(f"{target.name}{ASIDE}")
                with file_errors(_("{path} cannot be set aside").format(path=target)):
                    _remove(aside)
                    target.rename(aside)
            _copy(self.tree.path(CONFIG), source, target)
        return nothing

    def _pairs(self) -> Iterator[tuple[Path, Path]]:
        """Of each place that such an image has changes in, the folder with these, and where they are apart."""
        config = self.tree.path(CONFIG)
        for place in WITHIN:
            of = next(each for each in OF_SLOT if place.startswith(f"{each}/"))
            source = config / earlier(of) / "upper" / place.removeprefix(f"{of}/")
            if source.is_dir() and not source.is_symlink():
                yield source, config / earlier(place)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _copy(config: Path, source: Path, target: Path) -> None:
    """Copy a folder to be the upper one of an overlay, as a whole or not at all.

    What was there before goes first, since nothing starts it any more.
    """
    with file_errors(_("the settings cannot be copied")):
        new = target.with_name(f"{target.name}.new")
        _remove(new)  # half a copy of an attempt that was cut off: it takes room, and nothing else removes it
        _has_room(config, source, target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(target)
        new.mkdir()
        (new / "work").mkdir()
    try:
        # with whiteouts, opaque folders and all attributes, which are how an overlay knows what was removed
        run(("cp", "--archive", "--one-file-system", "--", str(source), str(new / "upper")), seconds=SECONDS)
        run(("sync", "--file-system", str(new)), seconds=SECONDS)
    except StepFailed:
        shutil.rmtree(new, ignore_errors=True)
        raise
    with file_errors(_("the settings cannot be copied")):
        new.rename(target)
        flush(target.parent)


def _has_room(config: Path, source: Path, target: Path) -> None:
    needed = _size(source)
    free = shutil.disk_usage(config).free + _size(target)
    if needed + SPARE > free:
        text = _("the settings have {needed} KiB, and Config has room for {free} KiB more")
        raise StepFailed(text.format(needed=needed // 1024, free=max(0, free - SPARE) // 1024))


def same(one: Path, other: Path) -> bool:
    """Say whether two folders hold the same, to the last attribute that an overlay heeds."""
    try:
        if not (one.is_dir() and other.is_dir()):
            return False
        names = {each.relative_to(one) for each in one.rglob("*")}
        if names != {each.relative_to(other) for each in other.rglob("*")}:
            return False
        return all(_alike(one / name, other / name) for name in (Path(), *names))
    except OSError:
        return False


def _alike(one: Path, other: Path) -> bool:
    first, second = one.lstat(), other.lstat()
    known = ("st_mode", "st_uid", "st_gid", "st_rdev")
    if any(getattr(first, name) != getattr(second, name) for name in known) or _attributes(one) != _attributes(other):
        return False
    if stat.S_ISLNK(first.st_mode):
        return one.readlink() == other.readlink()
    return not stat.S_ISREG(first.st_mode) or filecmp.cmp(one, other, shallow=False)


def _attributes(path: Path) -> dict[str, bytes]:
    """The extended attributes, but for those by which an overlay knows its own origin."""
    names = os.listxattr(path, follow_symlinks=False)
    return {name: os.getxattr(path, name, follow_symlinks=False) for name in names if not name.endswith(ORIGIN)}


def _size(folder: Path) -> int:
    """Bytes that a folder takes on its file system."""
    return sum(each.lstat().st_blocks * 512 for each in folder.rglob("*")) if folder.is_dir() else 0
