"""Machines to test on, as facts."""

from ovirt_tui.facts import Disk, Facts, Group, Nic, Node, NodeState, Part, Virtualization


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
    return Disk(path=path, mib=int(gib * 1024), **{**defaults, **more})  # type: ignore[arg-type]


ETH0 = Nic(name="eth0", mac="52:54:00:12:34:56", link=True, driver="virtio_net", model="Virtio network device")
ETH1 = Nic(name="eth1", mac="52:54:00:12:34:57", driver="virtio_net", model="Virtio network device")
PLAIN = Facts(
    version="0.1.0-1",
    memory_mib=4096,
    image_mib=220,
    virtualization=Virtualization.ENABLED,
    keymaps=("de", "fr", "us"),
    consoles=("tty1", "ttyS0"),
    disks=(disk("/dev/vda", 20),),
    nics=(ETH0, ETH1),
)


def with_(**changes: object) -> Facts:
    """PLAIN with other facts."""
    return Facts(**{**PLAIN.__dict__, **changes})  # type: ignore[arg-type]


def group_part(path: str, group: str) -> Part:
    return Part(path=path, mib=10240, kind="LVM2_member", group=group)


MACHINES = {
    "one-disk": PLAIN,
    "two-disks": with_(disks=(disk("/dev/vda", 20), disk("/dev/vdb", 100)), efi=True),
    "smallest": with_(disks=(disk("/dev/vda", 810 / 1024),), memory_mib=512),
    "too-small": with_(disks=(disk("/dev/vda", 0.5),)),
    "fedora": with_(os_id="fedora", efi=True),
    "foreign-group": with_(
        disks=(disk("/dev/vda", 20, table="gpt", parts=(group_part("/dev/vda1", "vg_mail"),)), disk("/dev/vdb", 20)),
        groups=(Group(name="vg_mail", uuid="u1", disks=("/dev/vda",), volumes=("spool",)),),
    ),
    "node-installed": with_(
        disks=(disk("/dev/vda", 20, table="gpt", parts=(group_part("/dev/vda5", "HostVG"),)), disk("/dev/vdb", 20)),
        groups=(Group(name="HostVG", uuid="u2", disks=("/dev/vda",), volumes=("Swap", "Config", "Logging", "Data")),),
        nodes=(Node(disk="/dev/vda", state=NodeState.COMPLETE, version="0.1.0-1"),),
    ),
}
