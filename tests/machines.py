"""Machines to test on, as facts."""

from functools import cache

from ovirt_tui.machine.facts import (
    Disk,
    Facts,
    Group,
    KeymapTitle,
    Nic,
    Node,
    NodeState,
    Part,
    TuningProfile,
    Virtualization,
)

TRANSPORTS = {"ata": "sata", "usb": "usb", "nvme": "nvme", "virtio": "virtio"}


def disk(path: str, gib: float, **more: object) -> Disk:
    """A plausible disk of *gib* GiB."""
    letter = path[-1]
    defaults: dict[str, object] = {
        "links": (f"/dev/disk/by-id/virtio-{letter}0001",),
        "bus": "virtio",
        "model": "Virtual disk",
        "serial": f"{letter}0001",
        "short_serial": f"{letter}0001",
    }
    known = {**defaults, **more}
    known.setdefault("transport", TRANSPORTS.get(str(known["bus"]), ""))
    return Disk(path=path, mib=int(gib * 1024), **known)  # type: ignore[arg-type]


ETH0 = Nic(name="eth0", mac="52:54:00:12:34:56", link=True, driver="virtio_net", model="Virtio network device")
ETH1 = Nic(name="eth1", mac="52:54:00:12:34:57", driver="virtio_net", model="Virtio network device")
MPATHA = "/dev/mapper/mpatha"
PLAIN = Facts(
    version="0.1.0-1",
    memory_mib=4096,
    image_mib=220,
    virtualization=Virtualization.ENABLED,
    keymaps=("de", "fr", "us"),
    keymap_titles=(KeymapTitle("de", "German, Programmer"), KeymapTitle("us", "US american")),
    consoles=("tty1", "ttyS0"),
    profiles=(
        TuningProfile("balanced", "General non-specialized tuned profile"),
        TuningProfile("throughput-performance", "Broadly applicable tuning for common server workloads"),
        TuningProfile("virtual-host", "Optimize for running KVM guests"),
    ),
    huge_pages=(2, 1024),
    disks=(disk("/dev/vda", 20),),
    nics=(ETH0, ETH1),
)


def with_(**changes: object) -> Facts:
    """PLAIN with other facts."""
    return Facts(**{**PLAIN.__dict__, **changes})  # type: ignore[arg-type]


def group_part(path: str, group: str) -> Part:
    return Part(path=path, mib=10240, kind="LVM2_member", group=group)


def node_installed(state: NodeState, **more: object) -> Facts:
    return with_(
        disks=(disk("/dev/vda", 20, table="gpt", parts=(group_part("/dev/vda5", "HostVG"),)), disk("/dev/vdb", 20)),
        groups=(Group(name="HostVG", uuid="u2", disks=("/dev/vda",), volumes=("Swap", "Config", "Logging", "Data")),),
        nodes=(Node(disk="/dev/vda", state=state, version="0.1.0-1", **more),),  # type: ignore[arg-type]
    )


