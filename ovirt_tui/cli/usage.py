"""The arguments as argparse takes them: in every form, with help, and with the usage where they are wrong."""

from __future__ import annotations

import argparse

from ovirt_tui.cli import streams
from ovirt_tui.cli.options import Misused
from ovirt_tui.i18n import _
from ovirt_tui.model.typed import NoReturn

argparse._ = _  # type: ignore[attr-defined]  # else it looks for catalogues of its own, which nobody has, by locale


class Layout(argparse.RawDescriptionHelpFormatter):
    """Help that is as wide as the terminal.  To know that, argparse loads shutil, and with it three compressors."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=streams.columns() - 2)


class Parser(argparse.ArgumentParser):
    """A parser that says what it has to say as every command does."""

    def error(self, message: str) -> NoReturn:
        raise Misused(f"{self.format_usage()}{self.prog}: error: {message}")

    def _print_message(self, message: str, file: object = None) -> None:
        """Write the help, or the version: a usage error is raised."""
        streams.answer(message)
