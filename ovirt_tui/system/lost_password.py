"""Resets the lost password of admin on an installed node, from the medium.

`python3 -m ovirt_tui.system.lost_password`

Whoever starts the medium owns the machine: nothing but the new password is asked for.  It is written where the node
reads it: to the overlays of /etc on Config, of every slot, and to the boot partition for the boot menu.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from getpass import getpass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from bootmenu.node_data import GROUP_FILE, group_in
from ovirt_tui.i18n import _
from ovirt_tui.machine.disks import VOLUME_GROUP
from ovirt_tui.machine.facts import Facts, Group
from ovirt_tui.system import StepFailed, crypt, silent
from ovirt_tui.system.accounts import SHADOW, Accounts, weakness
from ovirt_tui.system.boot import BootFiles
from ovirt_tui.system.disk_steps import BootPassword
from ovirt_tui.system.file_systems import PRIVATE
from ovirt_tui.system.holders import activate, deactivate, volume_paths
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.partitions import SLOT_NUMBERS, esp
from ovirt_tui.system.persistent import store
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.steps import Password
from ovirt_tui.system.tree import Tree, file_errors

CONFIG = "Config"
MOST = 4096
"""Bytes of a file about the node that are read; none has as many."""
CHANGES = (*(store("/etc", slot) / "upper" for slot in SLOT_NUMBERS), PurePosixPath("overlay/etc/upper"))
"""On Config: the upper folders of the overlays on /etc, one for each slot; the last is that of version 0.1."""


def node_group(facts: Facts) -> Group:
    """The volume group with the settings of the one node on this machine; StepFailed unless there is exactly one."""
    found = [group for group in facts.groups if group.name == VOLUME_GROUP and CONFIG in group.volumes]
    if len(found) != 1:
        text = _("{count} nodes have settings on the disks of this machine; take those of other machines out")
        raise StepFailed(text.format(count=len(found)) if found else _("no node has settings on these disks"))
    return found[0]


@contextmanager
def node_etc(disks: tuple[str, ...]) -> Iterator[tuple[Tree, ...]]:
    """The /etc of the node on *disks*, of each slot that has settings, as trees that hold nothing else."""
    activate(disks)
    try:
        with (
            mounted("ext4", volume_paths(disks)[CONFIG], "lost-config", "rw,nosuid,nodev") as config,
            TemporaryDirectory(prefix="ovirt-node-lost-") as root,
        ):
            with file_errors(_("the volume Config of the node cannot be read")):
                known = [config / each for each in CHANGES if (config / each / Path(SHADOW).name).exists()]
            if not known:
                raise StepFailed(_("the node on these disks never had a password: install it anew"))
            yield tuple(_tree(Path(root, str(number)), changes) for number, changes in enumerate(known))
    finally:
        deactivate(disks)


def _tree(root: Path, etc: Path) -> Tree:
    root.mkdir()
    (root / "etc").symlink_to(etc)
    return Tree(root, live=False)


def _starts(disk: str, group: str) -> bool:
    """Say whether the boot menu on *disk* is that of the node with this volume group."""
    with (
        suppress(StepFailed, OSError),
        mounted("vfat", esp(disk), "lost-esp", f"ro,{PRIVATE}") as folder,
        (folder / GROUP_FILE).open("rb") as file,
    ):
        return group_in(file.read(MOST).decode("ascii", errors="replace")) == group
    return False


def boot_menu(facts: Facts, group: str, password: str) -> str:
    """Set the password of the boot menu of the node with this volume group; return why that failed, or nothing."""
    found = [node.disk for node in facts.nodes if _starts(node.disk, group)]
    if len(found) != 1:
        return _("{count} disks have a boot menu of this node").format(count=len(found))
    try:
        BootFiles().make(BootPassword(found[0], crypt.boot_hash(password)), silent)
    except StepFailed as failure:
        return str(failure)
    return ""


def asked(ask: Callable[[str], str]) -> str:
    """A new password, typed twice; empty when the two differ."""
    first = ask(_("New password of admin: "))
    if reason := weakness(first):
        print(_("weak: {reason}").format(reason=reason))
    return first if first == ask(_("The same again: ")) else ""


def main(ask: Callable[[str], str] = getpass) -> int:
    """Ask for the password, write it, and say what to do next."""
    if Probe().slot():
        print(_("This is the node itself. Start the medium, and choose its rescue shell."), file=sys.stderr)
        return 2
    try:
        password = asked(ask)
        if not password:
            print(_("The two differ, or are empty: nothing was changed."), file=sys.stderr)
            return 1
        facts = Probe().facts()
        group = node_group(facts)
        with node_etc(group.disks) as trees:
            for tree in trees:
                Accounts(tree).make(Password("admin", crypt.crypted(password)), silent)
        why = boot_menu(facts, group.uuid, password)
    except StepFailed as failure:
        print(f"{failure}\n{failure.output}".strip(), file=sys.stderr)
        return 1
    except UnicodeError:
        print(_("That is no text in UTF-8: nothing was changed."), file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        return 1
    if why:
        print(_("admin has a new password, and the boot menu keeps its old one: {why}.").format(why=why))
        print(_("Restart without the medium, log in, and set it once more on the page Security."))
    else:
        print(_("admin has a new password, and the boot menu has the same. Restart without the medium, and log in."))
    return 0


if __name__ == "__main__":
    sys.exit(main())
