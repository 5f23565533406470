"""A medium that is booted beside a node upgrades it, by the kernel line, and the way back is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.medium import live
from testbed.person import BOOT, INSTALL, STEP
from testbed.qemu import Guest
from testbed.saved import HOST, Node
from testbed.variant import variant
from vm.conftest import Boot

NEW = "0.9.0"


@pytest.fixture
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("images")


def test_a_node_is_upgraded_by_the_word_keeps_its_settings_and_goes_back(
    folder: Path, images: Path, boot: Boot, node: Node
) -> None:
    guest = Guest(folder=folder, disks=(node.disk(folder),), memory_mib=1024, shell=True)
    medium = live(guest, "upgrade", variant(images, NEW))
    with boot(medium) as console:
        console.wait(rf"written: {NEW}-1 to the slot RootBackup", BOOT + STEP, since=0)
        console.wait(r"ovirt-node: the image is written and is tried at the next start", INSTALL)
        assert f"{HOST} on /dev/vda, which has version" in console.said
        console.ended(STEP)
    with boot(guest) as console:
        console.wait(rf"{NEW}-1 has proven itself and starts from now on", BOOT, since=0)
        shell = console.root_shell()
        said = shell.run("cat /proc/cmdline; ovirt-tui status; hostname; cat /run/ovirt-node/config-missing")
        assert "node.slot=RootBackup" in said and f"running   {NEW}-1 in RootBackup" in said
        assert HOST in said and "upgraded from" in said
        assert "status 0" in shell.run("ovirt-tui rollback; echo status $?", STEP)
        shell.type("systemctl reboot\r")
        console.ended(BOOT)
    with boot(guest) as console:
        console.wait(r"rolled back from", BOOT, since=0)
        shell = console.root_shell()
        assert "node.slot=Root " in shell.run("cat /proc/cmdline") and HOST in shell.run("hostname")
