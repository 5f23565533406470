"""A node gets a new image: it proves itself, or the one of before starts again by itself."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path

import pytest

from bootmenu.entries import TRIAL_SECONDS
from bootmenu.environment import STARTS
from testbed.console import Console, Terminal
from testbed.person import BOOT, INSTALL, STEP, settled
from testbed.qemu import Guest
from testbed.saved import Node, at_login, machine
from testbed.variant import plugged, variant
from vm.conftest import PASSWORD, Boot, crypted, disk, medium

NEW = "0.9.0"
WRITTEN = 900  # seconds for verifying, copying and proving an image


def upgraded(shell: Terminal, port: int = 0, *options: str) -> str:
    device = f"/dev/disk/by-id/virtio-NEW{port}"
    shell.run(f"udevadm settle; until [ -b {device} ]; do sleep 1; done", STEP)
    shell.run("virsh list", STEP)  # libvirt starts when it is asked first, which may take a busy machine a while
    return shell.run(f"ovirt-tui upgrade --unsigned {' '.join(options)} {device}; echo status $?", WRITTEN)


def restarted(console: Console, shell: Terminal) -> None:
    shell.type("systemctl reboot\r")
    console.ended(BOOT)


def tried_in_vain(boot: Boot, guest: Guest) -> str:
    """Power on; the image on trial ends by itself.  Returns what it said."""
    with boot(guest) as console:
        console.ended(BOOT)
        return console.said


CHECKS = "/etc/ovirt-node/hooks/check.d"


def checked_by(shell: Terminal, body: str) -> None:
    """A check of the site says *body* before a new image is kept."""
    shell.run(f"mkdir -p {CHECKS}; printf '#!/bin/sh\\n{body}\\n' > {CHECKS}/10-site; chmod 755 {CHECKS}/10-site; sync")


@pytest.fixture
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("images")


def test_a_panic_gives_way_and_the_next_image_is_kept_with_all_settings_and_rolled_back(
    folder: Path, images: Path, boot: Boot, node: Node
) -> None:
    """One life of a node, since a start costs a minute and a half: the bad image first, then a good one, and back."""
    guest = node.guest(folder)
    off = guest.with_(state="")
    panics = variant(images, "0.9.1", hooks={"pre-pivot/99-panic.sh": "echo c > /proc/sysrq-trigger\n"})
    with boot(guest) as console:
        at_login(console)
        shell = console.root_shell()
        plugged(console, panics)
        said = upgraded(shell)
        assert "status 0" in said and "0.9.1-1 (signed by nobody this node trusts) is in RootBackup" in said
        assert "tried at the next restart, 2 times at most" in shell.run("ovirt-tui status")
        restarted(console, shell)
    for _try in range(2):
        assert "Kernel panic" in tried_in_vain(boot, off)
    with boot(off) as console:
        console.wait(r"the upgrade from \S+ to 0\.9\.1-1 failed: it was interrupted before", BOOT, since=0)
        shell = console.root_shell()
        assert "node.slot=Root " in shell.run("cat /proc/cmdline")
        plugged(console, variant(images, NEW))
        shell.run("echo kept > /etc/mark; hostnamectl hostname before.example.com; virsh net-list --all")
        before = shell.run("sha256sum /etc/ssh/ssh_host_* /etc/machine-id")
        checked_by(shell, "echo all is there for $OVIRT_NODE_NEW_VERSION")
        assert "status 0" in upgraded(shell)
        restarted(console, shell)
    with boot(off) as console:
        console.wait(rf"{NEW}-1 has proven itself and starts from now on", BOOT, since=0)
        shell = console.root_shell()
        stayed(shell, before)
        shell.run("echo new > /etc/mark; sync")
        said = shell.run("ovirt-tui rollback; echo status $?", STEP)
        assert "status 0" in said and "the boot menu starts" in said
        restarted(console, shell)
    with boot(off) as console:
        console.wait(r"rolled back from", BOOT, since=0)
        shell = console.root_shell()
        assert "node.slot=Root " in shell.run("cat /proc/cmdline")
        assert "kept" in shell.run("cat /etc/mark")


def stayed(shell: Terminal, before: str) -> None:
    """The new image runs with all settings of the one of before, whose keys had the sums *before*."""
    assert "node.slot=RootBackup" in shell.run("cat /proc/cmdline")
    said = shell.run("ovirt-tui status; cat /etc/mark; hostname; cat /run/ovirt-node/config-missing")
    assert f"running   {NEW}-1 in RootBackup" in said and "upgraded from" in said
    assert "kept" in said and "before.example.com" in said
    assert shell.run("sha256sum /etc/ssh/ssh_host_* /etc/machine-id") == before and "/etc/machine-id" in before
    assert "has proven itself" in shell.run("journalctl -b -u ovirt-node-trial --no-pager")
    assert f"10-site: all is there for {NEW}-1" in shell.run("journalctl -b -t ovirt-node-hooks --no-pager")


@pytest.mark.long
def test_an_image_under_which_something_does_not_work_gives_way_at_once(
    folder: Path, images: Path, boot: Boot, node: Node
) -> None:
    guest = node.guest(folder)
    off = guest.with_(state="")
    broken = "mkdir -p /run/ovirt-node; echo 'a test' > /run/ovirt-node/config-missing\n"
    with boot(guest) as console:
        prepared(at_login(console), variant(images, "0.9.2", hooks={"pre-pivot/99-settings.sh": broken}))
    said = tried_in_vain(boot, off)
    assert re.search(r"its settings cannot be had: a test; it is looked at again for \d+ seconds", said)
    assert "0.9.2-1 is not kept: its settings cannot be had: a test" in said
    with boot(off) as console:
        console.wait(r"to 0\.9\.2-1 failed: its settings cannot be had: a test", BOOT, since=0)
        assert "node.slot=Root " in console.root_shell().run("cat /proc/cmdline")


@pytest.mark.long
def test_an_image_that_a_check_of_the_site_refuses_gives_way(
    folder: Path, images: Path, boot: Boot, node: Node
) -> None:
    guest = node.guest(folder)
    off = guest.with_(state="")
    with boot(guest) as console:
        checked_by(at_login(console).root_shell(), "echo no storage; exit 1")
        prepared(console, variant(images, "0.9.3"))
    why = rf"the hook {CHECKS}/10-site failed with exit status 1: no storage"
    said = tried_in_vain(boot, off)
    assert f"ovirt-node: {why}; it is run again for 120 seconds" in said
    assert f"0.9.3-1 is not kept: {why}; the image of before starts" in said
    with boot(off) as console:
        console.wait(rf"to 0\.9\.3-1 failed: {why}", BOOT, since=0)
        assert why in console.root_shell().run("ovirt-tui status")


@pytest.mark.long
def test_an_image_whose_boot_hangs_is_ended_by_the_watch_of_its_initrd(
    folder: Path, images: Path, boot: Boot, node: Node
) -> None:
    """Twice, since it is tried twice; then the image of before starts."""
    guest = node.guest(folder)
    off = guest.with_(state="")
    hangs = variant(images, "0.9.4", hooks={"pre-pivot/99-hang.sh": "while :; do sleep 60; done\n"})
    with boot(guest) as console:
        prepared(at_login(console), hangs)
    for _try in range(2):
        with boot(off) as console:
            console.ended(TRIAL_SECONDS + BOOT)
            assert f"no end after {TRIAL_SECONDS} seconds: starting again" in console.said
    with boot(off) as console:
        console.wait(r"to 0\.9\.4-1 failed: it was interrupted before", BOOT, since=0)
        assert "node.slot=Root " in console.root_shell().run("cat /proc/cmdline")


DEAD = """
mkdir -p /run/systemd/system/sysinit.target.wants
{
    echo '[Unit]'
    echo 'DefaultDependencies=no'
    echo '[Service]'
    echo 'ExecStart=/bin/sh -c "until grep -qx active /sys/class/watchdog/watchdog0/state; do sleep 1; done; \
echo 0 > /proc/sys/kernel/panic; echo c > /proc/sysrq-trigger"'
} > /run/systemd/system/dead.service
ln -s ../dead.service /run/systemd/system/sysinit.target.wants/dead.service
"""
"""Once the hardware's watchdog is at work the kernel stops, and nothing in it is left that would start it again."""


