"""A node whose kernel crashes saves its memory, starts again by itself, and the dump can be read."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from testbed.console import Console, Terminal
from testbed.person import BOOT, STEP, log_in_with_expired_password, open_page
from testbed.qemu import Guest
from testbed.saved import PASSWORD, Node
from testbed.segment import Segment, connected
from vm.conftest import Boot

MARK = "the last words of this node"
CRASH = f"echo {MARK} > /dev/kmsg; sync; echo c > /proc/sysrq-trigger"
READ = "for core in {0}/crash/*/vmcore; do makedumpfile --dump-dmesg $core /root/log; grep -c '{1}' /root/log; done"
ADDRESS, SERVER = "192.0.2.1", "192.0.2.2"
SSHD = """\
Port 22
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/authorized
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
ForceCommand cd {folder}/account && exec sh -c "$SSH_ORIGINAL_COMMAND"
"""
GANESHA = """\
NFS_CORE_PARAM {{ Protocols = 4; Enable_NLM = false; Enable_RQUOTA = false; NFS_Port = 2049; }}
NFSV4 {{ Graceless = true; RecoveryRoot = "{folder}/recovery"; Only_Numeric_Owners = true; }}
EXPORT {{
    Export_Id = 1; Path = {folder}/account; Pseudo = /dumps; Access_Type = RW; Squash = No_Root_Squash;
    SecType = sys; Protocols = 4; FSAL {{ Name = VFS; }}
}}
"""


def machine(folder: Path, node: Node) -> Guest:
    """A node with enough memory for a dump, and a slot for another interface."""
    port = ("-device", "pcie-root-port,id=spare0,chassis=1")
    return Guest(folder=folder, disks=(node.disk(folder),), memory_mib=2048, shell=True, extra=port)


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


@contextmanager
def beside(console: Console, shell: Terminal) -> Iterator[Segment]:
    """A peer on a segment of its own, on which the node has an address that lasts."""
    with console.monitor() as monitor, Segment(monitor, "spare0") as peer:
        connected(shell, f"{ADDRESS}/24")
        yield peer


def applied(shell: Terminal, answers: str) -> str:
    """Bring the node to *answers*; what it said, and its exit status."""
    return shell.run(f"echo '{answers}' > /root/a.toml; ovirt-tui apply --answers /root/a.toml; echo status $?", STEP)


def last_words(core: Path) -> str:
    """What makedumpfile reads of the kernel's messages in a dump."""
    log = core.with_name("read")
    argv = ("makedumpfile", "--dump-dmesg", core, log)
    subprocess.run(argv, check=True, capture_output=True, timeout=STEP)
    return log.read_text(errors="replace")


def is_whole(dump: Path) -> None:
    """Assert that makedumpfile reads the last words in what a server was sent, and that they stand beside it."""
    assert sorted(file.name for file in dump.iterdir()) == ["dmesg.txt", "vmcore.flat"]
    assert MARK in (dump / "dmesg.txt").read_text()
    with (dump / "vmcore.flat").open("rb") as flat:
        subprocess.run(("makedumpfile", "-R", dump / "vmcore"), stdin=flat, check=True, timeout=STEP)
    assert MARK in last_words(dump / "vmcore")


@pytest.mark.long
def test_a_crash_is_saved_on_the_node(folder: Path, boot: Boot, node: Node) -> None:
    guest = machine(folder, node)
    with boot(guest) as console:
        shell = started(console)
        assert shell.run("cat /sys/kernel/kexec_crash_size /sys/kernel/kexec_crash_loaded | xargs") == "268435456 1"
        crash(
            console,
            shell,
            "the kernel crashed; its memory is saved in /data/crash/",
            "the kernel crashed; its memory is in /data/crash/",
        )
    with boot(guest) as console:
        shell = started(console)
        said = shell.run("cat /var/lib/ovirt-node/last-dump; ls /data/crash/*; uname -r", STEP)
        assert "its memory is in /data/crash/" in said and "dmesg.txt" in said and "incomplete" not in said
        assert shell.run(READ.format("/data", MARK), STEP).splitlines()[-1] == "1"
        assert shell.run(f"grep -c '{MARK}' /data/crash/*/dmesg.txt") == "1"
        log_in_with_expired_password(console, PASSWORD, f"{PASSWORD} 2")
        open_page(console, "Kernel dump")
        console.wait(r"Ready +yes, with 256 MiB set aside", STEP)
        console.wait(r"/data/crash/20[-0-9]+T[-0-9]+Z", STEP)


@pytest.mark.long
def test_a_crash_is_saved_by_ssh(folder: Path, boot: Boot, node: Node) -> None:
    (folder / "account").mkdir()
    subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "host"), check=True, timeout=60)
    (folder / "sshd").write_text(SSHD.format(folder=folder))
    Path("/run/sshd").mkdir(exist_ok=True)
    with boot(machine(folder, node)) as console:
        shell = started(console)
        with beside(console, shell) as peer, peer.running("/usr/sbin/sshd", "-D", "-e", "-f", folder / "sshd"):
            settings = f'kdump = {{target = "ssh", ssh = "root@{SERVER}"}}'
            assert "status 1" in applied(shell, settings), "the server does not let this node in"
            assert shell.run("cat /etc/ovirt-node/kdump") == "TARGET=local"
            (folder / "authorized").write_text(f"{shell.run('cat /etc/ovirt-node/kdump-key.pub')}\n")
            assert "status 0" in applied(shell, settings)
            crash(console, shell, f"the kernel crashed; its memory is in crash/\\S+ of root on {SERVER}")
    (dump,) = (folder / "account/crash").glob("*")
    is_whole(dump)


@pytest.mark.long
def test_a_crash_is_saved_by_nfs(folder: Path, boot: Boot, node: Node) -> None:
    for name in ("account", "recovery"):
        (folder / name).mkdir()
    (folder / "ganesha").write_text(GANESHA.format(folder=folder))
    server = ("ganesha.nfsd", "-F", "-f", folder / "ganesha", "-L", folder / "log", "-p", folder / "pid")
    with boot(machine(folder, node)) as console:
        shell = started(console)
        with beside(console, shell) as peer, peer.running(*server):
            assert "status 0" in applied(shell, f'kdump = {{target = "nfs", nfs = "{SERVER}:/dumps"}}')
            crash(console, shell, f"the kernel crashed; its memory is in {SERVER}:/dumps/crash/")
    (dump,) = (folder / "account/crash").glob("node1*")
    is_whole(dump)
