"""BootChoice: what the boot menu of this node starts, by one write of one sector."""

from __future__ import annotations

import os
from pathlib import Path

from bootmenu import environment
from bootmenu.environment import FILE, SECTOR, SIZE, Choice
from bootmenu.node_data import OWN_WORDS_FILE
from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.disk_steps import BootChoice
from ovirt_tui.system.file_systems import PRIVATE, esp_written
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.partitions import esp, own_disk
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.small_files import read_small


def chosen(disk: str = "") -> Choice:
    """What the boot menu of the node on *disk*, or of this node, starts; StepFailed where that cannot be read."""
    with mounted("vfat", esp(disk or own_disk()), "esp", f"ro,{PRIVATE}") as folder:
        return environment.read(_content(folder))


def has_signed_menu(disk: str = "") -> bool:
    """Say whether the boot menu of that node is signed, and starts by UEFI only images that its site signed."""
    with mounted("vfat", esp(disk or own_disk()), "esp", f"ro,{PRIVATE}") as folder:
        return (folder / OWN_WORDS_FILE).is_file()


def _content(folder: Path) -> bytes:
    content = read_small(folder / FILE)
    if content is None:
        raise StepFailed(_("what the boot menu starts cannot be read"))
    try:
        environment.read(content)
    except ValueError as error:
        raise StepFailed(_("what the boot menu starts cannot be read: {error}").format(error=error)) from error
    return content


class BootChoices:
    """BootChoice: GRUB's environment block, overwritten in place; on the disk of *slots*, if there is one."""

    def __init__(self, slots: Slots | None = None) -> None:
        self.slots = slots or Slots()

    def holds(self, step: BootChoice) -> bool:
        return chosen(self.slots.boot_disk) == _wanted(step)

    def make(self, step: BootChoice, tell: Tell) -> Undo:
        was = self._put(environment.block(_wanted(step)))

        def undo() -> None:
            self._put(was)

        return undo

    def _put(self, block: bytes) -> bytes:
        """Write *block*, and return what was there: its first sector is all that differs, and is written at once."""
        with esp_written(esp(self.slots.boot_disk or own_disk())) as folder:
            was = _content(folder)
            if len(was) != SIZE or was[SECTOR:] != block[SECTOR:]:
                raise StepFailed(_("what the boot menu starts is in a form that this version does not write"))
            handle = os.open(folder / FILE, os.O_WRONLY | os.O_CLOEXEC)
            try:
                os.pwrite(handle, block[:SECTOR], 0)
                os.fsync(handle)
            finally:
                os.close(handle)
        return was


def _wanted(step: BootChoice) -> Choice:
    return Choice(step.slot, step.next, step.tries, step.back)
