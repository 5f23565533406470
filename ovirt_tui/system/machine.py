"""The real machine: dispatches each kind of step to its handler."""

from __future__ import annotations

import json
import sys
import syslog
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Protocol

from ovirt_tui.i18n import _
from ovirt_tui.machine import untrusted
from ovirt_tui.machine.boot_parts import BootParts
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.machine.lasting import Done, Lasting
from ovirt_tui.model.secrets import BootHash, Crypted
from ovirt_tui.system import (
    Missing,
    StepFailed,
    Tell,
    Undo,
    accounts,
    begun,
    crypt,
    fetched,
    health,
    kept,
    lasting,
    node_images,
    silent,
)
from ovirt_tui.system.accounts import Accounts
from ovirt_tui.system.authorized import AuthorizedKeys
from ovirt_tui.system.boot import Bootables, BootFiles, BootLoaders
from ovirt_tui.system.boot_choice import BootChoices
from ovirt_tui.system.boot_parts import BootPartitions
from ovirt_tui.system.boot_parts import look as look_at_boot
from ovirt_tui.system.command import run, succeeds
from ovirt_tui.system.consoles import STDOUT, ConsoleWriter
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
from ovirt_tui.system.engines import Engines
from ovirt_tui.system.files import Absents, Files
from ovirt_tui.system.filter import Firewalls
from ovirt_tui.system.hooks import HookRuns
from ovirt_tui.system.image import Images, Mediums
from ovirt_tui.system.installed_node import InstalledNodes, look
from ovirt_tui.system.lock import alone
from ovirt_tui.system.own_disk import OwnDisks
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.profiles import NetworkProfiles
from ovirt_tui.system.reports import Reports
from ovirt_tui.system.services import Restarts, Runs
from ovirt_tui.system.shared_files import SharedFiles
from ovirt_tui.system.slot_settings import SharedPlacesApart, SlotsSettings
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.steps import (
    Absent,
    Entry,
    File,
    Firewall,
    Hooks,
    Keys,
    OwnDisk,
    Password,
    Profiles,
    Reached,
    Registered,
    Reported,
    Restart,
    Run,
    SshKeys,
    Step,
)
from ovirt_tui.system.storage import Erasure, Storage
from ovirt_tui.system.target import Targets
from ovirt_tui.system.tree import Tree

IDENTIFIER = "ovirt-node"


class Kind(Protocol):
    """Handles one kind of step."""

    def holds(self, step: Any) -> bool:
        """Say whether *step* is true now."""
        ...

    def make(self, step: Any, tell: Tell) -> Undo:
        """Make it true; return its undo."""
        ...


ALONE = Volumes | Image | InstalledNode | Target | BootPartition | BootLoader | Bootable | Erased
"""Steps by which an installer writes to disks: no two do at once."""
GUESTS = Path(__file__).with_name("guests.py")
GUESTS_SECONDS = 20
"""Timeout for libvirt to start and to answer."""


