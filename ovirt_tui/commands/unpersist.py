"""ovirt-tui unpersist."""

from __future__ import annotations

import argparse

from ovirt_tui.commands import persist


def run(args: argparse.Namespace) -> int:
    """Have paths last no longer."""
    return persist.each(args, lambda system, path: system.drop(path))
