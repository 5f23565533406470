"""What starts a node is looked at part by part; its boot partition is mended, and made anew only where it must be."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from bootmenu import environment
from bootmenu.environment import Choice, block
from bootmenu.guard import PASSWORD_FILE
from bootmenu.node_data import CRASH_FILE, GROUP_FILE
from bootmenu.render import MENU_FILE
from ovirt_tui.machine.boot_parts import BootParts, FileSystem
from ovirt_tui.model.records import replace
from ovirt_tui.system import StepFailed, boot, boot_parts, firmware, installed_node, silent
from ovirt_tui.system.boot import OWN_DISK_FILE, REMOVABLE, Bootables, BootLoaders
from ovirt_tui.system.boot_parts import BootPartitions
from ovirt_tui.system.command import Completed
from ovirt_tui.system.disk_steps import Bootable, BootLoader, BootPartition, InstalledNode
from ovirt_tui.system.holders import NodeGroup
from testbed.small_node import medium

STUB = "EFI/debian/grub.cfg"
PROGRAMS = ("i386-pc/boot.img", "i386-pc/core.img", "efi/grubx64.efi", "efi/mmx64.efi", "efi/shimx64.efi")
STEP, ANEW = BootPartition("/dev/vda"), BootPartition("/dev/vda", anew=True)
LOADER = BootLoader("/dev/vda", ("/dev/vda",), "menu\n", block(Choice("Root")).decode(), STUB)


class Disk:
    """A node's partitions as folders: one that is not *readable* cannot be mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.readable, self.errors, self.stubborn = folder, True, False, False
        self.done: list[str] = []

    @contextmanager
    def mounted(self, kind: str, source: str, name: str, options: str = "ro") -> Iterator[Path]:
        if kind == "vfat" and not self.readable:
            raise StepFailed("wrong fs type")
        if not (self.folder / source).is_dir():
            raise StepFailed("bad superblock")
        yield self.folder / source

    @contextmanager
    def written(self, path: str) -> Iterator[Path]:
        yield self.folder / path

    def fsck(self, argv: tuple[str, ...], **_how: object) -> Completed:
        return Completed(int(self.errors), "", "")

    def run(self, argv: tuple[str, ...], **_how: object) -> str:
        self.done.append(" ".join(argv[:2]))
        self.errors = self.stubborn
        return ""

    def format(self, path: str) -> None:
        self.done.append("format")
        shutil.rmtree(self.folder / path, ignore_errors=True)
        (self.folder / path).mkdir()
        self.readable, self.errors, self.stubborn = True, False, False


@contextmanager
def pinned(disks: tuple[str, ...]) -> Iterator[None]:
    yield


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    found = Disk(tmp_path)
    for name in PROGRAMS:
        (tmp_path / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "files" / name).write_bytes(name.encode() * 9)
    (tmp_path / "esp").mkdir()
    monkeypatch.setattr(boot, "FILES", tmp_path / "files")
    for module in (boot, boot_parts):
        for name, value in {
            "mounted": found.mounted, "esp_written": found.written, "uncached": lambda path: None,
            "esp": lambda disk: "esp", "esp_and_state": lambda disk: ("esp", "ovirt-node"), "pinned": pinned,
            "refuse_replaced": lambda *_args: None, "group_on": lambda *_args: "g1", "bios_holds": lambda disk: True,
            "run": found.run,
        }.items():  # fmt: skip
            monkeypatch.setattr(module, name, value, raising=False)
    monkeypatch.setattr(boot_parts, "outcome", found.fsck)
    monkeypatch.setattr(boot_parts, "format_esp", found.format)
    monkeypatch.setattr(boot_parts, "refuse_mounted", lambda path: None)
    for name in ("activate", "deactivate"):
        monkeypatch.setattr(boot_parts, name, lambda disks, name=name: found.done.append(name))
    for module in (boot, boot_parts):
        monkeypatch.setattr(module.udev, "devices", lambda subsystem: ())
    return found


