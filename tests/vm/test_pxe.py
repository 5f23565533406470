"""PXE: kernel and initrd over TFTP, the interface named by the hardware address of the boot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from testbed.qemu import Guest
from vm.conftest import BOOT, INSTALL, PASSWORD, Boot, crypted, disk

PXE = Path("build/pxe")
MAC = "52:54:00:ab:cd:ef"


def serve(folder: Path, words: str) -> Path:
    """A TFTP folder with the files of make pxe and a script that boots them."""
    served = folder / "tftp"
    served.mkdir()
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
def test_install_over_the_network(folder: Path, boot: Boot) -> None:
    only = disk(folder, "pxe", 8192)
    words = (
        "console=tty0 console=ttyS0,115200n8 storage_init=virtio:PXE BOOTIF=01-${netX/mac:hexhyp} ip=dhcp "
        f"hostname=pxe1.example.com adminpw={crypted(PASSWORD)}"
    )
    nics = (
        f"user,model=virtio-net-pci,mac={MAC},restrict=on,tftp={serve(folder, words)},bootfile=boot.ipxe",
        "user,model=virtio-net-pci,mac=52:54:00:00:00:99,restrict=on",
    )
    guest = Guest(folder=folder, disks=(only,), network=nics)
    with boot(guest) as console:
        console.wait(r"ovirt-node: \(1/", BOOT, since=0)
        console.ended(INSTALL)
    with boot(guest.with_(network=tuple(nic.partition(",tftp=")[0] for nic in nics))) as console:
        console.wait(r"pxe1 login: ", BOOT, since=0)
