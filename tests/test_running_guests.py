"""Which virtual machines run, as libvirt's own driver for tests says, and what is said where there is no libvirt."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ovirt_tui.system import StepFailed, machine
from ovirt_tui.system.machine import GUESTS, Machine


def test_libvirt_is_asked() -> None:
    argv = [sys.executable, "-P", str(GUESTS), "test:///default"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == ["test"] and done.stderr == ""


def test_without_libvirt_it_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    missing = tmp_path / "guests.py"
    missing.write_text(GUESTS.read_text().replace("qemu:///system", f"qemu+unix:///system?socket={tmp_path}/none"))
    monkeypatch.setattr(machine, "GUESTS", missing)
    with pytest.raises(StepFailed, match=f"{tmp_path}/none"):
        Machine(tmp_path).guests()


def test_names_are_escaped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hostile = tmp_path / "guests.py"
    hostile.write_text('import json; print(json.dumps(["web\\x1b[2J", "mail"]))')
    monkeypatch.setattr(machine, "GUESTS", hostile)
    assert Machine(tmp_path).guests() == ("web\\x1b[2J", "mail")


def test_a_libvirt_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stuck = tmp_path / "guests.py"
    stuck.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(machine, "GUESTS", stuck)
    monkeypatch.setattr(machine, "GUESTS_SECONDS", 1)
    with pytest.raises(StepFailed, match="1 second"):
        Machine(tmp_path).guests()
