"""What commands print as JSON is what the published schemas say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from json_schema import wrong
from machines import MACHINES
from ovirt_tui.__main__ import main
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import put_settings, understand
from ovirt_tui.cli import documents, export_report, json_report, plan_report
from ovirt_tui.features.draft import Draft
from ovirt_tui.machine.facts import Facts, dump
from ovirt_tui.model import problems
from ovirt_tui.reference.schema import DOCUMENTS, schema, write
from ovirt_tui.system import StepFailed
from ovirt_tui.system.fake import FakeSystem

FOLDER = Path(__file__).parent.parent / "docs/schema"
LINES = (
    "",
    "storage_init=/dev/vda BOOTIF=eth0 adminpw=$6$salt$hash ip=192.0.2.7::192.0.2.1:24 dns=::1,192.0.2.1 ntp=a,b "
    "vlan=7 network_layout=bridged storage_vol=512,Swap mem_overcommit=5 reboot_delay=3 quiet keyboard=de ssh_pwauth",
    "storage_init=/dev/vdq hostnme=a vlan=0 adminpw=plain",
    "uninstall storage_init=/dev/vda",
    "rescue",
)


def test_the_published_schemas_are_current(tmp_path: Path) -> None:
    write(tmp_path)
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_text() for path in FOLDER.iterdir()}, "run 'make docs'"


@pytest.mark.parametrize("machine", MACHINES)
def test_facts_are_as_described(machine: str) -> None:
    assert wrong(json.loads(dump(MACHINES[machine])), schema(DOCUMENTS["facts"])) == []


@pytest.mark.parametrize("line", LINES)
def test_answers_are_as_described(line: str) -> None:
    for machine in MACHINES.values():
        found = understand(read(line), machine)
        draft = Draft(machine, rules=())
        reading = read(line)
        put_settings(draft, reading)
        for name, document in (
            ("check", json_report.checked(found)),
            ("plan", plan_report.planned_for(found)),
            ("export", export_report.exported(draft, reading)),
        ):
            assert wrong(json.loads(documents.text(document)), schema(DOCUMENTS[name]), name) == []


COMMON = {"mode", "config", "carried", "problems", "notes"}
SECRET = "adminpw=$6$salt$hash"


def said(capsys: pytest.CaptureFixture[str], status: int, *argv: str, facts: Facts | None = None) -> dict[str, Any]:
    def pick() -> FakeSystem:
        if facts:
            return FakeSystem(facts)
        raise StepFailed("this machine has no udev")

    capsys.readouterr()
    assert main([*argv, "--json"], pick) == status
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert wrong(document, schema(DOCUMENTS[argv[0]])) == []
    return document


def test_check_plan_and_export_have_the_same_keys_and_say_the_same_by_them(capsys: pytest.CaptureFixture[str]) -> None:
    lines = (
        f"storage_init=/dev/vda BOOTIF=eth0 {SECRET} storage_vol=50,Boot quiet",
        "storage_init=/dev/vda hostnme=a",
        "rescue quiet",
    )
    for line in lines:
        found = [
            said(capsys, 2 if "hostnme" in line else 0, command, "--cmdline", line, facts=MACHINES["one-disk"])
            for command in ("check", "plan", "export")
        ]
        for document in found:
            assert document.keys() >= COMMON
            assert all(document[key] == found[0][key] for key in ("mode", "carried", "notes"))
            assert ("hostnme" in line) == ("hostnme" in [each["parameter"] for each in document["problems"]])
        assert bool(found[0]["notes"]) == ("Boot" in line)


def test_a_problem_is_known_by_its_code_in_any_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = {
        "hostnme": "misspelt-parameter",
        "vlan": "vlan-id-outside",
        "adminpw": "no-password-hash",
        "BOOTIF": "required",
        "storage_init": "no-such-disk",
    }
    for translated in (str, lambda text: f"<{text}>"):
        monkeypatch.setattr(problems, "_", translated)
        found = said(capsys, 2, "check", "--cmdline", LINES[2], facts=MACHINES["one-disk"])["problems"]
        assert {each["parameter"]: each["code"] for each in found} == codes
        assert all(each["text"].startswith("<") == (translated is not str) for each in found)


def test_a_line_that_no_kernel_keeps_is_a_note_of_its_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text(f"boot.words = '{' '.join(f'igb.word{number}=abcdefgh' for number in range(150))}'")
    document = said(capsys, 0, "export", "--answers", str(file), facts=MACHINES["one-disk"])
    (note,) = document["notes"]
    assert note["parameter"] == "cmdline" and note["text"].endswith("hand it over as an answer file")
    assert main(["export", "--as", "answers", "--answers", str(file)], lambda: FakeSystem(MACHINES["one-disk"])) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", ["check", "plan", "export", "disks"])
def test_what_cannot_be_read_is_json_too(command: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    line = () if command == "disks" else ("--cmdline", f"storage_init=/dev/vda {SECRET}")
    gone = str(tmp_path / "machine.json")
    for argv, parameter, status in (
        ((*line, "--machine", gone), "--machine", 2),
        (line, "--machine", 1),
        (("--answers", gone), "--answers", 2),
    ):
        if command == "disks" and "--answers" in argv:
            continue
        facts = MACHINES["one-disk"] if "--answers" in argv else None
        document = said(capsys, status, command, *argv, facts=facts)
        (problem,) = document["problems"]
        assert problem["parameter"] == parameter and problem["text"]
        assert command == "disks" or document["mode"] == ("auto-install" if argv[:2] == line else "interactive")


def test_the_validator_refuses() -> None:
    """It is written here, so it is shown to find what it looks for."""
    check = schema(DOCUMENTS["check"])
    good = json.loads(documents.text(json_report.checked(understand(read(LINES[1]), MACHINES["one-disk"]))))
    assert wrong(good, check) == []
    for change in (
        {"mode": "else"},
        {"carried": "quiet"},
        {"more": 1},
        {"config": {"network.vlan": "7"}},
        {"config": {"users.admin_password": "hash"}},
        {"config": {"network.dns": [1]}},
        {"problems": [{}]},
    ):
        assert wrong({**good, **change}, check)
    assert wrong({name: value for name, value in good.items() if name != "notes"}, check)