def looked(disk: Disk) -> BootParts:
    return boot_parts._with_esp("esp", STUB, BootParts(group="g1"))


def test_what_the_boot_partition_has_is_compared_file_by_file(disk: Disk) -> None:
    BootLoaders().make(LOADER, silent)
    (disk.folder / "esp" / REMOVABLE).write_bytes(boot.first_program())
    assert looked(disk).changed == () and looked(disk).file_system is FileSystem.WHOLE
    assert set(looked(disk).files) == {MENU_FILE, environment.FILE, GROUP_FILE}
    (disk.folder / "esp/EFI/BOOT/mmx64.efi").write_bytes(b"damaged")
    (disk.folder / "esp/grub/i386-pc/core.img").unlink()
    assert looked(disk).changed == ("grub/i386-pc/core.img", "EFI/BOOT/mmx64.efi")
    disk.errors = True
    assert looked(disk).file_system is FileSystem.DAMAGED
    disk.readable = False
    lost = looked(disk)
    assert (lost.file_system, lost.unread) == (FileSystem.UNREADABLE, "wrong fs type")
    assert REMOVABLE in lost.changed and STUB in lost.changed and lost.files == {}


def test_files_that_are_as_they_have_to_be_are_not_written(disk: Disk) -> None:
    loaders = BootLoaders()
    loaders.make(LOADER, silent)
    there = {path: path.stat().st_ino for path in (disk.folder / "esp").rglob("*") if path.is_file()}
    damaged = disk.folder / "esp/EFI/BOOT/grubx64.efi"
    damaged.write_bytes(b"")
    assert not loaders.holds(LOADER)
    loaders.make(LOADER, silent)
    assert loaders.holds(LOADER)
    assert [path for path, number in there.items() if path.stat().st_ino != number] == [damaged]


def test_what_can_be_read_is_mended_and_not_made_anew(disk: Disk) -> None:
    partitions = BootPartitions()
    assert partitions.holds(STEP)
    disk.errors = True
    assert not partitions.holds(STEP)
    partitions.make(STEP, silent)
    assert disk.done == ["fsck.vfat -a"] and partitions.holds(STEP)


def test_what_cannot_be_mended_is_made_anew_with_what_nothing_else_knows(disk: Disk) -> None:
    for name in (PASSWORD_FILE, CRASH_FILE, OWN_DISK_FILE, "left-over"):
        (disk.folder / "esp" / name).parent.mkdir(exist_ok=True)
        (disk.folder / "esp" / name).write_text(name)
    disk.errors = disk.stubborn = True
    BootPartitions().make(STEP, silent)
    assert disk.done == ["fsck.vfat -a", "format"]
    left = {str(path.relative_to(disk.folder / "esp")) for path in (disk.folder / "esp").rglob("*") if path.is_file()}
    assert left == {PASSWORD_FILE, CRASH_FILE, OWN_DISK_FILE}


def test_an_upgrade_mends_a_boot_partition_and_never_makes_one_anew(disk: Disk) -> None:
    disk.errors = disk.stubborn = True
    with pytest.raises(StepFailed, match="repair the boot loader first"):
        BootPartitions().make(replace(STEP, mended_only=True), silent)
    assert disk.done == ["fsck.vfat -a"]
    disk.stubborn = False
    BootPartitions().make(replace(STEP, mended_only=True), silent)
    assert disk.done == ["fsck.vfat -a"] * 2


def test_only_the_menu_and_its_data_are_written_where_the_loader_stays(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boot, "fixed_files", lambda stub: iter([(stub, b"stub")]))
    monkeypatch.setattr(boot, "_group_file", lambda step: ("grub/group.cfg", "group=x\n"))
    monkeypatch.setattr(boot, "_signed_loader", lambda: b"")
    whole = BootLoader("/dev/vda", ("/dev/vda",), "menu", "environment", "EFI/debian/grub.cfg")
    names = [name for name, _content in boot._files(whole)]
    assert names == ["grub/grubenv", "grub/group.cfg", "EFI/debian/grub.cfg", "grub/grub.cfg"], "the menu comes last"
    assert [name for name, _content in boot._files(replace(whole, menu_only=True))] == names[1::2]


