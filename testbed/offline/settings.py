"""What a node finds on its volume Config: its file system after the journal, and the settings of each slot."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bootmenu.entries import SLOTS
from ovirt_tui.autoinstall import answers
from ovirt_tui.plan.actions import SAVED
from ovirt_tui.system.files import OURS
from ovirt_tui.system.persistent import store
from testbed.offline import Damaged, Source
from testbed.offline.ext4 import Ext4, Inode

MEMORY = Path("/dev/shm")
CHUNK = 1 << 20
LIMIT = 120  # seconds
INITRD = Path(__file__).parents[2] / "image/dracut/90ovirt-node/places.sh"
FIELDS = {"passwd": 7, "shadow": 9, "group": 4, "gshadow": 4}
"""Lists of accounts, and how many fields each line of theirs has."""
KEPT = "persisted"


@dataclass(frozen=True)
class Settings:
    """Of each slot the digest of each file below its /etc; of each folder that was persisted the digest of it all."""

    etc: dict[str, dict[str, str]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)


def settings(config: Source) -> Settings:
    """What is on the volume *config*; Damaged where a node would not get its settings from it.

    Its file system is mended as the initrd does, on a copy, and must be whole after that.
    """
    with tempfile.NamedTemporaryFile(dir=MEMORY if MEMORY.is_dir() else None) as copy:
        _copy(config, copy.fileno())
        path = Path(copy.name)
        if _run("/bin/sh", "-c", f'{_mend()}\nnode_mend "$1"', "mend", path):
            raise Damaged("the initrd cannot mend Config")
        if status := _run("e2fsck", "-nf", path):
            raise Damaged(f"Config is not whole once its journal was replayed (status {status})")
        return _read(Ext4(Copied(path)))


class Copied:
    """The bytes of a file."""

    def __init__(self, path: Path) -> None:
        self.handle = path.open("rb")
        self.size = path.stat().st_size

    def read(self, place: int, length: int) -> bytes:
        """As many bytes at *place*."""
        found = os.pread(self.handle.fileno(), length, place)
        if len(found) != length:
            raise Damaged("it ends too early")
        return found


def _copy(origin: Source, handle: int) -> None:
    os.ftruncate(handle, origin.size)
    for place in range(0, origin.size, CHUNK):
        content = origin.read(place, min(CHUNK, origin.size - place))
        if content.count(0) != len(content):
            os.pwrite(handle, content, place)


@cache
def _mend() -> str:
    """The function of the initrd that mends Config."""
    text = INITRD.read_text()
    return text[text.index("node_mend() {") : text.index("\n}", text.index("node_mend() {")) + 2]


def _run(*argv: str | Path) -> int:
    return subprocess.run(argv, capture_output=True, timeout=LIMIT, check=False).returncode


def _read(volume: Ext4) -> Settings:
    etc = {}
    for slot in SLOTS:
        upper = f"/{store('/etc', slot)}/upper"
        if volume.has(upper):
            etc[slot] = {name: digest for name, digest in _files(volume, upper) if not name.endswith(OURS)}
            _understood(volume, upper, slot)
    names = [name for name in volume.names(f"/{KEPT}") if not name.startswith("%")]
    return Settings(etc, {name: _digest(volume, f"/{KEPT}/{name}/upper") for name in names})


def _understood(volume: Ext4, upper: str, slot: str) -> None:
    """The node's own answer file can be read, and each line of a list of accounts is one."""
    path = upper + SAVED.removeprefix("/etc")
    if volume.has(path):
        content = volume.read(path)
        if not content or answers.read(path, content).problems:
            raise Damaged(f"what was saved in {slot} cannot be read")
    for name, fields in FIELDS.items():
        if volume.has(f"{upper}/{name}") and stat.S_ISREG(volume.at(f"{upper}/{name}").mode):
            text = volume.read(f"{upper}/{name}").decode("utf-8", "replace")
            if not text.endswith("\n") or any(line.count(":") != fields - 1 for line in text.splitlines()):
                raise Damaged(f"/etc/{name} of {slot} is torn")


def _digest(volume: Ext4, folder: str) -> str:
    if not volume.has(folder):
        raise Damaged(f"{folder} on Config was persisted and has nothing in it")
    return hashlib.sha256(repr(sorted(_files(volume, folder))).encode()).hexdigest()


def _files(volume: Ext4, folder: str) -> Iterator[tuple[str, str]]:
    """Each file below *folder* with a digest of its mode and content."""
    for name in volume.names(folder):
        path = f"{folder}/{name}"
        found = volume.at(path)
        if found.is_folder:
            for below, digest in _files(volume, path):
                yield f"{name}/{below}", digest
        else:
            content = volume.read(path) if stat.S_ISREG(found.mode) else _special(found)
            yield name, hashlib.sha256(b"%o " % found.mode + content).hexdigest()


def _special(found: Inode) -> bytes:
    """A short link, or the number of a device: a whiteout of an overlay."""
    return found.blocks
