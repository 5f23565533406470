"""The disks that are written, as the kernel line names them, and what becomes of what is on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ovirt_tui.features.parameter import (
    BOOLEAN,
    CONFLICTS,
    UNKNOWN_VALUE,
    Noted,
    Outcome,
    Parameter,
    Put,
    Refused,
    Repeat,
    Said,
    Word,
    Wrong,
    choice,
    flag,
    plain,
)
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import FORM, Kind
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.selectors import ONLY, DiskName, DiskSelector
from ovirt_tui.model.typed import TypeVar
from ovirt_tui.model.values import Unfit
from ovirt_tui.pages.storage.settings import Found, Storage

T = TypeVar("T", bound=DiskSelector)
DISKS = N_(
    "DISK[,DISK]...[;DISK[,DISK]...], where DISK is /dev/..., BUS, BUS:SERIAL, BUS:ALL, a WWN, or "
    "NAME=VALUE[+NAME=VALUE]..."
)


@dataclass(frozen=True)
class Named:
    """The disks of HostVG, the boot disk first, and those of AppVG."""

    host: tuple[DiskSelector, ...]
    app: tuple[DiskSelector, ...] = ()


SEVERAL_LISTS = Kind("several-lists-of-disks", N_('more than one ";"'))
NO_HOST_DISK = Kind("no-host-disk", N_('no HostVG disk before ";"'))
DISK_IN_BOTH = Kind("disk-in-both-groups", N_("same disk in HostVG and AppVG"))


def named(text: str) -> Named:
    """Disks of HostVG, then after a semicolon those of AppVG; nothing means the only disk there is."""
    if not text:
        return Named((DiskSelector(ONLY),))
    lists = text.split(";")
    if len(lists) > 2:
        raise Refused(SEVERAL_LISTS())
    if not lists[0]:
        raise Refused(NO_HOST_DISK())
    found = Named(*(tuple(_selector(disk, DiskSelector) for disk in each.split(",")) for each in lists))
    if set(found.host) & set(found.app):
        raise Refused(DISK_IN_BOTH())
    return found


EMPTY_DISK = Kind("empty-disk", N_("empty disk in list"))
NO_SELECTOR = Kind("no-disk-selector", N_("not a disk selector: {text}"))


def _selector(text: str, kind: type[T]) -> T:
    if not text:
        raise Refused(EMPTY_DISK())
    try:
        return kind(text)
    except Unfit as unfit:
        raise Refused(FORM(wanted=str(unfit))) from unfit
    except ValueError:
        raise Refused(NO_SELECTOR(text=text)) from None


def single(text: str) -> tuple[DiskName, ...]:
    """Disks that are named each for itself, whose contents may be destroyed."""
    return tuple(_selector(each, DiskName) for each in text.split(","))


NO_DEVICE = Kind("no-device-path", N_("not a /dev path"))


def device(text: str) -> DiskSelector:
    """A path of a device."""
    if not re.fullmatch(r"/dev/\S+", text):
        raise Refused(NO_DEVICE())
    return _selector(text, DiskSelector)


INIT = Word(
    name="storage_init",
    also=("ovirt_init",),
    subject="storage",
    grammar=named,
    form=DISKS,
    help=N_(
        "The disks to erase and install on. The first is the boot disk, HostVG goes on the others; a disk that is "
        "listed twice, or alone, is both. Those after a semicolon get AppVG, a second volume group with the volumes "
        "Swap2 and Data2 of storage_vol; GRUB needs such a word in quotes. Without a value: the only disk of the "
        "machine that is neither removable nor the medium."
    ),
    example="/dev/disk/by-id/virtio-a0001",
    fills=("storage.boot_disk", "storage.data_disks", "storage.app_disks"),
    bare="",
    repeat=Repeat.SAME,
)
FOUND = Word(
    name="storage_found",
    subject="storage",
    grammar=choice(Found, UNKNOWN_VALUE),
    form=N_("continue, refuse, keep-data or wipe"),
    help=N_(
        "What happens to a node that is already on the disks. keep-data keeps its Data volume; continue goes on with "
        "an installation that was interrupted, as without this word, and refuses any other node."
    ),
    example="keep-data",
    fills=("storage.found",),
    repeat=Repeat.SAME,
)
REINSTALL = Word(
    name="reinstall",
    also=("firstboot", "ovirt_firstboot"),
    subject="mode",
    grammar=flag,
    form=BOOLEAN,
    help=N_("Install over a node that is already on the disks. All of it is lost, unless storage_found says."),
    example="yes",
    fills=("storage.found",),
    bare="yes",
)
OVERRIDE = Word(
    name="storage_override",
    subject="storage",
    grammar=single,
    form=N_("DISK[,DISK]...; DISK is /dev/..., BUS:SERIAL or a WWN"),
    help=N_("Disks of storage_init that may be erased although they hold something foreign."),
    example="/dev/disk/by-id/virtio-a0001",
    fills=("storage.override",),
    repeat=Repeat.SAME,
)
ISCSI_DISK = Word(
    name="iscsi_init",
    subject="storage",
    grammar=device,
    form=N_("/dev/..."),
    help=N_("The disk of iscsi_target_name=, as it is called once this machine is logged in: the node's data disk."),
    example="/dev/sdb",
    fills=("storage.data_disks",),
    repeat=Repeat.SAME,
)
FAKERAID = Word(
    name="wipe_fakeraid",
    subject="storage",
    grammar=flag,
    form=BOOLEAN,
    help=N_("Remove BIOS RAID metadata from the disks of storage_init."),
    example="yes",
    fills=("storage.wipe_raid",),
    bare="yes",
)


NOT_LISTED = Kind("iscsi-disk-not-listed", N_("must be among the disks that follow the boot disk in storage_init"))


def agree(said: Said) -> Iterator[Wrong | Noted]:
    if ISCSI_DISK.name in said and INIT.name in said:
        data = said[INIT.name].host[1:]
        if data and said[ISCSI_DISK.name] not in data:
            yield Wrong(ISCSI_DISK.name, NOT_LISTED())
    if said.get(REINSTALL.name) and said.get(FOUND.name) is Found.REFUSE:
        yield Wrong(FOUND.name, CONFLICTS(name=said.spelled(REINSTALL.name)))


def own_at_target(said: Said) -> tuple[DiskSelector, ...]:
    """The data disk of a line whose storage_init names the boot disk only, where the volumes go to an iSCSI disk."""
    return (said[ISCSI_DISK.name],) if ISCSI_DISK.name in said and said.get("iscsi_install") else ()


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    if INIT.name in said:
        boot, *data = said[INIT.name].host
        yield Put("storage.boot_disk", boot)
        yield Put("storage.data_disks", tuple(data or own_at_target(said)))
        yield Put("storage.app_disks", said[INIT.name].app)
    if FOUND.name in said:
        yield Put("storage.found", said[FOUND.name])
    elif REINSTALL.name in said:
        yield Put("storage.found", Found.WIPE if said[REINSTALL.name] else Found.REFUSE)
    if OVERRIDE.name in said:
        yield Put("storage.override", said[OVERRIDE.name])


def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
    storage = config[Storage]
    if storage.boot_disk:
        lists = ((storage.boot_disk, *storage.data_disks), storage.app_disks)
        yield INIT.name, ";".join(",".join(each) for each in lists if each)
    if storage.override:
        yield OVERRIDE.name, ",".join(storage.override)
    if storage.found is not Found.CONTINUE:
        yield FOUND.name, storage.found.value


PARAMETERS = (
    Parameter(words=(INIT, FOUND, REINSTALL, OVERRIDE, ISCSI_DISK), agree=agree, read=read, write=write),
    plain("storage.wipe_raid", FAKERAID),
)
