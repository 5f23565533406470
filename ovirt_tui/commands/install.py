"""ovirt-tui install."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from ovirt_tui.cli import places
from ovirt_tui.cli.commands import DONE
from ovirt_tui.commands import given


def run(args: SimpleNamespace) -> int:
    """Open the installer with what the kernel line says; first say how the unattended installation ended."""
    given.needs_terminal("install")
    from ovirt_tui.ui import start  # only here: it brings the toolkit

    records = (places.REFUSAL, places.FAILURE, places.ENDED)
    refusal, failure, ended = (given.text(path) if Path(path).exists() else "" for path in records)
    start.install(args.pick(), refusal, line=given.kernel_line(), failure=failure, ended=ended)
    return DONE
