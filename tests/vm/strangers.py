"""Disks that are not the node's, made on this host, with the labels, names and UUIDs of a node's."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from testbed.medium import files
from testbed.qemu import Disk
from vm.conftest import ISO, disk

QUIET_LVM = 'devices { use_devicesfile=0 global_filter=[ "a|^%s$|", "r|.*|" ] } backup { backup=0 archive=0 }'
LVM_LOCKS = 'global { locking_dir="%s" }'
MIB = 1 << 20
OFFSET = MIB  # of the first extent of a physical volume


def run(*argv: str | Path) -> str:
    """Run a program of this host and return its output."""
    return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=300).stdout


def filled(target: Disk, label: str, fill: Callable[[Path], None], offset: int = 0, mib: int = 0) -> Disk:
    """An ext4 file system with *label* on a disk, with the files that *fill* creates."""
    folder = target.file.with_suffix(".folder")
    folder.mkdir()
    fill(folder)
    place = ("-E", f"offset={offset}") if offset else ()
    run("mke2fs", "-q", "-F", "-t", "ext4", "-O", "^has_journal", "-L", label, *place, "-d", folder, target.file,
        *((f"{mib}M",) if mib else ()))  # fmt: skip
    shutil.rmtree(folder)
    return target


def other_version(folder: Path) -> None:
    """Fill a bootable slot, of a version that nobody installed."""
    taken = files(ISO)
    (folder / "LiveOS").mkdir()
    shutil.copy(taken["kernel"], folder / "vmlinuz")
    shutil.copy(taken["initrd"], folder / "initrd.img")
    shutil.copy(taken["squashfs"], folder / "LiveOS/squashfs.img")
    (folder / "version").write_text("PRODUCT=Stranger\nVERSION=6.6.6\nRELEASE=1\n")


def settings(folder: Path) -> None:
    """Fill a volume Config, with another host name."""
    upper = folder / "slots/Root/etc/upper"
    upper.mkdir(parents=True)
    (upper / "hostname").write_text("stranger\n")


def labelled(folder: Path) -> tuple[Disk, ...]:
    """Disks whose file systems have the labels of a node's."""
    root = filled(disk(folder, "root", 1024), "Root", other_version)
    config = filled(disk(folder, "config", 64), "CONFIG", settings)
    data = filled(disk(folder, "data", 64), "DATA", settings)
    esp, swap = disk(folder, "esp", 64), disk(folder, "swap", 64)
    run("mkfs.vfat", "-n", "NODE-ESP", esp.file)
    run("mkswap", "-q", "-L", "SWAP", swap.file)
    return root, config, data, esp, swap


def other_group(folder: Path, name: str = "HostVG", volumes: tuple[str, str] = ("Config", "Data")) -> Disk:
    """A disk with a foreign volume group of this *name*; the first of its *volumes* has another host name."""
    made = disk(folder, f"group-{name.lower()}", 1024)
    with attached(made) as device:
        words = f"{QUIET_LVM % device} {LVM_LOCKS % folder}"
        # without the device mapper: only metadata is written, and this host gets no devices
        off = ("--activate", "n", "--zero", "n", "--wipesignatures", "n")
        for argv in (
            ("pvcreate", "--dataalignment", "1m", device),
            ("vgcreate", name, device),
            *(("lvcreate", *off, "-n", volume, "-L", "64m", name) for volume in volumes),
        ):
            run("lvm", *argv, "--yes", "--driverloaded", "n", "--config", words)
    return filled(made, volumes[0].upper(), settings, OFFSET, 64)


@contextmanager
def attached(image: Disk) -> Iterator[str]:
    """The disk as a loop device of this host."""
    device = run("losetup", "--find", "--show", image.file).strip()
    try:
        yield device
    finally:
        run("losetup", "--detach", device)


def copy_of(original: Disk, name: str) -> Disk:
    """A copy with another serial number."""
    made = Disk(original.file.with_name(f"{name}.img"), name.upper(), raw=original.raw)
    run("cp", "--sparse=always", original.file, made.file)
    return made
