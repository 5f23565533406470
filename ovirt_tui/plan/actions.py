"""From what is wanted to what must hold: each action yields the steps for one part of NodeConfig.

Actions are pure.  INSTALL and SETUP say which run, and in what order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bootmenu import environment
from bootmenu.entries import NAMING_WORD
from bootmenu.environment import Choice
from bootmenu.render import installed_grub
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.lens import offered
from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Action as Action
from ovirt_tui.features.feature import action
from ovirt_tui.features.order import FEATURES
from ovirt_tui.features.resolution import lasting
from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Disk, Facts
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.model.tokens import split
from ovirt_tui.pages.boot import Boot
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.remote.settings import Remote
from ovirt_tui.pages.storage.settings import Found, Storage
from ovirt_tui.pages.storage.sizing import second, sizes
from ovirt_tui.system.disk_steps import Bootable, BootLoader, Image, Medium, Target, Volumes
from ovirt_tui.system.steps import File, Step

SLOT = "Root"
SAVED = "/etc/ovirt-node/node.toml"
SAVED_HEAD = "# What was applied last, as an answer file; passwords are not kept."
ADDRESS_LINE = "# hardware address of the management interface:"
MULTIPATH_WORD = "node.multipath"  # read by image/dracut/90ovirt-node/multipath.sh
DISK_WORD = "node.disk"  # read by slot.sh and places.sh beside it: the boot disk first
APP_WORD = "node.appdisk"  # the same of each disk of AppVG
OWN_DISK_WORD = "node.iscsi"  # has reach.sh beside it look into the boot partition for how the disk is reached
# Seconds until a volume counts as missing.  udev shows a volume once it has looked at all disks, which took more than
# 30 on a busy machine with a dozen; logins wait for Logging, for Data and Swap only guests do.
_LOGS = "nofail,x-systemd.device-timeout=90"
_LATE = "nofail,x-systemd.device-timeout=300"
# Below /dev/ovirt-node the initrd links the volumes of the group whose UUID the boot menu names, and no others.
# None of them keeps the node from starting when it is broken, since it is mended from the node itself.
MOUNTS = (
    (
        "Logging",
        f"/dev/ovirt-node/Logging /var/log ext4 noatime,nodev,nosuid,{_LOGS},x-systemd.before=local-fs.target 0 2",
    ),
    ("Data", f"/dev/ovirt-node/Data /data ext4 noatime,nodev,nosuid,{_LATE} 0 2"),
    ("Swap", f"/dev/ovirt-node/Swap none swap {_LATE} 0 0"),
    ("Data2", f"/dev/ovirt-node/Data2 /data2 ext4 noatime,nodev,nosuid,{_LOGS} 0 2"),
    ("Swap2", f"/dev/ovirt-node/Swap2 none swap {_LOGS} 0 0"),
)


def volumes_step(config: Resolved, facts: Facts) -> Volumes:
    """The one step that partitions, from settings whose rules hold."""
    boot = disks.find(facts, str(config[Storage].boot_disk))
    data = tuple(disks.find(facts, name).path for name in config[Storage].data_disks or (boot.path,))
    app = tuple(dict.fromkeys(disks.find(facts, name).path for name in config[Storage].app_disks))
    chosen = {boot.path, *data, *app}
    made, more = sizes(config, facts), second(config, facts)
    kept = (disks.DATA, *(name for name, _size in more if name == disks.DATA2))
    return Volumes(
        boot_disk=boot.path,
        data_disks=tuple(dict.fromkeys(data)),
        efi=made.efi,
        root=made.root,
        volumes=made.volumes(),
        spare=made.spare,
        app_disks=app,
        app_volumes=more,
        keep=kept if config[Storage].found is Found.KEEP_DATA else (),
        removes=tuple((group.name, group.uuid) for group in facts.groups if chosen & set(group.disks)),
        answers=offered(lasting(config, facts)),
        identities=disks.identities(facts, dict.fromkeys((boot.path, *data, *app))),
    )


@action(N_("Reading the medium"))
def medium(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """Before a disk is written: a medium that is damaged would end the installation after what was there is gone."""
    yield Medium(facts.version)


@action(N_("Partitioning the disks"))
def partition(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    yield volumes_step(config, facts)


@action(N_("Copying the image"))
def copy_image(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    yield Image(SLOT, facts.version)
    yield Target(SLOT)


@action(N_("Preparing the volumes"))
def mounts(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    made = dict((*sizes(config, facts).volumes(), *second(config, facts)))
    lines = [line for name, line in MOUNTS if name in made]
    yield File("/etc/fstab", "\n".join(("# Made by the installer of this node.", *lines)) + "\n")


def disk_words(host: Iterable[Disk], app: Iterable[Disk]) -> tuple[str, ...]:
    """The words by which a start knows the disks of a node: the boot disk and those of HostVG, and those of AppVG."""
    used, app = {disk.path: disk for disk in host}.values(), tuple(app)
    return (
        *(f"{MULTIPATH_WORD}={wwid}" for disk in (*used, *app) if (wwid := disks.wwid(disk))),
        *(f"{DISK_WORD}={disks.recorded(disk)}" for disk in used),
        *(f"{APP_WORD}={disks.recorded(disk)}" for disk in app),
    )


@action(N_("Writing the boot menu"))
def boot_menu(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    boot = disks.find(facts, str(config[Storage].boot_disk))
    data = [disks.find(facts, str(name)) for name in config[Storage].data_disks] or [boot]
    app = {disk.path: disk for disk in (disks.find(facts, str(name)) for name in config[Storage].app_disks)}
    known = (*((OWN_DISK_WORD,) if config[Remote].on_iscsi else ()), *disk_words((boot, *data), tuple(app.values())))
    # before those of the admin, of which one may say it otherwise: the last one counts
    words = (*known, NAMING_WORD, *(word.text for word in split(str(config[Boot].words))))
    members = tuple(dict.fromkeys(disk.path for disk in data))
    starts = environment.block(Choice(SLOT)).decode()
    yield BootLoader(boot.path, members, installed_grub(words), starts, distro.efi_stub, tuple(app), words=words)


@action(N_("Proving every step and making the disk bootable"), proves=True)
def finish(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    yield Bootable(disks.find(facts, str(config[Storage].boot_disk)).path)


@action(N_("Remembering the settings"), memory=True)
def remember(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """The node's own answer file, without secrets; where it installs, it says it too when no network is meant."""
    head = "".join(f"{line}\n" for line in (SAVED_HEAD, *hardware_address(config, facts)))
    said = ("network.nic",) if config[Storage].boot_disk else ()
    yield File(SAVED, f"{head}\n{answers.write(lasting(config, facts).effective(), said)}")


def hardware_address(config: NodeConfig, facts: Facts) -> Iterator[str]:
    """The line by which the management interface is known when it has another name: renamed() reads it."""
    for nic in facts.nics:
        if nic.name == config[Network].nic and nic.kind == "physical" and nic.mac:
            yield f"{ADDRESS_LINE} {nic.mac.lower()}"


def renamed(config: NodeConfig, facts: Facts, lines: Iterable[str]) -> NicSelector | None:
    """The name that the management interface of *config* has now, when its file (*lines*) knows it by another.

    None when it has its name still, and when no interface, or more than one, has its hardware address.
    """
    known = next((line.removeprefix(ADDRESS_LINE).strip() for line in lines if line.startswith(ADDRESS_LINE)), "")
    found = [nic.name for nic in facts.nics if nic.kind == "physical" and nic.mac.lower() == known]
    return NicSelector(found[0]) if len(found) == 1 and config[Network].nic not in (None, found[0]) else None


SETUP = (*(each for feature in FEATURES for each in feature.actions), remember)
INSTALL = (medium, partition, copy_image, mounts, *SETUP, boot_menu, finish)
