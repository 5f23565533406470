"""Partitions and formats disks: tables by parted, volume groups by blivet (volume_groups.py).

Only the disks of a step are opened for writing.  blivet is told of their new partitions only and scans no disk, the
LVM programs are confined by --devices.  The order keeps a half-written disk from booting: the boot code is wiped
first, and the new table has the state of the installation from the start.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.machine.disks import SLOT_LABELS
from ovirt_tui.system import StepFailed, Tell, Undo, firmware, udev
from ovirt_tui.system.begun import begin
from ovirt_tui.system.block import MIB
from ovirt_tui.system.boot_code import opened, put_boot_code
from ovirt_tui.system.command import Waiting, run, stuck
from ovirt_tui.system.disk_steps import Erased, Volumes
from ovirt_tui.system.file_systems import format_slot, format_volume, make_esp, mark, marked, write_answers
from ovirt_tui.system.holders import (
    activate,
    refuse_in_use,
    refuse_mounted,
    refuse_replaced,
    release,
    volume_paths,
)
from ovirt_tui.system.node_groups import groups_of, make_group, tag_second, volumes_hold
from ovirt_tui.system.partitions import (
    COMPLETE,
    ESP_NUMBER,
    INSTALLING,
    SLOT_NUMBERS,
    Slice,
    esp,
    extent,
    gpt_name,
    held,
    partitions,
    pinned,
    signature,
    size_mib,
    slices,
    slot_partition,
    slot_signatures,
    wait,
)
from ovirt_tui.system.services import nothing
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.tables import check_table, flushed, load_parted, rename, write_table
from ovirt_tui.system.tree import file_errors
from ovirt_tui.system.udev import Device
from ovirt_tui.system.volume_groups import GroupMaker

BLKRRPART = 0x125F
LOAD_MODULES = ("modprobe", "--all", "--quiet", "vfat", "nls_cp437", "nls_ascii", "ext4", "dm_mod", "loop", "overlay")
"""Modules that the first mounts would load; one that is missing is built in, or the mount fails."""
ENDS = MIB  # bytes wiped at each end of a disk and of a partition: every known signature lies within


class Storage:
    """Volumes: tables, volume group and file systems of docs/architecture.md."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.maker = GroupMaker()
        self._modules: Waiting | None = None
        self.begun: tuple[tuple[str, str], ...] | None = None
        """Path and identity of the disks that this program has begun to partition."""

    def warm_up(self) -> None:
        """Start loading kernel modules and blivet, which partitioning needs; StepFailed when that cannot be started."""
        self._modules = self._modules or Waiting(LOAD_MODULES)
        self.maker.warm_up()

    def prepare(self, step: Volumes) -> None:
        """Load all that make() needs: what cannot be loaded is found before a disk is written."""
        load_parted()
        if not step.keep:
            self.maker.load()

    def holds(self, step: Volumes) -> bool:
        self.slots.on(step.boot_disk, step.data_disks)
        try:
            return _tables_hold(step) and marked(step) and _slots_hold(step) and volumes_hold(step)
        except StepFailed:
            return False

    def make(self, step: Volumes, tell: Tell) -> Undo:
        self.slots.on(step.boot_disk, step.data_disks)
        self.slots.empty.clear()
        udev.settle()
        _refuse_unfinished()
        with held(step.disks):
            known = udev.devices("block")
            refuse_replaced(step.identities, known)
            if step.keep:
                _check_kept(step)
                begin()
            else:
                self._make_tables(step, known)
            with pinned(step.disks):
                if step.keep:
                    _mark_installing(step)
                _fill(step, self.maker)
            for disk in step.disks:
                flushed(disk)
        self.slots.empty.update(SLOT_LABELS)
        return nothing

    def _make_tables(self, step: Volumes, known: tuple[Device, ...]) -> None:
        """Write new tables, the boot disk's first: from then on, the next boot sees an interrupted installation."""
        release(step.disks, step.removes, known, step.disks if self.begun == step.identities else ())
        begin()
        self.begun = step.identities
        for disk in step.disks:
            _refuse_replaced_since(step, disk)
            _wipe(disk, slices(step, disk, size_mib(disk)))
            write_table(disk, slices(step, disk, size_mib(disk)), boots=disk == step.boot_disk)


