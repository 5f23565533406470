"""The boot loader: GRUB on the ESP for BIOS and UEFI, and the last writes, which complete an installation.

The BIOS boot record is put together here, as 'grub-bios-setup --no-rs-codes' does: the image then needs none of
GRUB's programs, nothing probes the other disks, and what was written can be compared byte for byte.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from bootmenu import environment
from bootmenu.guard import PASSWORD_FILE, boot_password
from bootmenu.node_data import crash_file, group_file, own_words_file
from bootmenu.render import MENU_FILE, installed_stub
from bootmenu.signed import LOADER
from ovirt_tui.i18n import _
from ovirt_tui.machine.disks import APP_GROUP
from ovirt_tui.model.secrets import revealed
from ovirt_tui.system import StepFailed, Tell, Undo, firmware, udev
from ovirt_tui.system.block import SECTOR
from ovirt_tui.system.boot_code import CODE_END, PARAMETERS_END
from ovirt_tui.system.disk_steps import Bootable, BootLoader, BootPassword, CrashMemory
from ovirt_tui.system.file_systems import PRIVATE, esp_written, uncached
from ovirt_tui.system.files import Before, before, restore, write
from ovirt_tui.system.holders import group_on, refuse_replaced
from ovirt_tui.system.media import MEDIUM, SUMS, Folder, small
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.partitions import (
    BIOS_NUMBER,
    COMPLETE,
    ESP_NUMBER,
    SLOT_NUMBERS,
    esp,
    esp_and_state,
    extent,
    own_disk,
    partition,
    pinned,
)
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.services import nothing
from ovirt_tui.system.small_files import is_file
from ovirt_tui.system.steps import OwnDisk
from ovirt_tui.system.tables import flushed, rename
from ovirt_tui.system.tree import file_errors

FILES = Path("/usr/share/ovirt-node/boot")
BIOS_IMAGES = ("boot.img", "core.img")
BIOS_FOLDER = "grub/i386-pc"
EFI_FOLDER = "EFI/BOOT"
EFI_PROGRAMS = ("grubx64.efi", "mmx64.efi")
SHIM = "shimx64.efi"
REMOVABLE = "EFI/BOOT/BOOTX64.EFI"
"""The fallback path, which firmware starts without a boot entry."""

OWN_DISK_FILE = "node/own-disk"
"""On the boot partition: how the initrd reaches the node's own disk.  reach.sh has the same name."""

CORE_SECTOR = 0x5C  # 8 bytes in boot.img: the first sector of core.img
DRIVE = 0x64  # BIOS drive number; 0xff is the drive that was booted
DRIVE_CHECK = 0x66  # a jump that trusts the BIOS's drive number; two no-ops make it check
BLOCKLIST = SECTOR - 12  # in the first sector of core.img, where the rest is: sector, count, segment
CORE_SEGMENT = 0x820
NAME_LENGTH = 36  # characters of a GPT name


def boot_record(image: bytes, there: bytes, core_sector: int) -> bytes:
    """The first sector of the disk: *image*, with what belongs to the disk copied from *there*, its present one."""
    code = bytearray(image[:SECTOR])
    code[3:PARAMETERS_END] = there[3:PARAMETERS_END]
    code[CORE_SECTOR : CORE_SECTOR + 8] = struct.pack("<Q", core_sector)
    code[DRIVE] = 0xFF
    code[DRIVE_CHECK : DRIVE_CHECK + 2] = b"\x90\x90"
    code[CODE_END:SECTOR] = there[CODE_END:SECTOR]
    return bytes(code)


