"""The entries of the medium's boot menu, and the words that every kernel line begins with."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

MEDIUM_LABEL = "OVIRT-NODE"
"""Volume label of the ISO."""

BOOT_LABEL = "NODE-ESP"
"""File system label of the boot partition of an installed disk.  For people: a node never looks for it."""

SLOTS = {"Root": 3, "RootBackup": 4}
"""Partition number of each image slot on the disk that was started; the first is the one a fresh installation fills."""

BOOT_NUMBER = 2
"""Partition number of the boot partition."""

IMAGE_WORDS = ("rd.live.image", "rd.live.overlay.overlayfs=1", "lsm=lockdown,yama,landlock,apparmor")
"""The root is a squashfs file under an overlay in memory.

The security modules are Debian's without the one for BPF: nothing uses it, and systemd loads a program into it at each
start, which takes up to a minute on an emulated processor.
"""

LIVE_WORDS = (f"root=live:CDLABEL={MEDIUM_LABEL}", *IMAGE_WORDS)
"""What boots the image from the medium (CD or USB stick)."""

PXE_WORDS = ("root=live:/run/initramfs/live/LiveOS/squashfs.img", *IMAGE_WORDS)
"""What boots the image when the initrd carries it."""

SERIAL_WORDS = ("console=tty0", "console=ttyS0,115200n8")
"""The last console is the one that /dev/console refers to."""

COUNTDOWN = 30
"""Seconds until the medium starts its default entry."""


class Start(Enum):
    """What an entry does."""

    KERNEL = "kernel"
    LOCAL = "local"
    BACK = "back"


class Entry(NamedTuple):
    """One line of the medium's menu: it starts something, or opens the menu *below* it."""

    key: str
    title: str
    words: tuple[str, ...] = ()
    start: Start = Start.KERNEL
    below: tuple[Entry, ...] = ()
    default: bool = False


def _again(words: tuple[str, ...] = ()) -> tuple[Entry, ...]:
    """Entries for an existing node; uninstall asks nothing once it runs, so the menu asks for confirmation."""
    return (
        Entry("reinstall", "Reinstall oVirt Node", ("reinstall", *words)),
        Entry("rescue", "Rescue shell", ("rescue", *words)),
        Entry(
            "uninstall",
            "Uninstall oVirt Node",
            below=(
                Entry("back", "No, go back", start=Start.BACK),
                Entry("erase", "Erase the installed node and all its data", ("uninstall", *words)),
            ),
        ),
    )


ENTRIES = (
    Entry("install", "Install oVirt Node", default=True),
    Entry("serial", "Install oVirt Node on the serial console", SERIAL_WORDS),
    Entry("basic-video", "Install oVirt Node with basic video", ("nomodeset",)),
    *_again(),
    Entry("local", "Boot from the local disk", start=Start.LOCAL),
    Entry("more-serial", "More on the serial console", below=_again(SERIAL_WORDS)),
)


def leaves(entries: tuple[Entry, ...] = ENTRIES) -> Iterator[Entry]:
    """Every entry that starts something, including those of submenus."""
    for entry in entries:
        if entry.below:
            yield from leaves(entry.below)
        else:
            yield entry


def slot_words(slot: str) -> tuple[str, ...]:
    """The kernel words that boot the image of one slot; those of the installation follow, and then TRIAL.

    GRUB substitutes the UUIDs ($...) of the slot's partition, on the disk it was started from, and of the volume group,
    the words that belong to the image, what becomes of a boot that fails, and three words that may be none: with the
    UUID of the second group, the one that sets memory aside for a dump, and PANIC.
    """
    return (
        "root=live:PARTUUID=$partition",
        "$words",
        "rd.shell=0",
        "rd.emergency=$emergency",
        f"node.slot={slot}",
        "node.vg=$group",
        "$app",
        "$crash",
        "$panic",
    )


def earlier_slot_words(slot: str) -> tuple[str, ...]:
    """slot_words() of images before each slot had settings and words of its own; nothing follows those of the node."""
    own = ("root=live:PARTUUID=$partition", *IMAGE_WORDS, "rd.shell=0", f"rd.emergency={HALT}")
    return (*own, f"node.slot={slot}", "node.vg=$group", "$crash")


TRIAL = "$trial"
"""At the end of a slot's line, since the last of two words counts: TRIAL_WORDS where its image is tried."""

TRIAL_SECONDS = 600
"""Until a boot of a new image has to have proven itself, counted from its initrd on; then the machine starts again."""

PANIC = "panic=30"
"""Where starts are counted, the kernel starts again after a panic; a word of the installation may say otherwise."""

TRIAL_WORDS = (f"node.trial={TRIAL_SECONDS}", PANIC, "systemd.watchdog_sec=60")
"""Each boot of a new image ends by itself, in success or in another start.  The kernel restarts after a panic, and a
hardware watchdog, where there is one, when nothing feeds it any more."""

NAMING_WORD = "net.naming_scheme=v257"
"""How udev names network interfaces, as the image does that installs: a newer one must not rename them."""

HALT, REBOOT = "halt", "reboot"
"""What a boot does that fails before anybody could log in: it stops with a sentence, or on trial starts again."""
