"""Whatever space guests and logs fill, settings can be written, and Config can be enlarged."""

from __future__ import annotations

from pathlib import Path

from testbed.person import STEP
from testbed.saved import Node, at_login
from vm.conftest import Boot

GUESTS = """
cd /var/lib/libvirt/qemu
for number in $(seq 100); do cp /usr/share/OVMF/OVMF_VARS_4M.fd nvram/guest$number.fd || echo NO NVRAM; done
fallocate -l 200M save/guest1.save || echo NO SAVE
cd /
"""
FILL = """
fallocate -l $(($(df --output=avail -B1 {folder} | tail -n 1) - (8 << 20))) {folder}/full
dd if=/dev/zero of={folder}/more bs=64k 2> /dev/null
df --output=avail {folder} | tail -n 1
"""


def together(lines: str, **words: str) -> str:
    """Several lines joined into one that can be typed."""
    return "; ".join(line for line in lines.format(**words).splitlines() if line)


def test_full_volumes_leave_the_settings_writable(folder: Path, boot: Boot, node: Node) -> None:
    with boot(node.guest(folder)) as console:
        at_login(console)
        shell = console.root_shell()
        said = shell.run(together(GUESTS), STEP)
        assert "NO " not in said
        for place in ("images", "qemu/save", "qemu/nvram"):
            assert f"[/libvirt/{place}]" in shell.run(f"findmnt -no SOURCE /var/lib/libvirt/{place}")
        for full in ("/data", "/var/log"):
            assert int(shell.run(together(FILL, folder=full), STEP).split()[-1]) < 1024
        save = "head -c 1M /dev/urandom > /etc/mark && sync && cmp -n 1M /etc/mark /config/slots/Root/etc/upper/mark"
        assert "settings last" in shell.run(f"{save} && echo settings last")
        before = int(shell.run("df --output=size /config | tail -n 1"))
        assert "larger" in shell.run("lvextend --resizefs -L +32M HostVG/Config && echo larger", STEP)
        assert int(shell.run("df --output=size /config | tail -n 1")) > before + 16 * 1024
