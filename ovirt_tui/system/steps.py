"""Steps: statements about the system that a System can test and make true.  Plain data."""

from __future__ import annotations

from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.model.secrets import Confidential, Crypted
from ovirt_tui.system.disk_steps import (
    Bootable,
    BootChoice,
    BootLoader,
    BootPartition,
    BootPassword,
    CrashMemory,
    Erased,
    Image,
    InstalledNode,
    Medium,
    SharedPlaces,
    SlotSettings,
    Target,
    Volumes,
)


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
        import shlex  # only here: most plans run nothing

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
class Hooks:
    """The hooks of this *kind* have run, for the plan that is carried out now, with these variables (docs/hooks.md)."""

    kind: str
    variables: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"run the hooks {self.kind}"


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
    | Medium
    | InstalledNode
    | SlotSettings
    | SharedPlaces
    | BootChoice
    | Hooks
    | Target
    | BootLoader
    | BootPassword
    | CrashMemory
    | OwnDisk
    | Reached
    | BootPartition
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