@pytest.mark.long
def test_a_kernel_that_stops_is_ended_by_the_watchdog_of_the_hardware(
    folder: Path, images: Path, boot: Boot, node: Node
) -> None:
    """Twice, since it is tried twice; then the image of before starts."""
    guest = node.guest(folder)
    off = guest.with_(state="", extra=(*guest.extra, "-device", "i6300esb"))
    with boot(guest) as console:
        prepared(at_login(console), variant(images, "0.9.5", hooks={"pre-pivot/99-dead.sh": DEAD}))
    for _try in range(2):
        said = tried_in_vain(boot, off)
        assert "Kernel panic" in said and "Rebooting in" not in said
    with boot(off) as console:
        console.wait(r"to 0\.9\.5-1 failed: it was interrupted before", BOOT, since=0)
        assert "node.slot=Root " in console.root_shell().run("cat /proc/cmdline")


@pytest.mark.long
def test_three_upgrades_in_a_row_and_a_downgrade_hold_through_a_power_cut_each(
    folder: Path, images: Path, boot: Boot
) -> None:
    """With UEFI."""
    off = machine(folder, disk(folder, "only", 8192)).with_(efi=True)
    words = f"storage_init=virtio:ONLY BOOTIF=link hostname=before.example.com adminpw={crypted(PASSWORD)}"
    ways = (
        ("0.9.1", "RootBackup", ""),
        ("0.9.2", "Root", ""),
        ("0.9.3", "RootBackup", ""),
        ("0.9.2", "Root", "--older"),
    )
    made = {version: variant(images, version) for version in ("0.9.1", "0.9.2", "0.9.3")}
    with boot(medium(off, words)) as console:
        console.wait(r"ovirt-node: \(1/", BOOT, since=0)
        console.ended(INSTALL)
    with boot(off) as console:
        console.wait(r"before login: *$", BOOT, since=0)
        settled(console.root_shell())
        console.root_shell().run("echo kept > /etc/mark")
        prepared(console, made["0.9.1"])
    for number, (version, slot, _option) in enumerate(ways):
        with boot(off) as console:
            console.wait(rf"{version}-1 has proven itself and starts from now on", BOOT, since=0)
            console.root_shell().run("sync")
            console.pull_the_plug()
        with boot(off) as console:
            console.wait(r"before login: *$", BOOT, since=0)
            shell = console.root_shell()
            said = shell.run("ovirt-tui status; cat /etc/mark /proc/cmdline", STEP)
            assert f"running   {version}-1 in {slot}" in said and "kept" in said
            assert f"node.slot={slot} " in said and "node.trial" not in said
            for following, _slot, option in ways[number + 1 : number + 2]:
                prepared(console, made[following], *filter(None, (option,)))


