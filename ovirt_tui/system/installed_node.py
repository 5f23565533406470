"""A node on the disks of a machine that was started from a medium: looked at, and opened to get another image.

Looking writes nothing: the boot partition and the slots have no journal, and that of Config is not replayed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bootmenu.environment import other, starting
from bootmenu.node_data import GROUP_FILE, group_in
from ovirt_tui.i18n import _
from ovirt_tui.machine import health
from ovirt_tui.machine.images import NodeSlots
from ovirt_tui.system import StepFailed, Tell, Undo, udev
from ovirt_tui.system.boot_choice import chosen, has_signed_menu
from ovirt_tui.system.command import run
from ovirt_tui.system.disk_steps import InstalledNode
from ovirt_tui.system.file_systems import PRIVATE
from ovirt_tui.system.holders import activate, deactivate, find_group, refuse_mounted, refuse_replaced
from ovirt_tui.system.lock import held
from ovirt_tui.system.mounts import DATA_ONLY, RUN, is_mounted, mount, mounted, unmount
from ovirt_tui.system.node_images import image_in, room_of
from ovirt_tui.system.partitions import esp, slot_partition
from ovirt_tui.system.persistent import earlier
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.slot_settings import answer_file, kept, node_name
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.small_files import read_small
from ovirt_tui.system.tree import Tree, file_errors

POINT = RUN / "node"
"""Below it, the Config of the node that is open is mounted, where the node itself has it."""
CHECK_SECONDS = 300
REPAIRED = (0, 1)
"""How fsck.ext4 ends when the file system is whole, or is again."""


def look(step: InstalledNode) -> NodeSlots:
    """The slots of the node, what its boot menu starts, and how it is called; StepFailed where it is not whole."""
    refuse_replaced(step.identities, udev.devices("block"))
    choice = chosen(step.disk)
    running = starting(choice)
    beside = other(running)
    product, version = image_in(slot_partition(step.disk, running))
    path = slot_partition(step.disk, beside)
    with _config(step) as config, file_errors(_("the volume Config of the node cannot be read")):
        settings = kept(config, "/etc", running)
        return NodeSlots(
            running=running,
            version=version,
            other=beside,
            other_version=image_in(path)[1],
            room=room_of(path),
            default=running,
            next=choice.next,
            tries=choice.tries,
            signed_menu=Probe().itself().efi and has_signed_menu(step.disk),
            product=product,
            name=node_name(settings),
            settings=(settings / "upper").is_dir(),
            saved=answer_file(settings),
            health=health.read((read_small(config / Path(health.FILE).name) or b"").decode(errors="replace")),
            earlier=settings == config / earlier("/etc"),
        )


@contextmanager
def _config(step: InstalledNode) -> Iterator[Path]:
    """The Config of the node, to read; its volumes are not active afterwards, since they are of nobody again."""
    path = _volume(step)
    try:
        with mounted("ext4", path, "other-config", "ro") as folder:
            yield folder
    finally:
        _let_go(step)


def _let_go(step: InstalledNode) -> None:
    """Have no volume of the node active; who may still look at one keeps nobody from going on."""
    with suppress(StepFailed):
        deactivate(step.data_disks)


def _volume(step: InstalledNode) -> str:
    """The device of the volume Config of the node; StepFailed unless it is of the group that its boot menu names."""
    group = find_group(step.data_disks)
    with mounted("vfat", esp(step.disk), "esp", f"ro,{PRIVATE}") as folder:
        content = read_small(folder / GROUP_FILE)
    if content is None:
        raise StepFailed(_("which volume group is that of the node on {disk} cannot be read").format(disk=step.disk))
    said = group_in(content.decode(errors="replace"))
    if group.uuid != said:
        text = _("the volume group on {disks} is not the one that the boot menu on {disk} names")
        raise StepFailed(text.format(disks=", ".join(step.data_disks), disk=step.disk))
    if "Config" not in group.paths:
        raise StepFailed(_("the volume group on {disks} has no volume Config").format(disks=", ".join(step.data_disks)))
    path = group.paths["Config"]
    activate(step.data_disks)
    if Path(path).exists():
        refuse_mounted(path)
    return path


class InstalledNodes:
    """InstalledNode: its Config is mounted; *tree* and *slots* mean that node while it is open."""

    def __init__(self, tree: Tree, slots: Slots) -> None:
        self.tree, self.slots = tree, slots
        self.before = (tree.root, tree.live)
        self.open: InstalledNode | None = None

    def holds(self, step: InstalledNode) -> bool:
        return self.open == step and is_mounted(POINT / "config")

    def make(self, step: InstalledNode, tell: Tell) -> Undo:
        self.close()
        refuse_replaced(step.identities, udev.devices("block"))
        path = _volume(step)
        self.open = step
        try:
            run(("fsck.ext4", "-p", path), seconds=CHECK_SECONDS, good=REPAIRED)
            mount("ext4", path, POINT / "config", f"{DATA_ONLY},noatime")
        except StepFailed:
            self.close()
            raise
        self.slots.on(step.disk, step.data_disks)
        self.tree.root, self.tree.live = POINT, False
        return self.close

    def close(self) -> None:
        """Unmount Config, also that of a run that was killed; *tree* is the running system again."""
        if held():
            unmount(POINT / "config")
        if self.open:
            step, self.open = self.open, None
            self.tree.root, self.tree.live = self.before
            _let_go(step)
