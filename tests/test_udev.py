"""What is read of udev through libudev: on this machine, and on one with a sysfs and a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ovirt_tui.machine.untrusted import escaped
from ovirt_tui.system import StepFailed, udev

ROOT = Path(__file__).parent.parent
UNVERIFIED = "SYSTEMD_DEVICE_VERIFY_SYSFS"
"""Has libudev take a folder for a sysfs."""
LOOK = f"""
import json, shutil, sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from ovirt_tui.system import udev
gone, when = sys.argv[1:]
found = udev.pyudev.Devices.from_sys_path
def from_sys_path(context, path):
    leaves = path.endswith(gone.encode()) if gone else False
    if leaves and when == "before":
        shutil.rmtree(Path("/sys/devices/x") / gone)
    device = found(context, path)
    if leaves and when == "after":
        shutil.rmtree(Path("/sys/devices/x") / gone)
    return device
udev.pyudev.Devices.from_sys_path = from_sys_path
json.dump([udev.devices("block"), udev.devices("net")], sys.stdout)
"""


class Other:
    """Another machine: a sysfs and udev's database in two folders."""

    def __init__(self, folder: Path) -> None:
        self.sys, self.run = folder / "sys", folder / "run"
        for place in (*(self.sys / name for name in ("class/net", "class/block", "bus")), self.run / "udev/data"):
            place.mkdir(parents=True)
        self.numbers = 0

    def block(self, name: str, database: bytes | None = b"", **uevent: str) -> None:
        """A block device, with the lines of its file in udev's database; None for one that udev has not handled."""
        self.numbers += 1
        folder = self.sys / "devices/x" / name
        folder.mkdir(parents=True)
        known = {"MAJOR": "8", "MINOR": str(self.numbers), "DEVNAME": name, "DEVTYPE": "disk", **uevent}
        (folder / "uevent").write_text("".join(f"{key}={value}\n" for key, value in known.items() if value))
        for link, to in ((folder / "subsystem", self.sys / "class/block"), (self.sys / "class/block" / name, folder)):
            link.symlink_to(os.path.relpath(to, link.parent))
        if database is not None:
            (self.run / f"udev/data/b8:{self.numbers}").write_bytes(b"I:1\n" + database + b"V:1\n")

    def seen(self, gone: str = "", when: str = "before") -> dict[str, udev.Device]:
        """What is read, by kernel name; the device *gone* goes away before or after it is opened."""
        mount = 'mount --rbind "$0" /sys && mount --rbind "$1" /run && shift && exec "$@"'
        argv = ("unshare", "--mount", "--propagation", "private", "sh", "-c", mount, self.sys, self.run)
        look = (sys.executable, "-c", LOOK, gone, when)
        env = {**os.environ, UNVERIFIED: "0"}
        done = subprocess.run((*argv, *look), env=env, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return {each["DEVPATH"].rpartition("/")[2]: each for each in json.loads(done.stdout)[0]}


def test_this_machines_own_interface_is_found() -> None:
    (found,) = (device for device in udev.devices("net") if device["INTERFACE"] == "lo")
    assert found["DEVPATH"] == "/devices/virtual/net/lo"
    assert set(found) <= set(udev.PROPERTIES)


def test_where_the_kernel_lists_nothing_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(udev, "CLASS", tmp_path)
    with pytest.raises(StepFailed, match="devices of this machine cannot be listed: No such file"):
        udev.devices("block")


def test_what_went_away_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found = udev.pyudev.Devices.from_sys_path

    def from_sys_path(context: Any, path: bytes) -> Any:
        if path.endswith(b"/lo"):
            raise udev.pyudev.DeviceNotFoundAtPathError(path)
        return found(context, path)

    monkeypatch.setattr(udev.pyudev.Devices, "from_sys_path", from_sys_path)
    assert "lo" not in {device["INTERFACE"] for device in udev.devices("net")}


@pytest.mark.parametrize("command", ["check", "plan", "disks"])
def test_a_recorded_machine_needs_no_library_of_a_real_one(command: str) -> None:
    look = "import sys; from ovirt_tui.__main__ import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    words = (command, "--machine", "tests/machines/one-disk.json")
    done = subprocess.run((sys.executable, "-c", look, *words), cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "ovirt_tui.machine.facts" in done.stderr.split()
    assert not {"pyudev", "augeas", "parted", "blivet", "libvirt", "urwid"} & set(done.stderr.split())


@pytest.fixture
def other(tmp_path: Path) -> Other:
    return Other(tmp_path)


@pytest.mark.root
def test_the_properties_are_those_of_the_kernel_and_of_udev(other: Other) -> None:
    links = b"S:disk/by-id/ata-A\nS:disk/by-path/pci-1\nL:10\n"
    other.block("sda", links + b"E:ID_SERIAL=A_1\nE:ID_FS_LABEL_ENC=A\\x20\\xc3\\xa9\nE:ID_OTHER=1\n", DISKSEQ="7")
    other.block("sda!1", DEVTYPE="partition", DEVNAME="sda/1", PARTN="1")
    other.block("nvme0c0n1", None, DEVNAME="", MAJOR="", MINOR="")
    found = other.seen()
    links_there = found["sda"].pop("DEVLINKS").split()
    assert sorted(links_there) == ["/dev/disk/by-id/ata-A", "/dev/disk/by-path/pci-1"], "the priority is no link"
    assert found == {
        "sda": {
            "DEVPATH": "/devices/x/sda", "DEVNAME": "/dev/sda", "DEVTYPE": "disk", "DISKSEQ": "7", "MAJOR": "8",
            "MINOR": "1", "ID_SERIAL": "A_1", "ID_FS_LABEL_ENC": r"A\x20\xc3\xa9",
        },
        "sda!1": {
            "DEVPATH": "/devices/x/sda!1", "DEVNAME": "/dev/sda/1", "DEVTYPE": "partition", "PARTN": "1",
            "MAJOR": "8", "MINOR": "2",
        },
        "nvme0c0n1": {"DEVPATH": "/devices/x/nvme0c0n1", "DEVTYPE": "disk"},
    }  # fmt: skip


@pytest.mark.root
def test_a_device_that_udev_has_not_handled_is_there(other: Other) -> None:
    other.block("sda", None)
    assert other.seen()["sda"]["DEVNAME"] == "/dev/sda"


@pytest.mark.root
def test_bytes_that_are_no_text_are_read(other: Other) -> None:
    other.block("sda", b"E:ID_SERIAL=\xff\x1b[2J\nE:ID_MODEL=\xe2\x80\xae\n")
    found = other.seen()["sda"]
    assert found["ID_SERIAL"] == "\ufffd\x1b[2J"
    assert escaped(found["ID_MODEL"]) == r"\u202e", "what is text is escaped where it becomes a fact"


@pytest.mark.root
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_device_that_goes_away_while_it_is_read_is_no_error(other: Other, when: str) -> None:
    for name in ("sda", "sdb", "sdc"):
        other.block(name, b"E:ID_SERIAL=1\n")
    found = other.seen("sdb", when)
    assert {"sda", "sdc"} <= set(found) and "DEVNAME" not in found.get("sdb", {})
