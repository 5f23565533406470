"""Asks the program of an image that does not run: its system is mounted, and a process in it is shut off from this one.

Only for an image that somebody trusted answers for: the kernel reads its file system, and its program runs.  It runs
as a user of its own for that time, sees no device, no network and nothing of this system but the files it is given.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import Completed, outcome
from ovirt_tui.system.media import SYSTEM, source
from ovirt_tui.system.mounts import RUN, mounted
from ovirt_tui.system.tree import file_errors

GIVEN = "/mnt"
"""Where the files that are given to the program are, as it sees them."""
SECONDS = 90
GRACE = 30
"""Seconds for its manager to end it."""
RUNS = "nosuid,nodev"
"""Options of a mount from which a program is run."""
SHUT_OFF = (
    "DynamicUser=yes",
    "PrivateNetwork=yes",
    "PrivateDevices=yes",
    "PrivateIPC=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "RestrictAddressFamilies=AF_UNIX",
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "MemoryMax=256M",
    "MemorySwapMax=0",
    "TasksMax=16",
    f"RuntimeMaxSec={SECONDS}",
    "SuccessExitStatus=2",
)
"""What the process of the image may not, as systemd.exec(5) calls it; that it finds something wrong is no failure."""


def said(path: str, arguments: tuple[str, ...], given: Mapping[str, str]) -> str:
    """Standard output of ovirt-tui with *arguments* in the image at *path*; StepFailed where it cannot be run.

    *given* are files by their names, which it finds in the folder GIVEN.  Its exit status is not looked at.
    """
    system = source(path).extent(SYSTEM)
    part = f"ro,loop,offset={system.offset},sizelimit={system.length}"
    with (
        tempfile.TemporaryDirectory(prefix="given.", dir=RUN) as private,
        mounted("squashfs", str(system.path), "image", part, RUNS) as root,
    ):
        folder = Path(private, "given")  # root alone comes by here; the program has it under a name of its own
        with file_errors(_("{path} could not be made").format(path=folder)):
            folder.mkdir()
            for name, text in given.items():
                (folder / name).write_text(text)
                (folder / name).chmod(0o444)
            folder.chmod(0o555)
        ended = _run(root, folder, arguments)
    if not ended.out:
        said = ended.err.strip().splitlines() or [_("exit status {status}").format(status=ended.status)]
        raise StepFailed(_("its program does not answer: {why}").format(why=said[-1]), ended.err)
    return ended.out


def _run(root: Path, folder: Path, arguments: tuple[str, ...]) -> Completed:
    """Start it as a service of systemd, which takes all of it down at the end."""
    limits = (f"RootDirectory={root}", f"BindReadOnlyPaths={folder}:{GIVEN}", *SHUT_OFF)
    options = tuple(word for limit in limits for word in ("--property", limit))
    unit = f"--unit=ovirt-node-image-{os.getpid()}"
    how = ("--quiet", "--pipe", "--wait", "--collect", "--service-type=exec", unit, *options)
    return outcome(("systemd-run", *how, "--", "/usr/bin/ovirt-tui", *arguments), seconds=SECONDS + GRACE, reads=True)
