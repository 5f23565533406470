"""Arguments in their plain form are read as argparse would, and all others by argparse itself."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovirt_tui.__main__ import COMMANDS, arguments, main, parser
from ovirt_tui.cli import plain
from ovirt_tui.cli.options import Misused

OPTIONS = (
    "--cmdline",
    "--machine",
    "--match",
    "--json",
    "--check",
    "--reboot",
    "--lasted",
    "--well",
    "--answers",
    "--as",
    "--js",
)
WORDS = (*OPTIONS, "--cmdline=x", "--machine=", "--", "-h", "-x", "-1", "", "x", "a b", "-a b", "answers", "é", "x=1")


@given(name=st.sampled_from(sorted(COMMANDS)), rest=st.lists(st.sampled_from(WORDS), max_size=5))
def test_what_is_plain_means_what_argparse_says_that_it_means(name: str, rest: list[str]) -> None:
    values = plain.read(COMMANDS[name], rest)
    if values is not None:
        assert {"command": name, **values} == vars(parser((name,)).parse_args([name, *rest], SimpleNamespace()))


@pytest.mark.parametrize(
    ("argv", "is_plain"),
    [
        ("check --cmdline x --machine m.json --json", True),
        ("plan --json", True),
        ("disks --match only", True),
        ("export --cmdline x", True),
        ("trial --lasted", True),
        ("facts", True),
        ("check --cmdline=x", False),
        ("check --cmd x", False),
        ("check --answers a b", False),
        ("export --as answers", False),
        ("persist /opt", False),
        ("upgrade --json x.iso", False),
        ("apply --answers a", False),
    ],
)
def test_which_are_plain_and_that_all_are_read(argv: str, is_plain: bool) -> None:
    name, *rest = argv.split()
    assert (plain.read(COMMANDS[name], rest) is not None) == is_plain
    assert arguments(argv.split()).command == name


@pytest.mark.parametrize(
    "argv", ["", "check --cmdline", "check --cmdline -x", "check x", "apply", "persist", "no-such"]
)
def test_what_is_wrong_is_said_with_the_usage(argv: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Misused):
        arguments(argv.split())
    assert main(argv.split()) == 2
    assert capsys.readouterr().err.startswith("usage: ovirt-tui")
