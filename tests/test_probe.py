"""Disks and network interfaces as facts, from a sysfs in a folder and what udev knows."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from ovirt_tui.machine.disks import unusable
from ovirt_tui.machine.facts import Disk, Group, NodeState, Part, Virtualization
from ovirt_tui.system import keymap_titles
from ovirt_tui.system.block import Blocks
from ovirt_tui.system.mounts import Mount
from ovirt_tui.system.nics import nics
from ovirt_tui.system.probe import Probe, node_on
from ovirt_tui.system.udev import PROPERTIES, Device

MIB = 2048  # sectors
TITLES = """# -*- perl -*-
$::keymaps->{pc} =
{
    default => 'qwertz',
    'qwertz' =>
    {
        default => 'German',
        'German' => # needs confirm
        {
            'Standard' => { 'latin1' => 'de-latin1', 'Programmer' => 'de', },
            #'Old' => { 'Standard' => 'de-old' },
        },
    },
    'dvorak' => { 'Unknown' => { 'Left single-handed' => { 'Standard' => 'dvorak-l' }, }, },
};
$::keymaps->{sun} =
{
    'any' => { 'US american' => { 'Standard' => { 'Standard' => 'us' } } },
    'other' => { 'Bosnian' => { 'Standard' => { 'A' => 'de' } } },
};
$::obsolete_keymaps = (
               [ 'pc', 'qwerty', 'Canadadian' ],
               );
