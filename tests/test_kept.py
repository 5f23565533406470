"""A reinstallation that keeps Data: whatever goes wrong at its beginning, the node that is there still starts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ovirt_tui.system import StepFailed, file_systems, storage
from ovirt_tui.system.disk_steps import Volumes
from ovirt_tui.system.partitions import ESP_NUMBER, INSTALLING

KEPT = Volumes("/dev/sda", ("/dev/sda",), 48, 300, (("Data", -1),), keep=("Data",))


class Node:
    """The names of storage that look at a node's disk or write to it; one of them fails."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fails_at: str = "") -> None:
        self.done: list[str] = []
        parts = {number: f"/dev/sda{number}" for number in (1, 2, 3, 4, 5)}
        found: dict[str, object] = {
            "partitions": parts,
            "esp": "/dev/sda2",
            "slot_partition": "/dev/sda3",
            "volume_paths": {"Data": "/dev/dm-0"},
            "activate": None,
            "refuse_in_use": None,
            "refuse_mounted": None,
            "check_table": None,
            "write_answers": None,
            "rename": None,
            "_replace_boot_code": None,
        }
        for name, answer in found.items():

            def call(*args: object, name: str = name, answer: object = answer) -> object:
                self.done.append(name)
                if name == fails_at:
                    raise StepFailed(f"{name} failed")
                if name == "rename":
                    assert args == ("/dev/sda", {ESP_NUMBER: INSTALLING})
                return answer

            monkeypatch.setattr(storage, name, call)


def test_a_table_that_cannot_be_changed_is_refused_before_the_first_write(monkeypatch: pytest.MonkeyPatch) -> None:
    node = Node(monkeypatch, "check_table")
    with pytest.raises(StepFailed, match="check_table failed"):
        storage._check_kept(KEPT)
    assert not {"write_answers", "rename", "_replace_boot_code"} & set(node.done)


def test_the_boot_code_goes_once_the_state_is_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    node = Node(monkeypatch)
    storage._mark_installing(KEPT)
    assert node.done == ["esp", "write_answers", "rename", "_replace_boot_code"]
    node = Node(monkeypatch, "rename")
    with pytest.raises(StepFailed, match="rename failed"):
        storage._mark_installing(KEPT)
    assert "_replace_boot_code" not in node.done


def test_cut_off_before_the_boot_code_went_nothing_counts_as_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The node that is replaced may have been installed in the same way: its slot would be written while it starts."""

    @contextmanager
    def mounted(_kind: str, _path: str, _name: str, _options: str = "") -> Iterator[Path]:
        yield tmp_path

    monkeypatch.setattr(file_systems, "mounted", mounted)
    monkeypatch.setattr(file_systems, "esp", lambda disk: f"{disk}2")
    file_systems.mark(KEPT)
    assert file_systems.marked(KEPT)
    file_systems.write_answers("/dev/sda2", ("storage_found=keep-data",))
    assert not file_systems.marked(KEPT)
    assert (tmp_path / file_systems.ANSWERS).read_text() == "storage_found=keep-data\n"
