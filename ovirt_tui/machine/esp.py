"""The minimum size of the boot partition."""

from __future__ import annotations

from math import ceil

MIB = 1024 * 1024
FAT32_CLUSTERS = 65525
FAT32_RESERVED = 32  # sectors before its two tables
FAT32_ROOM = 3  # MiB for rounding; 260 MiB, with sectors of 4096 bytes, is the figure that firmware vendors name


def efi_minimum(sector: int) -> int:
    """Minimum size in MiB: FAT32, as UEFI specifies, needs 65525 clusters, each of one *sector* (bytes) or more."""
    tables = 2 * ceil((FAT32_CLUSTERS + 2) * 4 / sector) + FAT32_RESERVED
    return ceil((FAT32_CLUSTERS + tables) * sector / MIB) + FAT32_ROOM
