"""The boot partition: how small it may be."""

from __future__ import annotations

from math import ceil

MIB = 1024 * 1024
FAT32_CLUSTERS = 65525
FAT32_RESERVED = 32  # sectors before its two tables
FAT32_ROOM = 3  # MiB for how programs round; 260 MiB, with sectors of 4096 bytes, is the figure firmware makers name


def efi_minimum(sector: int) -> int:
    """The least boot partition: FAT32, which UEFI names, needs 65525 clusters, and a cluster is a sector or more."""
    tables = 2 * ceil((FAT32_CLUSTERS + 2) * 4 / sector) + FAT32_RESERVED
    return ceil((FAT32_CLUSTERS + tables) * sector / MIB) + FAT32_ROOM
