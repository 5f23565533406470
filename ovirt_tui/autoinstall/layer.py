"""What one answer file says, whoever read it."""

from __future__ import annotations

from collections.abc import Mapping

from ovirt_tui.model.problems import FORM, Problem
from ovirt_tui.model.records import dataclass, field


@dataclass(frozen=True)
class Layer:
    """What one answer file says, as far as it is right.  *name* is what the file is called."""

    name: str
    values: Mapping[str, object] = field(default_factory=dict)
    """Values of settings by path."""
    problems: tuple[Problem, ...] = ()
    """What is wrong: at a setting, at another name that it has, or, with an empty path, with the file."""

    @property
    def named(self) -> frozenset[str]:
        """The settings that it has, right or wrong."""
        return frozenset((*self.values, *(each.path for each in self.problems if each.reason.kind is FORM)))

    def place(self, path: str) -> str:
        """How to call what it says of *path*."""
        return f"{self.name}: {path}" if path else self.name