def prepared(console: Console, image: Path, *options: str) -> None:
    """The image is in the other slot, and the node has gone down to try it."""
    plugged(console, image)
    shell = console.root_shell()
    assert "status 0" in upgraded(shell, 0, *options)
    restarted(console, shell)


SPOIL = r"""
import os, sys
image = os.open("/run/initramfs/live/LiveOS/squashfs.img", os.O_RDONLY)
head = os.pread(image, 4096, 0)
slot = os.open(os.path.realpath(sys.argv[1]), os.O_RDWR)
at = next(n for n in range(0, 1 << 30, 4096) if os.pread(slot, 4096, n) == head)
os.pwrite(slot, bytes([head[200] ^ 1]), at + 200)
os.fsync(slot)
"""
"""Changes a byte in the first block of the running image, which each start reads."""


@pytest.mark.long
def test_an_image_that_had_proven_itself_gives_way_once_it_does_not_come_up_any_more(
    folder: Path, images: Path, boot: Boot, node: Node
) -> None:
    guest = node.guest(folder)
    off = guest.with_(state="")
    with boot(guest) as console:
        prepared(at_login(console), variant(images, NEW))
    with boot(off) as console:
        console.wait(rf"{NEW}-1 has proven itself and starts from now on", BOOT, since=0)
        shell = console.root_shell()
        shell.run(f"echo {b64encode(SPOIL.encode()).decode()} | base64 -d > /run/spoil.py")
        assert "status 0" in shell.run("python3 /run/spoil.py /dev/ovirt-node/slot; echo status $?", STEP)
        restarted(console, shell)
    for _start in range(STARTS):
        assert "dm-verity device corrupted" in tried_in_vain(boot, off)
    with boot(off) as console:
        console.wait(rf"{NEW}-1 had proven itself, and did not come up {STARTS} times in a row", BOOT, since=0)
        shell = console.root_shell()
        assert "node.slot=Root " in shell.run("cat /proc/cmdline")
        assert "did not come up" in shell.run("ovirt-tui status")
        assert "failed: upgrade to it again" in shell.run("ovirt-tui rollback")