def test_what_cannot_be_mounted_is_nothing_to_guess_at(disk: Disk) -> None:
    disk.readable = False
    partitions = BootPartitions()
    assert not partitions.holds(STEP)
    with pytest.raises(StepFailed, match="could be read before"):
        partitions.make(STEP, silent)
    assert disk.done == [], "a file system is made only where the plan said so"
    partitions.make(ANEW, silent)
    assert disk.done == ["format"] and partitions.holds(STEP)


def test_a_disk_that_does_not_keep_what_is_written_is_named(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    disk.readable = False
    monkeypatch.setattr(boot_parts, "format_esp", lambda path: None)
    with pytest.raises(StepFailed, match="cannot be read back"):
        BootPartitions().make(ANEW, silent)


def test_every_byte_of_a_slot_is_read(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot_parts, "slot_partition", lambda disk, slot: slot)
    slot = medium(disk.folder / "Root", "0.1.0")
    found = boot_parts._slot("/dev/vda", "Root")
    assert (found.product, found.version, found.why) == ("oVirt Node", "0.1.0-1", "")
    with (slot / "LiveOS/squashfs.img").open("r+b") as file:
        file.seek(9000)
        file.write(b"x")
    assert "LiveOS/squashfs.img is not as its checksum says" in boot_parts._slot("/dev/vda", "Root").why
    (slot / "initrd.img").unlink()
    assert "initrd.img" not in boot_parts._slot("/dev/vda", "Root").version
    assert "cannot be read" in boot_parts._slot("/dev/vda", "Root").why
    (slot / "sha256sums").unlink()
    assert boot_parts._slot("/dev/vda", "Root").why == "it holds no image"
    assert boot_parts._slot("/dev/vda", "RootBackup").why == "bad superblock"


def test_config_is_read_and_let_go_also_where_it_is_damaged(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    node = InstalledNode("/dev/vda", ("/dev/vda",))
    group = NodeGroup("g1", ("/dev/vda5",), {}, {"Config": "config"}, 0)
    slots = tuple(boot_parts.SlotFound(slot=slot) for slot in ("Root", "RootBackup"))
    upper = disk.folder / "config/slots/Root/etc/upper"
    (upper / "ovirt-node").mkdir(parents=True)
    (upper / "hostname").write_text("node1.example.com\n")
    (upper / "ovirt-node/node.toml").write_text("[boot]\n")
    (disk.folder / "config/upgrade.json").write_text("{}")
    found = boot_parts._with_config(node, group, BootParts(group="g1", slots=slots))
    assert [(each.settings, each.saved) for each in found.slots] == [(True, b"[boot]\n"), (False, b"")]
    assert (found.name, found.attempt, found.config_unread) == ("node1.example.com", b"{}", "")
    assert disk.done == ["activate", "deactivate"]
    shutil.rmtree(disk.folder / "config")
    assert boot_parts._with_config(node, group, BootParts(group="g1", slots=slots)).config_unread == "bad superblock"
    assert disk.done == ["activate", "deactivate"] * 2

    def damaged(folder: Path) -> bool:
        raise OSError(errno.EUCLEAN, "Structure needs cleaning", str(folder))

    (disk.folder / "config").mkdir()
    monkeypatch.setattr(Path, "is_dir", lambda folder: damaged(folder) if folder.name == "upper" else True)
    unread = boot_parts._with_config(node, group, BootParts(group="g1", slots=slots)).config_unread
    assert unread.endswith("cannot be read: Structure needs cleaning"), "it is mounted, and a folder of it damaged"
    assert disk.done == ["activate", "deactivate"] * 3
    none = NodeGroup("g1", (), {}, {}, 0)
    assert "no volume Config" in boot_parts._with_config(node, none, BootParts(group="g1")).config_unread


def test_what_cannot_be_read_of_the_boot_record_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sector of a failing disk: a write has the disk take another one for it."""

    def unread(_handle: int, _length: int, _place: int) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    disk = tmp_path / "disk"
    disk.write_bytes(b"r" * 512 + b"core")
    monkeypatch.setattr(boot, "_bios_parts", lambda _disk: (b"r" * 512, b"core", 512))
    assert boot.bios_holds(str(disk))
    monkeypatch.setattr(os, "pread", unread)
    assert not boot.bios_holds(str(disk))


def test_a_medium_that_cannot_be_read_is_not_taken_for_a_failing_disk(disk: Disk) -> None:
    (disk.folder / "files/i386-pc/core.img").unlink()
    for look in (lambda: BootLoaders().make(LOADER, silent), lambda: looked(disk)):
        with pytest.raises(StepFailed, match="the medium cannot be read"):
            look()


def test_a_damaged_config_is_a_reason_and_no_mistake_where_a_medium_looks_at_a_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_args: object) -> Path:
        raise OSError(errno.EUCLEAN, "Structure needs cleaning")

    for name, value in {
        "refuse_replaced": lambda *_args: None, "chosen": lambda disk: Choice("Root"), "room_of": lambda path: 300,
        "slot_partition": lambda disk, slot: slot, "image_in": lambda path: ("oVirt Node", "0.2.0-1"),
        "_config": lambda step: nullcontext(tmp_path), "kept": damaged,
    }.items():  # fmt: skip
        monkeypatch.setattr(installed_node, name, value)
    monkeypatch.setattr(installed_node.udev, "devices", lambda subsystem: ())
    with pytest.raises(StepFailed, match="the volume Config of the node cannot be read: Structure needs cleaning"):
        installed_node.look(InstalledNode("/dev/vda", ("/dev/vda",)))


@pytest.mark.parametrize(("asked", "made"), [(False, True), (True, False)])
def test_the_table_of_a_node_that_is_repaired_stays_and_an_entry_is_made_where_there_is_none(
    asked: bool, made: bool, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(boot, "rename", lambda *_args: done.append("rename"))
    monkeypatch.setattr(boot, "flushed", lambda disk: None)
    monkeypatch.setattr(firmware, "has_entry", lambda *_args: asked)
    monkeypatch.setattr(firmware, "add_entry", lambda *_args: done.append("entry"))
    bootables, step = Bootables(), Bootable("/dev/vda", again=True)
    assert not bootables.holds(step), "the program that firmware starts is not there"
    bootables.make(step, silent)
    assert done == (["entry"] if made else []) and bootables.holds(step), "it was asked, and that is all one can do"
    assert Bootables(bootables.firmware).holds(step) is asked, "somebody else asks again"
    assert bootables.holds(Bootable("/dev/vda")), "an installation asks the firmware once"
    monkeypatch.setattr(boot, "_slot_names", dict)
    bootables.make(Bootable("/dev/vda"), silent)
    assert done[-2:] == ["entry", "rename"]


def test_a_table_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot_parts, "partition", lambda disk, number: f"{disk}{number}")
    kinds = dict(boot_parts.TYPES)
    monkeypatch.setattr(boot_parts, "signature", lambda path: {"ID_PART_ENTRY_TYPE": kinds[int(path[-1])].upper()})
    boot_parts._refuse_other_table("/dev/vda")
    kinds[1] = "0fc63daf-8483-4772-8e79-3d69d8477de4"
    with pytest.raises(StepFailed, match="/dev/vda1 is not what an installation makes there"):
        boot_parts._refuse_other_table("/dev/vda")
