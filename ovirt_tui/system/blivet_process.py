"""Creates a volume group with blivet, as a separate process; the only module that imports blivet.

A process has a timeout, frees its memory when it exits, and what its libraries print cannot reach the screen of an
installer.  It may be started ahead of time, and then loads while the installer waits for disks and people.
Reads one JSON object from standard input: the group's name, the paths of the new physical volumes, the volumes with
their sizes in MiB (-1: the rest), and how many MiB of the rest stay free.  Without input it exits.  A line "loaded"
on standard output says that it is about to read.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

LOADED = ("blivet.devicelibs.lvm", "blivet.deviceaction", "blivet.devices", "blivet.errors", "blivet.formats")
"""Loading these takes seconds, and longer the first time they are read from the medium."""


def ready() -> Any:
    """Load blivet and create its storage object.  No disk is scanned: blivet is told of them, which is faster."""
    for name in LOADED:
        import_module(name)
    from blivet import Blivet
    from blivet.flags import flags

    flags.lvm_devices_file = False
    flags.lvm_metadata_backup = False
    return Blivet()


def make(storage: Any, name: str, members: list[str], volumes: list[tuple[str, int]], spare: int) -> None:
    """Create physical volumes on *members*, the group on them and the volumes in it; *spare* MiB stay free.

    blivet is told of the members and scans no disk: a scan takes seconds, and blivet cannot open a disk that it does
    not know.  LVM is confined to the members too.  The members have no old format to destroy first: their ends were
    zeroed.
    """
    from blivet.deviceaction import ActionCreateFormat
    from blivet.devicelibs.lvm import lvm_devices_add
    from blivet.formats import get_format
    from blivet.size import Size

    parents = [_known(storage.devicetree, path) for path in members]
    for device in parents:
        lvm_devices_add(device.path)
        storage.devicetree.actions.add(ActionCreateFormat(device, get_format("lvmpv", device=device.path)))
    group = storage.new_vg(name=name, parents=parents)
    storage.create_device(group)
    for volume, mib in volumes:
        room = group.free_space - Size(f"{spare} MiB") if mib == -1 else Size(f"{mib} MiB")
        storage.create_device(storage.new_lv(name=volume, parents=[group], size=room))
    storage.do_it()


def _known(tree: Any, path: str) -> Any:
    """Add a partition, which may be that of a multipath map, to the device tree of blivet."""
    from blivet.devices import DMDevice
    from blivet.devices.storage import StorageDevice

    if not Path(path).exists():
        raise SystemExit(f"{path} is not there")
    sysfs = str(Path("/sys/class/block", Path(path).resolve().name).resolve())
    kind = DMDevice if path.startswith("/dev/mapper/") else StorageDevice
    device = kind(Path(path).name, exists=True, sysfs_path=sysfs)
    tree._add_device(device)
    return device


def main() -> None:
    """Create the volume group that standard input describes."""
    storage = ready()
    print("loaded", flush=True)
    order = sys.stdin.read()
    if not order:
        return
    wanted = json.loads(order)
    with tempfile.TemporaryDirectory() as folder:
        confine(Path(folder), wanted["members"])
        attempt(storage, wanted)


def confine(folder: Path, members: list[str]) -> None:
    """Confine LVM to *members*: a volume group of the same name on another disk must not interfere."""
    patterns = (re.sub("[^A-Za-z0-9_/-]", ".", path) for path in members)
    accepted = "".join(f'"a|^{pattern}$|", ' for pattern in patterns)
    (folder / "lvm.conf").write_text(f'devices {{ global_filter = [ {accepted}"r|.*|" ] }}\n')
    os.environ["LVM_SYSTEM_DIR"] = str(folder)


def attempt(storage: Any, wanted: dict[str, Any]) -> None:
    """Create the group; a library error becomes one line on standard error and exit status 1."""
    from blivet.errors import StorageError
    from gi.repository import GLib

    try:
        make(storage, **wanted)
    except (StorageError, GLib.Error, OSError) as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from error


if __name__ == "__main__":
    main()
