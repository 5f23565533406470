"""What the medium's boot menu offers, and the words every kernel line begins with."""

from __future__ import annotations

from dataclasses import dataclass

MEDIUM_LABEL = "OVIRT-NODE"
"""Volume label of the ISO."""

BOOT_LABEL = "NODE-ESP"
"""File system label of the boot partition of an installed disk."""

SLOTS = ("Root", "RootBackup")
"""File system labels of the two image slots; the first is the one a fresh installation fills."""

_IMAGE_WORDS = ("rd.live.image", "rd.live.overlay.overlayfs=1", "lsm=lockdown,yama,landlock,apparmor")
"""The root is a squashfs file under an overlay in memory.

The security modules are Debian's without the one for BPF: nothing uses it, and systemd loads a program into it at each
start, which takes up to a minute where the processor is emulated.
"""

LIVE_WORDS = (f"root=live:CDLABEL={MEDIUM_LABEL}", *_IMAGE_WORDS)
"""What boots the image from the medium (CD or USB stick)."""

PXE_WORDS = ("root=live:/run/initramfs/live/LiveOS/squashfs.img", *_IMAGE_WORDS)
"""What boots the image when the initrd carries it."""

SERIAL_WORDS = ("console=tty0", "console=ttyS0,115200n8")
"""The last console named is the one that /dev/console stands for."""

COUNTDOWN = 30
"""Seconds until the medium starts its default entry."""


@dataclass(frozen=True)
class Entry:
    """One line of the medium's menu; an entry without a kernel leaves the medium for the local disk."""

    key: str
    title: str
    words: tuple[str, ...] = ()
    default: bool = False
    kernel: bool = True


ENTRIES = (
    Entry("install", "Install oVirt Node", default=True),
    Entry("serial", "Install oVirt Node on the serial console", SERIAL_WORDS),
    Entry("basic-video", "Install oVirt Node with basic video", ("nomodeset",)),
    Entry("reinstall", "Reinstall oVirt Node", ("reinstall",)),
    Entry("rescue", "Rescue shell", ("rescue",)),
    Entry("uninstall", "Uninstall oVirt Node", ("uninstall",)),
    Entry("local", "Boot from the local disk", kernel=False),
)


def slot_words(slot: str) -> tuple[str, ...]:
    """What boots the image of one slot; words of the installation follow."""
    return (f"root=live:LABEL={slot}", *_IMAGE_WORDS, f"node.slot={slot}")
