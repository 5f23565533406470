"""The mounts of an unattended installation are its own."""

from __future__ import annotations

import os
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
