"""A node takes images that somebody it knows signed, and no others unless it is told to."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ovirt_tui.system.node_images import OVERHEAD_MIB
from testbed.console import Console, Terminal
from testbed.person import STEP, log_in, open_page
from testbed.saved import PASSWORD, Node, at_login
from testbed.variant import plugged, variant
from vm.conftest import Boot
from vm.test_upgrade import WRITTEN

KEYS = "/etc/ovirt-node/keys"
KEYBOARD = "/usr/lib/python3/dist-packages/ovirt_tui/pages/keyboard.py"
NEWER = 's/^    layout: .*/&\\n    colour: Keymap = setting(Keymap("red"), "Colour", "Of the keys.")/'
"""What a version has that knows one more setting."""


def made(folder: Path, name: str) -> tuple[Path, str]:
    """A private key, and its public key."""
    key = folder / name
    subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)), check=True, timeout=60)
    return key, key.with_suffix(".pub").read_text().strip()


def said(console: Console, shell: Terminal, port: int, iso: Path) -> str:
    """What the node would do with *iso*."""
    plugged(console, iso, port)
    device = f"/dev/disk/by-id/virtio-NEW{port}"
    shell.run(f"udevadm settle; until [ -b {device} ]; do sleep 1; done", STEP)
    return " ".join(shell.run(f"ovirt-tui upgrade --check {device}; echo status $?", WRITTEN).split())


def test_a_node_takes_what_its_admin_trusts_and_says_why_it_takes_nothing_else(
    folder: Path, boot: Boot, node: Node
) -> None:
    (site, public), (stranger, _other) = made(folder, "site"), made(folder, "stranger")
    images = folder / "images"
    images.mkdir()
    good = variant(images, "0.9.1", key=site)
    with boot(node.guest(folder)) as console:
        at_login(console)
        shell = console.root_shell()
        assert "status 0" not in said(console, shell, 0, good), "before the node knows the key"
        shell.run(f"mkdir -p {KEYS}; echo '{public}' > {KEYS}/site.pub; sync")
        again = shell.run("ovirt-tui upgrade --check /dev/disk/by-id/virtio-NEW0; echo status $?", WRITTEN)
        assert "status 0" in again and "site" in again
        damaged(shell)
        its_settings(shell)
        refused = said(console, shell, 1, variant(images, "0.9.2", key=stranger))
        assert "nobody this node trusts has signed it" in refused and "none of the public keys" in refused
        refused = said(console, shell, 2, variant(images, "0.9.3"))
        assert "the image is not signed" in refused and "nothing was written" in refused
        too_large(console, shell, images, site)
        log_in(console, PASSWORD)
        open_page(console, "Image")
        console.wait(r"Checked on read +yes, each block", STEP)
        console.wait(r"site", STEP)
        fingerprint = shell.run(f"ssh-keygen -l -f {KEYS}/site.pub").split()[1]
        page = "".join(line.partition("|")[2].strip() for line in console.text().splitlines())
        assert fingerprint in page, "it goes on in the line below"


def damaged(shell: Terminal) -> None:
    """Copies of the signed image: in one of them one bit is another, and one ends early."""
    shell.run("dd if=/dev/disk/by-id/virtio-NEW0 of=/data/copy.iso bs=1M", WRITTEN)
    flip = "at = 100 << 20; f = open('/data/copy.iso', 'r+b'); f.seek(at); b = f.read(1)[0]; f.seek(at)"
    shell.run(f'python3 -c "{flip}; f.write(bytes([b ^ 1]))"')
    check = "ovirt-tui upgrade --check /data/copy.iso; echo status $?"
    refused = " ".join(shell.run(check, WRITTEN).split())
    assert "is damaged: LiveOS/squashfs.img is not as its checksum says" in refused and "status 0" not in refused
    shell.run("truncate -s 50M /data/copy.iso")
    refused = " ".join(shell.run(check, WRITTEN).split())
    assert "is not complete" in refused and "status 0" not in refused
    shell.run("rm /data/copy.iso")


def too_large(console: Console, shell: Terminal, images: Path, key: Path) -> None:
    """An image that is signed and whole, and for which the slot is too small."""
    slot = int(shell.run("blockdev --getsize64 $(blkid -L RootBackup)"))
    refused = said(console, shell, 3, variant(images, "0.9.4", key=key, larger=slot))
    assert f"and the slot RootBackup has {(slot >> 20) - OVERHEAD_MIB} MiB" in refused, refused
    assert "nothing was written" in refused and "status 2" in refused and "signed" not in refused


def its_settings(shell: Terminal) -> None:
    """Only the running version knows a setting that was saved: the image is asked, and its program says so."""
    shell.run(f"cp {KEYBOARD} /run/keyboard.py; sed -i '{NEWER}' /run/keyboard.py")
    shell.run(f"mount --bind /run/keyboard.py {KEYBOARD}; cp /etc/ovirt-node/node.toml /run/before.toml")
    shell.run("printf '[keyboard]\\ncolour = \"blue\"\\n[snmp]\\nx = 1\\n' > /etc/ovirt-node/node.toml")
    check = "ovirt-tui upgrade --check /dev/disk/by-id/virtio-NEW0"
    refused = " ".join(shell.run(f"{check}; echo status $?", WRITTEN).split())
    assert "version 0.9.1-1 does not take the settings of this node: keyboard.colour: is no setting;" in refused
    assert "--despite-settings goes on all the same" in refused and "status 2" in refused and "snmp" not in refused
    assert "status 0" in shell.run(f"{check} --despite-settings; echo status $?", WRITTEN)
    left = shell.run("systemctl list-units --all --no-legend 'ovirt-node-image*'; ls /run/ovirt-node; losetup -n")
    assert "given." not in left and "image." not in left and "NEW0" not in left, left
    shell.run(f"umount {KEYBOARD}; cp /run/before.toml /etc/ovirt-node/node.toml")
