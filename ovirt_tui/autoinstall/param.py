"""What a parameter is: a row of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ovirt_tui.autoinstall.forms import Grammar, Keys, Refused
from ovirt_tui.config import NodeConfig
from ovirt_tui.i18n import _
from ovirt_tui.parameter import NOT_YET as NOT_YET

Merge = Callable[[Keys, Keys], Keys]
"""What holds when a parameter is repeated: from what it said before and what it says now."""


def last(old: Keys, new: Keys) -> Keys:
    """The last one counts."""
    return new


def same(old: Keys, new: Keys) -> Keys:
    """Different values are an error: a disk is not erased by whichever word came last."""
    if old != new:
        raise Refused(_("given twice with different values"))
    return new


def each(old: Keys, new: Keys) -> Keys:
    """Every one counts, in their order."""
    lists = {key: [*old.get(key, ()), *value] for key, value in new.items() if isinstance(value, list)}
    return {**old, **new, **lists}


def by_family(old: Keys, new: Keys) -> Keys:
    """The last one counts for its family of addresses, so that a node can have one address of each."""
    family = "net.ipv4." if any(key.startswith("net.ipv4.") for key in new) else "net.ipv6."
    if any(key.startswith(family) for key in old):  # the whole of it is replaced, but not the other family
        old = {key: value for key, value in old.items() if key.startswith("net.ipv") and not key.startswith(family)}
    return {**old, **new}


@dataclass(frozen=True, kw_only=True)
class Param:
    """One parameter of the kernel line."""

    name: str
    subject: str
    grammar: Grammar
    form: str
    help: str
    example: str
    also: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()  # settings; none for a word that acts by itself or that this version cannot do
    acts: bool = False  # without a setting, and yet complete
    bare: str | None = None  # what the word without a value stands for; None where a value is required
    merge: Merge = last
    secret: bool = False

    def __post_init__(self) -> None:
        for path in self.fills:
            NodeConfig().setting(path)

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling."""
        return (self.name, *self.also)

    def beyond(self, keys: Keys) -> str:
        """Say what this version cannot do of what was asked for; empty when it can, or nothing was asked for."""
        asks = any(value for key, value in keys.items() if key != "carry")
        return _(NOT_YET) if asks and not self.fills and not self.acts else ""
