"""A node finds the LUN of Debian's tgt, proves who it is, has it again after a restart, and lets it go."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from testbed.console import Console, Terminal
from testbed.person import STEP, go_to, log_in, open_page
from testbed.saved import PASSWORD, Node, at_login
from testbed.segment import Segment, connected
from testbed.targets import Targets
from vm.conftest import BOOT, Boot
from vm.test_logging import applied
from vm.test_performance import becomes

NODE, PEER = "192.0.2.1", "192.0.2.2"
NAME = "iqn.2001-04.com.example:disk1"
OTHER = "iqn.2001-04.com.example:disk2"
OWN, THEIRS = ("node1", "Twelve+letters"), ("disks", "Another#twelve")
CHAP = 'user = "node1", password = "{}", target_user = "disks", target_password = "Another#twelve"'
TARGET = f"{PEER}/{NAME}"
LUN = "/dev/disk/by-path/ip-192.0.2.2:3260-iscsi-iqn.2001-04.com.example:disk1-lun-1"


def answers(password: str, *targets: str) -> str:
    named = ", ".join(f'"{each}"' for each in targets)
    return f"remote = {{targets = [{named}], {CHAP.format(password)}}}"


def networked(shell: Terminal) -> None:
    """The interface on the segment has an address, after a restart too."""
    connected(shell, f"{NODE}/24")
    assert "0% packet loss" in shell.run(f"ping -c 3 -W 10 {PEER}", STEP)


def disk(folder: Path, name: str) -> Path:
    """A LUN of a stranger: what is on it has the label of a volume of every node."""
    here = folder / f"{name}.img"
    with here.open("wb") as image:
        image.truncate(64 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-L", "CONFIG", here], check=True, timeout=60)
    return here


def said(text: str) -> str:
    """*text* on one line, whatever column it was broken at."""
    return " ".join(text.replace("│", " ").split())


def discovered(console: Console) -> None:
    """On the page, a portal is asked, and its target put; without CHAP it is refused, and nothing is kept."""
    log_in(console, PASSWORD)
    open_page(console, "Remote storage")
    console.wait(r"Name in use +iqn\.1993-08", STEP)
    go_to(console, "Targets")
    console.type(PEER)
    go_to(console, "Discover")
    console.press("enter")
    console.wait(r"192\.0\.2\.2:3260 offers 1 targets", STEP)
    console.press("right")
    console.wait(r"\[>192\.0\.2\.2/iqn", STEP)
    console.press("enter")
    console.wait(r"Targets +192\.0\.2\.2/iqn", STEP)
    console.press("f10")
    console.wait(r"it refuses the login", BOOT)


def secrets(shell: Terminal) -> None:
    """The passwords are where programs read them, and nowhere else."""
    where = shell.run("grep -rlF -e Twelve+letters -e Another#twelve /etc /var/lib /var/log /run/log | sort", STEP)
    assert where.split() == ["/etc/ovirt-node/iscsi", f"/var/lib/iscsi/nodes/{NAME}/{PEER},3260"]
    assert set(shell.run(f"stat -c %a {' '.join(where.split())}").split()) == {"600"}
    assert shell.run("journalctl -b --no-pager | grep -cF -e Twelve+letters -e Another#twelve", STEP) == "0"


@pytest.mark.long
def test_a_lun_comes_back(folder: Path, boot: Boot, node: Node) -> None:
    first, second = disk(folder, "first"), disk(folder, "second")
    guest, targets = node.guest(folder), Targets(f"{PEER}:3260")
    with boot(guest) as console, console.monitor() as monitor, Segment(monitor, "spare0") as peer:
        shell = at_login(console).root_shell()
        networked(shell)
        mounted = shell.run("findmnt -no SOURCE /config")
        with targets.serving(peer):
            targets.offer(NAME, first, (OWN, THEIRS))
            discovered(console)
            assert shell.run("ls -I 'kdump*' /etc/ovirt-node /sys/class/iscsi_session | xargs") == (
                "/etc/ovirt-node: node.toml /sys/class/iscsi_session:"
            )
            logged_in(shell)
            secrets(shell)
            shell.run("sync; systemctl poweroff")
            console.ended(STEP)
    with (
        boot(guest.with_(state="")) as console,
        console.monitor() as monitor,
        Segment(monitor, "spare0") as peer,
        targets.serving(peer),
    ):
        targets.offer(NAME, first, (OWN, THEIRS))
        console.wait(r"login: *$", BOOT)
        shell = console.root_shell()
        shell.run(f"until test -b {LUN}; do sleep 1; done", BOOT)
        assert becomes(shell, "systemctl is-active ovirt-node-targets", "active") == "active"
        assert shell.run("findmnt -no SOURCE /config") == mounted
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
        let_go(shell, targets, second)


def logged_in(shell: Terminal) -> None:
    """With the wrong password nothing is kept, with the right one the disk is there."""
    wrong = said(applied(shell, answers("Twelve+wrong1", TARGET)))
    assert f"{TARGET}: it refuses the login" in wrong and "status 1" in wrong
    right = applied(shell, answers(OWN[1], TARGET))
    assert "status 0" in right, right
    shell.run(f"rm /root/a.toml; until test -b {LUN}; do sleep 1; done", STEP)
    assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)


def let_go(shell: Terminal, targets: Targets, second: Path) -> None:
    """One that is used is not left, another beside it is; of one that is left nothing stays."""
    targets.offer(OTHER, second, (OWN, THEIRS))
    shell.run(f"mount {LUN} /mnt", STEP)
    assert "status 0" in applied(shell, answers(OWN[1], TARGET, f"{PEER}/{OTHER}"))
    assert shell.run("cat /sys/class/iscsi_session/*/targetname | sort").split() == [NAME, OTHER]
    assert "status 0" in applied(shell, answers(OWN[1], TARGET))
    used = said(applied(shell, "remote = {targets = []}"))
    assert f"{TARGET}: its disk is in use: /mnt" in used and "status 1" in used, used
    assert shell.run(f"touch /mnt/a && test -b {LUN} && echo there") == "there"
    assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
    shell.run("umount /mnt", STEP)
    assert "status 0" in applied(shell, "remote = {targets = []}")
    left = shell.run(f"test -e {LUN} && echo there; ls /sys/class/iscsi_session /var/lib/iscsi/nodes | xargs", STEP)
    assert left == "/sys/class/iscsi_session: /var/lib/iscsi/nodes:"
    assert "/etc/ovirt-node/iscsi" not in shell.run("ls -d /etc/ovirt-node/*")
    assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
