"""The command line.  The only place that picks a System."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import SimpleNamespace

from ovirt_tui import __version__
from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.cli import options, plain, streams
from ovirt_tui.cli.commands import FAILED, MANUALS, REFUSED
from ovirt_tui.commands.given import Unusable
from ovirt_tui.i18n import N_, _
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.typed import TYPE_CHECKING, NoReturn
from ovirt_tui.system import StepFailed, System

if TYPE_CHECKING:
    from argparse import ArgumentParser

FAILURE = Kind("step-failed", N_("{failure}"))
COMMANDS: dict[str, Callable[[plain.Arguments], None]] = {
    "install": options.nothing,
    "setup": options.nothing,
    "autoinstall": options.autoinstall,
    "check": options.check,
    "plan": options.check,
    "disks": options.disks,
    "facts": options.nothing,
    "export": options.export,
    "apply": options.apply,
    "drift": options.drift,
    "upgrade": options.upgrade,
    "rollback": options.rollback,
    "status": options.drift,
    "trial": options.trial,
    "persist": options.paths,
    "unpersist": options.paths,
    "persisted": options.drift,
    "register": options.nothing,
}
"""The arguments of each subcommand of MANUALS; the module of commands/ that has its name runs it."""


def machine() -> System:
    """The machine this program runs on.  What it needs is only imported here: --machine works on any laptop."""
    made: System = import_module("ovirt_tui.system.machine").Machine()
    return made


def parser(commands: Sequence[str] = tuple(COMMANDS)) -> ArgumentParser:
    """The arguments of subcommands: of every one, or of those that somebody may mean."""
    from ovirt_tui.cli import usage  # only here: what most people type is plain

    made = usage.Parser(
        prog="ovirt-tui", description=_("Installer and console of oVirt Node"), formatter_class=usage.Layout
    )
    made.add_argument("--version", action="version", version=f"ovirt-tui {__version__}")
    subs = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in commands:
        manual = MANUALS[name]
        sub = subs.add_parser(
            name,
            help=_(manual.about),
            description=_(manual.about),
            epilog=manual.epilog(),
            formatter_class=usage.Layout,
        )
        COMMANDS[name](sub)
    return made


def arguments(argv: Sequence[str]) -> SimpleNamespace:
    """The subcommand, and the values of its arguments."""
    named = [name for name in argv[:1] if name in COMMANDS]
    for name in named:
        if (values := plain.read(COMMANDS[name], argv[1:])) is not None:
            return SimpleNamespace(command=name, **values)
    return parser(named or tuple(COMMANDS)).parse_args(argv, SimpleNamespace())


def main(argv: Sequence[str] | None = None, pick: Callable[[], System] = machine) -> int:
    """Run a subcommand on the machine that *pick* returns, and return its exit status."""
    streams.prepare()
    try:
        return _status(sys.argv[1:] if argv is None else argv, pick)
    finally:
        streams.release()


def _run(args: SimpleNamespace) -> int:
    """Run the subcommand; what it cannot read is told, as JSON too where that was asked for."""
    try:
        status: int = import_module(f"ovirt_tui.commands.{args.command}").run(args)
        return status
    except (Unusable, StepFailed) as error:
        streams.remark([f"ovirt-tui: {error}"])
        failure = (options.MACHINE, FAILURE(failure=error), FAILED)
        option, reason, status = (error.option, error.reason, REFUSED) if isinstance(error, Unusable) else failure
        if getattr(args, "json", False):
            from ovirt_tui.cli import documents, json_report  # only here: as those commands that answer with JSON

            streams.answer(documents.text(json_report.unusable(args.command, args.reading, option, reason)))
        return status


def _status(argv: Sequence[str], pick: Callable[[], System]) -> int:
    try:
        args = arguments(argv)
        args.pick, args.shared, args.reading = pick, pick is machine, Reading()
        return _run(args)
    except options.Misused as error:
        streams.remark([error])
        return REFUSED
    except streams.Unwritable as error:
        if not isinstance(error.__cause__, BrokenPipeError):  # a reader that has seen enough knows that it has
            streams.remark([f"ovirt-tui: {error}"])
        return FAILED


def program() -> NoReturn:
    """Run main() as a program of its own, which ends with its exit status."""
    gc.freeze()  # no collection has to look at what is loaded, the last one least of all
    gc.enable()
    streams.leave(main())


if __name__ == "__main__":
    program()
