"""What a BIOS runs from a disk that starts nothing."""

from __future__ import annotations

from ovirt_tui.system.block import SECTOR
from ovirt_tui.system.boot import boot_record
from ovirt_tui.system.boot_code import CODE_END, NOTHING, PARAMETERS_END, TEXT


def test_it_leaves_the_table_and_the_parameters_of_the_disk_alone() -> None:
    assert len(NOTHING) == CODE_END
    assert not any(NOTHING[3:PARAMETERS_END])
    assert TEXT.isascii() and TEXT.encode() in NOTHING


def test_nothing_of_it_is_left_in_the_record_of_grub() -> None:
    image = bytes(range(256)) * 2
    there = NOTHING + bytes(SECTOR - CODE_END - 2) + b"\x55\xaa"
    assert boot_record(image, there, 34)[:CODE_END] == boot_record(image, bytes(SECTOR), 34)[:CODE_END]
