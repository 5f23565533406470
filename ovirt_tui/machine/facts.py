"""Facts about this machine.  Gathered by a System, immutable, easily written by hand in a test.

Much of it is text that others chose: whoever made a disk, a stick or a network.  A Fact escapes it (untrusted.py)
when it is created, so that no page, plan or console has to.  Texts are compared with both sides escaped.  A name that
escaping changed is no longer valid: there is no device with such a path.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache

from ovirt_tui.machine.untrusted import escaped, shortened
from ovirt_tui.model.records import asdict, dataclass, field, fields, is_dataclass, types
from ovirt_tui.model.typed import Any, parts

FREE = {"free": True}
"""Marks text of any length that is only displayed: it is shortened.  Text that is compared never is."""


class Virtualization(StrEnum):
    """What the processor offers to guests."""

    ABSENT = "absent"
    DISABLED = "disabled"
    ENABLED = "enabled"


class NodeState(StrEnum):
    """How far an installation that was found on a disk has come."""

    INSTALLING = "installing"
    COMPLETE = "complete"
    BROKEN = "broken"


class Rotational(StrEnum):
    """Whether the kernel takes a disk for one that turns; controllers and virtual machines may not know."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


class Fact:
    """Base of every fact: escapes its texts when it is created."""

    def __post_init__(self) -> None:
        kind: Any = type(self)
        for name, free in _texts(kind):
            value = getattr(self, name)
            plain = tuple(map(escaped, value)) if isinstance(value, tuple) else escaped(value)
            if free and isinstance(plain, str):
                plain = shortened(plain)
            if plain != value:
                object.__setattr__(self, name, plain)


