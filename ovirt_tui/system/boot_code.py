"""What a BIOS runs from a disk of a node that does not start, or not yet: it says so, and tries the next device.

Without it a BIOS would run noughts, and hang: the table of a disk has the mark of one that starts.  As boot.img of
GRUB does, it leaves the place of the BIOS parameter block alone, which belongs to the disk, and which some BIOSes read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

CODE_END = 440
"""Where the code of the first sector ends, and the disk signature and the table begin."""
PARAMETERS_END = 0x5A
"""Where the code of a boot sector begins, behind the BIOS parameter block."""
TEXT = "oVirt Node: nothing on this disk starts. Start another disk, or the medium.\r\n"
_SAYS = bytes.fromhex(
    "e80000"  # call the next line, which leaves its address on the stack
    "5e"  # pop si: that address
    "83c61a"  # add si, from there to the text
    "0e1f"  # push cs, pop ds: whichever way the BIOS split the address
    "fc"  # cld
    "ac"  # lodsb
    "84c0"  # test al, al
    "7409"  # jz to int 18h
    "b40e"  # mov ah, 0eh: one character as on a terminal
    "bb0700"  # mov bx, 7: on the first page
    "cd10"  # int 10h
    "ebf2"  # jmp to lodsb
    "cd18"  # int 18h: this disk starts nothing, and the BIOS goes on
    "f4"  # hlt, for a BIOS that comes back
    "ebfd"  # jmp to hlt
)
NOTHING = (b"\xeb\x58\x90".ljust(PARAMETERS_END, b"\0") + _SAYS + TEXT.encode() + b"\0").ljust(CODE_END, b"\0")
"""The code of a disk from which nothing starts."""


@contextmanager
def opened(disk: str) -> Iterator[int]:
    """A handle to write to *disk* with; OSError where there is none."""
    handle = os.open(disk, os.O_WRONLY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


def put_boot_code(handle: int) -> None:
    """Have a BIOS start nothing from the disk that *handle* writes to, durably; the table stays as it is."""
    os.pwrite(handle, NOTHING, 0)
    os.fsync(handle)
