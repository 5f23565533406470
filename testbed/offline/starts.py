"""What a disk would start: GRUB by its boot menu, the kernel from a slot, the node with its settings.

All is read as those who read it at the start do: the first table of partitions, as GRUB and the kernel; a slot without
replaying a journal, as GRUB; Config after e2fsck, as the initrd.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol, TypeVar

from bootmenu import environment, words
from bootmenu.entries import BOOT_NUMBER, SLOTS
from bootmenu.environment import FILE as CHOICE
from bootmenu.environment import Choice
from bootmenu.node_data import GROUP_FILE, group_in
from ovirt_tui.system.boot import BIOS_FOLDER, REMOVABLE, boot_record, placed_core
from ovirt_tui.system.boot_code import CODE_END, NOTHING
from ovirt_tui.system.media import FILES, SUMS
from ovirt_tui.system.partitions import BIOS_NUMBER, COMPLETE, INSTALLING
from testbed.offline import Damaged, Source, gpt, lvm, verity
from testbed.offline.ext4 import Ext4
from testbed.offline.fat import Fat
from testbed.offline.gpt import SECTOR, Partition
from testbed.offline.settings import Settings, settings

MEMBER = 5
"""Number of the partition with the physical volume, on a disk that is both boot disk and the only data disk."""
HEAD = 1 << 20
"""Bytes at the beginning of a physical volume that its metadata lies in."""
SQUASHFS = FILES[2]
T = TypeVar("T")


class Kind(Enum):
    """What becomes of a machine that starts from the disk."""

    EMPTY = "no node was ever there"
    INTERRUPTED = "does not start, and is known for an interrupted installation"
    NODE = "starts"
    BROKEN = "does not start"


@dataclass(frozen=True)
class Start:
    """What a disk would start.  *systems* are the images that it may come to: the first one is tried first.

    *etc* are the settings of each of them, *kept* what was persisted, *why* it does not start.
    """

    kind: Kind
    systems: tuple[str, ...] = ()
    why: str = ""
    etc: tuple[Mapping[str, str], ...] = field(default=(), repr=False)
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """One line that tells it."""
        if self.kind is Kind.NODE:
            return " or ".join((f"starts {self.systems[0]}", *self.systems[1:]))
        return f"{self.kind.value}{f': {self.why}' if self.kind is Kind.BROKEN else ''}"


class Disk(Source, Protocol):
    """Bytes of which is known whether they changed."""

    def state(self, place: int, length: int) -> Hashable:
        """The same for the same bytes at this place of this disk."""


class Reader:
    """Reads disks of one node one after the other; what did not change from one to the next is not read again.

    *loader* has the SHA-256 of files of the boot loader on the boot partition, by their paths: without it, they are
    only compared with each other.
    """

    def __init__(self, loader: Mapping[str, str] | None = None) -> None:
        self.loader = dict(loader or {})
        self.known: dict[Hashable, Any] = {}

    def start(self, disk: Disk) -> Start:
        """What *disk* would start."""
        code = _has_code(disk)
        try:
            table = self._table(disk, gpt.first)
        except Damaged as why:
            return self._without_table(disk, str(why), starts=code)
        state = table[BOOT_NUMBER].name if BOOT_NUMBER in table else ""
        try:
            return self._node(disk, table, whole=state == COMPLETE)
        except Damaged as why:
            slots = tuple(table[number].name.partition(" ")[0] for number in SLOTS.values() if number in table)
            if state == INSTALLING and slots == tuple(SLOTS):
                return Start(Kind.INTERRUPTED, why=str(why))
            return Start(Kind.BROKEN if code or state == COMPLETE else Kind.EMPTY, why=str(why))

    def _without_table(self, disk: Disk, why: str, *, starts: bool) -> Start:
        """The firmware may start GRUB even so, whose kernel then finds no partition."""
        second = ""
        with suppress(Damaged):
            self._table(disk, gpt.second)
            second = ", but its second copy is whole"
        return Start(Kind.BROKEN if starts else Kind.EMPTY, why=why + second)

    def _table(self, disk: Disk, copy: Callable[[Source], dict[int, Partition]]) -> dict[int, Partition]:
        ends = disk.state(0, HEAD), disk.state(disk.size - HEAD, HEAD)
        return self._once((copy.__name__, *ends), lambda: copy(disk))

    def _node(self, disk: Disk, table: dict[int, Partition], *, whole: bool) -> Start:
        if not {BIOS_NUMBER, BOOT_NUMBER, MEMBER, *SLOTS.values()} <= set(table):
            raise Damaged("the table of partitions is not that of a node")
        choice, group = self._loader(disk, table, whole=whole)
        tried = (choice.next,) if choice.tries else ()
        slots = tuple(dict.fromkeys((*tried, choice.slot)))
        versions = {slot: self._slot(disk, table[SLOTS[slot]]) for slot in slots}
        found = self._config(disk, table[MEMBER], group)
        for slot in slots:
            if not found.etc.get(slot):
                raise Damaged(f"the slot {slot} has no settings")
        systems = tuple(f"{versions[slot]} in {slot}" for slot in slots)
        return Start(Kind.NODE, systems, etc=tuple(found.etc[slot] for slot in slots), kept=found.kept)

    def _loader(self, disk: Disk, table: dict[int, Partition], *, whole: bool) -> tuple[Choice, str]:
        """What the boot menu starts, and the UUID of the node's volume group."""
        esp, bios = table[BOOT_NUMBER], table[BIOS_NUMBER]
        states = disk.state(0, HEAD), _state(disk, esp), _state(disk, bios)
        return self._once(("loader", whole, *states), lambda: self._loader_now(disk, esp, bios, whole=whole))

    def _loader_now(self, disk: Disk, esp: Partition, bios: Partition, *, whole: bool) -> tuple[Choice, str]:
        files = Fat(esp.of(disk))
        for path, digest in self.loader.items():
            if path != REMOVABLE and hashlib.sha256(files.read(path)).hexdigest() != digest:
                raise Damaged(f"{path} on the boot partition is not whole")
        ways = [_bios(disk, files, bios), self._uefi(files)]
        if all(ways) or (whole and any(ways)):
            raise Damaged("; ".join(filter(None, ways)))
        try:
            choice = environment.read(files.read(CHOICE))
        except ValueError as error:
            raise Damaged(f"what the boot menu starts cannot be read: {error}") from error
        group = group_in(files.read(GROUP_FILE).decode("ascii", "replace"))
        if not group or not files.read("grub/grub.cfg"):
            raise Damaged("the boot menu is not whole")
        return choice, group

    def _uefi(self, files: Fat) -> str:
        """Why a UEFI firmware starts nothing."""
        if not files.has(REMOVABLE):
            return "there is nothing for a UEFI firmware to start"
        wanted = self.loader.get(REMOVABLE)
        if wanted and hashlib.sha256(files.read(REMOVABLE)).hexdigest() != wanted:
            return "what a UEFI firmware starts is not whole"
        return ""

    def _slot(self, disk: Disk, part: Partition) -> str:
        """The version of the image in a slot; Damaged unless every byte of it is as its checksums say."""
        return self._once(("slot", _state(disk, part)), lambda: image(Ext4(part.of(disk))))

    def _config(self, disk: Disk, part: Partition, group: str) -> Settings:
        member = part.of(disk)
        found = self._once(("group", part.start, disk.state(part.start, HEAD)), lambda: lvm.group(member))
        if found.uuid != group:
            raise Damaged(f"the boot menu names the volume group {group}, and that of the disk is {found.uuid}")
        if "Config" not in found.volumes:
            raise Damaged("there is no volume Config")
        runs = found.volumes["Config"]
        states = tuple((part.start + start, disk.state(part.start + start, length)) for start, length in runs)
        return self._once(("config", states), lambda: settings(lvm.Volume(member, runs)))

    def _once(self, key: Hashable, look: Callable[[], T]) -> T:
        """What *look* returns, or raises, of bytes in this state."""
        if key not in self.known:
            try:
                self.known[key] = look()
            except Damaged as why:
                self.known[key] = why
        found = self.known[key]
        if isinstance(found, Damaged):
            raise Damaged(*found.args)
        return found  # type: ignore[no-any-return]


