"""One disk with two paths: installed on, booted from, and uninstalled as one, with UEFI."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.person import log_in_with_expired_password, open_shell
from testbed.qemu import Guest
from vm.conftest import BOOT, INSTALL, PASSWORD, Boot, crypted, disk, medium

MIB = 1 << 20
WWN = "5000c50015ea71ad"


def two_paths(image: Path) -> tuple[str, ...]:
    """A controller that sees the disk in *image* twice."""
    words = ["-device", "virtio-scsi-pci,id=scsi"]
    for number in range(2):
        words += ["-drive", f"file={image},if=none,id=path{number},format=raw,file.locking=off"]
        known = f"serial=LUN0,wwn=0x{WWN},share-rw=on,bootindex={number + 2}"
        words += ["-device", f"scsi-hd,bus=scsi.0,lun={number},drive=path{number},{known}"]
    return tuple(words)


@pytest.mark.long
def test_a_disk_with_two_paths(folder: Path, boot: Boot) -> None:
    lun = disk(folder, "lun", 6144)
    guest = Guest(folder=folder, extra=two_paths(lun.file), efi=True)
    words = f"storage_init BOOTIF=link hostname=san1.example.com adminpw={crypted(PASSWORD)}"
    with boot(medium(guest, words)) as console:
        console.wait(r"ovirt-node: \(1/", BOOT, since=0)
        console.ended(INSTALL)
        assert f"/dev/mapper/3{WWN}" in console.said
    with boot(guest) as console:
        console.wait(r"san1 login: ", BOOT, since=0)
        log_in_with_expired_password(console, PASSWORD, "another horse 10")
        open_shell(console)
        assert console.run("multipath -l -v1") == f"3{WWN}"
        slot, member = f"/dev/mapper/3{WWN}-part3", f"/dev/mapper/3{WWN}-part5"
        assert console.run("findmnt -nro SOURCE /run/initramfs/live") == slot
        assert member in console.run("pvs --noheadings -o pv_name")
        console.run("echo offline > /sys/class/block/sda/device/state")
        assert console.run("echo kept > /config/mark && sync && cat /config/mark") == "kept"
    with boot(medium(guest, "uninstall")) as console:
        console.wait(r"ovirt-node: the node is removed", BOOT + INSTALL, since=0)
        console.ended(INSTALL)
    with lun.file.open("rb") as image:
        assert not any(image.read(MIB))
        image.seek(-MIB, 2)
        assert not any(image.read(MIB))
