"""Steps: statements about the system that a System can test and make true.  Plain data."""

from __future__ import annotations

import shlex

from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.model.secrets import BootHash, Confidential, Crypted


def lines(text: str) -> str:
    """How many lines *text* has."""
    count = len(text.splitlines())
    return "1 line" if count == 1 else f"{count} lines"


@dataclass(frozen=True)
class File:
    """A file of our own has this content, which may have secrets in it.  *path* is relative to the root of the node."""

    path: str
    content: str | Confidential
    mode: int = 0o644

    def __str__(self) -> str:
        return f"write {self.path} ({lines(str(self.content))}, mode {self.mode:o})"


@dataclass(frozen=True)
class Absent:
    """A file of our own is not there."""

    path: str

    def __str__(self) -> str:
        return f"remove {self.path}"


@dataclass(frozen=True)
class Keys:
    """Keys of another program's file have these values; an empty value means the key is not there.

    *lens* is the name of the augeas lens, such as "Shellvars"; a key is a path below the file's node.
    """

    file: str
    lens: str
    values: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"set {', '.join(f'{key}={value}' for key, value in self.values)} in {self.file}"


@dataclass(frozen=True)
class Entry:
    """In another program's file, the only entry with *key* has these other values, in this order, and no more.

    Without values, there is no such entry.  *lens* is the name of the augeas lens, such as "Hosts".
    """

    file: str
    lens: str
    key: tuple[str, str]
    values: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        entry = f"the entry {'='.join(self.key)}"
        if not self.values:
            return f"remove {entry} from {self.file}"
        return f"have {', '.join(f'{key}={value}' for key, value in self.values)} in {entry} of {self.file}"


@dataclass(frozen=True)
class Password:
    """The account has this password hash; None locks it.  *expired* asks for a new one at the next login."""

    user: str
    crypted: Crypted | None = field(repr=False)
    expired: bool = False

    def __str__(self) -> str:
        if self.crypted is None:
            return f"lock {self.user}"
        return f"set the password of {self.user}{', to be changed at the first login' if self.expired else ''}"


@dataclass(frozen=True)
class SshKeys:
    """These public keys, and no others, let *user* in; lines with options that somebody added by hand stay."""

    user: str
    keys: tuple[SshKey, ...]

    def __str__(self) -> str:
        names = ", ".join(f"{key.kind} {key.comment or key.fingerprint}" for key in self.keys)
        return f"let {self.user} in with the SSH keys {names}" if names else f"let {self.user} in with no SSH key"


@dataclass(frozen=True)
class Run:
    """A command has run on the running system; in a mounted one nothing runs.  It must be idempotent."""

    argv: tuple[str, ...]

    def __str__(self) -> str:
        return f"run {shlex.join(self.argv)}"


@dataclass(frozen=True)
class Restart:
    """A service has picked up what the steps before it in the same action changed."""

    service: str

    def __str__(self) -> str:
        return f"restart {self.service} if changed"


@dataclass(frozen=True)
class Profiles:
    """NetworkManager uses the profiles of its folder as they are now: those in *names* are up, deleted ones are down.

    *names* are in the order in which they come up; the last one carries the addresses.
    """

    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"use the network profiles {', '.join(self.names)}" if self.names else "use no network profile"


@dataclass(frozen=True)
class Firewall:
    """The kernel filters by these rules, an nftables table in the form of ovirt_tui/machine/packet_filter.py."""

    rules: str = field(repr=False)

    def __str__(self) -> str:
        return f"filter what comes in by these rules ({lines(self.rules)})"


@dataclass(frozen=True)
class Volumes:
    """The disks hold the partitions and volumes of docs/architecture.md, formatted.  All sizes in MiB.

    *volumes* are (name, size) in order of creation; size -1 takes the rest but *spare*; at most one has it.
    *keep* names volumes whose contents stay; then partitions and volumes must exist already and only
    file systems are created again.  *removes* are the volume groups (name, uuid) that are removed.  *answers*
    are the lines of install.conf on the ESP.  *identities* are (path, identity) of the disks when they were
    chosen; a path that names another disk by now is not written.
    """

    boot_disk: str
    data_disks: tuple[str, ...]
    efi: int
    root: int
    volumes: tuple[tuple[str, int], ...]
    keep: tuple[str, ...] = ()
    removes: tuple[tuple[str, str], ...] = ()
    spare: int = 0
    answers: tuple[str, ...] = field(default=(), compare=False)
    identities: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def disks(self) -> tuple[str, ...]:
        """Every disk that is written to."""
        return tuple(dict.fromkeys((self.boot_disk, *self.data_disks)))

    def __str__(self) -> str:
        volumes = ", ".join(f"{name} {size if size >= 0 else 'rest'}" for name, size in self.volumes)
        kept = f"; keep the contents of {', '.join(self.keep)}" if self.keep else ""
        spare = f"; leave {self.spare} free" if self.spare else ""
        return (
            f"partition {', '.join(self.disks)}: boot partition {self.efi}, Root {self.root}, "
            f"RootBackup {self.root}, HostVG on {', '.join(self.data_disks)}: {volumes}{spare}{kept}"
        )


