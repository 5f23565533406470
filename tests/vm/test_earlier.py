"""A node of the version before each slot had settings of its own is upgraded by a medium, and can go back."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed import earlier
from testbed.console import Console, Terminal
from testbed.medium import live
from testbed.password import crypted, for_boot_menu
from testbed.person import BOOT, INSTALL, STEP, settled
from testbed.qemu import Disk, Guest
from testbed.saved import HOST, PASSWORD, SERIAL
from testbed.variant import variant
from vm.conftest import Boot

NEW = "0.9.0"
GUEST = "<domain type='qemu'><name>web</name><memory unit='MiB'>64</memory><os><type>hvm</type></os></domain>"
LATER = GUEST.replace("web", "later")
SAME = "hostname; cat /etc/mark; sha256sum /etc/ssh/ssh_host_*; grep ^admin: /etc/shadow"
"""What every image of the node shows alike."""


@pytest.mark.long
@pytest.mark.parametrize("efi", [False, True], ids=["bios", "uefi"])
def test_a_node_of_before_is_upgraded_survives_a_power_cut_goes_back_and_is_upgraded_again(
    folder: Path, boot: Boot, efi: bool
) -> None:
    new = variant(folder, NEW)
    guest = _installed(folder, boot, efi)
    medium = live(guest, "upgrade", new)
    with boot(guest) as console:
        console.wait(r"login: *$", BOOT)
        shell = console.root_shell()
        settled(shell)
        assert "status 1" in shell.run("test -d /config/slots; echo status $?"), "it is of the version before"
        _define(shell, GUEST)
        same = shell.run(f"echo here > /etc/mark; sync; {SAME}")
        line = _words(shell.run("cat /proc/cmdline"))
        _off(console, shell)

    with boot(medium) as console:
        console.wait(r"Copying the image", BOOT + INSTALL, since=0)
        console.pull_the_plug()
    with boot(guest) as console:
        console.wait(r"login: *$", BOOT)
        shell = console.root_shell()
        assert shell.run(SAME) == same and _words(shell.run("cat /proc/cmdline")) == line, "it starts as before"
        _off(console, shell)

    _upgraded(boot, medium, guest, same, ["web"])
    with boot(guest) as console:
        console.wait(r"login: *$", BOOT)
        shell = console.root_shell()
        assert "node.slot=Root " in shell.run("cat /proc/cmdline"), "it went back"
        assert shell.run(SAME) == same and _guests(shell) == ["web"]
        _define(shell, LATER)
        _off(console, shell)
    _upgraded(boot, medium, guest, same, ["later", "web"])


def _installed(folder: Path, boot: Boot, efi: bool) -> Guest:
    """A node as the medium of before installs it."""
    guest = Guest(folder=folder, disks=(Disk(folder / "disk.img", SERIAL).create(8192),), efi=efi)
    passwords = f"adminpw={crypted(PASSWORD)} bootpw={for_boot_menu(PASSWORD)}"
    words = f"storage_init=virtio:{SERIAL} BOOTIF=link hostname={HOST} {passwords}"
    with boot(live(guest, words, earlier.iso())) as console:
        console.wait(r"ovirt-node: installation is complete", BOOT + INSTALL, since=0)
        console.ended(STEP)
    return guest.with_(memory_mib=1024, shell=True)


def _off(console: Console, shell: Terminal) -> None:
    shell.type("systemctl poweroff\r")
    console.ended(BOOT)


def _upgraded(boot: Boot, medium: Guest, guest: Guest, same: str, guests: list[str]) -> None:
    """Upgrade the node by the medium, look at it, and have it go back at its next start."""
    with boot(medium) as console:
        console.wait(r"its boot menu, so that each version has settings of its own", BOOT + STEP, since=0)
        console.wait(r"ovirt-node: the image is written and is tried at the next start", INSTALL)
        console.ended(STEP)
    with boot(guest) as console:
        console.wait(rf"{NEW}-1 has proven itself and starts from now on", BOOT, since=0)
        shell = console.root_shell()
        line = shell.run("cat /proc/cmdline")
        assert "node.slot=RootBackup" in line and "net.naming_scheme=" in line and "crashkernel=" in line
        assert shell.run(SAME) == same and _guests(shell) == guests
        assert "0 loaded units" in shell.run("systemctl --failed")
        said = shell.run("ovirt-tui status; ovirt-tui rollback; echo status $?", STEP)
        assert "upgraded from" in said and "status 0" in said
        _off(console, shell)


def _define(shell: Terminal, guest: str) -> None:
    assert "defined from" in shell.run(f'echo "{guest}" > /run/guest.xml && virsh define /run/guest.xml; sync')


def _guests(shell: Terminal) -> list[str]:
    return sorted(shell.run("virsh list --all --name").split())


def _words(said: str) -> list[str]:
    """The words that say what a node is, in its kernel line; those of one name in the order that they have there."""
    words = [word for word in said.split() if word.startswith(("node.", "console=", "crashkernel="))]
    return sorted(words, key=lambda word: word.partition("=")[0])
