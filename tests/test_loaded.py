"""A command loads what it needs: half of the time that one takes is spent on what it loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from house import ROOT
from ovirt_tui.cli import streams
from ovirt_tui.cli.commands import FAILED, REFUSED
from ovirt_tui.features.order import FEATURES

LOOK = "import sys; from ovirt_tui.__main__ import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
NOT_FOR_A_LINE = {
    "argparse",
    "base64",
    "dataclasses",
    "decimal",
    "difflib",
    "gettext",
    "hashlib",
    "inspect",
    "locale",
    "pathlib",
    "shlex",
    "shutil",
    "socket",
    "subprocess",
    "textwrap",
    "tomllib",
    "typing",
    "urllib",
    "bootmenu",
    "ovirt_tui.autoinstall.answers",
    "ovirt_tui.autoinstall.uninstall",
    "ovirt_tui.cli.documents",
    "ovirt_tui.cli.unattended",
    "ovirt_tui.features.drift",
    "ovirt_tui.plan",
    "ovirt_tui.machine.engine",
    "ovirt_tui.machine.health",
    "ovirt_tui.machine.images",
    "ovirt_tui.machine.lasting",
    "ovirt_tui.system.disk_steps",
    "ovirt_tui.system.machine",
    "ovirt_tui.system.steps",
    "ovirt_tui.ui",
}


MODULES = 105
"""Of ours: each takes about 0.2 ms, and Python itself 11 to start and to end."""


def loaded(*argv: str) -> set[str]:
    """The modules that a command on a recorded machine has loaded."""
    words = (sys.executable, "-c", LOOK, *argv, "--machine", "tests/machines/one-disk.json")
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return set(done.stderr.split())


def commands(found: set[str]) -> set[str]:
    return {name.removeprefix("ovirt_tui.commands.") for name in found if name.startswith("ovirt_tui.commands.")}


def test_a_line_that_is_right_needs_little() -> None:
    found = loaded("check", "--cmdline", "storage_init=/dev/vda BOOTIF=link adminpw=$6$salt$hash vlan=7")
    assert commands(found) == {"check", "given"}
    assert found & NOT_FOR_A_LINE == set()
    assert found & {name for feature in FEATURES for name in feature.pages_in} == set()
    assert len({name for name in found if name.startswith("ovirt_tui.")}) <= MODULES


def test_another_needs_what_it_is_about() -> None:
    assert commands(loaded("disks")) == {"disks", "given"}
    assert "ovirt_tui.plan.runner" in loaded("plan", "--cmdline", "")
    assert "tomllib" in loaded("check", "--answers", "/dev/null")


PROGRAM = ROOT / "image/overlay/usr/bin/ovirt-tui"
CHECK = (*("check", "--json", "--cmdline", "vlan=0"), "--machine", str(ROOT / "tests/machines/one-disk.json"))


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_a_program_that_ends_at_once_has_said_all_and_how_it_went() -> None:
    done = subprocess.run(
        (sys.executable, "-P", str(PROGRAM), *CHECK), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert json.loads(done.stdout)["problems"] and "vlan" in done.stderr and done.returncode == REFUSED
    with Path("/dev/full").open("w") as full:
        failed = subprocess.run(
            (sys.executable, "-P", str(PROGRAM), *CHECK), cwd=ROOT, stdout=full, timeout=60, check=False
        )
    assert failed.returncode == FAILED


def test_what_may_have_to_be_waited_for_is(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.delitem(sys.modules, "threading")
    streams.leave(3)
    assert ended == [3]
    monkeypatch.setitem(sys.modules, "threading", threading)
    with pytest.raises(SystemExit):
        streams.leave(3)
    assert ended == [3]
