"""One unattended installation with all that a line can say of services, and a second volume group.

Then the node is looked at, started without the disks of that group, installed again around its data, and removed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.console import Console, Terminal
from testbed.person import STEP, log_in_with_expired_password, settled
from testbed.qemu import Disk, Guest
from vm.conftest import BOOT, INSTALL, PASSWORD, Boot, crypted, digest, disk, medium
from vm.strangers import other_group

SERVER = "10.0.2.2"
"""What answers there is QEMU's, and takes whatever is sent; there is no router, so every server is this one."""
INITIATOR = "iqn.2001-04.com.example:node7"
DISKS = "storage_init=virtio:HOST;virtio:APP"
WORDS = (
    f"{DISKS} storage_vol=256,Swap:128,Swap2:-1,Data2 BOOTIF=link hostname=node7.example.com "
    f"syslog={SERVER} netconsole={SERVER}:6667 collectd={SERVER} logrotate_max_size=2048 logrotate_interval=weekly "
    f"kdump_nfs={SERVER}:/export/dumps iscsi_name={INITIATOR} nfsv4_domain=example.com tuned=virtual-host "
    "hugepages_2m=8 swap_encrypt=Swap;Swap2 disable_aes_ni snmp_password=correcthorse"
)
SERVICES = (
    *(
        "rsyslog",
        "ovirt-node-netconsole",
        "collectd",
        "tuned",
        "ovirt-node-hugepages",
        "ovirt-node-snmp",
        "ovirt-node-kdump",
    ),
    *("ovirt-node-swap", "ovirt-node-swap2", "NetworkManager", "ssh"),
)
SWAPS = "swapon --show=NAME --noheadings --raw | xargs -n 1 readlink -f | xargs -n 1 basename | sort"
PLACE = "lsblk -nsro SERIAL $(findmnt -nro SOURCE {}) | grep ."


@pytest.mark.long
def test_a_node_with_everything_on_its_line(folder: Path, boot: Boot) -> None:
    host, app = disk(folder, "host", 6144), disk(folder, "app", 2048)
    stranger = other_group(folder, "AppVG", ("Data2", "Swap2"))
    before = digest(stranger)
    all_disks = Guest(folder=folder, disks=(host, app, stranger), memory_mib=2304, shell=True)
    installed(boot, all_disks, f"{WORDS} adminpw={crypted(PASSWORD)}")
    with boot(all_disks) as console:
        shell = up(console)
        services_run(shell)
        files_say(shell)
        second_group_is_used(shell)
        log_in_with_expired_password(console, PASSWORD, "another horse 10")
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
        shell.run("echo mine > /data/mark; echo mine > /data2/mark; sync")
        switched_off(console, shell)
    with boot(all_disks.with_(disks=(host, stranger))) as console:
        shell = up(console)
        second_group_is_missing(console, shell)
        switched_off(console, shell)
    again = f"{DISKS} storage_vol=-1,Data2 storage_found=keep-data BOOTIF=link adminpw={crypted(PASSWORD)}"
    said = installed(boot, all_disks, again)
    assert "Data2" in said and "/dev/vdb" in said, "the disk of the second group is told too"
    with boot(all_disks) as console:
        shell = up(console)
        assert shell.run("cat /data/mark /data2/mark").split() == ["mine", "mine"]
        assert shell.run(PLACE.format("/data2")).split() == ["APP"]
        switched_off(console, shell)
    removed(boot, all_disks, (host, app))
    assert digest(stranger) == before, "a disk of others was written"


def installed(boot: Boot, guest: Guest, words: str) -> str:
    """Install by a line; what the console said."""
    with boot(medium(guest, words)) as console:
        console.wait(r"ovirt-node: \(1/", BOOT, since=0)
        console.wait(r"ovirt-node: installation is complete", INSTALL, since=0)
        console.ended(STEP)
        assert "correcthorse" not in console.said.partition("ovirt-node: installation starts")[2]
        return console.said


def up(console: Console) -> Terminal:
    console.wait(r"login: *$", BOOT)
    shell = console.root_shell()
    settled(shell)
    return shell


def switched_off(console: Console, shell: Terminal) -> None:
    shell.type("sync; systemctl poweroff\r")
    console.ended(STEP)


