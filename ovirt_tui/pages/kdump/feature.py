"""The kernel dump as a feature: where it goes, and the memory that is set aside for it at each start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, content, observed, statements
from ovirt_tui.features.parameter import Put
from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.network import machine
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.tokens import split
from ovirt_tui.pages.boot import Boot
from ovirt_tui.pages.kdump.settings import SETTINGS, Kdump, Target
from ovirt_tui.pages.kdump.words import PARAMETERS
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.system import Reader, Step

HOST_KEY = "/etc/ovirt-node/kdump-host"
PROGRAM = "/usr/libexec/ovirt-node/kdump"
SERVICE = "ovirt-node-kdump.service"
RESERVED = "crashkernel=2G-8G:256M,8G-64G:384M,64G-:512M"
"""What the kernel sets aside, by the memory of the machine; nothing below 2 GiB, where guests need all of it."""


def observe_target(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    """The memory that is set aside follows from it."""
    text = content(reader, SETTINGS)
    if text is None:
        yield Put("kdump.target", Target.OFF)
        return
    said = dict(line.partition("=")[::2] for line in statements(text))
    yield observed(Kdump, "target", said.get("TARGET", ""), SETTINGS)
    if "HOST" in said:
        host = f"[{said['HOST']}]" if ":" in said["HOST"] else said["HOST"]
        yield observed(Kdump, "ssh", f"{said.get('ACCOUNT', '')}@{host}", SETTINGS)
        key = " ".join((content(reader, HOST_KEY) or "").split()[1:])
        yield observed(Kdump, "host_key", key, HOST_KEY)
    if "SHARE" in said:
        yield observed(Kdump, "nfs", said["SHARE"], SETTINGS)


def crash_memory(target: Target, words: Iterable[str]) -> str:
    """The word that sets memory aside, where dumps go to *target* and the admin's own *words* say nothing of it."""
    own = any(word.partition("=")[0] == "crashkernel" for word in words)
    return "" if own or target is Target.OFF else RESERVED


@action(N_("Setting where a kernel dump goes"), observe=observe_target)
def target(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """A word crashkernel= that an admin gave to the installation decides alone how much memory is set aside.

    A server is tried before it is relied upon: where it cannot be written to, what was before comes back.
    """
    from ovirt_tui.system.disk_steps import CrashMemory
    from ovirt_tui.system.steps import File, Restart, Run

    kdump = config[Kdump]
    disk = "" if facts.slot else config[Storage].boot_disk
    if disk or facts.slot:
        wanted = crash_memory(kdump.target, (word.text for word in split(str(config[Boot].words))))
        yield CrashMemory(disks.find(facts, disk).path if disk else "", wanted)
    if kdump.target is Target.OFF:
        return
    yield File(SETTINGS, "".join(f"{line}\n" for line in settings(kdump)))
    if kdump.target is Target.SSH and kdump.ssh and kdump.host_key:
        host = machine(kdump.ssh.partition("@")[2])
        yield File(HOST_KEY, f"{host} {kdump.host_key}\n")
    if kdump.target in (Target.SSH, Target.NFS):
        yield Run((PROGRAM, "test"))
    yield Restart(SERVICE)


def settings(kdump: Kdump) -> Iterator[str]:
    """The lines of SETTINGS, which the programs of the image read."""
    yield f"TARGET={kdump.target.value}"
    if kdump.target is Target.SSH and kdump.ssh:
        user, _at, host = kdump.ssh.partition("@")
        yield f"ACCOUNT={user}"
        yield f"HOST={machine(host)}"
    if kdump.target is Target.NFS and kdump.nfs:
        yield f"SHARE={kdump.nfs}"


NO_ACCOUNT = Kind("dump-without-account", N_("a dump by SSH needs an account on a server"))
NO_EXPORT = Kind("dump-without-export", N_("a dump by NFS needs the export of a server"))
NO_NETWORK = Kind("dump-without-network", N_("this node has no management interface to send a dump by"))


def server_is_named(config: Resolved, facts: Facts) -> Iterator[Problem]:
    kdump = config[Kdump]
    if kdump.target is Target.SSH and not kdump.ssh:
        yield Problem("kdump.ssh", NO_ACCOUNT())
    if kdump.target is Target.NFS and not kdump.nfs:
        yield Problem("kdump.nfs", NO_EXPORT())


def can_be_sent(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if config[Network].nic is None and config[Kdump].target in (Target.SSH, Target.NFS):
        yield Problem("kdump.target", NO_NETWORK())


FEATURE = Feature(
    section=Kdump,
    parameters=PARAMETERS,
    pages_in=("ovirt_tui.pages.kdump.page",),
    rules=(server_is_named,),
    doubts=(can_be_sent,),
    actions=(target,),
)
