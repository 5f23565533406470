"""PXE: kernel and initrd over TFTP, the interface named by the hardware address of the boot; then an upgrade by it."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkdtemp

import pytest

from testbed.qemu import Guest
from vm.conftest import BOOT, INSTALL, PASSWORD, Boot, crypted, disk

PXE = Path("build/pxe")
MAC = "52:54:00:ab:cd:ef"
SERIAL = "console=tty0 console=ttyS0,115200n8"
PASSED = f"adminpw={crypted(PASSWORD)}"


def serve(folder: Path, words: str) -> Path:
    """A TFTP folder with the files of make pxe and a script that boots them."""
    served = Path(mkdtemp(prefix="tftp-", dir=folder))
    for name in ("vmlinuz", "initrd.img"):
        os.link(PXE / name, served / name) if same_disk(PXE, served) else (served / name).symlink_to(
            (PXE / name).resolve()
        )
    cmdline = (PXE / "cmdline").read_text().strip()
    script = f"#!ipxe\nkernel vmlinuz initrd=initrd.img {cmdline} {words}\ninitrd initrd.img\nboot\n"
    (served / "boot.ipxe").write_text(script)
    return served


def same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


@pytest.mark.long
def test_install_and_upgrade_over_the_network(folder: Path, boot: Boot) -> None:
    only = disk(folder, "pxe", 8192)
    words = f"storage_init=virtio:PXE BOOTIF=01-${{netX/mac:hexhyp}} ip=dhcp hostname=pxe1.example.com {PASSED}"
    guest = Guest(folder=folder, disks=(only,), shell=True)
    with boot(over_the_network(guest, words)) as console:
        console.wait(r"ovirt-node: \(1/", BOOT, since=0)
        console.ended(INSTALL)
    with boot(guest) as console:
        console.wait(r"pxe1 login: ", BOOT, since=0)
    with boot(over_the_network(guest, "upgrade_again")) as console:
        console.wait(r"ovirt-node: the image is written and is tried at the next start", BOOT + INSTALL, since=0)
        assert "pxe1.example.com on /dev/vda" in console.said
        console.ended(INSTALL)
    with boot(guest) as console:
        console.wait(r"has proven itself and starts from now on", BOOT, since=0)
        shell = console.root_shell()
        assert "node.slot=RootBackup" in shell.run("cat /proc/cmdline") and "pxe1" in shell.run("hostname")


def over_the_network(guest: Guest, words: str) -> Guest:
    """The machine, whatever is on its disk started by PXE with *words*; its second interface finds no server."""
    served = serve(guest.folder, f"{SERIAL} {words}")
    first = f"user,id=pxe,restrict=on,tftp={served},bootfile=boot.ipxe"
    return guest.with_(
        network=("user,model=virtio-net-pci,mac=52:54:00:00:00:99,restrict=on",),
        extra=("-netdev", first, "-device", f"virtio-net-pci,netdev=pxe,mac={MAC},bootindex=1"),
    )
