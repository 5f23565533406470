"""What the arguments of a command give: files, the input, and the machine."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.autoinstall.cmdline import Reading, read
from ovirt_tui.autoinstall.understand import Understood, understand
from ovirt_tui.cli import places, report, streams
from ovirt_tui.cli.commands import DONE, REFUSED
from ovirt_tui.cli.options import ANSWERS, MACHINE
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts, load
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.typed import TYPE_CHECKING
from ovirt_tui.system import System

if TYPE_CHECKING:
    from ovirt_tui.autoinstall.answers import Layer

STDIN = N_("standard input")
UNREADABLE = Kind("file-unreadable", N_("{path} cannot be read: {error}"))
NO_MACHINE = Kind("file-no-machine", N_("{path} is not a machine: {error}"))
READ_TWICE = Kind("input-read-twice", N_("standard input can be read once only"))
NO_NODE = Kind("no-installed-node", N_("this is no installed node"))
NO_TERMINAL = Kind("no-terminal", N_("{command} needs a terminal to read keys from and to show its screen on"))


class Unusable(Exception):
    """A file or a machine that the command line names, by *option*, cannot be read."""

    def __init__(self, reason: Reason, option: str = "") -> None:
        super().__init__(reason)
        self.reason, self.option = reason, option


def text(path: str, option: str = "") -> str:
    """What is in the file at *path*, which *option* names."""
    try:
        return streams.given() if path == "-" else streams.content(path).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, option, error) from error


def _layer(path: str) -> Layer:
    """What the answer file at *path* says; no more of it is read than an answer file may have."""
    from ovirt_tui.autoinstall import answers  # only here: most lines come without a file

    try:
        if path == "-":
            return answers.read(_(STDIN), streams.given_bytes(answers.LONGEST + 1))
        return answers.read(path, streams.content(path, answers.LONGEST + 1))
    except OSError as error:
        raise _unreadable(path, ANSWERS, error) from error


def _unreadable(path: str, option: str, error: Exception) -> Unusable:
    name = _(STDIN) if path == "-" else path
    return Unusable(UNREADABLE(path=name, error=error), option)


def kernel_line() -> str:
    """The line of this boot.  A boot loader hands on any bytes, and the installer opens with them all the same."""
    return streams.content(places.CMDLINE).decode(errors="replace")


def facts(args: SimpleNamespace) -> Facts:
    """The recorded machine, or this one."""
    if not args.machine:
        system: System = args.pick()
        return system.facts()
    try:
        return load(text(args.machine, MACHINE))
    except ValueError as error:
        raise Unusable(NO_MACHINE(path=args.machine, error=error), MACHINE) from error


def reading(args: SimpleNamespace) -> Reading:
    """What the answer files say, and after them the line: that of this machine where neither is given."""
    if (*args.answers, args.machine).count("-") > 1:
        raise Unusable(READ_TWICE(), ANSWERS)
    line = Reading() if args.answers else None
    if args.cmdline is not None:
        line = read(args.cmdline)
    return (line or read(kernel_line())).over(map(_layer, args.answers))


def understood(args: SimpleNamespace) -> Understood:
    """What all that is given means on the machine."""
    args.reading = reading(args)
    return understand(args.reading, facts(args))


def judged(found: Understood) -> int:
    """Say what is wrong, and what should be known; return the exit status."""
    streams.remark((*report.notes(found), *report.problems(found)))
    return REFUSED if found.complaints else DONE


def node(args: SimpleNamespace) -> tuple[System, Facts]:
    """This machine, which has to be an installed node."""
    system: System = args.pick()
    found = system.facts()
    if not found.slot:
        raise Unusable(NO_NODE())
    return system, found


def needs_terminal(command: str) -> None:
    """Unusable where nobody could see the screen, or press a key."""
    if not streams.at_terminal():
        raise Unusable(NO_TERMINAL(command=command))
