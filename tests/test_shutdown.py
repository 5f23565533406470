"""The last process of a machine, in a root of its own with a busybox that only notes what it was asked for."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.root
SCRIPT = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node/shutdown"
# Nothing but reading is passed on: no disk is let go, and this machine goes on.
FAKE = """#!/bin/busybox-real sh
echo "$*" >> /log
case $1 in
    {hangs}) exec /bin/busybox-real sleep 60 ;;
    sleep) exec /bin/busybox-real sleep {watch} ;;
    awk | tac) exec /bin/busybox-real "$@" ;;
    sync | umount | mkdir | mount | losetup) ;;
    *) exec /bin/busybox-real sleep 60 ;;
esac
"""


def ended(root: Path, how: str, hangs: str = "nothing", watch: float = 60) -> list[str]:
    """What busybox was told until it was told to end the machine; a program that *hangs* never comes back."""
    for name in ("bin", "proc", "dev", "sys/block/loop0/loop"):
        (root / name).mkdir(parents=True)
    (root / "proc/mounts").write_text("/dev/loop0 /oldroot squashfs ro 0 0\n")
    (root / "dev/null").touch()
    shutil.copy2("/usr/bin/busybox", root / "bin/busybox-real")
    (root / "bin/busybox").write_text(FAKE.format(hangs=hangs, watch=watch))
    (root / "bin/busybox").chmod(0o755)
    shutil.copy2(SCRIPT, root / "shutdown")
    argv = ["chroot", str(root), "/bin/busybox-real", "sh", "/shutdown", how]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            told = (root / "log").read_text().splitlines() if (root / "log").exists() else []
            if told and told[-1].split()[0] in {"poweroff", "reboot", "halt"}:
                return told
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
    raise AssertionError(told)


@pytest.mark.parametrize(
    ("how", "last"),
    [("poweroff", "poweroff -n -f"), ("halt", "halt -n -f"), ("reboot", "reboot -n -f"), ("kexec", "reboot -n -f")],
)
def test_the_disks_have_everything_right_before_the_end(tmp_path: Path, how: str, last: str) -> None:
    told = ended(tmp_path, how)
    assert told[-2:] == ["sync", last]
    assert "umount /oldroot" in told and told.count("sync") == 1


@pytest.mark.parametrize("hangs", ["sync", "umount", "losetup", "mount"])
def test_a_disk_that_does_not_answer_keeps_no_machine_from_its_end(tmp_path: Path, hangs: str) -> None:
    """Programs that wait for it never come back, so the end asks the kernel for nothing but itself."""
    told = ended(tmp_path, "poweroff", hangs, watch=1)
    assert told[-1] == "poweroff -n -f"
    assert "sleep 60" in told
