"""Boot menus as text for GRUB."""

from __future__ import annotations

SLOTS = ("Root", "RootBackup")


def slot_words(slot: str) -> str:
    """The kernel words that boot *slot*."""
    return f"root=live:LABEL={slot} rd.live.image rd.live.overlay.overlayfs=1 node.slot={slot}"


def installed_grub(words: tuple[str, ...], version: str) -> str:
    """The menu of an installed disk: an entry for each slot, the one that grubenv names first."""
    entries = "".join(
        f"menuentry 'oVirt Node {version} ({slot})' --id {slot} {{\n"
        f"  search --no-floppy --set=root --label {slot}\n"
        f"  linux /vmlinuz {slot_words(slot)} {' '.join(words)}\n  initrd /initrd.img\n}}\n"
        for slot in SLOTS
    )
    return f"load_env\nset default=$slot\nset timeout=5\n{entries}"


def grubenv(slot: str) -> bytes:
    """GRUB's environment block: 1024 bytes, all that matters in the first sector."""
    return f"# GRUB Environment Block\nslot={slot}\n".encode().ljust(1024, b"#")