MANY = with_(
    disks=(
        disk("/dev/sda", 931, bus="ata", model="ST1000NM0055", serial="ZBS0A1", wwn="0x5000c500a1b2c3d4"),
        disk("/dev/sdb", 931, bus="ata", model="ST1000NM0055", serial="ZBS0A2", map_of="/dev/mapper/mpatha"),
        disk("/dev/sdc", 58.6, bus="usb", model="Ultra Fit", serial="4C530001", live=True, removable=True),
        disk("/dev/nvme0n1", 1863, bus="nvme", model="Samsung SSD 980 PRO 2TB", wwn="eui.002538b111900001"),
        disk("/dev/sr0", 0.6, bus="ata", model="DVD-RAM GH24", cdrom=True),
        disk("/dev/sdd", 0.5, bus="usb", model="Old stick"),
        disk("/dev/sde", 20, bus="ata", model="Write-protected", read_only=True),
        disk(
            "/dev/mapper/mpatha", 931, bus="multipath", model="ST1000NM0055", links=("/dev/disk/by-id/dm-name-mpatha",)
        ),
    )
)
LUN = disk(
    "/dev/sda",
    40,
    bus="iscsi",
    links=("/dev/disk/by-path/ip-192.0.2.10:3260-iscsi-iqn.2001-04.com.example:disk1-lun-1",),
    model="VIRTUAL-DISK",
    serial="360000000000000000e00000000010001",
    wwn="0x60000000000000000e00000000010001",
    target="192.0.2.10/iqn.2001-04.com.example:disk1",
)
MACHINES = {
    "one-disk": PLAIN,
    "two-disks": with_(disks=(disk("/dev/vda", 20), disk("/dev/vdb", 100)), efi=True),
    "iscsi-disk": with_(disks=(LUN, disk("/dev/vda", 8))),
    "smallest": with_(disks=(disk("/dev/vda", 810 / 1024),), memory_mib=512),
    "too-small": with_(disks=(disk("/dev/vda", 0.5),)),
    "fedora": with_(os_id="fedora", efi=True),
    "foreign-group": with_(
        disks=(disk("/dev/vda", 20, table="gpt", parts=(group_part("/dev/vda1", "vg_mail"),)), disk("/dev/vdb", 20)),
        groups=(Group(name="vg_mail", uuid="u1", disks=("/dev/vda",), volumes=("spool",)),),
    ),
    "node-installed": node_installed(NodeState.COMPLETE),
    "interrupted": node_installed(
        NodeState.INSTALLING, answers=("storage_init=/dev/disk/by-id/virtio-a0001", "hostname=node7.example.com")
    ),
    "many-kinds": MANY,
    "interrupted-keeping-data": with_(
        disks=(disk("/dev/vda", 20, table="gpt", parts=(group_part("/dev/vda5", "HostVG"),)),),
        groups=(Group(name="HostVG", uuid="u2", disks=("/dev/vda",), volumes=("Swap", "Config", "Logging", "Data")),),
        nodes=(
            Node(
                disk="/dev/vda",
                state=NodeState.INSTALLING,
                version="0.1.0-1",
                answers=("storage_init=/dev/disk/by-id/virtio-a0001", "storage_found=keep-data"),
            ),
        ),
    ),
    "interrupted-before-its-answers": node_installed(NodeState.INSTALLING),
    "interrupted-before-its-group": with_(nodes=(Node(disk="/dev/vda", state=NodeState.INSTALLING),)),
    "node-on-two-disks": with_(
        disks=(
            disk("/dev/vda", 20, table="gpt", parts=(Part(path="/dev/vda3", mib=4096, kind="ext4", label="Root"),)),
            disk("/dev/vdb", 20, table="gpt", parts=(group_part("/dev/vdb1", "HostVG"),)),
        ),
        groups=(Group(name="HostVG", uuid="u2", disks=("/dev/vdb",), missing=1, volumes=("Swap", "Config")),),
        nodes=(Node(disk="/dev/vda", state=NodeState.BROKEN, version="0.1.0-1"),),
    ),
    # /dev/vdb is the node's second group; a stranger has one of the same name on /dev/vdc, and says it is another's.
    "second-group": with_(
        disks=(
            disk("/dev/vda", 20, table="gpt", parts=(group_part("/dev/vda5", "HostVG"),)),
            disk("/dev/vdb", 20, table="gpt", parts=(group_part("/dev/vdb1", "AppVG"),)),
            disk("/dev/vdc", 20, table="gpt", parts=(group_part("/dev/vdc1", "AppVG"),)),
            disk("/dev/vdd", 0.9),
        ),
        groups=(
            Group(name="AppVG", uuid="u3", disks=("/dev/vdb",), volumes=("Swap2", "Data2"), tags=("ovirt-node.u2",)),
            Group(name="AppVG", uuid="u4", disks=("/dev/vdc",), volumes=("Data2",), tags=("ovirt-node.other",)),
            Group(name="HostVG", uuid="u2", disks=("/dev/vda",), volumes=("Swap", "Config", "Logging", "Data")),
        ),
        nodes=(Node(disk="/dev/vda", state=NodeState.COMPLETE, version="0.1.0-1"),),
    ),
    "mixed-sectors": with_(disks=(disk("/dev/vda", 20), disk("/dev/vdb", 20), disk("/dev/vdc", 20, sector=4096))),
    "large-sectors": with_(disks=(disk("/dev/vda", 20, sector=4096),)),
    "large-sectors-uefi": with_(disks=(disk("/dev/vda", 20, sector=4096),), efi=True),
    "usb-medium": with_(
        disks=(
            disk(
                "/dev/sda", 500, bus="ata", model="ST500DM002", serial="ST500DM002_Z2AABBCC", wwn="0x5000c500a1b2c3d4"
            ),
            disk(
                "/dev/sdb", 15, bus="usb", model="Cruzer", serial="SanDisk_Cruzer_20051535", removable=True, live=True
            ),
            disk("/dev/sdc", 60, bus="usb", model="Card reader", serial="Generic_0000145418-0:0", removable=True),
            disk("/dev/sr0", 0.5, bus="ata", model="DVD-RW", serial="HL-DT-ST_DVDRW", cdrom=True, removable=True),
        )
    ),
    "multipath": with_(
        disks=(
            disk("/dev/sda", 100, bus="scsi", model="LUN", serial="36005076801810523100000000000002e", map_of=MPATHA),
            disk("/dev/sdb", 100, bus="scsi", model="LUN", serial="36005076801810523100000000000002e", map_of=MPATHA),
            disk(MPATHA, 100, bus="multipath", model="LUN", links=("/dev/disk/by-id/dm-uuid-mpath-2e", "/dev/dm-0")),
        )
    ),
    "long-names": with_(
        disks=tuple(
            disk(
                f"/dev/mapper/3600507680181052310000000000000{tail}",
                100,
                bus="multipath",
                model="IBM 2145 FlashSystem 9200 SCSI disk",
                links=(f"/dev/disk/by-id/dm-uuid-mpath-{tail}",),
                short_serial=f"3600507680181052310000000000000{tail}",
                wwn=f"0x600507680181052310000000000000{tail}",
                parts=tuple(Part(path=f"/dev/dm-{n}", mib=9000, kind="xfs", label=f"data{n}") for n in range(4)),
            )
            for tail in ("2e", "2f")
        )
    ),
    "foreign": with_(
        disks=(
            disk("/dev/vda", 20, table="gpt", parts=(Part(path="/dev/vda1", mib=20000, kind="crypto_LUKS"),)),
            disk(
                "/dev/vdb", 20, table="gpt", parts=(Part(path="/dev/vdb1", mib=20000, kind="zfs_member", label="tank"),)
            ),
            disk("/dev/vdc", 20, raid="isw_raid_member"),
            disk("/dev/vdd", 20, table="gpt", parts=(Part(path="/dev/vdd1", mib=20000, kind="xfs", uses=("/srv",)),)),
            disk("/dev/vde", 20, raid="ddf_raid_member", parts=(Part(path="/dev/vde", mib=20480, kind="VMFS"),)),
        )
    ),
    "spanning-group": with_(
        disks=(
            disk("/dev/vda", 20, table="gpt", parts=(group_part("/dev/vda1", "vg_mail"),)),
            disk("/dev/vdb", 20, table="gpt", parts=(group_part("/dev/vdb1", "vg_mail"),)),
        ),
        groups=(Group(name="vg_mail", uuid="u1", disks=("/dev/vda", "/dev/vdb"), volumes=("spool",)),),
    ),
    "no-link": with_(nics=(Nic(name="eth0", mac="52:54:00:12:34:56"), Nic(name="eth1", mac="52:54:00:12:34:57"))),
    "two-links": with_(nics=(ETH0, Nic(name="eth1", mac="52:54:00:12:34:57", link=True))),
    "same-mac": with_(nics=(Nic(name="eth1", mac=ETH0.mac), ETH0, Nic(name="bond0", mac=ETH0.mac, kind="bond"))),
    "nvme": with_(disks=(disk("/dev/nvme0n1", 20, bus="nvme", serial="S4EVNX0N123456"),)),
}


@cache
def four_thousand() -> Facts:
    """A rack of disks that all look alike."""
    return with_(
        disks=tuple(
            Disk(
                path=f"/dev/disk{number}",
                links=(f"/dev/disk/by-id/scsi-{number:04x}",),
                mib=20480,
                bus="scsi",
                model="Rack disk",
            )
            for number in range(4096)
        )
    )
