"""The disks that are written, as the kernel line names them, and what becomes of what is on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ovirt_tui import disks
from ovirt_tui.config import NodeConfig
from ovirt_tui.facts import Disk, Facts, Node, NodeState
from ovirt_tui.i18n import N_, _
from ovirt_tui.objections import objections
from ovirt_tui.pages.storage.settings import Found, Storage
from ovirt_tui.parameter import (
    BOOLEAN,
    NOT_YET,
    Called,
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
)
from ovirt_tui.selection import NotChosen, select
from ovirt_tui.selectors import ONLY, DiskSelector
from ovirt_tui.values import Unfit

FORM = N_("DISK[,DISK]...; DISK is /dev/..., BUS, BUS:SERIAL, BUS:ALL, a WWN, or NAME=VALUE[+NAME=VALUE]...")


@dataclass(frozen=True)
class Named:
    """The disks of HostVG, the boot disk first, and those of AppVG, which this version cannot make."""

    host: tuple[DiskSelector, ...]
    app: tuple[DiskSelector, ...] = ()


def named(text: str) -> Named:
    """Disks of HostVG, then after a semicolon those of AppVG; nothing means the only disk there is."""
    if not text:
        return Named((DiskSelector(ONLY),))
    lists = text.split(";")
    if len(lists) > 2:
        raise Refused(_('more than one ";"'))
    if not lists[0]:
        raise Refused(_('no HostVG disk before ";"'))
    found = Named(*(tuple(map(_selector, each.split(","))) for each in lists))
    if set(found.host) & set(found.app):
        raise Refused(_("same disk in HostVG and AppVG"))
    return found


def _selector(text: str) -> DiskSelector:
    if not text:
        raise Refused(_("empty disk in list"))
    try:
        return DiskSelector(text)
    except Unfit as unfit:
        raise Refused(str(unfit)) from unfit
    except ValueError:
        raise Refused(_("not a disk selector: {text}").format(text=text)) from None


def single(text: str) -> tuple[DiskSelector, ...]:
    """Disks that are named each for itself, whose contents may be destroyed."""
    found = tuple(map(_selector, text.split(",")))
    if any(each.by_elimination for each in found):
        raise Refused(_("names single disks only, by path or by bus:serial"))
    return found


INIT = Word(
    name="storage_init",
    also=("ovirt_init",),
    subject="storage",
    grammar=named,
    form=FORM,
    help=N_(
        "The disks to erase and install on. The first is the boot disk, HostVG goes on the others; a disk that is "
        "listed twice, or alone, is both. Without a value: the only disk of the machine that is neither removable "
        "nor the medium."
    ),
    example="/dev/disk/by-id/virtio-a0001",
    fills=("storage.boot_disk", "storage.data_disks"),
    bare="",
    repeat=Repeat.SAME,
)
FOUND = Word(
    name="storage_found",
    subject="storage",
    grammar=choice(Found, N_("unknown value")),
    form=N_("refuse, keep-data or wipe"),
    help=N_("What happens to a node that is already on the disks. keep-data keeps its Data volume."),
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
FAKERAID = Word(
    name="wipe_fakeraid",
    subject="storage",
    grammar=flag,
    form=BOOLEAN,
    help=N_("Remove BIOS RAID metadata from the disks of storage_init."),
    example="yes",
    fills=("storage.override",),
    bare="yes",
)


def agree(said: Said) -> Iterator[Wrong | Noted]:
    if said.get(REINSTALL.name) and said.get(FOUND.name) is Found.REFUSE:
        yield Wrong(FOUND.name, _("conflicts with {name}").format(name=said.spelled(REINSTALL.name)))


def later(said: Said) -> Iterator[Wrong]:
    if INIT.name in said and said[INIT.name].app:
        yield Wrong(INIT.name, _("{what}: {not_yet}").format(what=_("disks of AppVG"), not_yet=_(NOT_YET)))


def chosen(said: Said, facts: Facts) -> tuple[str, ...]:
    """The paths of the disks that the line means, the boot disk first; NotChosen when one is not what it should be."""
    return _paths(facts, said[INIT.name].host) if INIT.name in said else ()


def overridden(said: Said, facts: Facts) -> tuple[str, ...]:
    """The paths of the disks that may be erased whatever they hold; NotChosen as chosen()."""
    return _paths(facts, said[OVERRIDE.name]) if OVERRIDE.name in said else ()


def _paths(facts: Facts, selectors: Iterable[DiskSelector]) -> tuple[str, ...]:
    return tuple(disk.path for each in selectors for disk in select(facts, each))


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    """Every disk, or none at all when one of them is not what it should be."""
    paths: tuple[str, ...] = ()
    known = True
    try:
        paths = chosen(said, facts)
    except NotChosen as refused:
        known = False
        yield Wrong(INIT.name, str(refused), refused.details)
    if paths:
        yield Called("storage.boot_disk", paths[0])
    if paths[1:]:
        yield Called("storage.data_disks", ",".join(dict.fromkeys(paths[1:])))
    if (found := _found(said, facts, paths)) is not None:
        yield Put("storage.found", found)
    yield from _overrides(said, facts, paths, known)


def _overrides(said: Said, facts: Facts, paths: tuple[str, ...], known: bool) -> Iterator[Outcome]:
    """The disks to use in spite of what is on them; one that is not to be written was hardly meant."""
    override: tuple[str, ...] = ()
    try:
        override = overridden(said, facts)
    except NotChosen as refused:
        yield Wrong(OVERRIDE.name, str(refused), refused.details)
    for path in override if INIT.name in said and known else ():
        if path not in paths:
            yield Noted(OVERRIDE.name, _("{disk} is not among the disks of storage_init").format(disk=path))
    if said.get(FAKERAID.name):
        override += tuple(path for path in paths if _only_raid(facts, path, paths))
    if override:
        yield Called("storage.override", ",".join(dict.fromkeys(override)))


def _found(said: Said, facts: Facts, paths: tuple[str, ...]) -> Found | None:
    """What happens to a node that is there; one that was interrupted on these very disks is continued."""
    if FOUND.name in said:
        found: Found = said[FOUND.name]
        return found
    if REINSTALL.name in said:
        return Found.WIPE if said[REINSTALL.name] else Found.REFUSE
    if node := interrupted(facts, paths):
        return Found.KEEP_DATA if disks.keeps_data(facts, node) else Found.WIPE
    return None


def interrupted(facts: Facts, chosen: tuple[str, ...]) -> Node | None:
    """Return the installation that was interrupted on exactly the chosen disks."""
    for node in facts.nodes:
        group = disks.group_of(facts, node)
        others = set(chosen[1:]) - {node.disk} if chosen else set()
        begun = not group or others <= set(group.disks) <= set(chosen)
        if node.state is NodeState.INSTALLING and chosen[:1] == (node.disk,) and begun:
            return node
    return None


def _only_raid(facts: Facts, path: str, chosen: tuple[str, ...]) -> bool:
    """Say whether BIOS RAID metadata is all that stands against using a disk."""
    disk: Disk = disks.find(facts, path)
    return bool(disk.raid) and len(list(objections(facts, disk, chosen))) == 1


def write(config: NodeConfig, facts: Facts) -> Iterator[tuple[str, str]]:
    """Disks by the names that outlast a reboot."""
    storage = config[Storage]
    if storage.boot_disk:
        yield INIT.name, ",".join(_stable(facts, str(name)) for name in (storage.boot_disk, *storage.data_disks))
    if storage.override:
        yield OVERRIDE.name, ",".join(_stable(facts, str(name)) for name in storage.override)
    if storage.found is not Found.REFUSE:
        yield FOUND.name, storage.found.value


def _stable(facts: Facts, name: str) -> str:
    try:
        return disks.stable_name(facts, disks.find(facts, name))
    except disks.NoSuchDisk:
        return name


PARAMETERS = (
    Parameter(words=(INIT, FOUND, REINSTALL, OVERRIDE, FAKERAID), agree=agree, later=later, read=read, write=write),
)
