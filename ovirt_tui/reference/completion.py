"""Completion for bash, docs/completion/ovirt-tui.bash, from the arguments.  python -m ovirt_tui.reference.completion

It needs nothing but bash itself.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from shlex import quote

from ovirt_tui.__main__ import parser
from ovirt_tui.cli.arguments import Argument, arguments, subcommands

FILES = ("FILE", "PATH", "FOLDER")
"""How arguments are called that are completed by what is in the file system."""

HEAD = """\
# Completion of ovirt-tui for bash.  Made by 'make docs' from the arguments of the program.
# Use: . docs/completion/ovirt-tui.bash

_ovirt_tui() {
    local current=${COMP_WORDS[COMP_CWORD]} command= wants= word
    COMPREPLY=()
    [[ $current == = ]] && current=
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$command $word" in
            *" =") ;;
            " -"*) ;;
            " "*) command=$word ;;
"""
MIDDLE = """\
            *" -"*) wants= ;;
            *) [[ $wants == *... ]] || wants= ;;
        esac
    done
    [[ $current == -* || -z $wants ]] && case "$command" in
"""
FOOT = """\
        *) return ;;
    esac
    case $wants in
        FILE*) compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$current")) ;;
        TEXT*) ;;
        *) COMPREPLY=($(compgen -W "$wants" -- "$current")) ;;
    esac
}
complete -F _ovirt_tui ovirt-tui
"""


def script(made: ArgumentParser) -> str:
    """All of docs/completion/ovirt-tui.bash."""
    commands = subcommands(made)
    first = " ".join((*commands, *_options(made)))
    offers = (f"        {quote(name)}) {_offered(each)} ;;\n" for name, each in commands.items())
    taken = (line for name, each in commands.items() for line in _values(name, each))
    return "".join((HEAD, *taken, MIDDLE, f'        "") wants={quote(first)} ;;\n', *offers, FOOT))


def _values(name: str, command: ArgumentParser) -> Iterator[str]:
    """What follows each option that takes something."""
    for argument in arguments(command):
        if argument.options and argument.value:
            patterns = "|".join(quote(f"{name} {option}") for option in argument.options)
            yield f"            {patterns}) wants={quote(_wanted(argument))} ;;\n"


def _wanted(argument: Argument) -> str:
    kind = "FILE" if argument.value in FILES else "TEXT"
    return " ".join(argument.choices) or kind + ("..." if argument.several else "")


def _offered(command: ArgumentParser) -> str:
    """What stands in the place of an option, or of an argument without one: a file is the shell's own business."""
    placed = [argument for argument in arguments(command) if not argument.options]
    words = (*_options(command), *(choice for argument in placed for choice in argument.choices))
    files = "compopt -o default 2>/dev/null; " if any(argument.value in FILES for argument in placed) else ""
    return f"{files}wants={quote(' '.join(words))}"


def _options(command: ArgumentParser) -> list[str]:
    return [max(action.option_strings, key=len) for action in command._actions if action.option_strings]


if __name__ == "__main__":
    print(script(parser()), end="")
