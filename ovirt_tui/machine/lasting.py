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

    def __str__(self) -> str:
        return f"{self.folder}: " + _(BY[self.by]).format(size=amount(self.size))


@dataclass(frozen=True, kw_only=True)
class Change(Fact):
    """A path that is not as in the image; *size* is that of a file, in bytes."""

    path: str
    way: Way
    size: int = 0

    def __str__(self) -> str:
        size = f" ({amount(self.size)})" if self.size else ""
        return f"{_(WAYS[self.way])} {self.path}{size}"


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


def said(found: tuple[Change, ...], more: int, most: int | None = None) -> tuple[str, ...]:
    """A line for each change, no more than *most*, and one that counts those that are left out."""
    told = found[:most]
    left = more + len(found) - len(told)
    rest = (_("and {count} more").format(count=left),) if left else ()
    return (*map(str, told), *rest) or (_("nothing"),)


def said_room(found: Lasting) -> str:
    """How much of Config is free."""
    text = _("{free} of {room} are free on the volume Config")
    return text.format(room=amount(found.room), free=amount(found.free, free=True))


WAYS = {Way.ADDED: N_("added"), Way.CHANGED: N_("changed"), Way.REMOVED: N_("removed")}
BY = {
    By.IMAGE: N_("always lasts; {size} differ from the image"),
    By.PERSIST: N_("kept by 'persist'; {size} differ from the image"),
    By.VOLUME: N_("a volume of its own: all of it lasts"),
    By.DROPPED: N_("no longer kept: what differs from the image is lost at the next restart"),
}
