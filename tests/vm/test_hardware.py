"""Disks on the buses of real machines: each is chosen, installed on, and booted from.

Those with sectors of 4096 bytes and those with several paths have tests of their own.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testbed.console import Console
from testbed.qemu import Disk, Guest
from vm.conftest import BOOT, INSTALL, PASSWORD, Boot, crypted, disk, medium


def drive(image: Disk, name: str) -> tuple[str, ...]:
    """The image as a drive for a device of the machine."""
    return ("-drive", f"file={image.file},if=none,id={name},format=raw")


def nvme(image: Disk) -> tuple[str, ...]:
    """One namespace behind two controllers of one subsystem: the kernel combines the paths to one disk."""
    controllers = (("-device", f"nvme,id=nvme{number},serial={image.serial},subsys=both") for number in range(2))
    return (
        *("-device", "nvme-subsys,id=both"),
        *(word for controller in controllers for word in controller),
        *drive(image, "space"),
        *("-device", "nvme-ns,drive=space,bus=nvme0,nsid=1,shared=on,bootindex=2"),
    )


def ahci(image: Disk) -> tuple[str, ...]:
    return (*drive(image, "sata"), "-device", f"ide-hd,bus=ide.2,drive=sata,serial={image.serial}")


def sd_card(image: Disk) -> tuple[str, ...]:
    """A card in a reader, as small servers boot from."""
    return (*drive(image, "card"), "-device", "sdhci-pci", "-device", "sd-card,drive=card")


def scsi(image: Disk) -> tuple[str, ...]:
    known = f"drive=lun,serial={image.serial},bootindex=2"
    return (*drive(image, "lun"), "-device", "virtio-scsi-pci,id=scsi", "-device", f"scsi-hd,bus=scsi.0,{known}")


def usb(image: Disk) -> tuple[str, ...]:
    known = f"drive=stick,serial={image.serial}"
    return (*drive(image, "stick"), "-device", "qemu-xhci", "-device", f"usb-storage,{known}")


def install(guest: Guest, boot: Boot, words: str) -> None:
    line = f"{words} BOOTIF=link hostname=iron1.example.com adminpw={crypted(PASSWORD)}"
    with boot(medium(guest, line)) as console:
        console.wait(r"ovirt-node: (\(1/|refused)", BOOT, since=0)
        console.wait(r"ovirt-node: installation is complete", INSTALL, since=0)
        console.ended(INSTALL)


def places(console: Console) -> tuple[str, set[str]]:
    """The partition that the slot is on, and those of the volume group, once the node has booted without help."""
    console.wait(r"iron1 login: *$", BOOT)
    shell = console.root_shell()
    slot = shell.run("findmnt -nro SOURCE /run/initramfs/live")
    return slot, set(shell.run("pvs --noheadings -o pv_name").split())


@pytest.mark.long
def test_nvme_by_two_controllers_ahci_and_usb(folder: Path, boot: Boot) -> None:
    first, second, third = disk(folder, "nvme0001", 6144), disk(folder, "sata0001", 4096), disk(folder, "usb0001", 4096)
    guest = Guest(folder=folder, efi=True, shell=True, extra=(*nvme(first), *ahci(second), *usb(third)))
    install(guest, boot, "storage_init=nvme,ata,usb")
    with boot(guest) as console:
        slot, members = places(console)
        assert slot == "/dev/nvme0n1p3"
        assert len(members) == 2 and all(re.fullmatch("/dev/sd[ab]1", member) for member in members)


@pytest.mark.long
def test_card(folder: Path, boot: Boot) -> None:
    """Stands in for eMMC, which is an mmcblk too.  BIOS only; QEMU's UEFI has no driver for it."""
    only = disk(folder, "card0001", 8192)
    guest = Guest(folder=folder, shell=True, extra=sd_card(only))
    install(guest, boot, "storage_init=/dev/mmcblk0")
    with boot(guest) as console:
        assert places(console) == ("/dev/mmcblk0p3", {"/dev/mmcblk0p5"})


@pytest.mark.long
def test_virtio_scsi(folder: Path, boot: Boot) -> None:
    only = disk(folder, "scsi0001", 6144)
    guest = Guest(folder=folder, shell=True, extra=scsi(only))
    install(guest, boot, "storage_init=scsi:SCSI0001")
    with boot(guest) as console:
        assert places(console) == ("/dev/sda3", {"/dev/sda5"})
