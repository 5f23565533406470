"""Secure Boot under keys of the test's own: medium and node start, and what was changed does not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootmenu.node_data import OWN_WORDS_FILE, own_words_file
from ovirt_tui.system.boot import REMOVABLE
from ovirt_tui.system.partitions import BIOS_MIB, TABLE_MIB
from testbed.console import Console, Terminal
from testbed.person import STEP, boot_from_menu, install_by_keys, restart_when_installed, settled
from testbed.qemu import Disk, Guest
from testbed.site import Site
from vm.conftest import BOOT, PASSWORD, Boot, disk

REFUSED = "This image is not signed for this machine, or is damaged: it is not started"
LIVE = "/run/initramfs/live"
SHIM = "build/cache/tree-*/medium/shimx64.efi"


@pytest.mark.long
def test_only_what_the_site_signed_starts(folder: Path, boot: Boot) -> None:
    site = Site(folder)
    iso, own = site.iso(), disk(folder, "first", 4096)
    guest = Guest(folder=folder, disks=(own,), efi=True, variables=site.variables(), shell=True)
    with boot(guest.with_(cdrom=iso, shell=False)) as console:
        boot_from_menu(console, "Install oVirt Node on the serial console")
        install_by_keys(console, PASSWORD)
        restart_when_installed(console)
    with boot(guest) as console:
        shell = up(console)
        enforced(shell)
        drop_the_hash_of_the_root(shell)
        shell.type("systemctl poweroff\r")
        console.ended(STEP)
    put(own, folder / "words", OWN_WORDS_FILE, own_words_file(("console=tty0", "init=/bin/sh"))[1].encode())
    with boot(guest) as console:
        console.wait("What own says on the boot partition is not let through", BOOT, since=0)
        console.wait(REFUSED, BOOT, since=0)
        console.pull_the_plug()
        assert "Linux version" not in console.said
    (shim,) = Path().glob(SHIM)
    put(own, folder / "shim", REMOVABLE, shim.read_bytes())
    with boot(guest) as console:
        console.wait("Access Denied|Security Violation", BOOT, since=0)
        console.pull_the_plug()


def up(console: Console) -> Terminal:
    console.wait(r"login: *$", BOOT)
    shell = console.root_shell()
    settled(shell)
    return shell


def enforced(shell: Terminal) -> None:
    """Firmware enforces it, the kernel has locked itself down, and the node is whole all the same."""
    assert shell.run("journalctl -k -b -o cat | grep -c 'secureboot: Secure boot enabled'") == "1"
    assert "[integrity]" in shell.run("cat /sys/kernel/security/lockdown")
    line = shell.run("cat /proc/cmdline").split()
    assert "node.slot=Root" in line and "console=ttyS0,115200n8" in line
    assert any(word.startswith("node.verity=") for word in line)
    assert shell.run("cat /sys/kernel/kexec_crash_loaded") == "1", "the kernel for a dump is signed too"
    assert shell.run("systemctl --failed --no-legend --plain") == ""
    assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)


def drop_the_hash_of_the_root(shell: Terminal) -> None:
    """What somebody with the disk in his hands would do, to start another root."""
    shell.run(f"mount -o remount,rw {LIVE} && sed -i 's/node.verity=/node.nothing=/' {LIVE}/words && sync")
    assert "node.nothing=" in shell.run(f"cat {LIVE}/words")


def put(own: Disk, beside: Path, name: str, content: bytes) -> None:
    """Write a file to the boot partition of a node that is off."""
    beside.write_bytes(content)
    where = f"{own.file}@@{TABLE_MIB + BIOS_MIB}M"
    subprocess.run(("mcopy", "-o", "-i", where, beside, f"::{name}"), check=True, timeout=STEP)
