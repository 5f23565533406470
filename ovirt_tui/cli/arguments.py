"""What argparse knows of the arguments of a program, for its manual page and for the completion of a shell.

argparse offers no way to ask, so this is the one place that reads its own attributes.
"""

from __future__ import annotations

import argparse

from ovirt_tui.model.records import dataclass

SEVERAL = (argparse.ONE_OR_MORE, argparse.ZERO_OR_MORE)


@dataclass(frozen=True)
class Argument:
    """An option with all its spellings, or without any an argument by its place.

    *value* is how what it takes is called, empty where it takes nothing; *choices* are all that it may be.  It may
    take *several*.
    """

    options: tuple[str, ...]
    value: str
    help: str
    choices: tuple[str, ...] = ()
    several: bool = False
    required: bool = False

    @property
    def form(self) -> str:
        """How it is written on a command line, by its longest option."""
        value = f"{self.value} [{self.value}]..." if self.several else self.value
        option = max(self.options, key=len, default="")
        return f"{option} {value}".strip()


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of the subcommands, by name."""
    found = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    return {name: command for action in found for name, command in action.choices.items()}


def arguments(command: argparse.ArgumentParser) -> tuple[Argument, ...]:
    """The arguments of a subcommand, but for --help."""
    return tuple(_argument(action) for action in command._actions if _told(action))


def _told(action: argparse.Action) -> bool:
    return not isinstance(action, argparse._HelpAction) and action.help != argparse.SUPPRESS


def _argument(action: argparse.Action) -> Argument:
    choices = tuple(map(str, action.choices or ()))
    value = str(action.metavar or "|".join(choices) or action.dest.upper()) if action.nargs != 0 else ""
    return Argument(
        options=tuple(action.option_strings),
        value=value,
        help=action.help or "",
        choices=choices,
        several=action.nargs in SEVERAL,
        required=action.required,
    )


def usage(command: argparse.ArgumentParser) -> str:
    """The command with all its arguments in one line; those that exclude each other stand together."""
    groups = {id(each): group for group in command._mutually_exclusive_groups for each in group._group_actions}
    parts: list[str] = []
    for action in filter(_told, command._actions):
        group = groups.get(id(action))
        together = group._group_actions if group else [action]
        forms = " | ".join(_argument(each).form for each in together)
        required = group.required if group else action.required
        part = (f"({forms})" if len(together) > 1 else forms) if required else f"[{forms}]"
        parts += [part] if part not in parts else []
    return " ".join((command.prog, *parts))
