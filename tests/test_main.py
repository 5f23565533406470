"""The command line: outputs and exit statuses that scripts rely on."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from machines import MACHINES, PLAIN
from ovirt_tui import __version__
from ovirt_tui.__main__ import COMMANDS, main, parser
from ovirt_tui.cli import places
from ovirt_tui.cli.commands import DIFFERS, DONE, FAILED, MANUALS, REFUSED
from ovirt_tui.machine.facts import dump, load
from ovirt_tui.system.fake import FakeSystem

HASH = "$6$salt$topsecret"
GOOD = f"storage_init=virtio:a0001 BOOTIF=link adminpw={HASH} hostname=node1 ip=192.0.2.7::192.0.2.1:24 quiet ntp=a,b"


@pytest.fixture
def machine(tmp_path: Path) -> str:
    path = tmp_path / "machine.json"
    path.write_text(dump(PLAIN))
    return str(path)


def test_check_prints_what_it_understood(machine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--machine", machine, "--cmdline", GOOD]) == 0
    said = capsys.readouterr().out
    for line in ("network.hostname = node1", "users.admin_password = ***", "kept for the installed system: quiet"):
        assert line in said
    assert "topsecret" not in said


def test_check_as_json(machine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", "--machine", machine, "--cmdline", GOOD]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "config": {
            "users.admin_password": "***",
            "users.expired": True,
            "storage.boot_disk": "/dev/vda",
            "network.hostname": "node1",
            "network.nic": "eth0",
            "network.ipv4": "static",
            "network.ipv4_address": "192.0.2.7/24",
            "network.ipv4_gateway": "192.0.2.1",
            "network.ntp": ["a", "b"],
            "network.ntp_enabled": True,
            "boot.words": "quiet",
        },
        "mode": "auto-install",
        "carried": ["quiet"],
        "problems": [],
        "notes": [],
    }


def test_check_tells_every_problem(machine: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = "storage_init=/dev/vdq BOOTIF=eth0 adminpw=topsecret vlan=0 hostnme=x"
    assert main(["check", "--json", "--machine", machine, "--cmdline", line]) == 2
    said = capsys.readouterr().out
    problems = {each["parameter"]: each for each in json.loads(said)["problems"]}
    assert {name: each["path"] for name, each in problems.items()} == {
        "storage_init": "storage.boot_disk",
        "adminpw": "users.admin_password",
        "vlan": "network.vlan",
        "hostnme": "",
    }
    assert problems["vlan"]["text"].startswith("id 0 outside 1 to 4094 (got 0; expected ")
    assert "topsecret" not in said
    assert main(["check", "--machine", machine, "--cmdline", line]) == 2
    said = capsys.readouterr()
    assert "vlan: id 0 outside" in said.err and "vlan: id 0 outside" not in said.out
    assert "installs without asking" not in said.out


def test_plan(machine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--machine", machine, "--cmdline", GOOD]) == 0
    said = capsys.readouterr().out
    assert said.index("/dev/vda 20 GiB") < said.index("partition /dev/vda") < said.index("make /dev/vda bootable")
    assert main(["plan", "--machine", machine, "--cmdline", "storage_init=/dev/vdq"]) == 2
    said = capsys.readouterr()
    assert "storage_init: /dev/vdq does not exist" in said.err and said.out == ""


def test_notes_are_told_beside_the_answer(machine: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = f"{GOOD} mem_overcommit=5"
    for command in ("check", "plan"):
        assert main([command, "--machine", machine, "--cmdline", line]) == 0
        said = capsys.readouterr()
        assert "note: mem_overcommit: swap becomes" in said.err and "mem_overcommit:" not in said.out
        assert main([command, "--json", "--machine", machine, "--cmdline", line]) == 0
        (note,) = json.loads(capsys.readouterr().out)["notes"]
        assert (note["parameter"], note["path"]) == ("mem_overcommit", "storage.overcommit")


def test_plan_as_json_names_disks_and_steps(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "machine.json"
    path.write_text(dump(MACHINES["node-installed"]))
    line = f"storage_init=/dev/vda reinstall BOOTIF=none adminpw={HASH}"
    assert main(["plan", "--json", "--machine", str(path), "--cmdline", line]) == 0
    said = json.loads(capsys.readouterr().out)
    (disk,) = said["disks"]
    assert disk["path"] == "/dev/vda" and disk["kept"] == [] and "HostVG" in "".join(disk["lost"])
    kinds = {step["kind"]: step for step in said["steps"]}
    assert kinds["volumes"]["disks"] == ["/dev/vda"] and kinds["file"]["disks"] == []
    assert said["mode"] == "auto-install" and said["problems"] == []
    assert main(["plan", "--json", "--machine", str(path), "--cmdline", "storage_init=/dev/vdq"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["disks"] == said["steps"] == [] and said["problems"]


@pytest.mark.parametrize("words", ["storage_init = /dev/vda", "storage_init =/dev/vda", "storage_init = x y"])
def test_blanks_around_an_equals_sign_are_refused_by_name(
    words: str, machine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--json", "--machine", machine, "--cmdline", f"{words} BOOTIF=none adminpw={HASH}"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert "/dev/vda" not in said["carried"] and "storage.boot_disk" not in said["config"]
    (problem,) = [each for each in said["problems"] if "blanks around" in each["text"]]
    assert problem["parameter"] == "storage_init"


def test_a_reader_who_has_seen_enough_sees_no_traceback(machine: str) -> None:
    argv = (sys.executable, "-m", "ovirt_tui", "plan", "--machine", machine, "--cmdline", GOOD)
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout and program.stderr
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait() == 1


def test_answers_and_export_are_inverse(machine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--as", "answers", "--machine", machine, "--cmdline", GOOD]) == 0
    said = capsys.readouterr().out
    assert "topsecret" not in said
    assert 'boot_disk = "virtio:a0001"\n' in said
    file, secrets = tmp_path / "node1.toml", tmp_path / "secrets.toml"
    file.write_text(f"# of node1\n{said}")
    secrets.write_text(f"users.admin_password = '{HASH}'\n")
    files = ["--answers", str(file), str(secrets)]
    assert main(["check", "--machine", machine, *files]) == 0
    assert "topsecret" not in capsys.readouterr().out
    assert main(["export", "--as", "answers", "--machine", machine, *files]) == 0
    assert capsys.readouterr().out == said
    for source in (files, ["--cmdline", GOOD]):
        assert main(["export", "--as", "cmdline", "--machine", machine, *source]) == 0
    one, other = capsys.readouterr().out.splitlines()
    assert one == other and "hostname=node1" in one


def test_export_needs_no_complete_installation(machine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--machine", machine, "--cmdline", "storage_init=/dev/vda hostname=a"]) == 0
    assert capsys.readouterr().out == "storage_init=/dev/vda hostname=a\n"
    assert main(["export", "--machine", machine, "--cmdline", "ovirt_early=a vlan=x"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.partition(":")[0] for line in said.err.splitlines()] == ["vlan", "ovirt_early"]


def test_facts_are_what_machine_reads(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts"], lambda: FakeSystem(MACHINES["two-disks"])) == 0
    assert load(capsys.readouterr().out) == MACHINES["two-disks"]


def test_without_machine_this_one_is_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--cmdline", GOOD], lambda: FakeSystem(PLAIN)) == 0
    assert "storage.boot_disk = /dev/vda" in capsys.readouterr().out


def test_autoinstall_returns_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["autoinstall", "--cmdline", "storage_init=/dev/vdq"], lambda: FakeSystem(PLAIN)) == 2
    assert "ovirt-node: refused: storage_init: /dev/vdq does not exist" in capsys.readouterr().out


def test_a_line_of_any_bytes_is_read(
    machine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = tmp_path / "cmdline"
    line.write_bytes(b"hostname=node7 dyndbg=\xff\xfe\n")
    monkeypatch.setattr(places, "CMDLINE", str(line))
    assert main(["check", "--machine", machine]) == 0
    assert "network.hostname = node7" in capsys.readouterr().out


@pytest.mark.parametrize("text", [None, '{"disk": []}', "no json"])
def test_a_file_that_cannot_be_used_is_named(
    text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "machine.json"
    if text is not None:
        path.write_text(text)
    assert main(["check", "--machine", str(path), "--cmdline", ""]) == 2
    assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert MANUALS[command].about in said and MANUALS[command].examples[0] in said
    ends = " ".join(f"{status} {text}" for status, text in MANUALS[command].ends)
    assert said.endswith(f"exit status: {ends}")


def test_every_command_has_a_manual_with_every_exit_status() -> None:
    assert list(COMMANDS) == list(MANUALS)
    for name, manual in MANUALS.items():
        more = [DIFFERS] if name in ("apply", "drift") else []
        assert [status for status, _text in manual.ends] == [DONE, FAILED, REFUSED, *more]


@pytest.mark.parametrize("line", [line for manual in MANUALS.values() for line in manual.examples])
def test_examples_are_what_the_program_takes(line: str) -> None:
    assert parser().parse_args(shlex.split(line.partition(">")[0]))


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"ovirt-tui {__version__}\n"


def test_export_as_json(machine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--json", "--machine", machine, "--cmdline", "hostname=a vlan=7"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "mode": "interactive",
        "config": {"network.hostname": "a", "network.vlan": 7},
        "carried": [],
        "notes": [],
        "cmdline": "hostname=a vlan=7",
        "answers": ["[network]", "# Host name", 'hostname = "a"', "# VLAN", "vlan = 7"],
        "problems": [],
    }
    assert main(["export", "--json", "--machine", machine, "--cmdline", "hostname=a vlan=x"]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["answers"] == [] and json.loads(said.out)["problems"][0]["parameter"] == "vlan"
    assert "vlan: no VLAN id" in said.err


def test_a_line_longer_than_a_kernel_keeps_is_told(machine: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = " ".join(f"igb.word{number}=abcdefgh" for number in range(150))
    path = Path(machine).with_name("answers.toml")
    path.write_text(f"[boot]\nwords = '{line}'\n")
    assert main(["export", "--machine", machine, "--answers", str(path)]) == 0
    assert "hand it over as an answer file" in capsys.readouterr().err
