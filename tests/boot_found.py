"""What starts a node, as a medium finds it: all well, and with the boot partition lost."""

from __future__ import annotations

from bootmenu import environment
from bootmenu.entries import NAMING_WORD
from bootmenu.environment import Choice
from bootmenu.guard import PASSWORD_FILE
from bootmenu.node_data import CRASH_FILE, GROUP_FILE, crash_file, group_file
from bootmenu.render import MENU_FILE, installed_grub
from machines import MACHINES
from ovirt_tui.machine.boot_parts import BootParts, FileSystem, SlotFound
from ovirt_tui.model.records import replace

HERE = MACHINES["node-installed"]
GROUP = HERE.groups[0].uuid
KNOWN = ("node.disk=serial-a0001", NAMING_WORD)
SERIAL = ("console=tty0", "console=ttyS0,115200n8", "example.note=it is so")
SAVED = b"""[boot]
words = 'console=tty0 console=ttyS0,115200n8 example.note="it is so"'
[kdump]
target = "data"
[storage]
boot_disk = "/dev/vda"
"""
CHANGED = ("EFI/BOOT/grubx64.efi", "EFI/BOOT/BOOTX64.EFI")
SLOT = SlotFound(slot="Root", product="oVirt Node", version="0.1.0-1", saved=SAVED)
OTHER = SlotFound(slot="RootBackup", why="it holds no image", settings=False)
BOTH = (SLOT, replace(SLOT, slot="RootBackup", version="0.0.9-1"))
FILES = {
    MENU_FILE: installed_grub((*KNOWN, *SERIAL)).encode(),
    environment.FILE: environment.block(Choice("Root")),
    GROUP_FILE: group_file(GROUP)[1].encode(),
    CRASH_FILE: crash_file("crashkernel=256M")[1].encode(),
    PASSWORD_FILE: b"password_pbkdf2 admin x\n",
}
WELL = BootParts(group=GROUP, files=FILES, slots=(SLOT, OTHER), name="node1.example.com")
LOST = replace(
    WELL, files={}, file_system=FileSystem.UNREADABLE, unread="no FAT", changed=CHANGED, record=False, entry=False
)
