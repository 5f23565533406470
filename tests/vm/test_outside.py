"""A node managed from another machine by Debian's clients: nothing waits for a terminal, guests are made and shown."""

from __future__ import annotations

import gzip
import re
import subprocess
import time
from pathlib import Path

import pytest

from testbed.clients import NODE, Clients
from testbed.console import Terminal
from testbed.medium import files
from testbed.person import STEP, log_in
from testbed.remote import Remote, free_port
from testbed.saved import PASSWORD, Node, at_login
from vm.conftest import ISO, Boot

LETTERS = "".join(chr(32 + number % 95) for number in range(200_000))
"""A file that is not small."""
GUEST_MAC = "52:54:00:00:00:88"
INIT = """\
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod /modules/$module; done
ip link set eth0 up
while ! udhcpc -n -q -i eth0 -s /bin/true; do sleep 1; done
while true; do echo 'the guest is up'; sleep 5; done
"""


@pytest.mark.long
def test_the_clients_of_other_machines(folder: Path, boot: Boot, node: Node) -> None:
    with boot(node.guest(folder)) as console:
        shell = at_login(console).root_shell()
        port = free_port()
        with console.monitor() as monitor:
            monitor.typed(f"hostfwd_add tcp:127.0.0.1:{port}-:22")
        shell.run("echo PasswordAuthentication yes >/etc/ssh/sshd_config.d/10-ovirt-node.conf; systemctl restart ssh")
        clients = Clients(port, PASSWORD, folder)
        commands(clients)
        copies(clients, folder)
        sessions(port, shell, console.log)
        a_line_that_is_cut(shell)
        ansible(clients)
        a_guest(clients, folder)
        log_in(console, PASSWORD)
        console.wait(r"Running guests +1: tiny", STEP)
        a_managed_save(clients, shell)


def commands(clients: Clients) -> None:
    """With a password first, then with the key that this installed; sudo asks for the password."""
    key = clients.key.with_suffix(".pub").read_text()
    assert "libvirt" in clients.ssh("id -nG", "-o", "PubkeyAuthentication=no")
    clients.ssh("umask 77; mkdir -p .ssh; cat >> .ssh/authorized_keys", "-o", "PubkeyAuthentication=no", stdin=key)
    by_key = ("-o", "PasswordAuthentication=no")
    assert clients.ssh("echo $0; false || echo 'a  b'", *by_key).split("\n") == ["/bin/bash", "a  b", ""]
    assert clients.run("ssh", "-F", clients.config, "-T", NODE, stdin="echo from a pipe\n") == "from a pipe\n"
    assert clients.run("ssh", "-F", clients.config, "-T", NODE) == "", "without input it ends"
    assert clients.ssh("sudo -n id 2>&1 || echo refused").strip().endswith("refused")
    assert clients.ssh("sudo -S -p '' id -un", stdin=f"{PASSWORD}\n") == "root\n"


def copies(clients: Clients, folder: Path) -> None:
    """scp with both of its protocols, and sftp, to the node and back."""
    here, back = folder / "letters", folder / "back"
    here.write_text(LETTERS)
    for number, old in enumerate(((), ("-O",))):
        clients.run("scp", "-F", clients.config, *old, here, f"{NODE}:letters{number}")
        clients.run("scp", "-F", clients.config, *old, f"{NODE}:letters{number}", back)
        assert back.read_text() == LETTERS
        back.unlink()
    clients.run("sftp", "-F", clients.config, "-b", "-", NODE, stdin=f"put {here} third\nget third {back}\n")
    assert back.read_text() == LETTERS


def sessions(port: int, shell: Terminal, log: Path) -> None:
    """A person gets the setup program, which ends when the terminal goes away."""
    mine = "pgrep -f 'python3 -P /usr/bin/ovirt-tui setup' | wc -l"
    assert shell.run(mine) == "0"
    with Remote(port, PASSWORD, log.with_suffix(".ssh.log")) as remote:
        remote.wait(r"> Status", STEP)
        assert shell.run(mine) == "1"
        assert remote.process
        remote.process.kill()
    end = time.monotonic() + STEP
    while shell.run(mine) != "0":
        assert time.monotonic() < end, "the program outlives its terminal"


def a_line_that_is_cut(shell: Terminal) -> None:
    """A dead session is dropped after three minutes: docs/outside.md says so, and sshd is configured so."""
    said = dict(line.split() for line in shell.run("/usr/sbin/sshd -T | grep ^clientalive").splitlines())
    assert int(said["clientaliveinterval"]) * int(said["clientalivecountmax"]) == 180, said


