"""A disk or a medium that goes away while it is worked on: one sentence, never an exception of the file system."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from ovirt_tui.system import StepFailed, holders, image, storage
from ovirt_tui.system.disk_steps import Image
from ovirt_tui.system.probe import MEDIUM, Probe
from ovirt_tui.system.slots import Slots
from test_disk_layout import medium

GONE = "/dev/not-there-any-more"


@pytest.mark.parametrize(
    "look",
    [
        storage._reread,
        storage._blank,
        storage.flushed,
        storage._replace_boot_code,
        holders.refuse_mounted,
        holders.refuse_in_use,
    ],
)
def test_a_disk_that_went_is_named_with_the_reason(look: Callable[[str], object]) -> None:
    with pytest.raises(StepFailed, match=f"{GONE} could not be .*: No such file or directory"):
        look(GONE)


def test_a_medium_that_went_leaves_the_slot_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = image.Images(Slots(), medium(tmp_path))
    (tmp_path / "vmlinuz").unlink()
    formatted: list[str] = []
    monkeypatch.setattr(image, "format_slot", lambda device, _slot: formatted.append(device))
    monkeypatch.setattr(Slots, "device", lambda _slots, _slot: GONE)
    with pytest.raises(StepFailed, match="the medium cannot be read: No such file or directory"):
        there.make(Image("Root", "1"), lambda done, total: None)
    assert not formatted


def test_a_medium_with_errors_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / MEDIUM).mkdir(parents=True)

    def broken(_path: Path, **_how: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "stat", broken)
    with pytest.raises(StepFailed, match="the medium cannot be read: Input/output error"):
        Probe(tmp_path)._image_mib()
