"""On a machine: a profile of tuned, huge pages, swap that is seen to be encrypted, and services without AES-NI."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.console import Terminal
from testbed.person import BOOT, STEP, settled
from testbed.saved import Node, at_login
from vm.conftest import Boot
from vm.test_logging import applied

DIRTY = "cat /proc/sys/vm/dirty_background_ratio"
PAGES = "cat /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"
SWAPS = "swapon --show=NAME --noheadings --raw | xargs -r -n 1 readlink -f | xargs -r -n 1 basename"
RAW = "basename $(readlink -f /dev/ovirt-node/Swap)"
KIND = "blkid --probe --output value --match-tag TYPE /dev/ovirt-node/Swap"
MARK = "what.nobody.may.read"
"""Made of two parts where it is typed, so that no memory of a shell is taken for it."""
OUT = f"""\
cd /run; yes {MARK[:9]}''{MARK[9:]} | head -c 40M > /run/mark; sync
echo '300M swappiness=200' > /sys/fs/cgroup/memory.reclaim 2> /dev/null; cat /proc/swaps"""
FOUND = f"sync; grep -a -c -m 1 {MARK[:9]}''{MARK[9:]} /dev/ovirt-node/Swap"


def becomes(shell: Terminal, command: str, text: str, seconds: int = STEP) -> str:
    """Run *command* until it says *text*; what it said last."""
    tried = f"for n in $(seq {seconds}); do said=$({command} 2>&1); [ \"$said\" = '{text}' ] && break; sleep 1; done"
    return shell.run(f'{tried}; echo "$said"', 2 * seconds)


def swapped_out(shell: Terminal) -> None:
    """Have what begins with MARK in the swap."""
    used = shell.run(OUT.replace("\n", "; "), STEP).splitlines()[-1].split()[3]
    assert int(used) > 20 * 1024, used


def test_a_profile_and_huge_pages_are_there_after_a_save_and_gone_when_they_are_emptied(
    folder: Path, boot: Boot, node: Node
) -> None:
    with boot(node.guest(folder)) as console:
        shell = at_login(console).root_shell()
        before = shell.run(DIRTY)
        assert "status 0" in applied(shell, 'performance = {profile = "virtual-host", pages_2m = 40}')
        assert becomes(shell, DIRTY, "5") == "5" != before
        assert shell.run("tuned-adm active", STEP) == "Current active profile: virtual-host"
        assert "error" not in shell.run("grep -i error /var/log/tuned/tuned.log", STEP).lower()
        assert shell.run(PAGES) == "40"
        assert "2048KiB: 40" in shell.run("virsh freepages --all", STEP)
        assert "pagesize=1024M" in shell.run("findmnt -no OPTIONS /dev/hugepages1G")
        assert "status 0" in applied(shell, "performance.pages_2m = 24")
        assert shell.run(PAGES) == "24"
        assert "status 2" in applied(shell, "performance.pages_2m = 400"), "more than the memory has room for"
        assert "status 2" in applied(shell, 'performance.profile = "virtual-guest"'), "made for another machine"
        assert "status 0" in applied(shell, 'performance = {profile = "", pages_2m = ""}')
        assert becomes(shell, DIRTY, before) == before
        assert shell.run(PAGES) == "0"
        assert shell.run("systemctl is-active tuned ovirt-node-hugepages | xargs") == "inactive inactive"
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)


def test_services_do_without_aes_ni(folder: Path, boot: Boot, node: Node) -> None:
    """A service like any other tells what its OpenSSL finds; sshd overwrites its own environment with its title."""
    shown = "systemd-run --quiet --wait --pipe openssl version -c | grep -o 'env:.*'"
    with boot(node.guest(folder)) as console:
        shell = at_login(console).root_shell()
        assert "/etc/ovirt-node/openssl" in shell.run("systemctl show -p EnvironmentFiles ssh")
        before = shell.run("systemctl show --value -p MainPID ssh")
        assert "status 0" in applied(shell, "performance.no_aes_ni = true")
        assert shell.run(shown, STEP) == "env:~0x200000200000000"
        after = shell.run("systemctl show --value -p MainPID ssh")
        assert "status 0" in applied(shell, "performance.no_aes_ni = false")
        assert shell.run(shown, STEP) == ""
        assert len({before, after, shell.run("systemctl show --value -p MainPID ssh")}) == 3, "it was started anew"


@pytest.mark.long
def test_swap_is_seen_to_be_encrypted(folder: Path, boot: Boot, node: Node) -> None:
    guest = node.guest(folder)
    with boot(guest) as console:
        shell = at_login(console).root_shell()
        raw = shell.run(RAW)
        assert shell.run(SWAPS) == raw and shell.run(KIND) == "swap"
        swapped_out(shell)
        assert shell.run(FOUND, STEP) == "1", "in a plain swap it is found, so it would be"
        shell.run("rm /run/mark")
        assert "status 0" in applied(shell, "performance.encrypt_swap = true")
        key = encrypted(shell, "aes-xts-plain64")
        assert shell.run(KIND) == ""
        assert shell.run(FOUND, STEP) == "0", "what was swapped out in plain is overwritten"
        swapped_out(shell)
        assert shell.run(FOUND, STEP) == "0"
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
        shell.run("sync; systemctl poweroff")
        console.ended(STEP)
    with boot(guest.with_(state="")) as console:
        console.wait(r"login: *$", BOOT)
        shell = console.root_shell()
        settled(shell)
        assert encrypted(shell, "aes-xts-plain64") != key, "it is another one at each boot"
        assert shell.run("systemctl --failed --no-legend --plain") == ""
        for cipher in ("aes-cbc-essiv:sha256", "serpent-cbc-essiv:sha256"):
            assert "status 0" in applied(shell, f'performance.swap_cipher = "{cipher}"')
            encrypted(shell, cipher)
        assert "status 0" in applied(shell, "performance.encrypt_swap = false")
        assert becomes(shell, SWAPS, raw) == raw
        assert shell.run(KIND) == "swap" and shell.run("ls /dev/mapper/ | grep -c ovirt-node-swap") == "0"
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
        left_alone(shell)


def encrypted(shell: Terminal, cipher: str) -> str:
    """The node swaps to a device of dm-crypt, and to nothing else; its key."""
    known = shell.run("basename $(readlink -f /dev/mapper/ovirt-node-swap)")
    assert known != shell.run(RAW) and becomes(shell, SWAPS, known) == known
    assert shell.run(f"lsblk -nd -o TYPE /dev/{known}") == "crypt"
    words = shell.run("dmsetup table --showkeys ovirt-node-swap").split()
    assert words[2:4] == ["crypt", cipher]
    return words[4]


def left_alone(shell: Terminal) -> None:
    """What is no swap is never overwritten, and a save that fails leaves everything as it was."""
    shell.run("swapoff -a; mkfs.ext4 -q -F /dev/ovirt-node/Swap; sync", STEP)
    here = "sha256sum < /dev/ovirt-node/Swap"
    before = shell.run(here, STEP)
    assert "status 1" in applied(shell, "performance.encrypt_swap = true")
    assert "holds ext4, which is not overwritten" in shell.run("journalctl -b -u ovirt-node-swap -o cat --no-pager")
    assert shell.run("ls -I 'kdump*' /etc/ovirt-node") == "node.toml" and shell.run(here, STEP) == before
