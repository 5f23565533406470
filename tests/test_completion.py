"""Completion in a real bash: words that the function offers, and a key pressed at a prompt."""

import argparse
import subprocess
from pathlib import Path

import pexpect
import pytest

from ovirt_tui.__main__ import COMMANDS, parser
from ovirt_tui.reference import completion

SCRIPT = Path(__file__).parent.parent / "docs/completion/ovirt-tui.bash"
ASK = '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ovirt_tui; printf "%s\\n" "${COMPREPLY[@]}"'
LIMIT = 20


def test_it_is_current() -> None:
    assert SCRIPT.read_text() == completion.script(parser()), "run 'make docs'"


def offered(*words: str, script: Path = SCRIPT, folder: Path = SCRIPT.parent) -> set[str]:
    argv = ["bash", "--norc", "-c", ASK, script, "ovirt-tui", *words]
    made = subprocess.run(argv, capture_output=True, text=True, timeout=LIMIT, check=True, cwd=folder)
    assert made.stderr == ""
    return set(made.stdout.split("\n")) - {""}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("",), {*COMMANDS, "--help", "--version"}),
        (("ch",), {"check"}),
        (("--v",), {"--version"}),
        (("check", "--"), {"--help", "--cmdline", "--answers", "--machine", "--json"}),
        (("check", "--j"), {"--json"}),
        (("check", "--json", "--m"), {"--machine"}),
        (("check", "--machine", "x.json", "--a"), {"--answers"}),
        (("export", "--as", ""), {"cmdline", "answers"}),
        (("export", "--as", "=", "a"), {"answers"}),
        (("export", "--as", "="), {"cmdline", "answers"}),
        (("check", "--cmdline", ""), set()),
        (("check", "--machine", ""), {"ovirt-tui.bash"}),
        (("disks", "--match", ""), set()),
        (("disks", "--match", "ata:X", ""), {"--help", "--match", "--machine", "--json"}),
        (("facts", ""), {"--help"}),
        (("no-such-command", ""), set()),
    ],
)
def test_what_is_offered(words: tuple[str, ...], expected: set[str]) -> None:
    assert offered(*words) == expected


def test_arguments_by_their_place_and_several_files(tmp_path: Path) -> None:
    made = argparse.ArgumentParser(prog="ovirt-tui")
    commands = made.add_subparsers()
    one = commands.add_parser("one")
    one.add_argument("--answers", metavar="FILE", nargs="+")
    one.add_argument("way", choices=("up", "down"))
    script = tmp_path / "script"
    script.write_text(completion.script(made))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.toml").touch()
    assert offered("one", "", script=script) == {"--help", "--answers", "up", "down"}
    assert offered("one", "--answers", "x", "", script=script, folder=folder) == {"a.toml"}
    assert offered("one", "--answers", "x", "--", script=script, folder=folder) == {"--help", "--answers"}


def test_keys_at_a_prompt(tmp_path: Path) -> None:
    (tmp_path / "my rack.json").touch()
    shell = pexpect.spawn("bash", ["--norc", "--noprofile", "-i"], cwd=str(tmp_path), encoding="utf-8", timeout=LIMIT)
    try:
        shell.sendline(f"PS1='> '; bind 'set enable-bracketed-paste off'; . {SCRIPT}; echo rea''dy")
        shell.expect("ready\r\n")
        shell.sendline("ovirt-tui() { printf '<%s>' \"$@\"; echo; }")
        shell.send("ovirt-tui ch\t--js\t--mach\tmy\t\r")
        shell.expect_exact("<check><--json><--machine><my rack.json>")
    finally:
        shell.close(force=True)


def test_every_command_is_offered() -> None:
    assert all(f"\n        {name}) " in completion.script(parser()) for name in COMMANDS)