class Machine:
    """This machine.  Steps write below *root* until a Target is mounted, and into that from then on."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.tree = Tree(root, live=root == Path("/"))
        self._accounts = Accounts(self.tree)
        self._lines = ConsoleWriter(output=STDOUT)
        slots, shared, self._hooks = Slots(), SharedFiles(self.tree), HookRuns()
        self._storage = Storage(slots)
        self._targets, self._nodes = Targets(self.tree, slots), InstalledNodes(self.tree, slots)
        self._kinds: dict[type, Kind] = {
            File: Files(self.tree),
            Absent: Absents(self.tree),
            Keys: shared,
            Entry: shared,
            Password: self._accounts,
            SshKeys: AuthorizedKeys(self.tree),
            Run: Runs(self.tree),
            Restart: Restarts(self.tree),
            Profiles: NetworkProfiles(self.tree),
            Firewall: Firewalls(self.tree),
            Volumes: self._storage,
            Medium: Mediums(),
            Image: Images(slots),
            InstalledNode: self._nodes,
            SlotSettings: SlotsSettings(self.tree),
            SharedPlaces: SharedPlacesApart(self.tree),
            BootChoice: BootChoices(slots),
            Hooks: self._hooks,
            Target: self._targets,
            BootPartition: BootPartitions(),
            BootLoader: BootLoaders(),
            BootPassword: BootFiles(),
            CrashMemory: BootFiles(),
            OwnDisk: BootFiles(),
            Reached: OwnDisks(),
            Bootable: Bootables(),
            Erased: Erasure(),
            Registered: Engines(self.tree),
            Reported: Reports(self.tree, self.facts),
        }

    def facts(self) -> Facts:
        return Probe().facts()

    def holds(self, step: Step) -> bool:
        return self._kinds[type(step)].holds(step)

    def prepare(self, step: Step) -> None:
        if isinstance(step, Volumes):
            self._storage.prepare(step)

    def make(self, step: Step, tell: Tell = silent) -> Undo:
        # Partitioning needs all our mounts gone; so does making bootable, since all else must have reached the disks.
        if isinstance(step, ALONE) and not alone():
            raise StepFailed(_("an installer on another console is at work on this machine"))
        if isinstance(step, Volumes | Erased | Bootable):
            self.close()
        # Volumes and Erased check first, and call it themselves; a node that is upgraded goes on starting.
        if isinstance(step, Image | BootPartition | BootLoader | Bootable) and not self._nodes.open:
            begun.begin()
        return self._kinds[type(step)].make(step, tell)

    def warm_up(self) -> None:
        try:
            self._storage.warm_up()
        except StepFailed as failure:  # it is retried when it is needed
            self.log(str(failure))

    def begun(self) -> bool:
        return begun.begun()

    def text(self, path: str) -> str:
        # by programs, which have a timeout: the file may be on a disk that does not respond, or be a pipe
        here = str(self.tree.path(path))
        if not succeeds(("test", "-f", here), reads=True):
            raise Missing(_("there is no file {path}").format(path=path))
        return untrusted.lines(run(("cat", "--", here), reads=True))

    def names(self, folder: str) -> tuple[str, ...]:
        here = str(self.tree.path(folder))
        if not succeeds(("test", "-d", here), reads=True):
            return ()
        return tuple(sorted(map(untrusted.escaped, run(("ls", "-A", "--", here), reads=True).splitlines())))

    def output(self, argv: tuple[str, ...]) -> str:
        return untrusted.lines(run(argv, reads=True))

    def guests(self) -> tuple[str, ...]:
        found = run((sys.executable, "-P", str(GUESTS)), seconds=GUESTS_SECONDS, reads=True)
        return tuple(map(untrusted.escaped, json.loads(found)))

    def slots(self, beside: InstalledNode | None = None) -> NodeSlots:
        return look(beside) if beside else node_images.slots()

    def boot_parts(self, beside: InstalledNode, app_disks: tuple[str, ...], stub: str) -> BootParts:
        return look_at_boot(beside, app_disks, stub)

    def candidate(self, path: str, tell: Tell = silent) -> Candidate:
        from ovirt_tui.system.signature import signers

        return node_images.candidate(path, tell, signers(self))

    def image_says(self, path: str, arguments: tuple[str, ...], given: Mapping[str, str]) -> str:
        from ovirt_tui.system import image_program  # only here: upgrades alone ask it

        return image_program.said(path, arguments, given)

    def fetched(self, url: str, tell: Tell = silent) -> AbstractContextManager[str]:
        return fetched.fetched(url, tell)

    def health(self, managers: tuple[str, ...]) -> Health:
        return health.health(managers)

    def proven(self) -> None:
        node_images.proven()

    def link_up(self, nic: str) -> None:
        run(("ip", "link", "set", "dev", nic, "up"))

    def pause(self, seconds: int) -> None:
        sleep(seconds)

    def clock(self) -> float:
        return monotonic()

    def restart(self) -> None:
        run(("systemctl", "reboot"))

    def power_off(self) -> None:
        run(("systemctl", "poweroff"))

    def crypted(self, password: str) -> Crypted:
        return crypt.crypted(password)

    def boot_hash(self, password: str) -> BootHash:
        return crypt.boot_hash(password)

    def weakness(self, password: str) -> str:
        return accounts.weakness(password)

    def verify(self, user: str, password: str) -> bool:
        return self._accounts.verify(user, password)

    def lasting(self) -> Lasting:
        return lasting.lasting()

    def keep(self, path: str) -> Done:
        return kept.keep(path)

    def drop(self, path: str) -> Done:
        return kept.drop(path)

    def close(self) -> None:
        self._targets.close()
        self._nodes.close()
        self._hooks.close()

    def log(self, line: str) -> None:
        syslog.openlog(IDENTIFIER, syslog.LOG_PID, syslog.LOG_DAEMON)
        syslog.syslog(syslog.LOG_INFO, untrusted.escaped(line))

    def say(self, lines: tuple[str, ...]) -> None:
        self._lines.say(lines)
