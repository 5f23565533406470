"""The arguments of each subcommand."""

from __future__ import annotations

import argparse

from ovirt_tui.cli import streams
from ovirt_tui.i18n import _
from ovirt_tui.model.typed import NoReturn

argparse._ = _  # type: ignore[attr-defined]  # else it looks for catalogues of its own, which nobody has, by locale
MACHINE, ANSWERS = "--machine", "--answers"
FORMS = ("cmdline", "answers")


class Misused(Exception):
    """The command line is not one of this program's; the text has its usage."""


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


def _answer_files(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument(
        ANSWERS,
        metavar="FILE",
        nargs="+",
        action="extend",
        default=[],
        required=required,
        help=_("answer files, of which a later one counts more; - is standard input"),
    )


def check(parser: argparse.ArgumentParser) -> None:
    _answer_files(parser)
    text = _("kernel line, which counts more than answer files (default, without any: that of this machine)")
    parser.add_argument("--cmdline", metavar="TEXT", help=text)
    parser.add_argument("--machine", metavar="FILE", help=_("facts as 'facts' prints them (default: this machine)"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def export(parser: argparse.ArgumentParser) -> None:
    check(parser)
    parser.add_argument("--as", dest="form", choices=FORMS, default=FORMS[0], help=_("form of the output"))


def disks(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--match", metavar="SELECTOR", help=_("as in storage_init, or any name of a disk"))
    parser.add_argument("--machine", metavar="FILE", help=_("facts as 'facts' prints them (default: this machine)"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def drift(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def paths(parser: argparse.ArgumentParser) -> None:
    drift(parser)
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", help=_("a folder, or a file, which is kept with its folder")
    )


def apply(parser: argparse.ArgumentParser) -> None:
    drift(parser)
    _answer_files(parser, required=True)
    parser.set_defaults(cmdline=None, machine=None)
    parser.add_argument("--check", action="store_true", help=_("change nothing, and say what would be changed"))


def upgrade(parser: argparse.ArgumentParser) -> None:
    drift(parser)
    parser.add_argument("file", metavar="FILE", help=_("the ISO file of the new image, a drive with it, or its URL"))
    parser.add_argument("--check", action="store_true", help=_("write nothing, and say what would be done"))
    _restarts(parser)
    parser.add_argument("--unsigned", action="store_true", help=_("take an image that nobody this node trusts signed"))
    parser.add_argument("--older", action="store_true", help=_("take an older version"))
    parser.add_argument("--again", action="store_true", help=_("take the version that runs already"))
    parser.add_argument("--with-guests", action="store_true", help=_("go on although guests run"))


def rollback(parser: argparse.ArgumentParser) -> None:
    _restarts(parser)


def trial(parser: argparse.ArgumentParser) -> None:
    text = _("only note that this start lasted: the boot menu counts those that did not")
    parser.add_argument("--lasted", action="store_true", help=text)


def _restarts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reboot", action="store_true", help=_("restart this node at the end"))


def autoinstall(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cmdline", metavar="TEXT", help=_("kernel line (default: that of this machine)"))


def nothing(parser: argparse.ArgumentParser) -> None:
    """Take none."""
