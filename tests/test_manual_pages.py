"""Manual pages: current, of a form that roff takes as it is meant, and saying all that their tables say."""

import re
import subprocess
from pathlib import Path

import pytest

from ovirt_tui.__main__ import COMMANDS, parser
from ovirt_tui.autoinstall.parameters import WORDS
from ovirt_tui.cli.arguments import arguments, subcommands
from ovirt_tui.features.order import defaults
from ovirt_tui.reference import manual_pages, roff

PAGES = Path(__file__).parent.parent / "docs/man"
MACRO = re.compile(r'\.(\\".*|TH .*|SH ".*"|SS ".*"|PP|TP|IP \\\(bu 2|RS 4|RE|nf|fi|br|nh|ad l|ss 12 0)')
SAID = {
    "ovirt-tui.8": [each.help for command in subcommands(parser()).values() for each in arguments(command)],
    "ovirt-answers.5": [text for each in defaults().settings() for text in (each.label, each.help)],
    "ovirt-node-parameters.7": [text for word in WORDS for text in (word.help, f"Form: {word.form}")],
}
"""What a page must say that is made of a table."""
ESCAPE = re.compile(r"\\(f[BIR]|[e&:-]|\((bu|aq|ga|ha|ti|dq)|\[u[0-9A-F]{4,6}\])")


def wrong_form(text: str) -> list[str]:
    """The lines of a manual page that are neither a macro that is meant nor text in which nothing is taken for one."""
    found = [line for line in text.splitlines() if line.startswith((".", "'")) and not MACRO.fullmatch(line)]
    found += [line for line in text.splitlines() if not line.strip() or line != line.rstrip()]
    body = [line for line in text.splitlines() if not line.startswith('.\\"')]
    found += [line for line in body if "\\" in ESCAPE.sub("", line) or not line.isascii()]
    pairs = ((".RS 4", ".RE"), (".nf", ".fi"))
    return found + [opens for opens, closes in pairs if body.count(opens) != body.count(closes)]


@pytest.mark.parametrize("name", manual_pages.PAGES)
def test_a_manual_page_is_current_and_well_formed(name: str) -> None:
    text = (PAGES / name).read_text()
    assert text == manual_pages.PAGES[name](), "run 'make docs'"
    assert wrong_form(text) == []
    assert {path.name for path in PAGES.iterdir()} == set(manual_pages.PAGES)


@pytest.mark.parametrize("wrong", [".XX", "text\n\nmore", "more ", "'br", "C:\\dir", ".nf\nx", "\u00e9", r"\n[.x]"])
def test_what_is_wrong_in_a_manual_page_is_seen(wrong: str) -> None:
    assert len(wrong_form(f".PP\n{wrong}\n")) == 1
    assert wrong_form(".PP\ntext \\fBbold\\fR \\- \\(aq \\[u00E9] \\&. \\e\n") == []


@pytest.mark.parametrize(
    "text", [".PP", "'br", "a\\fB", '- `--x` **y** "z" ^~', "é", "x " * 60 + ".so /etc/passwd " * 8 + "."]
)
def test_no_text_is_a_macro(text: str) -> None:
    for chunk in (roff.paragraph(text), roff.bullet(text), roff.entry(roff.marked(text), text), roff.examples([text])):
        assert wrong_form(chunk) == [], text


@pytest.mark.parametrize("name", manual_pages.PAGES)
def test_a_manual_page_as_it_is_read(name: str) -> None:
    """Without a warning, within 80 columns, and all that it is made of is in it, letter by letter."""
    argv = ["groff", "-man", "-ww", "-Tascii", "-P-cbou", PAGES / name]
    made = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True)
    assert made.stderr == ""
    assert max(map(len, made.stdout.splitlines())) <= 80
    shown = " ".join(made.stdout.split())
    assert [text for text in SAID.get(name, ()) if text[1:].rstrip(".") not in shown] == []


def test_every_command_and_option_is_in_the_manual() -> None:
    text = (PAGES / "ovirt-tui.8").read_text()
    assert list(subcommands(parser())) == list(COMMANDS)
    for name, command in subcommands(parser()).items():
        part = text.partition(f'.SS "{name}"\n')[2].partition(".SS ")[0]
        for argument in arguments(command):
            assert all(roff.code(option) in part for option in argument.options), (name, argument)
