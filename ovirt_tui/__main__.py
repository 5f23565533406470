"""The command line.  The only place that picks a System."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from ovirt_tui import __version__
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import Reading, read
from ovirt_tui.autoinstall.understand import NIC, Understood, put_settings, understand
from ovirt_tui.cli import disk_report, documents, drift_report, options, report, streams, unattended
from ovirt_tui.cli.commands import DIFFERS, DONE, FAILED, MANUALS, REFUSED
from ovirt_tui.cli.options import ANSWERS, MACHINE
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.drift import drift
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts, dump, load
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.plan.goal import bring
from ovirt_tui.plan.saved import reading, remembered
from ovirt_tui.system import StepFailed, System
from ovirt_tui.system.lock import alone, saving
from ovirt_tui.system.tree import file_errors

STDIN = N_("standard input")
UNREADABLE = Kind("file-unreadable", N_("{path} cannot be read: {error}"))
NO_MACHINE = Kind("file-no-machine", N_("{path} is not a machine: {error}"))
READ_TWICE = Kind("input-read-twice", N_("standard input can be read once only"))
NO_NODE = Kind("no-installed-node", N_("this is no installed node"))
NOT_ALONE = Kind("not-alone", N_("another installer is at work on this machine"))
NO_TERMINAL = Kind("no-terminal", N_("{command} needs a terminal to read keys from and to show its screen on"))
FAILURE = Kind("step-failed", N_("{failure}"))


class Unusable(Exception):
    """A file or a machine that the command line names, by *option*, cannot be read."""

    def __init__(self, reason: Reason, option: str = "") -> None:
        super().__init__(reason)
        self.reason, self.option = reason, option


def machine() -> System:
    """The machine this program runs on.  What it needs is only imported here: --machine works on any laptop."""
    made: System = import_module("ovirt_tui.system.machine").Machine()
    return made


def _text(path: str, option: str = "") -> str:
    try:
        return streams.given() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, option, error) from error


def _layer(path: str) -> answers.Layer:
    """What the answer file at *path* says; no more of it is read than an answer file may have."""
    try:
        if path == "-":
            return answers.read(_(STDIN), streams.given_bytes(answers.LONGEST + 1))
        with Path(path).open("rb") as file:
            return answers.read(path, file.read(answers.LONGEST + 1))
    except OSError as error:
        raise _unreadable(path, ANSWERS, error) from error


def _unreadable(path: str, option: str, error: Exception) -> Unusable:
    name = _(STDIN) if path == "-" else path
    return Unusable(UNREADABLE(path=name, error=error), option)


def _kernel_line() -> str:
    """The line of this boot.  A boot loader hands on any bytes, and the installer opens with them all the same."""
    return Path(unattended.CMDLINE).read_text(errors="replace")


def _facts(args: argparse.Namespace) -> Facts:
    if not args.machine:
        system: System = args.pick()
        return system.facts()
    try:
        return load(_text(args.machine, MACHINE))
    except ValueError as error:
        raise Unusable(NO_MACHINE(path=args.machine, error=error), MACHINE) from error


def _reading(args: argparse.Namespace) -> Reading:
    """What the answer files say, and after them the line: that of this machine where neither is given."""
    if (*args.answers, args.machine).count("-") > 1:
        raise Unusable(READ_TWICE(), ANSWERS)
    line = Reading() if args.answers else None
    if args.cmdline is not None:
        line = read(args.cmdline)
    return (line or read(_kernel_line())).over(map(_layer, args.answers))


def _understood(args: argparse.Namespace) -> Understood:
    args.reading = _reading(args)
    return understand(args.reading, _facts(args))


def check(args: argparse.Namespace) -> int:
    """What was understood, and every problem."""
    found = _understood(args)
    streams.answer(
        documents.text(report.checked(found)) if args.json else "".join(f"{line}\n" for line in report.check(found))
    )
    return _judged(found)


def plan(args: argparse.Namespace) -> int:
    """Every disk that will be written, what is lost on it, and every step in order."""
    found = _understood(args)
    if args.json:
        streams.answer(documents.text(report.planned_for(found)))
    elif not found.complaints:
        streams.answer("".join(f"{line}\n" for line in report.plan(found)))
    return _judged(found)


def _judged(found: Understood) -> int:
    streams.remark((*report.notes(found), *report.problems(found)))
    return REFUSED if found.complaints else DONE


def list_disks(args: argparse.Namespace) -> int:
    """The disks, and which of them is meant."""
    known = _facts(args)
    found = disk_report.look(known, args.match)
    streams.answer(documents.text(disk_report.document(known, found)) if args.json else disk_report.text(found))
    streams.remark([f"{disk_report.PARAMETER}: {found.problem}"] if found.problem else [])
    return REFUSED if found.problem else DONE


def facts(args: argparse.Namespace) -> int:
    """This machine as JSON."""
    streams.answer(dump(args.pick().facts()))
    return DONE


def export(args: argparse.Namespace) -> int:
    """Settings as a line or an answer file: those given, else those the installed node was brought to last."""
    given = args.answers or args.cmdline is not None
    if given:
        args.reading = _reading(args)
    draft = Draft(_facts(args), rules=())
    if not given:
        args.reading = reading(args.pick()) if draft.facts.slot else _reading(args)
    said = args.reading
    wrong, whole = put_settings(draft, said), "BOOTIF" in said.said or NIC in said.answered
    notes = report.noted(report.export_notes(draft, said, args.form, whole=whole))
    if args.json:
        streams.answer(documents.text(report.exported(draft, said, whole=whole)))
    elif not wrong:
        streams.answer(report.export(draft, args.form, whole=whole))
    streams.remark((*notes, *wrong))
    return REFUSED if wrong else DONE


def _node(args: argparse.Namespace) -> tuple[System, Facts]:
    """This machine, which has to be an installed node."""
    system: System = args.pick()
    facts = system.facts()
    if not facts.slot:
        raise Unusable(NO_NODE())
    return system, facts


def tell_drift(args: argparse.Namespace) -> int:
    """What on this node is not as it was saved."""
    system, facts = _node(args)
    found = drift(remembered(system, facts), system, facts)
    streams.answer(documents.text(drift_report.document(found)) if args.json else drift_report.text(found))
    return DIFFERS if found else DONE


def apply(args: argparse.Namespace) -> int:
    """Bring this node to an answer file, or only say what that would change."""
    system, facts = _node(args)
    args.reading = _reading(args)
    with saving() if args.pick is machine and not args.check else nullcontext():
        wanted, due = bring(args.reading, system, facts, check=args.check)
    if args.json:
        made = bool(due) and not args.check
        streams.answer(documents.text(drift_report.brought(wanted, args.reading, due, made=made)))
    elif not wanted.complaints:
        streams.answer(drift_report.steps(due))
    streams.remark((*report.noted(wanted.notes), *wanted.complaints))
    if wanted.complaints:
        return REFUSED
    return DIFFERS if args.check and due else DONE


def autoinstall(args: argparse.Namespace) -> int:
    """Install, or uninstall, as the kernel line says."""
    if args.pick is machine and not alone():
        raise Unusable(NOT_ALONE())
    # The steps may write below a mounted target by now, so this is not one of them.  It is there from the beginning:
    # who is killed says nothing more.
    record = Path(unattended.FAILURE)
    with file_errors(_("{path} could not be written").format(path=record)):
        record.parent.mkdir(exist_ok=True)
        record.write_text(_("it ended without saying why") + "\n")
        Path(unattended.ENDED).unlink(missing_ok=True)
    try:
        outcome = unattended.autoinstall(args.pick(), streams.tell, args.cmdline)
    finally:
        if error := sys.exception():
            record.write_text(f"{unattended.mistake(error)}\n")
    if outcome.status == FAILED:
        record.write_text(f"{outcome.reason}\n")
    else:
        record.unlink(missing_ok=True)
    if outcome.status == DONE and outcome.reason:
        Path(unattended.ENDED).write_text(f"{outcome.reason}\n")
    return outcome.status


def install(args: argparse.Namespace) -> int:
    """Open the installer with what the kernel line says; first say how the unattended installation ended."""
    _needs_terminal("install")
    records = (unattended.REFUSAL, unattended.FAILURE, unattended.ENDED)
    refusal, failure, ended = (_text(path) if Path(path).exists() else "" for path in records)
    _screen().install(args.pick(), refusal, line=_kernel_line(), failure=failure, ended=ended)
    return DONE


def setup(args: argparse.Namespace) -> int:
    """Open the setup program."""
    _needs_terminal("setup")
    _screen().setup(args.pick())
    return DONE


def _needs_terminal(command: str) -> None:
    """Unusable where nobody could see the screen, or press a key."""
    if not streams.at_terminal():
        raise Unusable(NO_TERMINAL(command=command))


def _screen() -> Any:
    """What opens the screen.  Imported only here: nothing else needs its toolkit."""
    return import_module("ovirt_tui.ui.start")


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], Callable[[argparse.ArgumentParser], None]]] = {
    "install": (install, options.nothing),
    "setup": (setup, options.nothing),
    "autoinstall": (autoinstall, options.autoinstall),
    "check": (check, options.check),
    "plan": (plan, options.check),
    "disks": (list_disks, options.disks),
    "facts": (facts, options.nothing),
    "export": (export, options.export),
    "apply": (apply, options.apply),
    "drift": (tell_drift, options.drift),
}
"""What each subcommand of MANUALS runs, and its arguments."""


def parser() -> argparse.ArgumentParser:
    """The arguments of every subcommand."""
    made = options.Parser(prog="ovirt-tui", description=_("Installer and console of oVirt Node"))
    made.add_argument("--version", action="version", version=f"ovirt-tui {__version__}")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (run, arguments) in COMMANDS.items():
        manual = MANUALS[name]
        sub = commands.add_parser(
            name,
            help=_(manual.about),
            description=_(manual.about),
            epilog=manual.epilog(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        arguments(sub)
        sub.set_defaults(run=run)
    return made


def main(argv: Sequence[str] | None = None, pick: Callable[[], System] = machine) -> int:
    """Run a subcommand on the machine that *pick* returns, and return its exit status."""
    streams.prepare()
    try:
        return _status(argv, pick)
    finally:
        streams.release()


def _run(args: argparse.Namespace) -> int:
    """Run the subcommand; what it cannot read is told, as JSON too where that was asked for."""
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except (Unusable, StepFailed) as error:
        streams.remark([f"ovirt-tui: {error}"])
        failure = (MACHINE, FAILURE(failure=error), FAILED)
        option, reason, status = (error.option, error.reason, REFUSED) if isinstance(error, Unusable) else failure
        if getattr(args, "json", False):
            streams.answer(documents.text(report.unusable(args.command, args.reading, option, reason)))
        return status


def _status(argv: Sequence[str] | None, pick: Callable[[], System]) -> int:
    try:
        args = parser().parse_args(argv)
        args.pick, args.reading = pick, Reading()
        return _run(args)
    except options.Misused as error:
        streams.remark([error])
        return REFUSED
    except streams.Unwritable as error:
        if not isinstance(error.__cause__, BrokenPipeError):  # a reader that has seen enough knows that it has
            streams.remark([f"ovirt-tui: {error}"])
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
