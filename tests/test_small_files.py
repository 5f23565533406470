"""Small files of a disk that somebody else may have made: nothing is waited for, followed, or read without an end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ovirt_tui.system.media import whole
from ovirt_tui.system.slot_settings import answer_file, node_name
from ovirt_tui.system.small_files import LARGEST, is_file, read_small


def test_a_regular_file_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * LARGEST)
    assert read_small(file) == b"x" * LARGEST
    assert read_small(file, 10) is None
    file.write_bytes(b"x" * (LARGEST + 1))
    assert read_small(file) is None


def test_what_is_no_regular_file_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    for name in ("pipe", "link", ".", "none", "none/of/these"):
        assert read_small(tmp_path / name) is None


def test_a_file_is_compared_to_the_last_byte_and_no_further(tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert not is_file(file, b"") and not is_file(tmp_path, b"")
    file.write_bytes(b"")
    assert is_file(file, b"") and not is_file(file, b"x")
    file.write_bytes(b"x" * 100000)
    assert is_file(file, b"x" * 100000) and not is_file(file, b"x" * 99999) and not is_file(file, b"x" * 99999 + b"y")


def test_a_pipe_in_place_of_a_part_of_an_image_is_no_part(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "vmlinuz")
    with pytest.raises(OSError, match="no regular file"):
        whole(tmp_path / "vmlinuz")


def test_settings_that_are_pipes_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "upper/ovirt-node").mkdir(parents=True)
    os.mkfifo(tmp_path / "upper/hostname")
    os.mkfifo(tmp_path / "upper/ovirt-node/node.toml")
    assert node_name(tmp_path) == "" and answer_file(tmp_path) == b""
