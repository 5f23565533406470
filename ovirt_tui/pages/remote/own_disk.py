"""The node's own disk at an iSCSI target: what is wrong with it, and the file by which the initrd reaches it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from ovirt_tui.features.feature import Finding
from ovirt_tui.features.parameter import Put, is_a
from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts, Nic
from ovirt_tui.model.config import NodeConfig, Resolved, in_effect
from ovirt_tui.model.network import IscsiTarget
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.secrets import Confidential, Passphrase
from ovirt_tui.model.typed import TYPE_CHECKING
from ovirt_tui.pages.network.settings import IPv4Method, IPv6Method, Layout, Network
from ovirt_tui.pages.remote.settings import Remote
from ovirt_tui.pages.storage.settings import Storage

if TYPE_CHECKING:
    from ovirt_tui.system.steps import OwnDisk, Reached

HEAD = "# How the initrd reaches the disk with the volumes of this node.  Made by ovirt-tui."
NOT_SAID = Kind("own-disk-unknown", N_("needed: the portal, and behind a slash the target"))
NO_TARGET = Kind("own-disk-without-target", N_("{portal} is a portal; which of its targets is meant follows a slash"))
NO_ADDRESS = Kind("own-disk-without-address", N_("{host} must be an IPv4 address: nothing asks the DNS that early"))
NO_INITIATOR = Kind("own-disk-without-name", N_("needed: by this name the target knows whose disk it is"))
NO_NIC = Kind("own-disk-without-nic", N_("the disk at {target} needs an interface"))
NOT_PHYSICAL = Kind("own-disk-by-bond", N_("the disk at {target} is reached by a single interface, not by a {kind}"))
BRIDGED = Kind("own-disk-by-bridge", N_("the disk at {target} is reached by the interface itself: choose direct"))
TAGGED = Kind("own-disk-by-vlan", N_("the disk at {target} is reached without a VLAN: leave it out"))
CLONED = Kind(
    "own-disk-by-other-mac", N_("the disk at {target} is reached by the interface's own address: leave it out")
)
NO_IPV4 = Kind("own-disk-without-ipv4", N_("the disk at {target} is reached by IPv4"))
BESIDE = Kind("own-disk-among-targets", N_("{target} is the target of the node's own disk already"))
NOT_HERE = Kind("own-disk-not-installed", N_("only an installation puts the volumes of a node on an iSCSI disk"))
UNREACHED = Kind("own-disk-unreached", N_("this machine is not logged in to {target}"))
NO_LUN = Kind("own-disk-not-chosen", N_("no disk of {target} is among the data disks"))
OTHER_LUN = Kind("own-disk-elsewhere", N_("{disk} is no disk of {target}, where all of the volumes have to be"))
BOOTS = Kind("own-disk-boots", N_("{disk} is at {target}: firmware and GRUB start from a disk of this machine only"))
UNSAID = Kind("own-disk-unsaid", N_("{disk} is at {target}, which is not named as the target of this node's disk"))


def resolve(config: NodeConfig, facts: Facts) -> Iterator[Finding]:
    """On a node that runs from such a disk, the target is what it is."""
    target = next((disk.target for disk in facts.disks if disk.target), "")
    if facts.slot and target:
        yield Put("remote.on_iscsi", True)
        yield Put("remote.disk", IscsiTarget(target))


def own(config: NodeConfig) -> IscsiTarget | None:
    """The target of the node's own disk; None where its volumes are on disks of the machine."""
    remote = config[Remote]
    return remote.disk if remote.on_iscsi else None


def target_is_whole(config: Resolved, facts: Facts) -> Iterator[Problem]:
    remote, target = config[Remote], own(config)
    if not remote.on_iscsi:
        return
    if not target:
        yield Problem("remote.disk", NOT_SAID())
    else:
        if not target.name:
            yield Problem("remote.disk", NO_TARGET(portal=target))
        elif not is_a(IPv4Address, target.host):
            yield Problem("remote.disk", NO_ADDRESS(host=target.host))
        if target in remote.targets:
            yield Problem("remote.targets", BESIDE(target=target))
    if not remote.initiator:
        yield Problem("remote.initiator", NO_INITIATOR())
    if facts.slot and not any(disk.target for disk in facts.disks):
        yield Problem("remote.on_iscsi", NOT_HERE())


