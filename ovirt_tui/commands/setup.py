"""ovirt-tui setup."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.cli.commands import DONE
from ovirt_tui.commands import given


def run(args: SimpleNamespace) -> int:
    """Open the setup program."""
    given.needs_terminal("setup")
    from ovirt_tui.ui import start  # only here: it brings the toolkit

    start.setup(args.pick())
    return DONE