@dataclass(frozen=True)
class Image:
    """The slot holds the image of the running medium, verified by its checksums."""

    slot: str
    version: str

    def __str__(self) -> str:
        return f"copy the image {self.version} to {self.slot}"


@dataclass(frozen=True)
class Target:
    """The new system is mounted, so that the steps after this one write into it."""

    slot: str

    def __str__(self) -> str:
        return f"mount the new system in {self.slot}"


@dataclass(frozen=True)
class BootLoader:
    """The ESP holds the boot loader with this menu and environment block, but nothing starts it yet.

    The menu starts *version* in *slot*, which finds its volumes by the UUID of the volume group on *data_disks*.
    *stub* is where the signed GRUB looks for its menu, relative to the root of the ESP.
    """

    disk: str
    data_disks: tuple[str, ...]
    slot: str
    version: str
    menu: str = field(repr=False)
    environment: str = field(repr=False)
    stub: str

    def __str__(self) -> str:
        return f"write the boot menu to the boot partition of {self.disk}"


@dataclass(frozen=True)
class BootPassword:
    """The boot menu of *disk* asks for this password before an entry is edited.

    An empty *disk* is the one that this node runs from.
    """

    disk: str
    hashed: BootHash = field(repr=False)

    def __str__(self) -> str:
        return f"set the password of the boot menu{f' of {self.disk}' if self.disk else ''}"


@dataclass(frozen=True)
class OwnDisk:
    """The boot partition says how the initrd reaches the node's own disk at an iSCSI target (system/own_disk.py).

    *content* has secrets in it.  *disk* is the boot disk; empty on a running node, which knows its own.
    """

    target: str
    content: str | Confidential
    disk: str = ""

    def __str__(self) -> str:
        where = f"the boot partition of {self.disk}" if self.disk else "the boot partition"
        return f"have {where} say how {self.target} is reached ({lines(str(self.content))})"


@dataclass(frozen=True)
class Reached:
    """This machine is logged in to *target*, in the way that *content* says, and its disk is there.

    No step of a plan: the disks of an installation are looked at after it.
    """

    target: str
    content: str | Confidential

    def __str__(self) -> str:
        return f"log in to {self.target} ({lines(str(self.content))})"


@dataclass(frozen=True)
class CrashMemory:
    """The boot menu of *disk* has the kernel set memory aside for a dump by this *word*; an empty one: it does not.

    An empty *disk* is the one that this node runs from.
    """

    disk: str
    word: str

    def __str__(self) -> str:
        where = f" of {self.disk}" if self.disk else ""
        if not self.word:
            return f"have the boot menu{where} set no memory aside for a dump"
        return f"have the boot menu{where} set memory aside for a dump: {self.word}"


@dataclass(frozen=True)
class Bootable:
    """The disk boots, by BIOS and by UEFI, and is marked as a complete installation."""

    disk: str

    def __str__(self) -> str:
        return f"make {self.disk} bootable"


@dataclass(frozen=True)
class Erased:
    """The disks have no partition table, no volume group and no boot record of ours, the firmware no entry for them.

    They are erased in this order.  *removes* and *identities* are as in Volumes.
    """

    disks: tuple[str, ...]
    removes: tuple[tuple[str, str], ...] = ()
    identities: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"erase the partition tables of {', '.join(self.disks)}"


@dataclass(frozen=True)
class Registered:
    """This node is registered with the oVirt Engine at *server*, port *port*, which may log in as *user*.

    The engine proves itself by the certificate with this *fingerprint*, its own or one that signed it.  In a mounted
    system nobody is asked: a new node registers at its first start.
    """

    server: str
    port: int
    fingerprint: str
    user: str

    def __str__(self) -> str:
        return (
            f"be registered with the oVirt Engine {self.server}, port {self.port}, which has the certificate "
            f"{self.fingerprint} and logs in as {self.user} (a new node: once it has started)"
        )


@dataclass(frozen=True)
class Reported:
    """The management server at *url*, with the certificate of this *fingerprint*, has the facts of this node.

    In a mounted system nobody is asked: a new node posts them at its first start, and every node at each.
    """

    url: str
    fingerprint: str

    def __str__(self) -> str:
        return (
            f"have the facts of this node at {self.url}, which has the certificate {self.fingerprint} "
            "(a new node: once it has started)"
        )


Step = (
    File
    | Absent
    | Keys
    | Entry
    | Password
    | SshKeys
    | Run
    | Restart
    | Profiles
    | Firewall
    | Volumes
    | Image
    | Target
    | BootLoader
    | BootPassword
    | CrashMemory
    | OwnDisk
    | Reached
    | Bootable
    | Erased
    | Registered
    | Reported
)


def keys(file: str, lens: str, **values: str) -> Keys:
    """Keys with the values written as keyword arguments."""
    return Keys(file, lens, tuple(values.items()))


def follows(step: Step) -> bool:
    """Say whether *step* only applies what the steps before it in the same action changed."""
    return isinstance(step, Registered | Reported) or picks_up(step)


def picks_up(step: Step) -> bool:
    """Say whether *step* has something that runs take what is there now, whatever that is."""
    return isinstance(step, Restart | Profiles | Run)