def interface_reaches_it(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """The initrd has one interface with an address, and makes no bridge, bond or VLAN."""
    target, net = own(config), config[Network]
    if not target:
        return
    if not net.nic:
        yield Problem("network.nic", NO_NIC(target=target))
        return
    found = _nic(config, facts)
    if found and found.kind != "physical":
        yield Problem("network.nic", NOT_PHYSICAL(target=target, kind=found.kind))
    if net.layout is not Layout.DIRECT:
        yield Problem("network.layout", BRIDGED(target=target))
    if net.vlan:
        yield Problem("network.vlan", TAGGED(target=target))
    if net.mac:
        yield Problem("network.mac", CLONED(target=target))
    if net.ipv4 is IPv4Method.OFF:
        yield Problem("network.ipv4", NO_IPV4(target=target))


def disks_are_its(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """The volumes of a node are on disks of this one target, or on none of any; the boot disk never is."""
    wanted, storage = own(config), config[Storage]
    if wanted and wanted.name and not any(disk.target == wanted for disk in facts.disks):
        yield Problem("remote.disk", UNREACHED(target=wanted))
        return
    boot = disks.named(facts, str(storage.boot_disk)) if storage.boot_disk else None
    if boot and boot.target:
        yield Problem("storage.boot_disk", BOOTS(disk=boot.path, target=boot.target))
    data = [disk for name in storage.data_disks if (disk := disks.named(facts, str(name)))]
    if wanted and boot and not data:
        yield Problem("storage.data_disks", NO_LUN(target=wanted))
    for disk in data:
        if wanted and disk.target != wanted:
            yield Problem("storage.data_disks", OTHER_LUN(disk=disk.path, target=wanted))
        elif disk.target and not wanted:
            yield Problem("storage.data_disks", UNSAID(disk=disk.path, target=disk.target))


def _nic(config: Resolved, facts: Facts) -> Nic | None:
    return next((each for each in facts.nics if each.name == config[Network].nic), None)


def login(config: Resolved, facts: Facts) -> Confidential | None:
    """How the node's own disk is reached; None where it has none, or where that is not known."""
    remote, net, nic = in_effect(config[Remote]), in_effect(config[Network]), _nic(config, facts)
    target = own(config)
    if not (target and target.name and remote.initiator and nic and nic.mac):
        return None
    lines = [HEAD, f"target={target}", f"initiator={remote.initiator}", f"interface={nic.mac.lower()}"]
    if net.ipv4 is IPv4Method.STATIC and net.ipv4_address:
        lines.append(f"address={net.ipv4_address}")
        lines += [f"gateway={net.ipv4_gateway}"] if net.ipv4_gateway else []
    lines += [f"mtu={net.mtu}"] if net.mtu else []
    lines += ["ipv6=off"] if net.ipv6 is IPv6Method.OFF else []
    secrets = dict[str, Passphrase]()
    for user, password in (("user", "password"), ("target_user", "target_password")):
        name, secret = getattr(remote, user), getattr(remote, password)
        if name and secret:
            lines += [f"{user}={name}", f"{password}={{{password}}}"]
            secrets[password] = secret
    return Confidential("".join(f"{line}\n" for line in lines), **secrets)


def unreached(config: Resolved, facts: Facts) -> Reached | None:
    """The login without which the node's own disk is not among *facts*; None where it is, or where it has none."""
    from ovirt_tui.system.steps import Reached

    target, said = own(config), login(config, facts)
    there = any(disk.target == target for disk in facts.disks)
    return Reached(str(target), said) if target and said and not there and not facts.slot else None


def kept(config: Resolved, facts: Facts) -> Iterator[OwnDisk]:
    """What the boot partition says of it."""
    from ovirt_tui.system.steps import OwnDisk

    boot = "" if facts.slot else str(config[Storage].boot_disk or "")
    target, said = own(config), login(config, facts)
    if target and said and (boot or facts.slot):
        yield OwnDisk(str(target), said, disks.find(facts, boot).path if boot else "")