def services_run(shell: Terminal) -> None:
    states = shell.run(f"systemctl is-active {' '.join(SERVICES)} | xargs", STEP).split()
    assert dict(zip(SERVICES, states, strict=True)) == dict.fromkeys(SERVICES, "active")
    assert shell.run("systemctl --failed --no-legend --plain") == ""
    assert shell.run("tuned-adm active", STEP) == "Current active profile: virtual-host"
    assert shell.run("cat /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages") == "8"
    assert shell.run("cat /sys/kernel/kexec_crash_loaded") == "1", "a crash is saved"
    assert shell.run("cat /sys/kernel/config/netconsole/*/remote_ip") == SERVER
    assert shell.run("cat /sys/kernel/config/netconsole/*/remote_port") == "6667"
    assert ":161" in shell.run("ss -nlu | grep -w 161")


def files_say(shell: Terminal) -> None:
    wanted = {
        "/etc/rsyslog.d/*": SERVER,
        "/etc/collectd/collectd.conf.d/*": SERVER,
        "/etc/logrotate.d/ovirt-node": "weekly",
        "/etc/ovirt-node/kdump": f"{SERVER}:/export/dumps",
        "/etc/iscsi/initiatorname.iscsi": f"InitiatorName={INITIATOR}",
        "/etc/idmapd.conf.d/*": "example.com",
        "/etc/ovirt-node/openssl": "OPENSSL_ia32cap",
        "/etc/ovirt-node/swap": "CIPHER=aes-cbc-essiv:sha256",
    }
    for name, text in wanted.items():
        assert text in shell.run(f"cat {name}"), name
    assert shell.run("hostname") == "node7.example.com"
    assert "correcthorse" not in shell.run("cat /etc/ovirt-node/node.toml /proc/cmdline; journalctl -b -o cat", STEP)


def second_group_is_used(shell: Terminal) -> None:
    """By its links and its UUID; LVM sees both groups of the node and not the stranger's."""
    assert shell.run(PLACE.format("/data2")).split() == ["APP"]
    assert shell.run(PLACE.format("/data")).split() == ["HOST"]
    groups = shell.run("vgs --noheadings -o vg_name,vg_uuid,vg_tags 2> /dev/null | sort").splitlines()
    assert [line.split()[0] for line in groups] == ["AppVG", "HostVG"]
    line = shell.run("cat /proc/cmdline").split()
    assert f"node.app={groups[0].split()[1]}" in line and f"node.vg={groups[1].split()[1]}" in line
    assert groups[0].split()[2] == f"ovirt-node.{groups[1].split()[1]}"
    crypts = ("ovirt-node-swap", "ovirt-node-swap2")
    maps = sorted(shell.run(f"basename $(readlink -f /dev/mapper/{name})") for name in crypts)
    assert shell.run(SWAPS).split() == maps
    for name in crypts:
        assert shell.run(f"dmsetup table {name}").split()[2:4] == ["crypt", "aes-cbc-essiv:sha256"]
    sizes = [int(shell.run(f"blockdev --getsize64 /dev/ovirt-node/{name}")) >> 20 for name in ("Swap", "Swap2")]
    assert sizes == [256, 128]


def second_group_is_missing(console: Console, shell: Terminal) -> None:
    """The node is whole but for the two volumes, says so, and takes nothing of the stranger's."""
    assert "the second volume group, AppVG, is missing: no disk holds the volume group" in console.said
    assert shell.run("vgs --noheadings -o vg_name 2> /dev/null").split() == ["HostVG"]
    assert shell.run("findmnt -nro SOURCE /data2; ls /dev/ovirt-node | xargs") == "Config Data Logging Swap slot"
    assert shell.run("cat /data/mark") == "mine"
    assert shell.run(SWAPS).split() == [shell.run("basename $(readlink -f /dev/mapper/ovirt-node-swap)")]
    assert shell.run("systemctl --failed --no-legend --plain") == ""


def removed(boot: Boot, guest: Guest, disks: tuple[Disk, ...]) -> None:
    """Uninstall erases the disks of both groups, and names them before."""
    with boot(medium(guest, "uninstall")) as console:
        console.wait(r"ovirt-node: the node is removed", BOOT + STEP, since=0)
        console.ended(STEP)
        assert "HOST" in console.said and "APP" in console.said
    for each in disks:
        with each.file.open("rb") as image:
            assert not any(image.read(1 << 20)), each
