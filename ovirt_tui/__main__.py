"""The command line.  The only place that picks a System."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ovirt_tui import report, unattended
from ovirt_tui.actions import NODE_CONF
from ovirt_tui.autoinstall.cmdline import Reading, read, read_answers
from ovirt_tui.autoinstall.understand import Understood, put_settings, understand
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts, dump, load
from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, System
from ovirt_tui.system.lock import alone

DONE, FAILED, REFUSED = 0, 1, 2


class Unusable(Exception):
    """A file or a machine that the command line names cannot be read."""


def machine() -> System:
    """The machine this program runs on.  What it needs is only imported here: --machine works on any laptop."""
    made: System = import_module("ovirt_tui.system.machine").Machine()
    return made


def _text(path: str) -> str:
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(_("{path} cannot be read: {error}").format(path=path, error=error)) from error


def _kernel_line() -> str:
    """The line of this boot.  A boot loader hands on any bytes, and the installer opens with them all the same."""
    return Path(unattended.CMDLINE).read_text(errors="replace")


def _facts(args: argparse.Namespace) -> Facts:
    if not args.machine:
        system: System = args.pick()
        return system.facts()
    try:
        return load(_text(args.machine))
    except ValueError as error:
        raise Unusable(_("{path} is not a machine: {error}").format(path=args.machine, error=error)) from error


def _reading(args: argparse.Namespace) -> Reading:
    if args.answers:
        return read_answers(_text(args.answers))
    if args.cmdline is not None:
        return read(args.cmdline)
    return read(_kernel_line())


def _understood(args: argparse.Namespace) -> Understood:
    return understand(_reading(args), _facts(args))


def check(args: argparse.Namespace) -> int:
    """What was understood, and every problem."""
    found = _understood(args)
    print(report.as_json(found) if args.json else "\n".join(report.check(found)))
    return REFUSED if found.complaints else DONE


def plan(args: argparse.Namespace) -> int:
    """Every disk that will be written, what is lost on it, and every step in order."""
    found = _understood(args)
    lines = report.problems(found) if found.complaints else report.plan(found)
    print("\n".join(lines))
    return REFUSED if found.complaints else DONE


def facts(args: argparse.Namespace) -> int:
    """This machine as JSON."""
    sys.stdout.write(dump(args.pick().facts()))
    return DONE


def export(args: argparse.Namespace) -> int:
    """Settings as parameters: those of a line or an answer file, else those the installed node was brought to last."""
    draft = Draft(_facts(args), rules=())
    here = args.answers is None and args.cmdline is None and bool(draft.facts.slot)
    wrong = put_settings(draft, read_answers(_text(NODE_CONF)) if here else _reading(args))
    if wrong:
        print("\n".join(str(complaint) for complaint in wrong), file=sys.stderr)
        return REFUSED
    sys.stdout.write(report.export(draft, args.form))
    return DONE


def autoinstall(args: argparse.Namespace) -> int:
    """Install, or uninstall, as the kernel line says."""
    if args.pick is machine and not alone():
        raise Unusable(_("another installer is at work on this machine"))
    outcome = unattended.autoinstall(args.pick(), print, args.cmdline)
    if outcome.status == FAILED:  # the steps may write below a mounted target by now, so this is not one of them
        Path(unattended.FAILURE).parent.mkdir(exist_ok=True)
        Path(unattended.FAILURE).write_text(f"{outcome.reason}\n")
    return outcome.status


def install(args: argparse.Namespace) -> int:
    """Open the installer with what the kernel line says; first say how the unattended installation ended."""
    _needs_terminal("install")
    refusal, failure = (_text(path) if Path(path).exists() else "" for path in (unattended.REFUSAL, unattended.FAILURE))
    _screen().install(args.pick(), refusal, line=_kernel_line(), failure=failure)
    return DONE


def setup(args: argparse.Namespace) -> int:
    """Open the setup program."""
    _needs_terminal("setup")
    _screen().setup(args.pick())
    return DONE


def _needs_terminal(command: str) -> None:
    """Unusable where nobody could see the screen, or press a key."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        text = _("{command} needs a terminal to read keys from and to show its screen on")
        raise Unusable(text.format(command=command))


def _screen() -> Any:
    """What opens the screen.  Imported only here: nothing else needs its toolkit."""
    return import_module("ovirt_tui.ui.start")


def _inputs(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--cmdline", metavar="TEXT", help=_("kernel line (default: that of this machine)"))
    source.add_argument("--answers", metavar="FILE", help=_("file with one parameter a line; - is standard input"))
    parser.add_argument("--machine", metavar="FILE", help=_("facts as 'facts' prints them (default: this machine)"))


def _json(parser: argparse.ArgumentParser) -> None:
    _inputs(parser)
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def _form(parser: argparse.ArgumentParser) -> None:
    _inputs(parser)
    parser.add_argument(
        "--as", dest="form", choices=report.FORMS, default=report.FORMS[0], help=_("form of the output")
    )


def _line(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cmdline", metavar="TEXT", help=_("kernel line (default: that of this machine)"))


def _nothing(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], Callable[[argparse.ArgumentParser], None], str]] = {
    "install": (install, _nothing, "open the installer"),
    "setup": (setup, _nothing, "open the setup program of an installed node"),
    "autoinstall": (autoinstall, _line, "install, or uninstall, as the kernel line of this machine says"),
    "check": (check, _json, "say what a kernel line or answer file means, and every problem with it"),
    "plan": (plan, _inputs, "print what an installation would do, step by step, and to which disks"),
    "facts": (facts, _nothing, "print this machine as the JSON that --machine reads"),
    "export": (export, _form, "print settings as a kernel line or an answer file, without secrets"),
}
"""Each subcommand: what runs, its arguments, its help."""

PRINTING = ("check", "plan", "facts", "export")
"""Subcommands that only print, and end like cat when whoever reads has seen enough."""


def parser() -> argparse.ArgumentParser:
    """The arguments of every subcommand."""
    made = argparse.ArgumentParser(prog="ovirt-tui", description=_("Installer and console of oVirt Node"))
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (run, arguments, help_text) in COMMANDS.items():
        sub = commands.add_parser(name, help=_(help_text), description=_(help_text))
        arguments(sub)
        sub.set_defaults(run=run)
    return made


def main(argv: Sequence[str] | None = None, pick: Callable[[], System] = machine) -> int:
    """Run a subcommand on the machine that *pick* returns, and return its exit status."""
    args = parser().parse_args(argv)
    args.pick = pick
    try:
        run: Callable[[argparse.Namespace], int] = args.run
        return run(args)
    except Unusable as error:
        print(f"ovirt-tui: {error}", file=sys.stderr)
        return REFUSED
    except StepFailed as error:
        print(f"ovirt-tui: {error}", file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in PRINTING:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
