"""Fixtures and helpers of the tests in virtual machines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from testbed.console import Console
from testbed.medium import ISO as ISO
from testbed.medium import live
from testbed.password import crypted as crypted
from testbed.person import BOOT as BOOT
from testbed.person import INSTALL as INSTALL
from testbed.qemu import Disk, Guest
from testbed.saved import Node

LOGS = Path("build/test-logs")
DEBUG = "systemd.debug_shell=ttyS1"
"""Opens a shell on the second serial line.  It may delay a restart by a minute and a half: only where it is needed."""
PASSWORD = "correct horse 9"
LONGEST = ("test_upgrade.py", "test_media_upgrade.py")
"""Of the tests that make test runs, which take eight minutes and more."""

medium = live
Boot = Callable[..., Console]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, which boot machines, and run them first: a long one should not run alone last."""
    for item in items:
        if "tests/vm" in str(item.path):
            item.add_marker(pytest.mark.vm)
    items.sort(key=lambda item: (item.get_closest_marker("vm") is None, item.path.name not in LONGEST))


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the disks of one test; on the disk of the build, since they are large."""
    return tmp_path_factory.mktemp("machine")


@pytest.fixture(scope="session")
def node() -> Node:
    """The saved node of this image: its disk after the installation, and the machine at its login prompt."""
    return Node()


@pytest.fixture
def boot(request: pytest.FixtureRequest) -> Boot:
    """Power a machine on; its serial output and last screen are kept in build/test-logs."""
    count = 0

    def switch_on(guest: Guest) -> Console:
        nonlocal count
        count += 1
        log = LOGS / f"{request.node.name}-{count}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        for old in (log, log.with_suffix(".debug.log")):
            old.unlink(missing_ok=True)
        return Console(guest, log)

    return switch_on


def disk(folder: Path, name: str, mib: int, sector: int = 512) -> Disk:
    """A blank disk whose serial number is its name in capitals."""
    return Disk(folder / f"{name}.img", name.upper(), sector=sector).create(mib)


def digest(disk: Disk) -> str:
    """SHA-256 of the whole disk."""
    with disk.file.open("rb") as image:
        return hashlib.file_digest(image, "sha256").hexdigest()