def _fill(step: Volumes, maker: GroupMaker) -> None:
    """Create everything inside the partitions; the mark comes last."""
    make_esp(esp(step.boot_disk), step.answers)
    paths: dict[str, str] = {}
    for group in groups_of(step):
        paths |= volume_paths(group.disks, group.name) if step.keep else make_group(group, maker)
    if not step.keep:
        tag_second(step)
    for slot in SLOT_LABELS:
        format_slot(slot_partition(step.boot_disk, slot), slot)
    for name, _size in (*step.volumes, *step.app_volumes):
        if name not in step.keep:
            format_volume(paths[name], name)
    mark(step)


class Erasure:
    """Erased: disks without table, volume group or boot record, and no stale boot entry in the firmware."""

    def holds(self, step: Erased) -> bool:
        blank = all(not partitions(disk) and not signature(disk) and _blank(disk) for disk in step.disks)
        return blank and not firmware.stale()

    def make(self, step: Erased, tell: Tell) -> Undo:
        udev.settle()
        _refuse_unfinished()
        with held(step.disks):
            known = udev.devices("block")
            refuse_replaced(step.identities, known)
            release(step.disks, step.removes, known)
            with pinned(step.disks):
                begin()
                for disk in step.disks:
                    _refuse_replaced_since(step, disk)
                    _wipe_esp(disk)
                    _replace_boot_code(disk)
            for disk in step.disks:
                _wipe(disk, ())
                _forget_partitions(disk)
        udev.settle()
        firmware.delete_entries(firmware.stale())
        return nothing


def _tables_hold(step: Volumes) -> bool:
    """Compare the tables with the layout; where contents are kept, any sizes hold."""
    for disk in step.disks:
        there = partitions(disk)
        wanted = slices(step, disk, size_mib(disk))
        if sorted(there) != [each.number for each in wanted]:
            return False
        for each in wanted:
            path = there[each.number]
            if not step.keep and extent(path) != (each.start * MIB, each.mib * MIB):
                return False
            if each.number == ESP_NUMBER and disk == step.boot_disk and gpt_name(disk, ESP_NUMBER) != INSTALLING:
                return False
    return True


def _slots_hold(step: Volumes) -> bool:
    found = slot_signatures(step.boot_disk, SLOT_LABELS)
    return all((each.get("ID_FS_TYPE"), each.get("ID_FS_LABEL")) == ("ext4", slot) for slot, each in found.items())


def _refuse_unfinished() -> None:
    """Refuse while a program of an earlier attempt is blocked on its disk: it may still write once that responds."""
    if left := stuck():
        text = _("{programs} of an attempt before cannot be stopped and may still write; restart this machine")
        raise StepFailed(text.format(programs=", ".join(left)))


def _refuse_replaced_since(step: Volumes | Erased, disk: str) -> None:
    """Check again before the first write to each further disk: writing the one before may have taken a while."""
    if disk != step.disks[0]:
        refuse_replaced((each for each in step.identities if each[0] == disk), udev.devices("block"))


def _check_kept(step: Volumes) -> None:
    """Refuse, before anything is written, when something to be kept or rewritten is missing."""
    there = partitions(step.boot_disk)
    if missing := [str(number) for number in (ESP_NUMBER, *SLOT_NUMBERS.values()) if number not in there]:
        text = _("{kept} cannot be kept: {disk} has no partition {numbers}")
        raise StepFailed(text.format(kept=", ".join(step.keep), disk=step.boot_disk, numbers=", ".join(missing)))
    for slot in SLOT_LABELS:
        slot_partition(step.boot_disk, slot)
    esp(step.boot_disk)
    for group in groups_of(step):
        volumes = volume_paths(group.disks, group.name)
        if lost := ", ".join(name for name, _size in group.volumes if name not in volumes):
            text = _("{kept} cannot be kept: {group} on {disks} has no volume {lost}")
            kept, on = ", ".join(step.keep), ", ".join(group.disks)
            raise StepFailed(text.format(kept=kept, group=group.name, disks=on, lost=lost))
        activate(group.disks, group.name)
        for path in volumes.values():
            refuse_in_use(path)
    for path in there.values():
        refuse_mounted(path)
    check_table(step.boot_disk)


