"""Whether an installer wrote to a disk since this machine started: what every console may say for certain."""

from __future__ import annotations

from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.system.tree import file_errors

MARK = Path("/run/ovirt-node/begun")


def begin(mark: Path = MARK) -> None:
    """Remember that a disk is written from here on; StepFailed when that cannot be remembered."""
    with file_errors(_("{path} could not be made").format(path=mark)):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def begun(mark: Path = MARK) -> bool:
    """Say whether begin() was reached, by whatever program."""
    return mark.exists()
