"""'make boot' and the second half of 'make run': an empty disk is said to be empty, not booted."""

from __future__ import annotations

from pathlib import Path

import pytest

from ovirt_tui.system.boot_code import CODE_END
from testbed import run


def test_a_disk_without_a_node_is_not_booted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "FOLDER", tmp_path)
    assert run.boot() == 1
    (tmp_path / "disk.img").write_bytes(bytes(4096))
    assert run.boot() == 1
    assert "Nothing is installed" in capsys.readouterr().err


def test_boot_code_is_what_an_installation_writes_last(tmp_path: Path) -> None:
    disk = tmp_path / "disk.img"
    disk.write_bytes(b"\xeb\x63" + bytes(4096))
    assert run.boots(disk)
    disk.write_bytes(bytes(CODE_END) + b"a partition table")
    assert not run.boots(disk)