def _mark_installing(step: Volumes) -> None:
    """Turn a complete node back into an installation in progress, in an order that never loses what is to be kept.

    The old answers do not say that anything is kept, so they are replaced while the node still counts as complete;
    where that fails they are wiped, so that nobody reads them.  The state changes before the boot code goes:
    where the table cannot be changed after all, and where the power fails between the two, the node still boots,
    complete, and the medium finds an installation to resume.  The boot code goes before the first slot is touched.
    """
    path = esp(step.boot_disk)
    try:
        write_answers(path, step.answers)
    except StepFailed:
        _write(path, ((0, ENDS),), exclusive=False)
    rename(step.boot_disk, {ESP_NUMBER: INSTALLING})
    _replace_boot_code(step.boot_disk)


def _replace_boot_code(disk: str) -> None:
    """A disk that is written does not boot, and says so: else a BIOS would hang in what is left of it."""
    with file_errors(_("{disk} could not be written").format(disk=disk)), opened(disk) as handle:
        put_boot_code(handle)


def _wipe_esp(disk: str) -> None:
    """Wipe the file system of a boot partition of ours.  Its GPT name stays, so that a probe finds the node."""
    path = partitions(disk).get(ESP_NUMBER, "")
    if path and gpt_name(disk, ESP_NUMBER) in (INSTALLING, COMPLETE):
        _write(path, ((0, ENDS),), exclusive=False)


def _wipe(disk: str, wanted: tuple[Slice, ...]) -> None:
    """Zero both ends of the disk, of the partitions on it, and of those in *wanted*.

    The first write removes boot code and table.  No old signature reappears in a new partition.
    """
    size = size_mib(disk) * MIB
    places = [(0, ENDS), (max(0, _bytes(disk) - ENDS), ENDS)]
    regions = [extent(path) for path in partitions(disk).values() if extent(path)[0]]
    regions += [(each.start * MIB, each.mib * MIB) for each in wanted]
    for start, length in regions:
        places += [(start, min(ENDS, length)), (start + max(0, length - ENDS), min(ENDS, length))]
    # The partitions of a multipath map are holders of it, so O_EXCL would fail; they were checked.
    _write(disk, (place for place in dict.fromkeys(places) if place[0] < size), exclusive=not _is_map(disk))


def _write(disk: str, places: Iterable[tuple[int, int]], *, exclusive: bool) -> None:
    """Zero the *places* (offset, length in bytes), the first of them flushed before the others."""
    flags = os.O_WRONLY | os.O_CLOEXEC | (os.O_EXCL if exclusive else 0)
    end = _bytes(disk)
    with file_errors(_("{disk} could not be written").format(disk=disk)):
        handle = os.open(disk, flags)
        try:
            for number, (start, length) in enumerate(places):
                os.pwrite(handle, bytes(min(length, end - start)), start)
                if not number:
                    os.fsync(handle)
            os.fsync(handle)
        finally:
            os.close(handle)


def _bytes(disk: str) -> int:
    return extent(disk)[1]


def _is_map(disk: str) -> bool:
    return disk.startswith("/dev/mapper/")


def _blank(disk: str) -> bool:
    with file_errors(_("{disk} could not be read").format(disk=disk)), Path(disk).open("rb") as file:
        return not any(file.read(ENDS))


def _forget_partitions(disk: str) -> None:
    """Make the kernel drop the partitions; retried, since udev may have one of them open."""
    forget = _remove_maps if _is_map(disk) else _reread
    wait(lambda: forget(disk), _("the partitions of {disk} could not be forgotten").format(disk=disk))


def _remove_maps(disk: str) -> bool:
    """Remove the partitions of a multipath map: they are maps too, which re-reading the table does not remove."""
    for path in partitions(disk).values():
        run(("dmsetup", "remove", path), good=(0, 1))
    return not partitions(disk)


def _reread(disk: str) -> bool:
    with file_errors(_("{disk} could not be read").format(disk=disk)):
        handle = os.open(disk, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.ioctl(handle, BLKRRPART)
    except OSError:
        return False
    else:
        return not partitions(disk)
    finally:
        os.close(handle)
