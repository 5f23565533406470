"""The write plan in words: per disk what it is, what is on it now and is lost, and what will be there."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Disk, Facts
from ovirt_tui.machine.images import NodeSlots
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.values import show
from ovirt_tui.pages.keyboard import Keyboard
from ovirt_tui.pages.network.settings import Layout, Network
from ovirt_tui.pages.security import Users
from ovirt_tui.pages.storage.resolution import interrupted
from ovirt_tui.plan.actions import volumes_step
from ovirt_tui.plan.runner import Planned
from ovirt_tui.system.disk_steps import Erased, Volumes

REMOVING = N_("Removing the node")
NAMED = 3  # contents of a disk that the summary names


@dataclass(frozen=True)
class Fate:
    """What becomes of one disk: what is on it now, of that the volumes whose contents stay, and what will be there.

    Where an installation that was interrupted *goes_on*, what is on the disk is its own.
    """

    disk: Disk
    now: tuple[str, ...]
    will_be: tuple[str, ...]
    keep: tuple[str, ...] = ()
    goes_on: bool = False


def removal(erased: Erased) -> tuple[Planned, ...]:
    """The plan of an uninstallation."""
    return (Planned(REMOVING, (erased,)),)


@dataclass(frozen=True)
class Words:
    """A line of the summary.  What is *grave* is lost, or shuts somebody out."""

    label: str
    text: str
    grave: bool = False


def in_words(config: Resolved, facts: Facts) -> Iterator[Words]:
    """Say what is about to be installed, as one tells it on the telephone.  The rules of *config* must hold."""
    yield Words(N_("Keyboard"), str(config[Keyboard].layout))
    yield Words(N_("Host name"), str(config[Network].hostname or _("none is chosen: that of DHCP, else localhost")))
    yield from _network(config[Network], facts)
    for fate in fates(config, facts):
        yield _disk(fate)
    yield from _users(config[Users])


def _network(net: Network, facts: Facts) -> Iterator[Words]:
    if not net.nic:
        yield Words(N_("Network"), _("none: this node can be managed on its console only"), grave=True)
        return
    ways = [_address(version, *how) for version, how in _methods(net) if how[0] != "off"]
    vlan = [_("VLAN {number}").format(number=net.vlan)] if net.vlan else []
    bridge = [_("on a bridge that guests can share")] if net.layout is Layout.BRIDGED else []
    linked = any(nic.name == net.nic and nic.link for nic in facts.nics)
    silent = [] if linked else [_("without a link now")]
    yield Words(N_("Network"), ", ".join((str(net.nic), *ways, *vlan, *bridge, *silent)), grave=not ways)
    if net.dns:
        yield Words(N_("DNS servers"), show(net.dns).replace(",", ", "))
    if not net.ntp_enabled or net.ntp:
        yield Words(N_("Time servers"), show(net.ntp).replace(",", ", ") if net.ntp_enabled else _("none"))


def _methods(net: Network) -> tuple[tuple[str, tuple[str, object, object]], ...]:
    return (
        ("IPv4", (net.ipv4.value, net.ipv4_address, net.ipv4_gateway)),
        ("IPv6", (net.ipv6.value, net.ipv6_address, net.ipv6_gateway)),
    )


def _address(version: str, method: str, address: object, gateway: object) -> str:
    if method != "static":
        by = _("{version} by DHCP") if method == "dhcp" else _("{version} by router advertisement")
        return by.format(version=version)
    text = _("{version} {address} by way of {gateway}") if gateway else _("{version} {address} without a gateway")
    return text.format(version=version, address=address, gateway=gateway)


def _disk(fate: Fate) -> Words:
    label = N_("Disk")
    disk = disks.describe(fate.disk)
    if fate.goes_on:
        return Words(label, _("{disk}: the interrupted installation on it goes on").format(disk=disk))
    if not fate.now:
        return Words(label, _("{disk}: nothing is on it").format(disk=disk))
    held = ", ".join(fate.now[:NAMED]) + (_(", and more") if len(fate.now) > NAMED else "")
    lost = _("{disk}: all on it is lost, but for the contents of {kept}: {held}")
    text = lost if fate.keep else _("{disk}: all on it is lost: {held}")
    return Words(label, text.format(disk=disk, kept=", ".join(fate.keep), held=held), grave=True)


def _users(users: Users) -> Iterator[Words]:
    admin = _("admin with a password") + (_(" to be changed at the first login") if users.expired else "")
    root = _("root with a password") if users.root_password and not users.root_locked else _("root is locked")
    keys = _("with {count} keys") if len(users.ssh_keys) != 1 else _("with {count} key")
    ways = [keys.format(count=len(users.ssh_keys))] if users.ssh_keys else []
    ways += [_("with a password")] if users.ssh_password_login else []
    ssh = _("SSH {ways}").format(ways=_(" or ").join(ways)) if ways else _("nobody by SSH: no key, no password")
    yield Words(N_("Users"), f"{admin}, {root}; {ssh}")


def fates(config: Resolved, facts: Facts) -> tuple[Fate, ...]:
    """What an installation does to each disk.  The rules of *config* must hold."""
    step = volumes_step(config, facts)
    goes_on = interrupted(facts, (step.boot_disk, *step.data_disks)) is not None
    return tuple(
        Fate(disk, tuple(disks.contents(facts, disk)), tuple(_will_be(step, disk.path, facts)), step.keep, goes_on)
        for disk in (disks.find(facts, path) for path in step.disks)
    )


def erased_fates(erased: Erased, facts: Facts) -> tuple[Fate, ...]:
    """What an uninstallation does to each disk."""
    nothing = (_("nothing: no partition table, nothing to boot"),)
    found = (disks.find(facts, path) for path in erased.disks)
    return tuple(Fate(disk, tuple(disks.contents(facts, disk)), nothing) for disk in found)


def write_plan(config: Resolved, facts: Facts) -> tuple[str, ...]:
    """Say what an installation does to each disk.  The rules of *config* must hold."""
    return tuple(line for fate in fates(config, facts) for line in _fate(fate))


def erase_plan(erased: Erased, facts: Facts) -> tuple[str, ...]:
    """Say what an uninstallation does to each disk."""
    return tuple(line for fate in erased_fates(erased, facts) for line in _fate(fate))


def upgrade(version: str, slots: NodeSlots, disk: str) -> tuple[str, ...]:
    """Say what the image *version* of the medium does to the node on *disk*."""
    node = _("{name} on {disk}") if slots.name else _("the node on {disk}")
    beside = _(", in place of {version}").format(version=slots.other_version) if slots.other_version else ""
    menu = _("  written: its boot menu, so that each version has settings of its own")
    return (
        _("{node}, which has version {version} in the slot {slot}").format(
            node=node.format(name=slots.name, disk=disk), version=slots.version, slot=slots.running
        ),
        _("  written: {version} to the slot {slot}{beside}").format(version=version, slot=slots.other, beside=beside),
        *((menu,) if slots.earlier else ()),
        _("  written: a copy of its settings for that slot, and one sector, which has the boot menu try it"),
        _("  stays: {slot}, all settings, Logging, Data, guests; no other disk is touched").format(slot=slots.running),
    )


def _fate(fate: Fate) -> Iterator[str]:
    yield disk_line(fate.disk)
    if not fate.now:
        yield _("  now: nothing")
    elif fate.goes_on:
        yield _("  now, from an installation that was interrupted and goes on:")
    elif fate.keep:
        names = ", ".join(fate.keep)
        yield _("  now, and lost except for the contents of {names}:").format(names=names)
    else:
        yield _("  now, and lost:")
    yield from (f"    {line}" for line in fate.now)
    yield _("  will be:")
    yield from (f"    {line}" for line in fate.will_be)


def disk_line(disk: Disk) -> str:
    """A disk in one line: path, size, bus, model, serial, WWN."""
    wwn = f" WWN {disk.wwn}" if disk.wwn else ""
    return disks.describe(disk) + wwn


def _will_be(step: Volumes, path: str, facts: Facts) -> Iterator[str]:
    if path == step.boot_disk:
        efi, root, backup = _boot_sizes(step, facts)
        yield _("boot partition {mib} MiB, starts by BIOS and by UEFI").format(mib=efi)
        yield _("Root {mib} MiB, {product} {version}").format(mib=root, product=facts.product, version=facts.version)
        yield _("RootBackup {mib} MiB, for the next version").format(mib=backup)
    groups = (("HostVG", step.data_disks, step.volumes), ("AppVG", step.app_disks, step.app_volumes))
    for group, members, volumes in groups:
        if path in members:
            # What is kept has the sizes it has.
            sized = ", ".join(name if step.keep else _volume(name, mib) for name, mib in volumes)
            others = [other for other in members if other != path]
            shared = _(" (together with {others})").format(others=", ".join(others)) if others else ""
            yield _("volume group {name}{shared}: {volumes}").format(name=group, shared=shared, volumes=sized)
    if path in step.data_disks and step.spare and not step.keep:
        yield _("{mib} MiB of HostVG stay free, so that volumes can grow").format(mib=step.spare)


def _boot_sizes(step: Volumes, facts: Facts) -> tuple[int, int, int]:
    """The sizes of boot partition and slots: where something is kept, the table is, and they have those they have."""
    there = disks.find(facts, step.boot_disk).parts[1:4] if step.keep else ()
    if tuple(part.name.partition(" ")[0] for part in there[1:]) != disks.SLOT_LABELS:
        return step.efi, step.root, step.root
    efi, root, backup = (part.mib for part in there)
    return efi, root, backup


def _volume(name: str, mib: int) -> str:
    return _("{name} the rest").format(name=name) if mib < 0 else _("{name} {mib} MiB").format(name=name, mib=mib)
