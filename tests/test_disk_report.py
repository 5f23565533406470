"""ovirt-tui disks: what it says of each disk, and that what matches is what an installation would take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from machines import MACHINES
from ovirt_tui.__main__ import main
from ovirt_tui.machine.facts import dump
from ovirt_tui.reference.schema import DOCUMENTS, schema
from test_documents import wrong


def disks(folder: Path, machine: str, *argv: str) -> int:
    path = folder / "machine.json"
    path.write_text(dump(MACHINES[machine]))
    return main(["disks", "--machine", str(path), *argv])


@pytest.mark.parametrize(
    ("selector", "paths"),
    [
        ("virtio:ALL", ["/dev/vda", "/dev/vdb"]),
        ("virtio:a0001", ["/dev/vda"]),
        ("/dev/vdb", ["/dev/vdb"]),
        ("vdb", ["/dev/vdb"]),
        ("b0001", ["/dev/vdb"]),
        ("/dev/vdb,/dev/vda", ["/dev/vda", "/dev/vdb"]),
    ],
)
def test_what_a_selector_names(
    selector: str, paths: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert disks(tmp_path, "two-disks", "--json", "--match", selector) == 0
    said = json.loads(capsys.readouterr().out)
    assert wrong(said, schema(DOCUMENTS["disks"])) == []
    assert [each["path"] for each in said["disks"] if each["matches"]] == paths and said["problems"] == []
    assert disks(tmp_path, "two-disks", "--match", selector) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.endswith(": matches") for line in lines] == [path in paths for path in ("/dev/vda", "/dev/vdb")]


@pytest.mark.parametrize("selector", ["virtio", "sdx", "nvme", "virtio:zzz", "", "usb:ALL"])
def test_what_names_none_or_too_many(selector: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert disks(tmp_path, "two-disks", "--json", "--match", selector) == 2
    said = capsys.readouterr()
    (problem,) = json.loads(said.out)["problems"]
    assert problem["text"] in said.err and wrong(json.loads(said.out), schema(DOCUMENTS["disks"])) == []


def test_the_others_say_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert disks(tmp_path, "many-kinds", "--match", "nvme") == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["/dev/nvme0n1"].endswith(": matches") and lines["/dev/sda"].endswith(": its bus is ata")
    assert "this installer runs from it" in lines["/dev/sdc"]


def test_without_a_selector_all_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert disks(tmp_path, "many-kinds") == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert len(lines) == len(MACHINES["many-kinds"].disks)
    assert "cannot be used: it is a CD drive" in lines["/dev/sr0"] and "its lasting name is" in lines["/dev/nvme0n1"]


def test_several_that_match_are_told_from_those_that_do_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert disks(tmp_path, "two-disks", "--match", "transport=virtio") == 2
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and all(": it matches, and is not alone; its lasting name is " in line for line in lines)
    assert disks(tmp_path, "two-disks", "--match", "colour=red") == 2
    assert "a disk is not selected by colour, but by bus, transport, serial" in capsys.readouterr().err
