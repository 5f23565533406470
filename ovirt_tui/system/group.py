"""Makes a volume group with blivet; a program of its own, the only one that knows blivet.

Apart, it has a limit of time, its memory goes back when it is done, and what its libraries print cannot get onto the
screen of an installer.  Reads one JSON object from standard input: the group's name, the names of the disks it may
open, the paths of the new physical volumes, and the volumes with their sizes in MiB, -1 for the rest.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any


def make(name: str, disks: list[str], members: list[str], volumes: list[tuple[str, int]]) -> None:
    """Make physical volumes of *members*, the group on them and the volumes in it; open no other disk."""
    from blivet import Blivet
    from blivet.flags import flags
    from blivet.formats import get_format
    from blivet.size import Size

    flags.lvm_devices_file = False
    flags.lvm_metadata_backup = False
    storage = Blivet()
    storage.exclusive_disks = disks
    storage.reset()
    parents: list[Any] = []
    for path in members:
        device = storage.devicetree.get_device_by_path(path) or of_map(storage.devicetree, path, disks)
        storage.format_device(device, get_format("lvmpv", device=device.path))
        parents.append(device)
    group = storage.new_vg(name=name, parents=parents)
    storage.create_device(group)
    for volume, mib in volumes:
        room = group.free_space if mib == -1 else Size(f"{mib} MiB")
        storage.create_device(storage.new_lv(name=volume, parents=[group], size=room))
    storage.do_it()


def of_map(tree: Any, path: str, disks: list[str]) -> Any:
    """The partition of a multipath map, which blivet does not find: parted has another name for it than the system."""
    from blivet.devices import DMDevice

    name = Path(path).name
    disk = next((disk for disk in disks if name.startswith(f"{disk}-part")), None)
    if disk is None or not Path(path).exists():
        raise SystemExit(f"{path} is not there")
    sysfs = Path("/sys/class/block", Path(path).resolve().name).resolve()
    device = DMDevice(name, exists=True, parents=[tree.get_device_by_name(disk)], sysfs_path=str(sysfs))
    tree._add_device(device)
    return device


def main() -> None:
    """Do what standard input says."""
    wanted = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        confine(Path(folder), wanted["members"])
        attempt(wanted)


def confine(folder: Path, members: list[str]) -> None:
    """Have the LVM programs see *members* only: a volume group of the same name on another disk is not in the way."""
    patterns = (re.sub("[^A-Za-z0-9_/-]", ".", path) for path in members)
    accepted = "".join(f'"a|^{pattern}$|", ' for pattern in patterns)
    (folder / "lvm.conf").write_text(f'devices {{ global_filter = [ {accepted}"r|.*|" ] }}\n')
    os.environ["LVM_SYSTEM_DIR"] = str(folder)


def attempt(wanted: dict[str, Any]) -> None:
    """Make the group; an error of a library is one line, and the exit status 1."""
    from blivet.errors import StorageError
    from gi.repository import GLib

    try:
        make(**wanted)
    except (StorageError, GLib.Error, OSError) as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from error


if __name__ == "__main__":
    main()
