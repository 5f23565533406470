"""A new password of admin for a node whose password is lost, from the medium: `python3 -m ovirt_tui.system.lost`.

Whoever starts the medium owns the machine: it asks for nothing but the new password, and writes it where the node
reads it, into the changes of /etc that are on Config.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from tempfile import TemporaryDirectory

from ovirt_tui.disks import VOLUME_GROUP
from ovirt_tui.facts import Facts
from ovirt_tui.i18n import _
from ovirt_tui.steps import Password
from ovirt_tui.system import StepFailed, crypt, silent
from ovirt_tui.system.accounts import SHADOW, Accounts, weakness
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.occupants import activate, deactivate, volume_paths
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.tree import Tree

CONFIG = "Config"
CHANGES = "overlay/etc/upper"
"""On Config: what the node changed in /etc.  image/dracut/90ovirt-node/places.sh mounts it."""


def node_disks(facts: Facts) -> tuple[str, ...]:
    """The disks with the settings of the one node on this machine; StepFailed when there is none, or another."""
    found = [group for group in facts.groups if group.name == VOLUME_GROUP and CONFIG in group.volumes]
    if len(found) != 1:
        text = _("{count} nodes have settings on the disks of this machine; take those of other machines out")
        raise StepFailed(text.format(count=len(found)) if found else _("no node has settings on these disks"))
    return found[0].disks


@contextmanager
def node_etc() -> Iterator[Tree]:
    """The /etc of the node on the disks of this machine, as a tree that holds nothing else."""
    disks = node_disks(Probe().facts())
    activate(disks)
    try:
        with (
            mounted("ext4", volume_paths(disks)[CONFIG], "lost-config", "rw,nosuid,nodev") as config,
            TemporaryDirectory(prefix="ovirt-node-lost-") as root,
        ):
            changes = config / CHANGES
            if not (changes / Path(SHADOW).name).exists():
                raise StepFailed(_("the node on these disks never had a password: install it anew"))
            (Path(root) / "etc").symlink_to(changes)
            yield Tree(Path(root), live=False)
    finally:
        deactivate(disks)


def asked(ask: Callable[[str], str]) -> str:
    """A new password, typed twice; empty when the two differ."""
    first = ask(_("New password of admin: "))
    if reason := weakness(first):
        print(_("weak: {reason}").format(reason=reason))
    return first if first == ask(_("The same again: ")) else ""


def main(ask: Callable[[str], str] = getpass) -> int:
    """Ask, write, and say what comes next."""
    if Probe().itself().slot:
        print(_("This is the node itself. Start the medium, and choose its rescue shell."), file=sys.stderr)
        return 2
    try:
        password = asked(ask)
        if not password:
            print(_("The two differ, or are empty: nothing was changed."), file=sys.stderr)
            return 1
        with node_etc() as tree:
            Accounts(tree).make(Password("admin", crypt.crypted(password)), silent)
    except StepFailed as failure:
        print(f"{failure}\n{failure.output}".strip(), file=sys.stderr)
        return 1
    except UnicodeError:
        print(_("That is no text in UTF-8: nothing was changed."), file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        return 1
    print(_("admin has a new password. Restart without the medium, log in, and set it once more on the page Security:"))
    print(_("that gives the boot menu the new password too."))
    return 0


if __name__ == "__main__":
    sys.exit(main())
