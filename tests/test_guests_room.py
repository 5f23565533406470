"""What guests write goes on Data, and nowhere when there is none: the script of the boot, in mounts of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.root
SCRIPT = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node/guests"
PROGRAM = """
set -e
mount -t tmpfs -o size=1m config {work}/libvirt-on-config
mkdir -p {libvirt}/images {libvirt}/qemu && chmod 0711 {libvirt}/images
{mount}
sh {script} {work}/data {libvirt} {work}/missing {work}/say
sh {script} {work}/data {libvirt} {work}/missing {work}/say
set +e
{then}
"""


def boot(work: Path, mount: str, then: str) -> str:
    """Run the script twice, as if it were restarted, and *then* commands; return what they print."""
    for name in ("data", "libvirt-on-config"):
        (work / name).mkdir()
    (work / "say").write_text('#!/bin/sh\necho "consoles: $1"\n')
    (work / "say").chmod(0o755)
    libvirt = work / "libvirt-on-config/libvirt"
    text = PROGRAM.format(work=work, libvirt=libvirt, script=SCRIPT, mount=mount, then=then.format(libvirt=libvirt))
    argv = ["unshare", "--mount", "--propagation", "private", "sh", "-c", text]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_full_data_volume_leaves_config_writable(tmp_path: Path) -> None:
    filled = """
    dd if=/dev/zero of={libvirt}/images/disk bs=64k 2>&1 | tail -n 1 > /dev/null
    for number in $(seq 100); do head -c 65536 /dev/zero > {libvirt}/qemu/nvram/$number.fd; done 2> /dev/null
    head -c 65536 /dev/zero > {libvirt}/qemu/save/guest.save || echo no room for a save
    head -c 500000 /dev/zero > {libvirt}/../etc-hosts && echo Config has room
    stat -c %a {libvirt}/images; findmnt -no SOURCE {libvirt}/qemu/save
    """
    said = boot(tmp_path, f"mount -t tmpfs -o size=2m data {tmp_path}/data", filled)
    assert "no room for a save" in said
    assert "Config has room" in said
    assert "\n711\n" in said
    assert "data[/libvirt/qemu/save]" in said
    assert not (tmp_path / "missing").exists() and "consoles:" not in said


@pytest.mark.parametrize("mount", ["true", "mount -t tmpfs -o ro data {work}/data"], ids=["none", "read-only"])
def test_without_data_nothing_is_written_and_the_reason_is_told(tmp_path: Path, mount: str) -> None:
    tried = """
    for folder in images boot qemu/save qemu/dump qemu/nvram qemu/ram swtpm; do
        true > {libvirt}/$folder/file && echo written to $folder
    done
    true > {libvirt}/qemu/guest.xml && echo definitions can be written
    """
    said = boot(tmp_path, mount.format(work=tmp_path), tried)
    assert "written to" not in said
    assert said.count("/file: Read-only file system") == 7
    assert "definitions can be written" in said
    reason = "there is no volume Data" if mount == "true" else "Data cannot be written"
    told = (tmp_path / "missing").read_text()
    assert told.startswith(f"{reason}: images, saved states and NVRAM of guests cannot")
    assert said.count(f"consoles: {told}") == 2
