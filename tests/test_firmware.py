"""The boot entry of a UEFI firmware goes when the partition it leads to is gone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ovirt_tui.system import StepFailed, firmware, udev

OURS, OTHER = "4f7f6c2e-0b7a-4b0e-9b66-0123456789ab", "aaaaaaaa-0b7a-4b0e-9b66-0123456789ab"
SAID = f"""\
BootCurrent: 0003
Timeout: 0 seconds
BootOrder: 0007,0003,0001,0008
Boot0001* UEFI QEMU HARDDISK\tPciRoot(0x0)/Pci(0x3,0x0){{auto_created_boot_option}}
Boot0003* UiApp\tFvVol(7cb8bdc9-f8eb-4f34-aaea-3ee4af6516a1)/FvFile(462caa21-7614-4503-836e-8ab6f4662331)
Boot0007* oVirt Node\tHD(2,GPT,{OURS.upper()},0x1000,0x18000)/File(\\EFI\\BOOT\\BOOTX64.EFI)
      dp: 04 01 2a 00 02 00 00 00
Boot0008  oVirt Node\tHD(2,GPT,{OTHER},0x1000,0x18000)/File(\\EFI\\BOOT\\BOOTX64.EFI)
Boot0009* oVirt Node old\tHD(1,GPT,{OTHER},0x1000,0x18000)/File(\\EFI\\BOOT\\BOOTX64.EFI)
Boot000A* oVirt Node\tPciRoot(0x0)/Pci(0x3,0x0)
"""


def partitions(*uuids: str) -> Callable[[str], tuple[udev.Device, ...]]:
    """What udev tells of a machine with these partitions."""
    found: tuple[udev.Device, ...] = tuple({"DEVPATH": "/devices/x", "ID_PART_ENTRY_UUID": uuid} for uuid in uuids)
    return lambda subsystem: found if subsystem == "block" else ()


def test_entries_are_found_by_title() -> None:
    assert firmware.entries(SAID) == {"0007": OURS, "0008": OTHER, "000A": ""}


def test_only_what_leads_nowhere_is_stale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran: list[tuple[str, ...]] = []

    def run(argv: tuple[str, ...]) -> str:
        ran.append(argv)
        return SAID

    monkeypatch.setattr(firmware, "run", run)
    monkeypatch.setattr(firmware.udev, "devices", partitions(OURS))
    assert firmware.stale(tmp_path) == ("0008",)
    monkeypatch.setattr(firmware.udev, "devices", partitions(""))
    assert firmware.stale(tmp_path) == ("0007", "0008")
    assert firmware.stale(tmp_path / "no-efi") == ()
    firmware.delete_entries(("0008",))
    assert ran[-1] == ("efibootmgr", "--quiet", "--bootnum", "0008", "--delete-bootnum")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What efibootmgr was told, on a machine with two nodes, each on a disk of its own; vda2 leads to OURS."""
    made: list[tuple[str, ...]] = []

    def run(argv: tuple[str, ...]) -> str:
        made.append(argv)
        return SAID

    monkeypatch.setattr(firmware, "run", run)
    monkeypatch.setattr(firmware.udev, "devices", partitions(OURS, OTHER))
    monkeypatch.setattr(firmware, "paths", lambda disk: ("/dev/sda", "/dev/sdb") if "mpath" in disk else ())
    monkeypatch.setattr(firmware, "partition", lambda disk, number: f"{disk}{number}")
    monkeypatch.setattr(firmware, "signature", lambda _path: {"ID_PART_ENTRY_UUID": OURS})
    return made


def deleted(ran: list[tuple[str, ...]]) -> list[str]:
    return [argv[3] for argv in ran if "--delete-bootnum" in argv]


def test_a_multipath_map_is_announced_by_one_of_its_paths(ran: list[tuple[str, ...]], tmp_path: Path) -> None:
    firmware.add_entry("/dev/mapper/mpatha", 2, "EFI/BOOT/BOOTX64.EFI", tmp_path)
    assert ran[-1][2:8] == ("--create", "--disk", "/dev/sda", "--part", "2", "--loader")[0:6]
    assert ran[-1][8] == "\\EFI\\BOOT\\BOOTX64.EFI"


def test_the_entry_of_a_node_on_another_disk_stays(
    ran: list[tuple[str, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    firmware.add_entry("/dev/vda", 2, "EFI/BOOT/BOOTX64.EFI", tmp_path)
    assert deleted(ran) == ["0007"] and "--create" in ran[-1]
    ran.clear()
    monkeypatch.setattr(firmware.udev, "devices", partitions(OURS))
    firmware.add_entry("/dev/vda", 2, "EFI/BOOT/BOOTX64.EFI", tmp_path)
    assert deleted(ran) == ["0007", "0008"]
    ran.clear()
    monkeypatch.setattr(firmware, "signature", lambda _path: {})
    firmware.add_entry("/dev/vda", 2, "EFI/BOOT/BOOTX64.EFI", tmp_path)
    assert deleted(ran) == ["0008"], "where it leads is not known: it stays"


LOADER = "EFI/BOOT/BOOTX64.EFI"


@pytest.mark.parametrize(
    ("said", "uuid", "loader", "there"),
    [
        (SAID, OURS, LOADER, True),
        (SAID.replace("File(\\EFI\\BOOT\\BOOTX64.EFI)", "\\EFI\\BOOT\\BOOTX64.EFI"), OURS, LOADER, True),
        (SAID, OTHER, LOADER, False),  # it is not active
        (SAID, OURS, "EFI/debian/shimx64.efi", False),
        (SAID.replace("oVirt Node\t", "oVirt\t"), OURS, LOADER, False),
        ("", OURS, LOADER, False),
    ],
)
def test_an_entry_leads_where_it_says(said: str, uuid: str, loader: str, there: bool) -> None:
    assert firmware.leads(said, uuid, loader) is there


def test_the_firmware_has_an_entry_where_it_tells_one_and_needs_none_where_it_tells_nothing(
    ran: list[tuple[str, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert firmware.has_entry("/dev/vda", 2, LOADER, tmp_path)
    assert not firmware.has_entry("/dev/vda", 2, "EFI/other.efi", tmp_path)
    assert firmware.has_entry("/dev/vda", 2, "EFI/other.efi", tmp_path / "no-efi")

    def fails(_argv: tuple[str, ...]) -> str:
        raise StepFailed("efibootmgr failed")

    monkeypatch.setattr(firmware, "run", fails)
    assert firmware.has_entry("/dev/vda", 2, "EFI/other.efi", tmp_path)
