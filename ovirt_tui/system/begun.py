"""Whether an installer has written to a disk since boot: a marker file that every console can rely on."""

from __future__ import annotations

from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.system.tree import file_errors

MARK = Path("/run/ovirt-node/begun")


def begin(mark: Path = MARK) -> None:
    """Record that disks are written from now on; StepFailed when the marker cannot be created."""
    with file_errors(_("{path} could not be made").format(path=mark)):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def begun(mark: Path = MARK) -> bool:
    """Say whether any program has called begin() since boot."""
    return mark.exists()