@cache
def _texts(kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields of a fact that are text, or a list of texts, and whether they are shortened."""
    kinds = _types(kind)
    found = (part for part in fields(kind) if kinds[part.name] in (str, tuple[str, ...]))
    return tuple((part.name, "free" in part.metadata) for part in found)


@dataclass(frozen=True, kw_only=True)
class Part(Fact):
    """A partition, or the whole disk where it has no table."""

    path: str
    mib: int
    kind: str = ""  # udev ID_FS_TYPE: ext4, vfat, LVM2_member, crypto_LUKS, VMFS, zfs_member, ceph_bluestore, ...
    label: str = field(default="", metadata=FREE)
    name: str = field(default="", metadata=FREE)  # GPT partition name
    group: str = ""  # volume group this physical volume belongs to
    uses: tuple[str, ...] = ()  # mount points, "swap", or names of devices on top of it


@dataclass(frozen=True, kw_only=True)
class Disk(Fact):
    """A whole block device, as an admin would name it: a multipath map rather than its paths."""

    path: str
    links: tuple[str, ...] = ()  # other names: /dev/disk/by-id/..., by-path/...
    mib: int
    sector: int = 512  # logical sector, bytes
    bus: str = ""  # udev ID_BUS, or virtio, nvme, mmc, multipath
    transport: str = ""  # sata, sas, fc, iscsi, usb, nvme, virtio, ...
    rotational: Rotational = Rotational.UNKNOWN
    hctl: str = ""  # host:channel:target:lun of a disk that the kernel handles as SCSI
    model: str = field(default="", metadata=FREE)
    serial: str = ""  # udev ID_SERIAL
    short_serial: str = ""  # udev ID_SERIAL_SHORT
    wwn: str = ""
    sequence: str = ""  # udev DISKSEQ: a new number for each disk attached since boot
    removable: bool = False
    read_only: bool = False
    cdrom: bool = False
    live: bool = False  # the medium this system runs from
    target: str = ""  # PORTAL/NAME of the iSCSI target by which this system reaches the node's own disk, this one
    map_of: str = ""  # path of the multipath map that this disk is a member of
    table: str = ""  # udev ID_PART_TABLE_TYPE: gpt, dos, ... or none; PMBR is a GPT with neither copy intact
    raid: str = ""  # udev ID_FS_TYPE of RAID metadata on the disk itself: isw_raid_member, ddf_raid_member, ...
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group(Fact):
    """An LVM volume group."""

    name: str
    uuid: str = ""
    disks: tuple[str, ...] = ()  # paths of the disks that its physical volumes are on
    missing: int = 0  # physical volumes that were not found
    tags: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    copied: bool = False  # some of the disks hold the same physical volume: one of them is a copy


@dataclass(frozen=True, kw_only=True)
class Node(Fact):
    """An installation of this product that was found on a disk."""

    disk: str
    state: NodeState
    version: str = field(default="", metadata=FREE)  # VERSION-RELEASE
    answers: tuple[str, ...] = ()  # lines that an interrupted installation, or a stranger, left on it
    unread: str = ""  # why there are none
    group: str = ""  # UUID of its volume group, where its boot disk has no part of that and the medium could ask it


@dataclass(frozen=True, kw_only=True)
class Nic(Fact):
    """A network interface."""

    name: str
    mac: str = ""
    link: bool = False
    kind: str = "physical"  # physical, bond, bridge, vlan
    driver: str = ""
    model: str = field(default="", metadata=FREE)
    members: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()  # with prefix length


@dataclass(frozen=True)
class KeymapTitle(Fact):
    """What people call a keyboard layout."""

    keymap: str
    title: str


@dataclass(frozen=True)
class TuningProfile(Fact):
    """A profile of tuned, and what it says of itself."""

    name: str
    summary: str = field(default="", metadata=FREE)


@dataclass(frozen=True, kw_only=True)
class Facts(Fact):
    """All of it.  Sizes are MiB."""

    os_id: str = "debian"
    product: str = field(default="oVirt Node", metadata=FREE)
    version: str = ""  # of the running image, VERSION-RELEASE
    slot: str = ""  # the slot this system booted from; empty on a medium
    efi: bool = False
    signed_menu: bool = False  # the image brings a boot menu that is signed, and lets through only words that it knows
    memory_mib: int = 0
    image_mib: int = 0  # what a slot must hold: kernel, initrd and squashfs of the medium
    virtualization: Virtualization = Virtualization.ABSENT
    hostname: str = field(default="", metadata=FREE)
    keymaps: tuple[str, ...] = ()
    keymap_titles: tuple[KeymapTitle, ...] = ()
    consoles: tuple[str, ...] = ()
    profiles: tuple[TuningProfile, ...] = ()
    huge_pages: tuple[int, ...] = ()  # the sizes that the processor has, each in MiB
    settled: bool = True  # udev had handled all events when the disks were probed
    disks: tuple[Disk, ...] = ()
    groups: tuple[Group, ...] = ()
    nodes: tuple[Node, ...] = ()
    nics: tuple[Nic, ...] = ()


def dump(facts: Facts) -> str:
    """Return *facts* as the JSON that load() reads: in ASCII, so that it is JSON in every encoding."""
    return json.dumps(asdict(facts), indent=1) + "\n"


class Misfit(ValueError):
    """A recorded value is not of its type; *where* it is, from the inside out."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.where: list[str] = []


def load(text: str) -> Facts:
    """Return the Facts that *text* holds; ValueError names the key that is wrong."""
    found = parse(Facts, text)
    assert isinstance(found, Facts)
    return found


def parse(kind: type[Fact], text: str) -> Any:
    """Return the *kind* of fact that *text* holds as JSON; ValueError names the key that is wrong."""
    try:
        return _build(kind, json.loads(text))
    except Misfit as misfit:
        raise ValueError(f"machine{''.join(reversed(misfit.where))}: {misfit}") from misfit
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


@cache
def _types(kind: Any) -> dict[str, Any]:
    """The types of the fields of a record; cached: resolving them for each of 4096 disks takes half a second."""
    return types(kind)


def _build(kind: Any, value: Any) -> Any:
    if type(value) is kind:
        return value
    if isinstance(kind, type) and is_dataclass(kind):
        return _object(kind, value)
    if parts(kind):
        return _list(parts(kind)[0], value)
    if issubclass(kind, StrEnum):
        try:
            return kind(value)
        except ValueError as error:
            raise Misfit(str(error)) from error
    raise Misfit(f"expected {kind.__name__}, got {value!r}")


def _object(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise Misfit("expected an object")
    kinds = _types(kind)
    if unknown := sorted(set(value) - set(kinds)):
        raise Misfit(f"unknown key {unknown[0]!r}")
    made = {}
    for name, part in value.items():
        # Text or a number, as nearly all are: 4096 disks have 80,000 of them.
        if type(part) is kinds[name]:
            made[name] = part
            continue
        try:
            made[name] = _build(kinds[name], part)
        except Misfit as misfit:
            misfit.where.append(f".{name}")
            raise
    try:
        return kind(**made)
    except TypeError as error:
        raise Misfit(str(error)) from error


def _list(kind: Any, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise Misfit("expected a list")
    made = []
    for index, part in enumerate(value):
        try:
            made.append(_build(kind, part))
        except Misfit as misfit:
            misfit.where.append(f"[{index}]")
            raise
    return tuple(made)
