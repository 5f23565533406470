"""A file on a stick; the lock that two installers share.  What needs a mounted stick is proven in a machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from ovirt_tui.system import StepFailed
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.stick import save, write


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    write(tmp_path / "a.log", "text\n")
    assert (tmp_path / "a.log").read_text() == "text\n"
    with pytest.raises(StepFailed, match=r"a.log could not be written: No such file"):
        write(tmp_path / "missing" / "a.log", "text\n")


def test_the_lock_is_held_until_its_program_ends(tmp_path: Path) -> None:
    path = tmp_path / "run" / "lock"
    take = f"from ovirt_tui.system.lock import alone; from pathlib import Path; print(alone(Path({str(path)!r})))"
    hold = f"{take}; import sys; sys.stdout.flush(); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout and first.stdout.readline() == "True\n"
        second = subprocess.run([sys.executable, "-c", take], capture_output=True, text=True, timeout=30, check=True)
        assert second.stdout == "False\n"
    third = subprocess.run([sys.executable, "-c", take], capture_output=True, text=True, timeout=30, check=True)
    assert third.stdout == "True\n"


@pytest.mark.root
def test_a_file_reaches_a_stick_and_nothing_stays_mounted(tmp_path: Path) -> None:
    image = tmp_path / "stick.img"
    image.write_bytes(bytes(16 * 1024 * 1024))
    subprocess.run(("mkfs.ext4", "-q", str(image)), check=True, timeout=60)
    attached = subprocess.run(
        ("losetup", "--find", "--show", str(image)), capture_output=True, text=True, check=True, timeout=60
    )
    device = attached.stdout.strip()
    try:
        save(device, "ext4", "install.log", "what happened\n")
        assert device not in Path("/proc/self/mounts").read_text()
        with mounted("ext4", device, "stick-again") as folder:
            assert (folder / "install.log").read_text() == "what happened\n"
        with pytest.raises(StepFailed):
            save(device, "vfat", "install.log", "what happened\n")
    finally:
        subprocess.run(("losetup", "--detach", device), check=True, timeout=60)
