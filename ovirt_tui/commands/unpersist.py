"""ovirt-tui unpersist."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.commands import persist


def run(args: SimpleNamespace) -> int:
    """Have paths last no longer."""
    return persist.each(args, lambda system, path: system.drop(path))
