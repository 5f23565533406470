"""What starts a node that a medium found: looked at without a write, and its boot partition mended or made anew."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from bootmenu import environment
from bootmenu.entries import SLOTS
from bootmenu.guard import PASSWORD_FILE
from bootmenu.node_data import CRASH_FILE, GROUP_FILE, OWN_WORDS_FILE
from bootmenu.render import MENU_FILE
from bootmenu.signed import SIGNED
from ovirt_tui.i18n import _
from ovirt_tui.machine.attempt import FILE as ATTEMPT
from ovirt_tui.machine.boot_parts import BootParts, FileSystem, SlotFound
from ovirt_tui.machine.disks import APP_GROUP
from ovirt_tui.model.records import replace
from ovirt_tui.system import StepFailed, Tell, Undo, firmware, udev
from ovirt_tui.system.boot import (
    OWN_DISK_FILE,
    REMOVABLE,
    bios_holds,
    first_program,
    fixed_files,
)
from ovirt_tui.system.command import outcome, run
from ovirt_tui.system.disk_steps import BootPartition, InstalledNode
from ovirt_tui.system.file_systems import PRIVATE, SECONDS, esp_written, format_esp, uncached
from ovirt_tui.system.files import write
from ovirt_tui.system.holders import (
    NodeGroup,
    activate,
    deactivate,
    find_group,
    group_on,
    refuse_mounted,
    refuse_replaced,
)
from ovirt_tui.system.image import quietly, sum_of, sums_of
from ovirt_tui.system.media import SUMS, VERSION, whole
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.node_images import full_version
from ovirt_tui.system.partitions import (
    BIOS_NUMBER,
    COMPLETE,
    ESP_NUMBER,
    esp,
    esp_and_state,
    partition,
    pinned,
    signature,
    slot_partition,
)
from ovirt_tui.system.probe import assignments
from ovirt_tui.system.services import nothing
from ovirt_tui.system.slot_settings import answer_file, kept, node_name
from ovirt_tui.system.small_files import is_file, read_small
from ovirt_tui.system.tree import file_errors

OWN_FILES = (MENU_FILE, environment.FILE, GROUP_FILE, CRASH_FILE, PASSWORD_FILE, OWN_WORDS_FILE)
"""What the boot partition says of this node."""
CARRIED = (CRASH_FILE, PASSWORD_FILE, OWN_DISK_FILE)
"""What survives a file system that has to be made anew though it can be read: nothing else is made from elsewhere."""
TYPES = {BIOS_NUMBER: "21686148-6449-6e6f-744e-656564454649", ESP_NUMBER: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"}
"""Kinds of partitions, by which a table of ours is known beside its names."""
MENDED = (0, 1)
"""How fsck.vfat ends when the file system is whole, or is again."""


def look(step: InstalledNode, app_disks: tuple[str, ...], stub: str) -> BootParts:
    """What starts the node of *step*; StepFailed where its layout is not one that is understood."""
    refuse_replaced(step.identities, udev.devices("block"))
    path, state = esp_and_state(step.disk)
    if state != COMPLETE:
        raise StepFailed(_("the node on {disk} is not complete: install it again").format(disk=step.disk))
    _refuse_other_table(step.disk)
    refuse_mounted(path)
    group = find_group(step.data_disks)
    found = _with_config(step, group, BootParts(
        group=group.uuid,
        second=group_on(app_disks, APP_GROUP) if app_disks else "",
        record=bios_holds(step.disk),
        entry=firmware.has_entry(step.disk, ESP_NUMBER, REMOVABLE),
        slots=tuple(_slot(step.disk, slot) for slot in SLOTS),
    ))  # fmt: skip
    return _with_esp(path, stub, found)


def _refuse_other_table(disk: str) -> None:
    for number, kind in TYPES.items():
        path = partition(disk, number)
        if signature(path).get("ID_PART_ENTRY_TYPE", "").lower() != kind:
            text = _("{path} is not what an installation makes there, so nothing is written to it")
            raise StepFailed(text.format(path=path))


def _with_esp(path: str, stub: str, found: BootParts) -> BootParts:
    uncached(path)
    fixed = (*fixed_files(stub), (REMOVABLE, first_program()))
    try:
        with mounted("vfat", path, "esp", f"ro,{PRIVATE}") as folder:
            files = {name: read for name in OWN_FILES if (read := read_small(folder / name)) is not None}
            changed = tuple(name for name, content in fixed if not is_file(folder / name, content))
    except StepFailed as failure:
        names = tuple(name for name, _content in fixed)
        return replace(found, file_system=FileSystem.UNREADABLE, unread=str(failure), changed=names)
    return replace(found, file_system=_state(path), files=files, changed=changed)


def _state(path: str) -> FileSystem:
    """How the file system is that can be mounted."""
    said = outcome(("fsck.vfat", "-n", path), seconds=SECONDS, reads=True)
    return FileSystem.DAMAGED if said.status else FileSystem.WHOLE


def _slot(disk: str, slot: str) -> SlotFound:
    """The image in a slot, with every byte of it read."""
    found = SlotFound(slot=slot)
    try:
        with (
            mounted("ext4", slot_partition(disk, slot), "other-slot") as folder,
            file_errors(_("it cannot be read")),
        ):
            if not (folder / SUMS).is_file():
                return replace(found, why=_("it holds no image"))
            said = assignments((read_small(folder / VERSION) or b"").decode(errors="replace"))
            signed = all((folder / f"{name}.sig").is_file() for name in SIGNED)
            found = replace(found, product=said.get("PRODUCT", ""), version=full_version(said), signed_menu=signed)
            for name, wanted in sums_of(read_small(folder / SUMS) or b"").items():
                if sum_of(whole(folder / name), quietly) != wanted:
                    return replace(found, why=_("{name} is not as its checksum says").format(name=name))
    except StepFailed as failure:
        return replace(found, why=str(failure))
    return found


def _with_config(step: InstalledNode, group: NodeGroup, found: BootParts) -> BootParts:
    """What the volume Config says, whose journal is not replayed; its volumes are of nobody again afterwards."""
    path = group.paths.get("Config", "")
    if not path:
        return replace(found, config_unread=_("there is no volume Config"))
    activate(step.data_disks)
    try:
        refuse_mounted(path)
        with mounted("ext4", path, "other-config", "ro") as config, file_errors(_("it cannot be read")):
            return replace(
                found,
                slots=tuple(_with_settings(each, kept(config, "/etc", each.slot)) for each in found.slots),
                attempt=read_small(config / Path(ATTEMPT).name) or b"",
                name=_name(config, found),
            )
    except StepFailed as failure:
        return replace(found, config_unread=str(failure))
    finally:
        with suppress(StepFailed):
            deactivate(step.data_disks)


def _with_settings(slot: SlotFound, folder: Path) -> SlotFound:
    return replace(slot, settings=(folder / "upper").is_dir(), saved=answer_file(folder))


def _name(config: Path, found: BootParts) -> str:
    return next(filter(None, (node_name(kept(config, "/etc", each.slot)) for each in found.slots)), "")


class BootPartitions:
    """BootPartition: what can be read is mended, and only what cannot be, or cannot be mended, is made anew."""

    def holds(self, step: BootPartition) -> bool:
        refuse_replaced(step.identities, udev.devices("block"))
        path = esp(step.disk)
        uncached(path)
        return _mounts(path) and _state(path) is FileSystem.WHOLE

    def make(self, step: BootPartition, tell: Tell) -> Undo:
        refuse_replaced(step.identities, udev.devices("block"))
        path = esp(step.disk)
        refuse_mounted(path)
        if not step.anew and not _mounts(path):
            text = _("the boot partition of {disk} could be read before, and cannot be now: look at it again")
            raise StepFailed(text.format(disk=step.disk))
        with pinned((step.disk,)):
            carried = _carried(path)
            if not _mended(path):
                if step.mended_only:
                    text = _("the boot partition of {disk} cannot be mended: repair the boot loader first")
                    raise StepFailed(text.format(disk=step.disk))
                format_esp(path)
                with esp_written(path) as folder:
                    for name, content in carried.items():
                        write(folder / name, content, 0o600)
        if not self.holds(step):
            text = _("the file system that was made on {path} cannot be read back: the disk may be failing")
            raise StepFailed(text.format(path=path))
        return nothing


def _mounts(path: str) -> bool:
    with suppress(StepFailed), mounted("vfat", path, "esp", f"ro,{PRIVATE}"):
        return True
    return False


def _carried(path: str) -> dict[str, bytes]:
    with suppress(StepFailed), mounted("vfat", path, "esp", f"ro,{PRIVATE}") as folder:
        return {name: found for name in CARRIED if (found := read_small(folder / name)) is not None}
    return {}


def _mended(path: str) -> bool:
    """Say whether the file system could be mended; one that cannot be mounted is none that fsck should guess at."""
    if not _mounts(path):
        return False
    try:
        run(("fsck.vfat", "-a", path), seconds=SECONDS, good=MENDED)
    except StepFailed:
        return False
    return _mounts(path) and _state(path) is FileSystem.WHOLE
