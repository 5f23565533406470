"""Disks as facts, from sysfs and udev.  No device is opened, so none spins up or changes."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from ovirt_tui.machine.disks import BY_RUNNING_SYSTEM
from ovirt_tui.machine.facts import Disk, Part, Rotational
from ovirt_tui.machine.untrusted import escaped
from ovirt_tui.model.records import dataclass, field, replace
from ovirt_tui.system.mounts import Mount
from ovirt_tui.system.udev import Device

SECTOR = 512  # bytes; the unit of sysfs sizes, whatever the sector size of the disk
MIB = 1024 * 1024
NO_DISK = re.compile(r"(loop|ram|zram|fd|md|nbd|drbd|rbd|dm-|mtdblock)\d")
MMC_AREA = re.compile(r"mmcblk\d+(boot\d|rpmb)")
"""Boot and RPMB areas of an eMMC: block devices of a few MiB, too small for any system."""
BUS_BY_NAME = {"vd": "virtio", "nvme": "nvme", "mmcblk": "mmc", "xvd": "xen", "pmem": "pmem", "etherd": "aoe"}
ISCSI = re.compile(r"/devices/platform/host\d+/session\d+/")
"""Sysfs path of disks of the software iSCSI initiator; those of an iSCSI adapter are below the adapter."""
TRANSPORTS = (
    ("usb", re.compile(r"/usb\d+/")),
    ("sata", re.compile(r"/ata\d+/")),
    ("sas", re.compile(r"/end_device-[\d:]+/")),
    ("fc", re.compile(r"/rport-[\d:-]+/")),
    ("iscsi", re.compile(r"/session\d+/")),
)
"""Transports by the sysfs path of a SCSI disk; virtual disks and most RAID controllers match none."""
HCTL = re.compile(r"/(\d+:\d+:\d+:\d+)/block/")
ROTATIONAL = {"0": Rotational.NO, "1": Rotational.YES}
CONTROLLER = re.compile(r"nvme\d+$")
MULTIPATH = "mpath-"
MULTIPATH_PART = re.compile(r"part(\d+)-mpath-")
LVM = "LVM-"
PASSING = "/by-diskseq/"
"""Links by a number counted since boot, which differs after the next one."""


@dataclass
class Blocks:
    """All block devices: udev properties by kernel name, joined with sysfs, mounts and swaps."""

    devices: tuple[Device, ...]
    mounts: tuple[Mount, ...] = ()
    swaps: tuple[str, ...] = ()  # device paths, as /proc/swaps shows them
    sys: Path = Path("/sys")
    live: str = ""  # major:minor of the device that holds the medium tree
    _names: dict[str, Device] = field(init=False)

    def __post_init__(self) -> None:
        self._names = {device["DEVPATH"].rpartition("/")[2]: device for device in self.devices}

    def disks(self) -> tuple[Disk, ...]:
        """Every disk, multipath maps as well as their paths, sorted by name."""
        found = [self._disk(name) for name in self._names if self._is_disk(name)]
        return tuple(sorted((disk for disk in found if disk.mib or disk.cdrom), key=lambda disk: _natural(disk.path)))

    def path(self, name: str) -> str:
        """The path an admin would use for the device with the kernel name *name*."""
        mapped = self._read(name, "dm/name")
        return f"/dev/mapper/{mapped}" if mapped else self._names.get(name, {}).get("DEVNAME", f"/dev/{name}")

    def _is_disk(self, name: str) -> bool:
        if self._read(name, "dm/uuid").startswith(MULTIPATH):
            return True
        if self._names[name].get("DEVTYPE") != "disk" or NO_DISK.match(name) or MMC_AREA.match(name):
            return False
        # A path of an NVMe multipath device (nvme0c0n1): the kernel hides it behind nvme0n1 and creates no device node.
        return self._read(name, "hidden") != "1" and "DEVNAME" in self._names[name]

    def _disk(self, name: str) -> Disk:
        device = self._names[name]
        known = self._identity(name, device)
        kind = device.get("ID_FS_TYPE", "")
        disk = Disk(
            path=self.path(name),
            links=tuple(filter(_lasts, sorted(device.get("DEVLINKS", "").split()))),
            mib=int(self._read(name, "size") or 0) * SECTOR // MIB,
            sector=int(self._read(name, "queue/logical_block_size") or SECTOR),
            bus=self._bus(name, device),
            transport=self._transport(name, device),
            rotational=ROTATIONAL.get(self._read(name, "queue/rotational"), Rotational.UNKNOWN),
            hctl=self._hctl(device),
            model=known.get("ID_MODEL", "").replace("_", " ").strip(),
            serial=known.get("ID_SERIAL", ""),
            short_serial=known.get("ID_SERIAL_SHORT", "") or known.get("ID_SCSI_SERIAL", ""),
            wwn=known.get("ID_WWN_WITH_EXTENSION", "") or known.get("ID_WWN", ""),
            sequence=device.get("DISKSEQ", ""),
            removable=self._read(name, "removable") == "1",
            read_only=self._read(name, "ro") == "1",
            cdrom=name.startswith("sr") or device.get("ID_CDROM") == "1",
            live=self._live_disk == name,
            map_of=next((self.path(holder) for holder in self._holders(name) if self._is_map(holder)), ""),
            table=device.get("ID_PART_TABLE_TYPE", "none"),
            raid=kind if kind.endswith("_raid_member") and kind != "linux_raid_member" else "",
        )
        return replace(disk, parts=self._parts(name, disk))

    def _bus(self, name: str, device: Device) -> str:
        """The bus of the disk; those in BY_RUNNING_SYSTEM are recognised through a multipath map too."""
        if name.startswith("dm-"):
            paths = [self._bus(path, self._names[path]) for path in self._paths(name)]
            return next((bus for bus in paths if bus in BY_RUNNING_SYSTEM), "multipath")
        if ISCSI.match(device["DEVPATH"]):
            return "iscsi"
        places = ("device", *(f"device/{entry}" for entry in self._list(name, "device") if CONTROLLER.match(entry)))
        transports = {said for place in places if (said := self._read(name, f"{place}/transport"))}
        if name.startswith("nvme") and transports and "pcie" not in transports:
            return f"nvme-{min(transports)}"
        by_name = next((bus for start, bus in BUS_BY_NAME.items() if name.startswith(start)), "")
        return by_name or device.get("ID_BUS", "")

    def _transport(self, name: str, device: Device) -> str:
        """The transport of the disk, by its sysfs path; for a multipath map, that of its first path."""
        if name.startswith("dm-"):
            return next((self._transport(path, self._names[path]) for path in self._paths(name)), "")
        bus = self._bus(name, device)
        if bus in BY_RUNNING_SYSTEM or bus in BUS_BY_NAME.values():
            return bus
        return next((name for name, place in TRANSPORTS if place.search(device["DEVPATH"])), "")

    def _hctl(self, device: Device) -> str:
        found = HCTL.search(device["DEVPATH"])
        return found[1] if found else ""

    def _paths(self, name: str) -> list[str]:
        """The paths of a multipath map."""
        return [path for path in self._list(name, "slaves") if path in self._names]

    def _identity(self, name: str, device: Device) -> Device:
        """The properties that identify the disk; for a multipath map, those of its first path."""
        paths = () if "ID_SERIAL" in device else self._paths(name)
        return next((self._names[path] for path in paths), device)

    def _parts(self, name: str, disk: Disk) -> tuple[Part, ...]:
        numbered = sorted(self._partitions(name))
        if numbered:
            return tuple(self._part(part) for _number, part in numbered)
        whole = self._part(name)
        return (whole,) if (whole.kind and not disk.raid and not disk.cdrom) or whole.uses else ()

    def _partitions(self, name: str) -> list[tuple[int, str]]:
        found = [(number, part) for part, number in self._children[name]]
        for holder in self._list(name, "holders"):
            if match := MULTIPATH_PART.match(self._read(holder, "dm/uuid")):
                found.append((int(match[1]), holder))
        return found

    def _part(self, name: str) -> Part:
        device = self._names.get(name, {})
        return Part(
            path=self.path(name),
            mib=int(self._read(name, "size") or 0) * SECTOR // MIB,
            kind=device.get("ID_FS_TYPE", ""),
            label=_unescaped(device.get("ID_FS_LABEL_ENC", device.get("ID_FS_LABEL", ""))),
            name=_unescaped(device.get("ID_PART_ENTRY_NAME", "")),
            uses=tuple(dict.fromkeys(self._uses(name))),
        )

    def _uses(self, name: str) -> list[str]:
        """Mount points, "swap", and devices on top of it; for logical volumes, their uses.

        An active logical volume is not a use by itself: the volume group is reported separately.
        """
        device = self._names.get(name, {})
        number = f"{device.get('MAJOR')}:{device.get('MINOR')}"
        found = [mount.point for mount in self.mounts if mount.number == number]
        if self.path(name) in self.swaps or device.get("DEVNAME") in self.swaps:
            found.append("swap")
        for holder in self._holders(name):
            uuid = self._read(holder, "dm/uuid")
            if uuid.startswith(MULTIPATH) or MULTIPATH_PART.match(uuid):
                continue
            found += self._uses(holder) if uuid.startswith(LVM) else [self.path(holder)]
        return found

    def _holders(self, name: str) -> list[str]:
        return self._list(name, "holders")

    def _is_map(self, name: str) -> bool:
        return self._read(name, "dm/uuid").startswith(MULTIPATH)

    @cached_property
    def _children(self) -> dict[str, list[tuple[str, int]]]:
        """Partitions, with their numbers, by the disk they are on."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for name, device in self._names.items():
            if device.get("DEVTYPE") == "partition":
                found[device["DEVPATH"].split("/")[-2]].append((name, int(device.get("PARTN", "0"))))
        return found

    @cached_property
    def _live_disk(self) -> str:
        """The disk that holds the medium tree."""
        for name, device in self._names.items():
            if self.live and f"{device.get('MAJOR')}:{device.get('MINOR')}" == self.live:
                return self._whole(name, device)
        return ""

    def _whole(self, name: str, device: Device) -> str:
        if device.get("DEVTYPE") == "partition":
            return device["DEVPATH"].split("/")[-2]
        if MULTIPATH_PART.match(self._read(name, "dm/uuid")):
            return next(iter(self._list(name, "slaves")), name)
        return name

    def _read(self, name: str, attribute: str) -> str:
        try:
            return (self.sys / "class/block" / name / attribute).read_text(errors="replace").strip()
        except OSError:
            return ""

    def _list(self, name: str, folder: str) -> list[str]:
        try:
            return sorted(entry.name for entry in (self.sys / "class/block" / name / folder).iterdir())
        except OSError:
            return []


def _lasts(link: str) -> bool:
    """Say whether *link* outlasts a reboot and needs no escaping: a name that is shown escaped could not be typed."""
    return PASSING not in link and escaped(link) == link


def _unescaped(text: str) -> str:
    r"""Undo udev's \x20 escapes, which stand for bytes of UTF-8."""
    plain = re.sub(rb"\\x([0-9a-f]{2})", lambda match: bytes([int(match[1], 16)]), text.encode())
    return plain.decode(errors="replace")


def _natural(path: str) -> list[tuple[int, int, str]]:
    """Sort key: sdb before sdaa, nvme2 before nvme10."""
    counted = re.sub(r"(/(?:[hsv]|xv|ub)d)([a-z]+)", lambda match: f"{match[1]}{len(match[2])}{match[2]}", path)
    parts = re.findall(r"\d+|\D+", counted)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
