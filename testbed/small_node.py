"""The disk of a node in small: all that a start reads is real, its image is not.  Made and used as root."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bootmenu.environment import Choice, block
from bootmenu.node_data import group_file
from bootmenu.words import NAME as WORDS
from bootmenu.words import words_file
from ovirt_tui.system.boot import BIOS_FOLDER, REMOVABLE, boot_record, placed_core
from ovirt_tui.system.file_systems import format_slot, format_volume
from ovirt_tui.system.media import FILES, SUMS
from testbed.offline import lvm
from testbed.offline.gpt import SECTOR, first
from testbed.offline.verity import BLOCK, tree
from testbed.recorded_disk import attached, run
from testbed.replayed import Replayed

MIB = 1 << 20
PARTS = (("BIOS boot", 1), ("ovirt-node", 8), ("Root 0.1.0-1", 12), ("RootBackup", 12), ("HostVG", 46))
"""GPT name and MiB of each partition."""
CONFIG = 40  # MiB
PROGRAMS = {
    "grub/grub.cfg": b"menu of a test\n",
    f"{BIOS_FOLDER}/boot.img": bytes(range(256)) * 2,
    f"{BIOS_FOLDER}/core.img": bytes(range(251)) * 20,
    REMOVABLE: b"shim of a test\n" * 99,
    "EFI/BOOT/grubx64.efi": b"grub of a test\n" * 99,
}
SETTINGS = {
    "hostname": "node1.example.com\n",
    "ovirt-node/node.toml": '[network]\nhostname = "node1.example.com"\n',
    "passwd": "root:x:0:0:root:/root:/bin/bash\nadmin:x:1000:1000::/home/admin:/bin/bash\n",
    "shadow": "root:!*:20000:0:99999:7:::\nadmin:$6$x$y:20000:0:99999:7:::\n",
}


def medium(folder: Path, version: str) -> Path:
    """The tree of an image of *version*, as small as can be, in *folder*."""
    data = hashlib.sha256(version.encode()).digest() * (BLOCK // 32) * 130  # more than one block of hashes
    hashes, root = tree(data)
    kernel = ("rd.live.image", f"node.verity={root.hex()}", f"node.verity.blocks={len(data) // BLOCK}")
    contents = {
        FILES[0]: b"kernel " + version.encode() * 9999,
        FILES[1]: b"initrd " + version.encode() * 9999,
        FILES[2]: data + hashes,
        FILES[3]: f"PRODUCT=oVirt Node\nVERSION={version}\nRELEASE=1\n".encode(),
        WORDS: words_file(f"{version}-1", kernel),
    }
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())
    for name, content in {**contents, SUMS: sums.encode()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def made(image: Path, images: Path) -> Path:
    """The disk of a node in the file *image*, which starts 0.1.0-1 from Root; its medium is made in *images*."""
    with image.open("wb") as file:
        file.truncate((sum(mib for _name, mib in PARTS) + 2) * MIB)
    lines = "".join(f'size={mib}MiB, name="{name}"\n' for name, mib in PARTS)
    script = image.with_suffix(".sfdisk")
    script.write_text(f"label: gpt\n{lines}")
    with script.open() as given:
        subprocess.run(("sfdisk", "--quiet", image), stdin=given, check=True, timeout=60, capture_output=True)
    with partition(image, 5) as device:
        uuid = _group(device)
    with partition(image, 2) as device:
        _boot_partition(device, images / "esp", uuid)
    with partition(image, 3) as device:
        format_slot(device, "Root")
        with mounted(device, images / "slot") as slot:
            run("cp", "--recursive", f"{medium(images / 'old', '0.1.0')}/.", slot)
    _boot_record(image)
    with config(image) as volume:
        format_volume(volume, "Config")
        with mounted(volume, images / "config") as folder:
            for name, text in SETTINGS.items():
                path = folder / "slots/Root/etc/upper" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
    return image


def partition(image: Path, number: int) -> AbstractContextManager[str]:
    """A device on a partition: not every kernel makes those of a loop device."""
    found = first(Replayed(image))[number]
    return _part(image, found.start, found.size)


def config(image: Path) -> AbstractContextManager[str]:
    """A device on the volume Config: not every host can make one of a volume group."""
    disk = Replayed(image)
    member = first(disk)[5]
    (start, length), *_none = lvm.group(member.of(disk)).volumes["Config"]
    return _part(image, member.start + start, length)


def _part(image: Path, start: int, length: int) -> AbstractContextManager[str]:
    return attached(image, "--offset", str(start), "--sizelimit", str(length))


@contextmanager
def mounted(device: str, folder: Path) -> Iterator[Path]:
    """The file system of *device*."""
    folder.mkdir(parents=True, exist_ok=True)
    run("mount", device, folder)
    try:
        yield folder
    finally:
        run("umount", folder)


def _group(member: str) -> str:
    """Make the volume group with its volume Config, and return its UUID: no device mapper is needed for that."""
    only = ("--driverloaded", "n", "--devices", member)
    run("pvcreate", *only, member)
    run("vgcreate", *only, "HostVG", member)
    run(
        "lvcreate",
        *only,
        "--activate",
        "n",
        "--zero",
        "n",
        "--wipesignatures",
        "n",
        f"-L{CONFIG}m",
        "-nConfig",
        "HostVG",
    )
    return run("vgs", *only, "--noheadings", "--options", "vg_uuid", "HostVG").strip()


def _boot_partition(device: str, folder: Path, uuid: str) -> None:
    """By mtools: not every kernel has FAT."""
    run("mkfs.vfat", "-n", "NODE-ESP", device)
    name, text = group_file(uuid)
    contents = {**PROGRAMS, name: text.encode(), "grub/grubenv": block(Choice("Root"))}
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    run("mcopy", "-s", "-i", device, *folder.iterdir(), "::/")


def _boot_record(image: Path) -> None:
    boot, core = (PROGRAMS[f"{BIOS_FOLDER}/{name}"] for name in ("boot.img", "core.img"))
    with image.open("r+b") as file:
        there = file.read(SECTOR)
        file.seek(0)
        file.write(boot_record(boot, there, MIB // SECTOR))
        file.seek(MIB)
        file.write(placed_core(core, MIB // SECTOR))
