"""What starts a node that a medium found, as it is on the disks now: for the repair of the boot loader."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ovirt_tui.machine.facts import FREE, Fact
from ovirt_tui.model.records import dataclass, field


class FileSystem(StrEnum):
    """How the file system of a boot partition is."""

    WHOLE = "whole"
    DAMAGED = "damaged"  # its files can be read, but it has errors
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class SlotFound(Fact):
    """A slot, after every byte of its image was compared with its checksums."""

    slot: str
    product: str = field(default="", metadata=FREE)
    version: str = field(default="", metadata=FREE)
    why: str = field(default="", metadata=FREE)  # it holds no whole image; empty where it does
    signed_menu: bool = False  # what a signed boot menu checks of it is signed
    settings: bool = True  # Config has settings for it
    saved: bytes = b""  # the node's answer file among these


@dataclass(frozen=True, kw_only=True)
class BootParts(Fact):
    """All that starts a node, and what it can be made anew from."""

    group: str  # UUID of HostVG
    second: str = ""  # of AppVG, where it has one
    file_system: FileSystem = FileSystem.WHOLE
    unread: str = field(default="", metadata=FREE)  # why the boot partition cannot be read
    files: Mapping[str, bytes] = field(default_factory=dict)  # the small ones of this node on the boot partition
    changed: tuple[str, ...] = ()  # files that are the same on each node, and are not there as this medium has them
    record: bool = True  # the boot record and GRUB's core are those of this medium
    entry: bool = True  # the firmware starts it by an entry, or has none of its kind
    slots: tuple[SlotFound, ...] = ()
    config_unread: str = field(default="", metadata=FREE)  # why Config cannot be read
    attempt: bytes = b""  # what Config remembers of the last upgrade
    name: str = field(default="", metadata=FREE)  # how the node is called