def ansible(clients: Clients) -> None:
    assert "uid=1000(admin)" in clients.ansible("-m", "raw", "-a", "id")
    assert '"ping": "pong"' in clients.ansible("-m", "ping")
    task = ("--become", "-m", "copy", "-a", "content=kept dest=/etc/by-ansible mode=0600")
    assert '"changed": true' in clients.ansible(*task)
    assert '"changed": false' in clients.ansible(*task)


def a_guest(clients: Clients, folder: Path) -> None:
    """Create a guest with virt-install from files of this host; its DHCP lease shows that it and its network work."""
    assert clients.virsh("list", "--name").strip() == ""
    clients.virsh("net-start", "default")
    clients.virsh("pool-create-as", "outside", "dir", "--target", "/data/outside", "--build")
    for name, file in (("kernel", files(ISO)["kernel"]), ("initrd", initrd(clients, folder))):
        clients.virsh("vol-create-as", "outside", name, str(file.stat().st_size))
        clients.virsh("vol-upload", "--pool", "outside", name, file)
    boots = "kernel=/data/outside/kernel,initrd=/data/outside/initrd,kernel_args='console=ttyS0 panic=-1'"
    argv = ["virt-install", "--connect", clients.uri, "--name", "tiny", "--memory", "160", "--virt-type", "qemu"]
    argv += ["--import", "--boot", boots, "--disk", "none", "--graphics", "none", "--noautoconsole"]
    argv += ["--osinfo", "detect=off,require=off", "--network", f"network=default,model=virtio,mac={GUEST_MAC}"]
    argv += ["--serial", "pty,log.file=/data/outside/serial.log"]
    clients.run(*argv, seconds=STEP)
    assert clients.virsh("list", "--name").strip() == "tiny"
    end = time.monotonic() + 5 * STEP  # emulation inside emulation, while other machines run
    while GUEST_MAC not in (leases := clients.virsh("net-dhcp-leases", "default")):
        if time.monotonic() > end:
            said = clients.ssh("sudo -S -p '' cat /data/outside/serial.log", stdin=f"{PASSWORD}\n")
            raise AssertionError(f"the guest got no address\n{leases}\n{said}")
        time.sleep(5)
    assert re.search(r"192\.168\.122\.\d+/24", leases)


def a_managed_save(clients: Clients, shell: Terminal) -> None:
    """The guest's memory is saved to Data: Config, which holds /etc, has no room for it."""
    free = int(shell.run("df --output=avail -k /config | tail -1"))
    clients.virsh("managedsave", "tiny")
    saved = "/var/lib/libvirt/qemu/save/tiny.save"
    assert "HostVG-Data[/libvirt/qemu/save]" in shell.run(f"findmnt -nro SOURCE -T {saved}")
    assert int(shell.run(f"du -k {saved} | cut -f1")) > 4096, "hardly a guest's memory"
    assert int(shell.run("df --output=avail -k /config | tail -1")) > free - 256
    clients.virsh("start", "tiny")
    assert clients.virsh("list", "--name").strip() == "tiny"


def initrd(clients: Clients, folder: Path) -> Path:
    """An initrd with busybox and the node's own drivers of a virtual network card."""
    tree = folder / "initrd"
    for name in ("bin", "proc", "sys", "dev", "modules"):
        (tree / name).mkdir(parents=True)
    wanted = clients.ssh(
        "for name in virtio_pci virtio_net; do /usr/sbin/modprobe -S $(ls /usr/lib/modules) --show-depends $name; done"
    )
    paths = list(dict.fromkeys(line.split()[1] for line in wanted.splitlines() if line.startswith("insmod")))
    clients.run("scp", "-F", clients.config, *(f"{NODE}:{path}" for path in paths), tree / "modules")
    (tree / "modules/order").write_text("\n".join(Path(path).name for path in paths))
    (tree / "bin/busybox").write_bytes(Path("/bin/busybox").read_bytes())
    (tree / "init").write_text(INIT)
    for program in ("bin/busybox", "init"):
        (tree / program).chmod(0o755)
    names = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    argv = ("cpio", "--quiet", "--create", "--format=newc")
    packed = subprocess.run(argv, input=names.encode(), cwd=tree, capture_output=True, check=True, timeout=60).stdout
    file = folder / "initrd.img"
    file.write_bytes(gzip.compress(packed))
    return file
