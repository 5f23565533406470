"""Each command with an input or output that is closed, full, or of an encoding that holds little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from machines import PLAIN
from ovirt_tui.__main__ import COMMANDS
from ovirt_tui.machine.facts import Facts, dump, load

ROOT = Path(__file__).parent.parent
LINE = "storage_init=virtio:a0001 BOOTIF=link adminpw=$6$salt$hash hostname=node1"
TAKES_A_LINE = ("autoinstall", "check", "plan", "export")
PROGRAM = """
import sys
from pathlib import Path
from ovirt_tui.cli import places
from ovirt_tui.__main__ import main
from ovirt_tui.machine.facts import load
from ovirt_tui.system.fake import FakeSystem
folder = Path(sys.argv[1])
places.FAILURE = str(folder / "failure")
facts = load((folder / "machine.json").read_text())
system = FakeSystem(facts)
sys.exit(main(sys.argv[2:], lambda: system))
"""
"""The command line on a recorded machine."""
CLOSED, FULL = "standard output is closed", "standard output: No space left on device"
STREAMS = ("<&-", ">&-", "2>&-", ">/dev/full", "2>/dev/full", "<&- >&- 2>&-")
NO_ANSWER = {">&-": CLOSED, ">/dev/full": FULL}
ANSWERING = [[command, *(("--cmdline", LINE) if command in TAKES_A_LINE else ())] for command in COMMANDS]
OF_IMAGES = ("upgrade", "rollback", "status", "trial")
OF_A_NODE = ("apply", "drift", "register", "persist", "unpersist", "persisted", *OF_IMAGES)
ANSWERING = [argv for argv in ANSWERING if argv[0] not in ("install", "setup", "autoinstall", *OF_A_NODE)]
WITH_JSON = [[*argv, "--json"] for argv in ANSWERING if argv[0] != "facts"]
HELPING = [["--version"], ["--help"], *([command, "--help"] for command in COMMANDS)]
WRONG = [[], ["nothing"], *([command, "--nothing"] for command in COMMANDS)]


def run(
    folder: Path, argv: list[str], streams: str = "", facts: Facts = PLAIN, **there: str
) -> subprocess.CompletedProcess[str]:
    (folder / "machine.json").write_text(dump(facts))
    return subprocess.run(
        ["bash", "-c", f'"$@" {streams}', "-", sys.executable, "-c", PROGRAM, str(folder), *argv],
        cwd=ROOT,
        env={**os.environ, **there},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        errors="backslashreplace",
        timeout=120,
    )


def name(argv: list[str]) -> str:
    return " ".join(word for word in argv if word not in ("--cmdline", LINE)) or "no-command"


@pytest.mark.parametrize("argv", [*ANSWERING, *WITH_JSON, *HELPING], ids=name)
def test_an_answer_that_cannot_be_written_is_told_and_nothing_else_matters(argv: list[str], tmp_path: Path) -> None:
    usual = run(tmp_path, argv)
    assert (usual.returncode, usual.stderr) == (0, "") and usual.stdout
    for streams in STREAMS:
        done = run(tmp_path, argv, streams)
        if reason := NO_ANSWER.get(streams):
            assert (done.returncode, done.stdout, done.stderr) == (1, "", f"ovirt-tui: {reason}\n"), streams
        elif streams in ("<&-", "2>&-", "2>/dev/full"):
            assert (done.returncode, done.stdout, done.stderr) == (0, usual.stdout, ""), streams
        else:
            assert (done.returncode, done.stdout, done.stderr) == (1, "", ""), streams


def test_of_a_node_too(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text('network.hostname = "node2"\n')
    argv = ["apply", "--check", "--answers", str(tmp_path / "answers")]
    for streams in STREAMS:
        reason = NO_ANSWER.get(streams)
        done = run(tmp_path, argv, streams, replace(PLAIN, slot="Root"))
        assert done.returncode == (1 if "1" in streams or ">&-" in streams.split() or reason else 3), streams
        assert done.stderr == (f"ovirt-tui: {reason}\n" if reason else ""), streams


@pytest.mark.parametrize("streams", STREAMS)
@pytest.mark.parametrize("command", ["install", "setup"])
def test_a_screen_needs_a_terminal(command: str, streams: str, tmp_path: Path) -> None:
    done = run(tmp_path, [command], streams)
    sentence = f"ovirt-tui: {command} needs a terminal to read keys from and to show its screen on\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "" if "2>" in streams else sentence)


@pytest.mark.parametrize("streams", STREAMS)
def test_an_installation_goes_on_whoever_hears_of_it(streams: str, tmp_path: Path) -> None:
    done = run(tmp_path, ["autoinstall", "--cmdline", LINE], streams)
    assert (done.returncode, done.stderr) == (0, "")
    assert ("installation is complete" in done.stdout) == (">&-" not in streams.split() and streams != ">/dev/full")
    refused = run(tmp_path, ["autoinstall", "--cmdline", "storage_init=/dev/vdq"], streams)
    assert (refused.returncode, refused.stderr) == (2, "")


@pytest.mark.parametrize("argv", WRONG, ids=name)
def test_a_wrong_command_line_is_refused_whoever_hears_of_it(argv: list[str], tmp_path: Path) -> None:
    for streams in STREAMS:
        done = run(tmp_path, argv, streams)
        assert (done.returncode, done.stdout) == (2, ""), streams
        assert done.stderr.startswith("usage: ") == ("2>" not in streams) and "Traceback" not in done.stderr


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full"])
def test_remarks_never_come_among_the_answer(streams: str, tmp_path: Path) -> None:
    done = run(tmp_path, ["check", "--json", "--cmdline", f"{LINE} mem_overcommit=5"], streams)
    assert json.loads(done.stdout)["notes"] and done.returncode == 0
    done = run(tmp_path, ["plan", "--cmdline", "storage_init=/dev/vdq"], streams)
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("command", ["check", "plan", "export"])
@pytest.mark.parametrize("option", ["--answers", "--machine"])
def test_a_closed_input_is_told(command: str, option: str, tmp_path: Path) -> None:
    argv = [command, option, "-", *(("--cmdline", LINE) if option == "--machine" else ())]
    sentence = "standard input cannot be read: it is closed"
    done = run(tmp_path, argv, "<&-")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"ovirt-tui: {sentence}\n")
    done = run(tmp_path, [*argv, "--json"], "<&-")
    assert (done.returncode, done.stderr) == (2, f"ovirt-tui: {sentence}\n")
    problem = {"path": "", "parameter": option, "code": "file-unreadable", "text": sentence}
    assert json.loads(done.stdout)["problems"] == [problem]


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_no_encoding_is_too_poor_for_a_name(encoding: str, tmp_path: Path) -> None:
    strange = replace(PLAIN.disks[0], model="Плотва \xe4\U0001f600", links=())
    facts = replace(PLAIN, disks=(strange, *PLAIN.disks[1:]))
    for argv in (*ANSWERING, *WITH_JSON):
        argv = [word.replace("virtio:a0001", "/dev/vda") for word in argv]
        done = run(tmp_path, argv, facts=facts, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
        assert (done.returncode, done.stderr) == (0, ""), argv
        if argv == ["facts"]:
            assert load(done.stdout) == facts
        elif "--json" in argv:
            assert json.loads(done.stdout)
        elif argv == ["disks"]:
            assert r"\u041f\u043b\u043e\u0442\u0432\u0430" in done.stdout


def test_help_is_as_wide_as_it_may_be(tmp_path: Path) -> None:
    for said, most in (("60", 58), ("120", 118), ("0", 78), ("wide", 78), ("9" * 5000, 78), ("", 78)):
        lines = run(tmp_path, ["plan", "--help"], COLUMNS=said).stdout.splitlines()
        usage = lines[: lines.index("")]
        assert most - 25 <= max(map(len, usage)) <= most
