"""Any name of a disk is taken where one is typed, and those that can be told apart on the line too."""

from __future__ import annotations

import pytest

from machines import MACHINES, disk, with_
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.machine.disk_names import called
from ovirt_tui.machine.disks import NoSuchDisk
from ovirt_tui.pages.storage.settings import Storage
from person import at_installer

BY_ID = "/dev/disk/by-id/ata-ST1000NM0055_ZBS0A1"
BY_PATH = "/dev/disk/by-path/pci-0000:00:1f.2-ata-1"
WWN = "0x5000c500a1b2c3d4"
SDA = disk(
    "/dev/sda", 931, bus="ata", serial="ST1000NM0055_ZBS0A1", short_serial="ZBS0A1", wwn=WWN, links=(BY_ID, BY_PATH)
)
SDB = disk("/dev/sdb", 931, bus="ata", serial="ST1000NM0055_ZBS0A2", short_serial="SAME", links=())
SDC = disk("/dev/sdc", 931, bus="usb", serial="Stick_1", short_serial="SAME", links=())
NVME = disk(
    "/dev/nvme0n1", 931, bus="nvme", serial="Samsung_S4", short_serial="S4", wwn="eui.002538b111900001", links=()
)
MACHINE = with_(disks=(SDA, SDB, SDC, NVME))
NAMES = {
    "/dev/sda": "sda",
    "sda": "sda",
    BY_ID: "sda",
    "ata-ST1000NM0055_ZBS0A1": "sda",
    "disk/by-id/ata-ST1000NM0055_ZBS0A1": "sda",
    BY_PATH: "sda",
    "pci-0000:00:1f.2-ata-1": "sda",
    "ata:ZBS0A1": "sda",
    "ata:ST1000NM0055_ZBS0A1": "sda",
    "ZBS0A1": "sda",
    "ST1000NM0055_ZBS0A1": "sda",
    WWN: "sda",
    f"wwn-{WWN}": "sda",
    WWN.upper().replace("X", "x"): "sda",
    "naa.5000c500a1b2c3d4": "sda",
    "ata:SAME": "sdb",
    "usb:SAME": "sdc",
    "eui.002538b111900001": "nvme0n1",
    "nvme:S4": "nvme0n1",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_disk_is_found_by_any_of_its_names(name: str) -> None:
    assert called(MACHINE, name).path == f"/dev/{NAMES[name]}"
    person, installer = at_installer(MACHINE)
    person.press("enter", "f10", "tab", "enter")
    person.type(name)
    person.press("enter")
    assert str(installer.draft.config[Storage].boot_disk) in (BY_ID, f"/dev/{NAMES[name]}")


def test_a_multipath_disk_is_found_by_the_name_that_multipath_gives_it() -> None:
    assert called(MACHINES["many-kinds"], "mpatha").path == "/dev/mapper/mpatha"


def test_a_name_of_several_is_refused_with_them() -> None:
    with pytest.raises(NoSuchDisk, match="SAME is a name of 2 disks") as missing:
        called(MACHINE, "SAME")
    assert missing.value.candidates == ("/dev/sdb", "/dev/sdc")


@pytest.mark.parametrize("name", ["", "sdx", "ata:", "0x", "ata", "0x5000c500a1b2c3d5", ":SAME", "/", "/dev/"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(NoSuchDisk):
        called(MACHINE, name)


def test_a_path_of_a_multipath_disk_is_the_whole() -> None:
    serial = "36005076801810523100000000000002e"
    assert called(MACHINES["multipath"], serial).path == "/dev/mapper/mpatha"


@pytest.mark.parametrize("name", [WWN, f"wwn-{WWN}", "naa.5000c500a1b2c3d4"])
def test_the_line_takes_a_wwn(name: str) -> None:
    found = understand(read(f"storage_init={name} BOOTIF=eth0 adminpw=$6$salt$hash"), MACHINE)
    assert found.complaints == () and found.draft.resolved[Storage].boot_disk == "/dev/sda"


def test_a_wwn_that_is_not_there_is_refused_with_those_that_are() -> None:
    (complaint,) = understand(read("storage_init=0x5000c500a1b2c3d5 BOOTIF=eth0 adminpw=$6$salt$h"), MACHINE).complaints
    assert complaint.text == "no disk matches 0x5000c500a1b2c3d5" and any(WWN in line for line in complaint.details)
