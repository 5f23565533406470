"""A node whose kernel crashes saves its memory, starts again by itself, and the dump can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.console import Console, Terminal
from testbed.person import BOOT, STEP, log_in, open_page
from testbed.qemu import Guest
from testbed.saved import PASSWORD, Node
from vm.conftest import Boot

MARK = "the last words of this node"
CRASH = f"echo {MARK} > /dev/kmsg; sync; echo c > /proc/sysrq-trigger"
READ = "for core in {0}/crash/*/vmcore; do makedumpfile --dump-dmesg $core /root/log; grep -c '{1}' /root/log; done"


def started(console: Console) -> Terminal:
    """The root shell of a node that has started."""
    console.wait(r"login: *$", BOOT)
    shell = console.root_shell()
    shell.run("systemctl is-system-running --wait", BOOT)
    return shell


def crash(console: Console, shell: Terminal, *said: str) -> None:
    """Crash the kernel, wait for what the consoles are told, and for the restart."""
    since = len(console.said)
    shell._send(f"{CRASH}\r".encode())
    for line in said:
        console.wait(f"ovirt-node: {line}", BOOT, since=since)
    console.ended(BOOT)


@pytest.mark.long
def test_a_crash_is_saved_on_the_node(folder: Path, boot: Boot, node: Node) -> None:
    guest = Guest(folder=folder, disks=(node.disk(folder),), memory_mib=2048, shell=True)
    with boot(guest) as console:
        shell = started(console)
        assert shell.run("cat /sys/kernel/kexec_crash_size /sys/kernel/kexec_crash_loaded | xargs") == "268435456 1"
        crash(
            console,
            shell,
            "the kernel crashed; its memory is saved in /data/crash/",
            "the kernel crashed; its memory is in",
        )
    with boot(guest) as console:
        shell = started(console)
        said = shell.run("cat /var/lib/ovirt-node/last-dump; ls /data/crash/*; uname -r", STEP)
        assert "its memory is in /data/crash/" in said and "dmesg.txt" in said and "incomplete" not in said
        assert shell.run(READ.format("/data", MARK), STEP).splitlines()[-1] == "1"
        assert shell.run(f"grep -c '{MARK}' /data/crash/*/dmesg.txt") == "1"
        log_in(console, PASSWORD)
        open_page(console, "Kernel dump")
        console.wait(r"Ready for a crash +yes, with 256 MiB set aside", STEP)
        console.wait(r"/data/crash/20[-0-9]+T[-0-9]+Z", STEP)
