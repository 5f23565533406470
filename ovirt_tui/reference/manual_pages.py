"""The manual pages, docs/man/, from the tables of commands and words.

python -m ovirt_tui.reference.manual_pages FOLDER
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path

from ovirt_tui import __version__
from ovirt_tui.__main__ import parser
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.parameters import SUBJECTS, WORDS
from ovirt_tui.cli import places
from ovirt_tui.cli.arguments import Argument, arguments, subcommands, usage
from ovirt_tui.cli.commands import MANUALS
from ovirt_tui.features.order import defaults
from ovirt_tui.features.parameter import Word
from ovirt_tui.model.config import Setting
from ovirt_tui.model.plain import form
from ovirt_tui.plan.actions import SAVED
from ovirt_tui.reference import answer_files, roff
from ovirt_tui.reference.parameters import ABOUT, COMING_ABOUT, COMING_TITLE, about

SOURCE = f"ovirt-tui {__version__}"
PROGRAM, PARAMETERS, ANSWERS = "ovirt-tui", "ovirt-node-parameters", "ovirt-answers"
EXAMPLE = 66
"""Columns that an example may have."""
DESCRIPTION = """\
`ovirt-tui` installs a node, and is the console of an installed one. `check`, `plan`, `disks` and `export` change
nothing and need no node: with `--machine` they answer for another machine, on any.

Answers go to standard output, problems and notes to standard error. With `--json` an answer is one JSON object of a
published shape, also where something is wrong. Every problem is said at once, by the name of its parameter.

Secrets are given as hashes; they are in no answer, plan, log or saved file."""
FILES = (
    (places.CMDLINE, "The kernel line of this boot: what is read where no other line or file is given."),
    (SAVED, "What an installed node was brought to last, as an answer file; passwords are not in it."),
    (places.REFUSAL, "Why this boot's unattended installation was refused; the installer shows it."),
    (places.FAILURE, "Why it failed."),
    (places.ENDED, "How it ended, where there is more to say than that it is done."),
)


def program(made: ArgumentParser) -> str:
    """All of ovirt-tui(8)."""
    return roff.page(PROGRAM, 8, _lowered(made.description or ""), SOURCE, _program(made))


def _program(made: ArgumentParser) -> Iterator[str]:
    yield roff.section("Synopsis")
    for line in ("COMMAND [OPTION]...", "COMMAND --help", "--version"):
        yield roff.raw(roff.synopsis(f"{PROGRAM} {line}"))
    yield roff.section("Description")
    yield from roff.of_markdown(DESCRIPTION)
    yield roff.section("Commands")
    for name, command in subcommands(made).items():
        yield from _command(name, command)
    yield roff.section("Files")
    for path, text in FILES:
        yield roff.entry(roff.code(path), text)
    yield _see_also((ANSWERS, 5), (PARAMETERS, 7))


def _command(name: str, command: ArgumentParser) -> Iterator[str]:
    manual = MANUALS[name]
    yield roff.subsection(name)
    yield roff.raw(roff.synopsis(usage(command)))
    yield roff.paragraph(_sentence(manual.about))
    for argument in arguments(command):
        yield roff.entry(_term(argument), _sentence(argument.help))
    yield roff.paragraph("Examples:")
    yield roff.examples(line for example in manual.examples for line in _broken(f"{PROGRAM} {example}"))
    yield roff.paragraph("Exit status:")
    for status, text in manual.ends:
        yield roff.entry(roff.code(str(status)), _sentence(text))


def _term(argument: Argument) -> str:
    value = f" {argument.value}" if argument.value and argument.options else argument.value
    return ", ".join(roff.synopsis(f"{option}{value}") for option in argument.options) or roff.synopsis(value)


def _broken(example: str) -> list[str]:
    """An example as lines that fit, broken before an option as a shell takes it."""
    before, dashes, rest = example.rpartition(" --")
    if len(example) <= EXAMPLE or before == PROGRAM or not before:
        return [example]
    *first, last = _broken(before)
    return [*first, f"{last} \\", f"    {dashes.strip()}{rest}"]


def parameters() -> str:
    """All of ovirt-node-parameters(7)."""
    text = "words of the kernel line that install and set up a node"
    return roff.page(PARAMETERS, 7, text, SOURCE, _parameters())


def _parameters() -> Iterator[str]:
    yield roff.section("Synopsis")
    yield roff.raw(roff.synopsis("NAME[=VALUE]..."))
    yield roff.section("Description")
    yield from roff.of_markdown(ABOUT)
    for subject, title in SUBJECTS.items():
        words = [word for word in WORDS if word.subject == subject and not word.coming]
        if words:
            yield roff.section(title)
            yield from map(_word, words)
    yield roff.section(COMING_TITLE)
    yield roff.paragraph(COMING_ABOUT)
    yield from (_word(word) for word in WORDS if word.coming)
    yield _see_also((ANSWERS, 5), (PROGRAM, 8), ("bootparam", 7), ("dracut.cmdline", 7))


def _word(word: Word) -> str:
    return roff.entry(roff.code(word.name), word.help, *(f"{title}: {text}" for title, text in about(word)))


def answer_file() -> str:
    """All of ovirt-answers(5)."""
    return roff.page(ANSWERS, 5, "settings of a node in a file", SOURCE, _answer_file())


def _answer_file() -> Iterator[str]:
    yield roff.section("Description")
    yield from roff.of_markdown(answer_files.WHAT)
    yield from roff.of_markdown(answer_files.ABOUT)
    yield roff.section("Example")
    yield roff.examples(filter(None, answers.write(answer_files.example()).splitlines()))
    yield roff.section("Settings")
    for section in defaults().sections:
        yield roff.subsection(f"[{section.prefix}]")
        yield from map(_setting, section.settings())
    yield _see_also((PROGRAM, 8), (PARAMETERS, 7))


def _setting(setting: Setting) -> str:
    known = answer_files.default(setting)
    default = (f"Default: `{known}`",) if known else ()
    return roff.entry(roff.code(setting.name), answer_files.means(setting), f"Value: {form(setting.type)}", *default)


def _see_also(*pages: tuple[str, int]) -> str:
    named = ", ".join(f"`{name}`({chapter})" for name, chapter in pages)
    return roff.section("See also") + roff.paragraph(named)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _sentence(text: str) -> str:
    """Return a help text, which has no capital and no stop, as a sentence of a page."""
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


PAGES: dict[str, Callable[[], str]] = {
    f"{PROGRAM}.8": lambda: program(parser()),
    f"{PARAMETERS}.7": parameters,
    f"{ANSWERS}.5": answer_file,
}
"""Each page by the name of its file."""


def write(folder: Path) -> None:
    """Write every page to its file in *folder*."""
    folder.mkdir(exist_ok=True)
    for name, made in PAGES.items():
        (folder / name).write_text(made())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