def image(slot: Ext4) -> str:
    """The version of the image in *slot*; Damaged unless it is whole."""
    listed = (line.split(maxsplit=1) for line in slot.read(SUMS).decode("ascii", "replace").splitlines())
    sums = {pair[1]: pair[0] for pair in listed if len(pair) == 2}
    if missing := {*FILES, words.NAME} - set(sums):
        raise Damaged(f"the slot has no checksum of {min(missing)}")
    contents = {name: slot.read(name) for name in sums}
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != sums[name]:
            raise Damaged(f"{name} in the slot is not as its checksum says")
    try:
        version, kernel = words.words_in(contents[words.NAME])
    except ValueError as error:
        raise Damaged(str(error)) from error
    verity.checked(contents[SQUASHFS], kernel)
    return version


def _has_code(disk: Source) -> bool:
    """Whether a BIOS runs something that is to start a system."""
    return disk.read(0, CODE_END) not in (bytes(CODE_END), NOTHING)


def _bios(disk: Source, files: Fat, bios: Partition) -> str:
    """Why a BIOS starts nothing."""
    there = disk.read(0, SECTOR)
    if not _has_code(disk):
        return "there is nothing for a BIOS to start"
    boot, core = (files.read(f"{BIOS_FOLDER}/{name}") for name in ("boot.img", "core.img"))
    first = bios.start // SECTOR
    core = placed_core(core, first)
    if there != boot_record(boot, there, first) or disk.read(bios.start, len(core)) != core:
        return "what a BIOS starts is not whole"
    return ""


def _state(disk: Disk, part: Partition) -> Hashable:
    return part.start, disk.state(part.start, part.size)