"""


@dataclass
class Recorded:
    """A machine being written down."""

    root: Path
    devices: dict[str, Device] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    def block(self, name: str, mib: int, *, parent: str = "", sysfs: dict[str, str] | None = None, **more: str) -> None:
        """Write down a disk, or with *parent* a partition of it."""
        number = len(self.numbers)
        self.numbers[name] = f"8:{number}"
        folder = self.root / "sys/class/block" / name
        for attribute, value in {"size": str(mib * MIB), "ro": "0", "removable": "0", **(sysfs or {})}.items():
            (folder / attribute).parent.mkdir(parents=True, exist_ok=True)
            (folder / attribute).write_text(f"{value}\n")
        path = f"/devices/pci/block/{parent}/{name}" if parent else f"/devices/pci/block/{name}"
        known = {
            "DEVPATH": path,
            "DEVNAME": f"/dev/{name}",
            "DEVTYPE": "partition" if parent else "disk",
            "MAJOR": "8",
            "MINOR": str(number),
            **more,
        }
        self.devices[name] = {key: known[key] for key in PROPERTIES if key in known}

    def stands_on(self, upper: str, lower: str) -> None:
        """Say that one device is made of another."""
        for name, folder, other in ((lower, "holders", upper), (upper, "slaves", lower)):
            (self.root / "sys/class/block" / name / folder / other).mkdir(parents=True)

    def disks(
        self, mounts: dict[str, str] | None = None, swaps: tuple[str, ...] = (), live: str = ""
    ) -> dict[str, Disk]:
        """What is found, by path."""
        held = tuple(Mount(self.numbers[name], point, "ext4", "") for name, point in (mounts or {}).items())
        known = tuple(self.devices.values())
        blocks = Blocks(known, held, swaps, self.root / "sys", self.numbers.get(live, ""))
        return {disk.path: disk for disk in blocks.disks()}


def test_a_disk_and_its_partitions(tmp_path: Path) -> None:
    machine = Recorded(tmp_path)
    links = "/dev/disk/by-path/pci-1 /dev/disk/by-id/ata-A_1 /dev/disk/by-diskseq/4"
    machine.block(
        "sda", 1000, sysfs={"queue/logical_block_size": "4096"}, ID_PART_TABLE_TYPE="gpt", ID_BUS="ata",
        ID_MODEL="A_Disk__", ID_SERIAL="A_Disk_1", ID_SERIAL_SHORT="1", ID_WWN="0x5", DEVLINKS=links,
    )  # fmt: skip
    names = {"ID_PART_ENTRY_NAME": "ovirt-node\\x20x", "ID_FS_TYPE": "vfat", "ID_FS_LABEL_ENC": "A\\x20\\xc3\\xa9"}
    machine.block("sda10", 90, parent="sda", PARTN="10")
    machine.block("sda2", 48, parent="sda", PARTN="2", **names)
    (disk,) = machine.disks().values()
    assert (disk.mib, disk.sector, disk.bus, disk.model, disk.table) == (1000, 4096, "ata", "A Disk", "gpt")
    assert (disk.serial, disk.short_serial, disk.wwn) == ("A_Disk_1", "1", "0x5")
    assert disk.links == ("/dev/disk/by-id/ata-A_1", "/dev/disk/by-path/pci-1")
    assert disk.parts[0] == Part(path="/dev/sda2", mib=48, kind="vfat", label="A é", name="ovirt-node x")
    assert disk.parts[1].path == "/dev/sda10"


def test_what_is_no_disk_is_left_out(tmp_path: Path) -> None:
    machine = Recorded(tmp_path)
    for name in ("loop0", "ram0", "zram0", "md127", "fd0", "dm-0"):
        machine.block(name, 100)
    machine.block("sdc", 0)  # a card reader without a card
    machine.block("sr0", 0, ID_CDROM="1")
    assert [(path, disk.cdrom) for path, disk in machine.disks().items()] == [("/dev/sr0", True)]


def test_an_nvme_with_two_controllers_is_one_disk(tmp_path: Path) -> None:
    """As Linux shows a subsystem with two controllers: each way has a name, but no node in /dev."""
    machine = Recorded(tmp_path)
    machine.block("nvme0n1", 1000, sysfs={"hidden": "0"}, ID_SERIAL="NV_1")
    for name in ("nvme0c0n1", "nvme0c1n1"):
        machine.block(name, 1000, sysfs={"hidden": "1"})
        del machine.devices[name]["DEVNAME"]
    machine.block("nvme1n1", 500)  # of a kernel or a driver without ways
    assert list(machine.disks()) == ["/dev/nvme0n1", "/dev/nvme1n1"]


def test_an_emmc_is_one_disk(tmp_path: Path) -> None:
    machine = Recorded(tmp_path)
    machine.block("mmcblk0", 60000, sysfs={"hidden": "0"})
    machine.block("mmcblk0p1", 100, parent="mmcblk0", PARTN="1")
    for name in ("mmcblk0boot0", "mmcblk0boot1", "mmcblk0rpmb"):
        machine.block(name, 4, sysfs={"ro": "1", "hidden": "0"})
    machine.block("mmcblk1", 30000)
    found = machine.disks()
    assert list(found) == ["/dev/mmcblk0", "/dev/mmcblk1"]
    assert [part.path for part in found["/dev/mmcblk0"].parts] == ["/dev/mmcblk0p1"]


def test_disks_are_in_the_order_people_count(tmp_path: Path) -> None:
    machine = Recorded(tmp_path)
    for name in ("nvme10n1", "sdaa", "nvme2n1", "sdb"):
        machine.block(name, 100)
    assert list(machine.disks()) == ["/dev/nvme2n1", "/dev/nvme10n1", "/dev/sdb", "/dev/sdaa"]


def test_multipath(tmp_path: Path) -> None:
    machine = Recorded(tmp_path)
    for name in ("sda", "sdb"):
        machine.block(name, 1000, ID_FS_TYPE="mpath_member", ID_BUS="scsi", ID_SERIAL="360", ID_MODEL="LUN")
    machine.block("dm-0", 1000, sysfs={"dm/name": "mpatha", "dm/uuid": "mpath-360"}, ID_PART_TABLE_TYPE="gpt")
    machine.block("dm-1", 500, sysfs={"dm/name": "mpatha-part1", "dm/uuid": "part1-mpath-360"}, ID_FS_TYPE="ext4")
    for upper, lower in (("dm-0", "sda"), ("dm-0", "sdb"), ("dm-1", "dm-0")):
        machine.stands_on(upper, lower)
    found = machine.disks(live="dm-1")
    assert list(found) == ["/dev/mapper/mpatha", "/dev/sda", "/dev/sdb"]
    assert found["/dev/sda"].map_of == found["/dev/sdb"].map_of == "/dev/mapper/mpatha"
    whole = found["/dev/mapper/mpatha"]
    assert (whole.bus, whole.serial, whole.model, whole.live) == ("multipath", "360", "LUN", True)
    assert whole.parts == (Part(path="/dev/mapper/mpatha-part1", mib=500, kind="ext4"),)


def test_what_must_not_be_chosen(tmp_path: Path) -> None:
    machine = Recorded(tmp_path)
    machine.block("sda", 100, sysfs={"ro": "1"})
    machine.block("sdb", 100, sysfs={"removable": "1"}, ID_PART_TABLE_TYPE="dos", ID_FS_TYPE="iso9660")
    machine.block("sdb1", 90, parent="sdb", PARTN="1")
    machine.block("sdc", 100, ID_FS_TYPE="isw_raid_member")
    machine.block("sdd", 100, ID_FS_TYPE="linux_raid_member")
    found = machine.disks(live="sdb1")
    assert [disk.read_only for disk in found.values()] == [True, False, False, False]
    assert (found["/dev/sdb"].removable, found["/dev/sdb"].live) == (True, True)
    assert (found["/dev/sdc"].raid, found["/dev/sdc"].parts) == ("isw_raid_member", ())
    assert found["/dev/sdd"].parts == (Part(path="/dev/sdd", mib=100, kind="linux_raid_member"),)
    assert not found["/dev/sda"].live


def test_what_the_initrd_cannot_reach_must_not_be_chosen(tmp_path: Path) -> None:
    machine = Recorded(tmp_path)
    machine.block("sda", 2000, DEVPATH="/devices/platform/host3/session1/target3:0:0/3:0:0:1/block/sda", ID_BUS="scsi")
    machine.block("sdb", 2000, DEVPATH="/devices/pci0/0000:00:05.0/host4/session2/target4/block/sdb", ID_BUS="scsi")
    machine.block("nvme0n1", 2000, sysfs={"device/transport": "pcie"})
    machine.block("nvme1n1", 2000, sysfs={"device/transport": "tcp"})
    machine.block("nvme2n1", 2000, sysfs={"device/nvme2/transport": "fc", "device/nvme3/transport": "fc"})
    machine.block("nvme4n1", 2000, sysfs={"device/nvme4/transport": "pcie", "device/nvme5/transport": "pcie"})
    machine.block("etherd!e0.0", 2000, DEVNAME="/dev/etherd/e0.0")
    machine.block("dm-0", 2000, sysfs={"dm/name": "mpatha", "dm/uuid": "mpath-36"})
    machine.stands_on("dm-0", "sda")
    found = machine.disks()
    buses = {path: disk.bus for path, disk in found.items()}
    assert buses == {
        "/dev/sda": "iscsi", "/dev/sdb": "scsi", "/dev/nvme0n1": "nvme", "/dev/nvme1n1": "nvme-tcp",
        "/dev/nvme2n1": "nvme-fc", "/dev/nvme4n1": "nvme", "/dev/etherd/e0.0": "aoe", "/dev/mapper/mpatha": "iscsi",
    }  # fmt: skip
    usable = {path for path, disk in found.items() if not unusable(disk)}
    assert usable == {"/dev/sdb", "/dev/nvme0n1", "/dev/nvme4n1"}
    assert "a node cannot start from it" in str(unusable(found["/dev/mapper/mpatha"]))


def test_uses_are_seen_through_logical_volumes(tmp_path: Path) -> None:
    machine = Recorded(tmp_path)
    machine.block("sda", 400, ID_PART_TABLE_TYPE="gpt")
    for number in range(1, 6):
        machine.block(f"sda{number}", 50, parent="sda", PARTN=str(number), ID_FS_TYPE="ext4")
    machine.block("dm-0", 10, sysfs={"dm/name": "vg-used", "dm/uuid": "LVM-1"})
    machine.block("dm-1", 10, sysfs={"dm/name": "vg-idle", "dm/uuid": "LVM-2"})
    machine.block("dm-2", 10, sysfs={"dm/name": "secret", "dm/uuid": "CRYPT-LUKS2-1"})
    for upper, lower in (("dm-0", "sda3"), ("dm-1", "sda3"), ("dm-1", "sda4"), ("dm-2", "sda5")):
        machine.stands_on(upper, lower)
    (disk,) = machine.disks({"sda1": "/srv", "dm-0": "/data"}, ("/dev/sda2",)).values()
    assert [part.uses for part in disk.parts] == [("/srv",), ("swap",), ("/data",), (), ("/dev/mapper/secret",)]


def test_a_node_is_known_by_the_names_of_its_partitions() -> None:
    group = Group(name="HostVG", uuid="u")
    parts = (
        Part(path="/dev/vda2", mib=48, kind="ext4", name="ovirt-node"),
        Part(path="/dev/vda3", mib=271, label="Root", name="Root 0.1.0-1"),
    )
    disk = Disk(path="/dev/vda", mib=900, parts=parts)
    node = node_on(disk, (group,))
    assert node
    assert (node.state, node.version) == (NodeState.COMPLETE, "0.1.0-1")
    lost = node_on(disk, ())
    assert lost
    assert lost.state is NodeState.BROKEN
    names = ("BIOS boot", "ovirt-node-installing", "Root", "RootBackup", "HostVG")
    parts = tuple(Part(path=f"/dev/vda{number}", mib=9, name=name) for number, name in enumerate(names, 1))
    started = node_on(Disk(path="/dev/vda", mib=900, parts=parts), ())
    assert started
    assert (started.state, started.answers) == (NodeState.INSTALLING, ())
    assert node_on(Disk(path="/dev/vda", mib=900, parts=parts[:2]), ()) is None
    assert node_on(Disk(path="/dev/vda", mib=900, parts=(parts[1], *parts[3:])), ()) is None
    assert node_on(Disk(path="/dev/vdb", mib=900, parts=(Part(path="", mib=9, name="EFI"),)), (group,)) is None


def test_nics(tmp_path: Path) -> None:
    folder = tmp_path / "sys/class/net"
    for name, files in {
        "lo": {"type": "772"},
        "eth0": {"type": "1", "address": "52:54:00:00:00:01", "carrier": "1", "device/x": ""},
        "eth1": {"type": "1", "device/x": ""},
        "vnet0": {"type": "1"},
        "br0": {"type": "1", "bridge/x": "", "brif/eth0": ""},
        "virbr0": {"type": "1", "bridge/x": ""},  # it goes away while it is looked at
        "bond0": {"type": "1", "bonding/slaves": "eth2 eth1"},
        "eth0.7": {"type": "1", "uevent": "DEVTYPE=vlan\nINTERFACE=eth0.7", "lower_eth0": ""},
    }.items():
        for file, content in files.items():
            (folder / name / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / file).write_text(content + "\n")
    known = ({"INTERFACE": "eth0", "ID_MODEL_FROM_DATABASE": "A card"},)
    held = [{"local": "192.0.2.7", "prefixlen": 24}, {"local": "fe80::1", "prefixlen": 64}]
    found = {nic.name: nic for nic in nics(known, json.dumps([{"ifname": "br0", "addr_info": held}]), tmp_path / "sys")}
    assert sorted(found) == ["bond0", "br0", "eth0", "eth0.7", "eth1", "virbr0"]
    assert (found["eth0"].mac, found["eth0"].link, found["eth0"].model) == ("52:54:00:00:00:01", True, "A card")
    assert not found["eth1"].link
    assert (found["br0"].kind, found["br0"].members, found["br0"].addresses) == ("bridge", ("eth0",), ("192.0.2.7/24",))
    assert (found["bond0"].kind, found["bond0"].members) == ("bond", ("eth1", "eth2"))
    assert (found["eth0.7"].kind, found["eth0.7"].members) == ("vlan", ("eth0",))


def test_the_machine_itself(tmp_path: Path) -> None:
    for name, content in {
        "run/initramfs/live/version": "PRODUCT=oVirt Node\nVERSION=0.1.0\nRELEASE=7\n",
        "run/initramfs/live/vmlinuz": "k" * 1000,
        "run/initramfs/live/LiveOS/squashfs.img": "s" * 3 * 1024 * 1024,
        "etc/os-release": 'NAME="Debian"\nID=debian\n',
        "proc/cmdline": "root=live:LABEL=Root node.slot=RootBackup quiet\n",
        "proc/meminfo": "MemTotal:  475136 kB\n",
        "proc/cpuinfo": "flags\t\t: fpu vmx sse\n",
        "sys/class/tty/console/active": "tty0 ttyS0\n",
        "usr/share/keymaps/i386/qwertz/de-latin1.kmap.gz": "",
        "usr/share/keymaps/i386/include/part.kmap.gz": "",
        "usr/share/keymaps/mac/all/mac-us.kmap.gz": "",
        keymap_titles.LIST: TITLES,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    found = Probe(tmp_path).itself()
    assert (found.product, found.version, found.os_id, found.slot) == ("oVirt Node", "0.1.0-7", "debian", "RootBackup")
    assert (found.memory_mib, found.image_mib, found.efi) == (464, 4, False)
    assert found.virtualization is Virtualization.DISABLED
    assert (found.keymaps, found.consoles) == (("de-latin1",), ("tty1", "ttyS0"))
    assert {each.keymap: each.title for each in found.keymap_titles} == {
        "de-latin1": "German, latin1",
        "de": "German, Programmer",
        "dvorak-l": "dvorak, Left single-handed",
        "us": "US american",
    }
    (tmp_path / "proc/cpuinfo").write_text("flags\t\t: fpu sse\n")
    assert Probe(tmp_path).itself().virtualization is Virtualization.ABSENT


def test_what_a_machine_offers_for_tuning(tmp_path: Path) -> None:
    for name, content in {
        "usr/lib/tuned/profiles/virtual-host/tuned.conf": "# x\n\n[main]\nsummary=For guests\n[vm]\nsummary=no\n",
        "usr/lib/tuned/profiles/ours/tuned.conf": "[main]\nsummary=Of the package\n",
        "etc/tuned/profiles/ours/tuned.conf": "[vm]\nsummary=no\n[main]\ninclude=ours\nsummary =  Ours \x1b[2J\n",
        "etc/tuned/profiles/silent/tuned.conf": "[main]\nsummary=\ninclude=ours\n[vm]\nsummary=no\n",
        "etc/tuned/profiles/none/other.conf": "[main]\n",
        "sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages": "0\n",
        "sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages": "0\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    found = Probe(tmp_path).itself()
    summaries = {each.name: each.summary for each in found.profiles}
    assert summaries == {"ours": "Ours \\x1b[2J", "silent": "", "virtual-host": "For guests"}
    assert list(summaries) == sorted(summaries)
    assert found.huge_pages == (2, 1024)
