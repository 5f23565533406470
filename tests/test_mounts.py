"""The mounts of an unattended installation are its own."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ovirt_tui.system import StepFailed, mounts

NEW = 0x20000
"""As the kernel counts: a namespace of its own for mounts."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the kernel and mount were asked for."""
    made: list[Any] = []
    monkeypatch.setattr(os, "unshare", made.append, raising=False)
    monkeypatch.setattr(os, "CLONE_NEWNS", NEW, raising=False)
    monkeypatch.setattr(mounts, "run", made.append)
    return made


def test_what_others_mount_is_seen_and_what_it_mounts_is_not(asked: list[Any]) -> None:
    assert mounts.apart() == ""
    assert asked == [NEW, ("mount", "--make-rslave", "/")]


def test_where_that_is_not_possible_it_says_why_and_goes_on(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_flag: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    def failed(_argv: tuple[str, ...]) -> str:
        raise StepFailed("mount failed: bad option")

    monkeypatch.setattr(mounts, "run", failed)
    assert mounts.apart() == "mount failed: bad option"
    monkeypatch.setattr(os, "unshare", refused)
    assert "Operation not permitted" in mounts.apart()
    monkeypatch.delattr(os, "unshare")
    assert "3.12" in mounts.apart()


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A partition with a file system."""
    monkeypatch.setattr(mounts, "RUN", tmp_path / "run")
    with (tmp_path / "disk").open("wb") as file:
        file.truncate(16 << 20)
    subprocess.run(("mkfs.ext4", "-q", tmp_path / "disk"), check=True, timeout=60)
    attach = ("losetup", "--find", "--show", tmp_path / "disk")
    made = subprocess.run(attach, check=True, capture_output=True, text=True, timeout=60).stdout.strip()
    yield made
    subprocess.run(("losetup", "--detach", made), check=True, timeout=60)


@pytest.mark.root
def test_who_writes_waits_for_who_looks_and_the_other_way_round(device: str) -> None:
    """As the boot partition while somebody asks for the status: it was mounted read-only, or not at all."""
    there, leave = threading.Event(), threading.Event()

    def hold(options: str) -> None:
        with mounts.mounted("ext4", device, options, options):
            there.set()
            leave.wait(10)

    for first, second in (("ro", "rw"), ("rw", "ro")):
        holder = threading.Thread(target=hold, args=(first,))
        holder.start()
        assert there.wait(10)
        threading.Timer(0.5, leave.set).start()
        with mounts.mounted("ext4", device, f"second-{second}", second) as folder:
            if second == "rw":
                (folder / "written").touch()
            assert (folder / "written").exists()
        holder.join()
        there.clear()
        leave.clear()


@pytest.mark.root
def test_who_only_looks_waits_for_nobody_who_does_and_no_wait_is_without_end(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounts, "TURN_SECONDS", 0.1)
    with mounts.mounted("ext4", device, "one"), mounts.mounted("ext4", device, "two") as folder:
        assert (folder / "lost+found").is_dir()
        monkeypatch.setattr(mounts, "mount", lambda *_args: pytest.fail("it went on"))
        with pytest.raises(pytest.fail.Exception, match="it went on"), mounts.mounted("ext4", device, "three", "rw"):
            pass


@pytest.mark.root
def test_who_only_looks_writes_nothing_to_a_file_system_that_was_not_let_go(device: str) -> None:
    """To replay its journal would; a node, or a stranger's disk, is as it was."""
    for count, word in ((0, "clean"), (1, "not clean")):
        subprocess.run(("debugfs", "-w", "-R", f"feature {'-' * (1 - count)}needs_recovery", device), check=True)
        before = Path(device).read_bytes()
        with mounts.mounted("ext4", device, "look") as folder:
            assert (folder / "lost+found").is_dir(), word
        assert Path(device).read_bytes() == before, word
