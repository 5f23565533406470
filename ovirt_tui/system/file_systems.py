"""Creates the file systems of the layout, and records an installation in progress on the ESP."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.machine.esp import efi_minimum
from ovirt_tui.system.command import run
from ovirt_tui.system.disk_steps import Volumes
from ovirt_tui.system.files import write
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.partitions import ESP_LABEL, esp, sector, size_mib
from ovirt_tui.system.small_files import is_file
from ovirt_tui.system.tree import file_errors

ANSWERS = "install.conf"
MARK = "volumes"
"""On the ESP: the fingerprint of the layout, written once all its file systems are created."""
SECONDS = 600
SWAPS = ("Swap", "Swap2")
SLOT_FEATURES = "^has_journal,^metadata_csum_seed,^orphan_file,^resize_inode"
SLOT_INODES = "64"


def make_esp(path: str, answers: tuple[str, ...]) -> None:
    """Format the boot partition and write the answers to it at once: an interrupted installation resumes with them."""
    format_esp(path)
    write_answers(path, answers)


def format_esp(path: str) -> None:
    """Format the boot partition: FAT32, as UEFI specifies, where it is large enough, as those of all but old nodes."""
    fat32 = ("-F", "32") if size_mib(path) >= efi_minimum(sector(path)) else ()
    run(("mkfs.vfat", *fat32, "-n", ESP_LABEL, path), seconds=SECONDS)


def write_answers(path: str, answers: tuple[str, ...]) -> None:
    """Write the answers to the boot partition at *path*.

    An existing mark is removed first: a node that is replaced may have had the same layout.
    """
    with esp_written(path) as folder:
        (folder / MARK).unlink(missing_ok=True)
        write(folder / ANSWERS, "".join(f"{line}\n" for line in answers).encode(), 0o644)


def format_slot(path: str, label: str) -> None:
    """Format an empty slot: ext4 without a journal.

    GRUB reads it and replays no journal, so data still in a journal would be missing at boot; a slot is formatted
    before each copy and only counts once every byte was read back, so a journal would protect nothing.
    """
    features = ("-O", SLOT_FEATURES, "-m", "0", "-N", SLOT_INODES, "-E", "lazy_itable_init=0,nodiscard")
    run(("mkfs.ext4", "-q", "-F", *features, "-L", label, path), seconds=SECONDS)


def format_volume(path: str, name: str) -> None:
    """Format a volume: swap, or ext4 with a journal, since it is written at any time and must survive a power cut.

    Blocks are not discarded: on a thin LUN of many TiB that exceeds any timeout, while the rest takes a moment, since
    the running system zeroes the inode tables.
    """
    label = name.upper()
    if name in SWAPS:
        run(("mkswap", "--force", "--label", label, path), seconds=SECONDS)
    else:
        run(("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "nodiscard", "-L", label, path), seconds=SECONDS)


def mark(step: Volumes) -> None:
    """Record on the ESP that *step* is complete."""
    with esp_written(esp(step.boot_disk)) as folder:
        write(folder / MARK, f"{_fingerprint(step)}\n".encode(), 0o644)


def marked(step: Volumes) -> bool:
    """Say whether mark() was called for this layout."""
    with mounted("vfat", esp(step.boot_disk), "esp") as folder:
        return is_file(folder / MARK, f"{_fingerprint(step)}\n".encode())


PRIVATE = "umask=0077"
"""FAT has no owners: while the boot partition is mounted, only root may read the password of the boot menu."""


@contextmanager
def esp_written(path: str) -> Iterator[Path]:
    """The boot partition at *path*, mounted read-write."""
    with (
        mounted("vfat", path, "esp", f"rw,{PRIVATE}") as folder,
        file_errors(_("{path} could not be written").format(path=path)),
    ):
        yield folder


def uncached(path: str) -> None:
    """Have what is read of the device at *path* from now on come from the disk, as far as nobody is writing it."""
    with file_errors(_("{path} cannot be read").format(path=path)), Path(path).open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _fingerprint(step: Volumes) -> str:
    """Hash of the layout without the disks: their names may change at a reboot, and they are compared separately."""
    layout = (
        step.efi,
        step.root,
        step.volumes,
        step.spare,
        step.keep,
        len(step.data_disks),
        step.boot_disk in step.data_disks,
        *((step.app_volumes, len(step.app_disks)) if step.app_disks else ()),
    )
    return hashlib.sha256(repr(layout).encode()).hexdigest()