def placed_core(image: bytes, core_sector: int) -> bytes:
    """core.img with its block list set: the rest of it follows right after its first sector."""
    core = bytearray(image + bytes(-len(image) % SECTOR))
    core[BLOCKLIST:SECTOR] = struct.pack("<QHH", core_sector + 1, len(core) // SECTOR - 1, CORE_SEGMENT)
    return bytes(core)


class BootLoaders:
    """BootLoader: all files of GRUB on the ESP, but not the one that firmware starts."""

    def holds(self, step: BootLoader) -> bool:
        with suppress(StepFailed, OSError):
            uncached(esp(step.disk))
            with mounted("vfat", esp(step.disk), "esp", f"ro,{PRIVATE}") as folder:
                return all(is_file(folder / name, content) for name, content in _files(step))
        return False

    def make(self, step: BootLoader, tell: Tell) -> Undo:
        refuse_replaced(step.identities, udev.devices("block"))
        with esp_written(esp(step.disk)) as folder:
            for name, content in _files(step):
                if not is_file(folder / name, content):
                    write(folder / name, content, 0o644)
        return nothing


def _files(step: BootLoader) -> Iterator[tuple[str, bytes]]:
    """All but the menu are read by the menu of an image before, too; this one needs all of them, and so comes last."""
    if not step.menu_only:
        yield environment.FILE, step.environment.encode()
    name, text = _group_file(step)
    yield name, text.encode()
    if _signed_loader():
        name, text = own_words_file(step.words)
        yield name, text.encode()
    if not step.menu_only:
        yield from fixed_files(step.stub)
    yield MENU_FILE, step.menu.encode()


def fixed_files(stub: str) -> Iterator[tuple[str, bytes]]:
    """The files on the boot partition that are the same on each node, but the one that firmware starts."""
    yield stub, installed_stub().encode()
    for name in BIOS_IMAGES:
        yield f"{BIOS_FOLDER}/{name}", _of_medium(f"i386-pc/{name}")
    for name in () if _signed_loader() else EFI_PROGRAMS:
        yield f"{EFI_FOLDER}/{name}", _of_medium(f"efi/{name}")


def _of_medium(name: str) -> bytes:
    """A program of the boot loader; StepFailed says that it is the medium, and not a disk, that cannot be read."""
    with file_errors(_("the medium cannot be read")):
        return (FILES / name).read_bytes()


def _group_file(step: BootLoader) -> tuple[str, str]:
    second = group_on(step.app_disks, APP_GROUP) if step.app_disks else ""
    return group_file(group_on(step.data_disks), second)


class BootFiles:
    """BootPassword, CrashMemory, OwnDisk: a file that the boot menu or the initrd reads on the ESP, for root only."""

    def holds(self, step: BootPassword | CrashMemory | OwnDisk) -> bool:
        name, content = _file(step)
        with suppress(StepFailed, OSError), mounted("vfat", _esp_of(step), "esp", f"ro,{PRIVATE}") as folder:
            return before(folder / name).content == content
        return False

    def make(self, step: BootPassword | CrashMemory | OwnDisk, tell: Tell) -> Undo:
        name, content = _file(step)
        was = self._put(step, name, Before(content))

        def undo() -> None:
            self._put(step, name, was)

        return undo

    def _put(self, step: BootPassword | CrashMemory | OwnDisk, name: str, wanted: Before) -> Before:
        """Write the file as *wanted*; return its previous state."""
        with esp_written(_esp_of(step)) as folder:
            was = before(folder / name)
            restore(folder / name, wanted)
        return was


def _file(step: BootPassword | CrashMemory | OwnDisk) -> tuple[str, bytes | None]:
    """The name of the file of *step*, and its content; None where there is to be none."""
    if isinstance(step, BootPassword):
        return PASSWORD_FILE, boot_password(step.hashed.reveal()).encode()
    if isinstance(step, OwnDisk):
        return OWN_DISK_FILE, revealed(step.content).encode()
    name, text = crash_file(step.word)
    return name, text.encode() if step.word else None


def _esp_of(step: BootPassword | CrashMemory | OwnDisk) -> str:
    return esp(step.disk or own_disk())


class Bootables:
    """Bootable: the boot record, the program that firmware starts, and the state of a complete installation."""

    def __init__(self, known: Path = firmware.FOLDER) -> None:
        self.firmware = known
        self.asked: set[str] = set()
        """Disks for which the firmware was asked for an entry: it may still have none, and no step can change that."""

    def holds(self, step: Bootable) -> bool:
        try:
            path, state = esp_and_state(step.disk)
            if state != COMPLETE or not bios_holds(step.disk):
                return False
            uncached(path)
            with mounted("vfat", path, "esp", f"ro,{PRIVATE}") as folder:
                return is_file(folder / REMOVABLE, first_program()) and self._entered(step)
        except (StepFailed, OSError):
            return False

    def _entered(self, step: Bootable) -> bool:
        """What an installation asks of the firmware once is no part of what has to hold; a repair asks for what is
        not there."""
        return (
            not step.again
            or step.disk in self.asked
            or firmware.has_entry(step.disk, ESP_NUMBER, REMOVABLE, self.firmware)
        )

    def make(self, step: Bootable, tell: Tell) -> Undo:
        refuse_replaced(step.identities, udev.devices("block"))
        with pinned((step.disk,)):
            if not bios_holds(step.disk):
                _write_bios(step.disk)
            with esp_written(esp(step.disk)) as folder:
                if not is_file(folder / REMOVABLE, first_program()):
                    write(folder / REMOVABLE, first_program(), 0o644)
            if not (step.again and self._entered(step)):
                firmware.add_entry(step.disk, ESP_NUMBER, REMOVABLE, self.firmware)
                self.asked.add(step.disk)
            if not step.again:
                rename(step.disk, {**_slot_names(), ESP_NUMBER: COMPLETE})
        flushed(step.disk)
        if not self.holds(step):
            raise StepFailed(_("what makes {disk} bootable cannot be read back").format(disk=step.disk))
        return nothing


def first_program() -> bytes:
    """What firmware starts: GRUB with a signed menu where the medium has it, otherwise shim."""
    return _signed_loader() or _of_medium(f"efi/{SHIM}")


def _signed_loader() -> bytes:
    """GRUB with a signed menu, as the medium has it; nothing where its image was not built for Secure Boot."""
    origin = Folder(MEDIUM)
    if not origin.has(LOADER):
        return b""
    with file_errors(_("the medium cannot be read")):
        content = (MEDIUM / LOADER).read_bytes()
    if f"{sha256(content).hexdigest()}  {LOADER}\n" not in small(origin, SUMS).decode(errors="replace"):
        raise StepFailed(_("the medium is damaged: {name} is not as its checksum says").format(name=LOADER))
    return content


def _slot_names() -> dict[int, str]:
    """The GPT name of the filled slot says which version it holds, so that a probe need not mount it."""
    slot, number = next(iter(SLOT_NUMBERS.items()))
    return {number: f"{slot} {Probe().version()}"[:NAME_LENGTH].strip()}


def _bios_images() -> tuple[bytes, bytes]:
    boot, core = (_of_medium(f"i386-pc/{name}") for name in BIOS_IMAGES)
    return boot, core


def _bios_parts(disk: str) -> tuple[bytes, bytes, int]:
    """The boot record and the core as they must be on *disk*, and the byte offset of the core."""
    with file_errors(_("the boot record of {disk} could not be made").format(disk=disk)):
        boot, core = _bios_images()
        start, room = extent(partition(disk, BIOS_NUMBER))
        if len(core) > room:
            text = _("GRUB's core has {size} bytes; the BIOS boot partition of {disk} has room for {room}")
            raise StepFailed(text.format(size=len(core), disk=disk, room=room))
        with Path(disk).open("rb") as file:
            there = file.read(SECTOR)
    return boot_record(boot, there, start // SECTOR), placed_core(core, start // SECTOR), start


def bios_holds(disk: str) -> bool:
    """Say whether *disk* has the boot record and GRUB's core of this medium; StepFailed where it has no room.

    What cannot be read is not there: a disk takes another place for it once it is written.
    """
    record, core, start = _bios_parts(disk)
    with suppress(OSError), Path(disk).open("rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return file.read(SECTOR) == record and os.pread(file.fileno(), len(core), start) == core
    return False


def _write_bios(disk: str) -> None:
    """Write the core first: a boot record that points nowhere would hang the machine."""
    record, core, start = _bios_parts(disk)
    with file_errors(_("the boot record of {disk} could not be written").format(disk=disk)):
        handle = os.open(disk, os.O_WRONLY | os.O_CLOEXEC)
        try:
            for content, place in ((core, start), (record, 0)):
                os.pwrite(handle, content, place)
                os.fsync(handle)
        finally:
            os.close(handle)
