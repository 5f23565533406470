"""What a node keeps over a restart, what of it differs from the image, and what the next restart takes away."""

from __future__ import annotations

from enum import StrEnum

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Fact
from ovirt_tui.model.records import dataclass

KIB = 1024


class Way(StrEnum):
    """How something differs from the image."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class By(StrEnum):
    """Who says that a folder lasts."""

    IMAGE = "image"
    PERSIST = "persist"
    VOLUME = "volume"
    DROPPED = "dropped"
    """It was kept until 'unpersist', and stays until the next restart."""


@dataclass(frozen=True, kw_only=True)
class Kept(Fact):
    """A folder whose content lasts; *size*, in bytes, is that of what differs from the image, 0 for a volume."""

    folder: str
    by: By
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Change(Fact):
    """A path that is not as in the image; *size* is that of a file, in bytes."""

    path: str
    way: Way
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Lasting:
    """All of it.  *room* and *free* are those of Config in bytes; *more* is how many changes are left out of each."""

    kept: tuple[Kept, ...] = ()
    changes: tuple[Change, ...] = ()
    lost: tuple[Change, ...] = ()
    more_changes: int = 0
    more_lost: int = 0
    room: int = 0
    free: int = 0


@dataclass(frozen=True, kw_only=True)
class Done(Fact):
    """What 'persist' or 'unpersist' did with a path: *folder* is what is kept, or no longer.

    *changed* is False where it was so already.  *holders* are programs that have files open in what was there before.
    """

    path: str
    folder: str
    by: By
    changed: bool
    size: int = 0
    holders: tuple[str, ...] = ()


def amount(size: int, *, free: bool = False) -> str:
    """A number of bytes, as it is shown: never less than it is, or, of what is *free*, never more."""
    if size < KIB:
        return _("{count} bytes").format(count=size)
    unit, text = (KIB, _("{count} KiB")) if size < KIB * KIB else (KIB * KIB, _("{count} MiB"))
    return text.format(count=size // unit if free else -(-size // unit))


WAYS = {Way.ADDED: N_("added"), Way.CHANGED: N_("changed"), Way.REMOVED: N_("removed")}
