"""The boot menus as text for GRUB: the medium's, the installed disk's, and the stubs that find them."""

from __future__ import annotations

from bootmenu.entries import (
    BOOT_LABEL,
    BOOT_NUMBER,
    COUNTDOWN,
    ENTRIES,
    LIVE_WORDS,
    MEDIUM_LABEL,
    SLOTS,
    Entry,
    Start,
    slot_words,
)
from bootmenu.guard import UNRESTRICTED, guard, terminals

INSTALLED_TIMEOUT = 5
"""Seconds until an installed node starts its default slot."""

GRUBENV_SIZE = 1024
_GRUBENV_HEAD = b"# GRUB Environment Block\n"

# UEFI firmware mirrors its console to the serial port by itself, and writing there too would double every letter; a
# BIOS does not.  Where there is no port, `serial` fails and the menu stays on the screen.
_TERMINALS = """\
if [ "$grub_platform" = pc ]; then
  if serial --unit=0 --speed=115200; then
    terminal_input console serial
    terminal_output console serial
  fi
fi
"""

APP_WORD = "node.app"
"""The word with the UUID of the second volume group; read by image/dracut/90ovirt-node/places.sh."""

GROUP_FILE = "grub/group.cfg"
"""On the boot partition: which volume group is the node's."""

CRASH_FILE = "grub/crash.cfg"
"""On the boot partition: how much memory the kernel sets aside for a dump.  Absent where it is none."""

# A medium cannot know which of several nodes' disks belongs to this machine: then the firmware's boot order decides.
_LOCAL = f"""\
  set own=
  set several=
  for each in (*,gpt{BOOT_NUMBER}); do
    if [ -f $each/grub/grub.cfg ]; then
      probe --set=label --label $each
      if [ "$label" = {BOOT_LABEL} ]; then
        set several=$own
        set own=$each
      fi
    fi
  done
  if [ -n "$several" ]; then
    echo "More than one disk holds an oVirt Node: choose yours in the boot menu of the firmware."
    sleep --interruptible 10
  elif [ -n "$own" ]; then
    if [ "$grub_platform" = pc ]; then
      regexp --set=1:root '^[(]([^,]+),' "$own"
      chainloader +1
    else
      regexp --set=1:root '^[(](.+)[)]$' "$own"
      chainloader /EFI/BOOT/BOOTX64.EFI
    fi
    boot
  fi
  exit
"""

_BACK = "  configfile $prefix/grub.cfg\n"


def medium_grub(entries: tuple[Entry, ...] = ENTRIES, live_words: tuple[str, ...] = LIVE_WORDS) -> str:
    """The medium's grub.cfg: one text for BIOS and UEFI, CD and USB stick."""
    default = next(entry.key for entry in entries if entry.default)
    head = f"set default={default}\nset timeout={COUNTDOWN}\n{_TERMINALS}"
    return head + "".join(_medium_entry(entry, live_words) for entry in entries)


def medium_stub() -> str:
    """The stub of the UEFI boot image and the BIOS core of the medium: finds the medium and its menu."""
    return f"search --no-floppy --set=root --label {MEDIUM_LABEL}\nset prefix=($root)/boot/grub\n"


def installed_grub(words: tuple[str, ...]) -> str:
    """The installed disk's grub/grub.cfg; *words* are those of this installation, such as console=.

    It uses only the disk that GRUB was started from: a slot is a partition of that disk by its number, and nothing in
    a slot is read as a script.  Which slot is the default is read from grubenv, the rest from slot_file(),
    group_file() and crash_file(): this file need not change when a slot does.
    """
    head = (
        f"set slot={next(iter(SLOTS))}\nload_env slot\nset default=$slot\nset timeout={INSTALLED_TIMEOUT}\n"
        f"{terminals(words)}{guard()}"
    )
    own = f"regexp --set=1:disk '^([^,]+),' \"$root\"\nset group=\nset app=\n{_sourced(GROUP_FILE)}"
    own += f"set crash=\n{_sourced(CRASH_FILE)}export disk group app crash\n"
    entries = "".join(_slot_entry(slot, slot, "", words) for slot in SLOTS)
    rescue = "".join(_slot_entry(slot, f"{slot}-rescue", ", rescue shell", (*words, "rescue")) for slot in SLOTS)
    return head + own + entries + rescue


def slot_file(slot: str, version: str) -> tuple[str, str]:
    """Name and content of the file on the boot partition that says which *version* a slot holds."""
    return f"grub/{slot}.cfg", f"set version={_quoted(version)}\n"


def group_file(uuid: str, second: str = "") -> tuple[str, str]:
    """Name and content of the file on the boot partition that says which volume group is the node's.

    *second* is the UUID of its group AppVG, where it has one.
    """
    app = f"set app={_quoted(f'{APP_WORD}={second}')}\n" if second else ""
    return GROUP_FILE, f"set group={_quoted(uuid)}\n{app}"


def crash_file(word: str) -> tuple[str, str]:
    """Name and content of the file on the boot partition that says which *word* sets memory aside for a dump."""
    return CRASH_FILE, f"set crash={_quoted(word)}\n"


def installed_stub() -> str:
    """EFI/debian/grub.cfg of the installed disk: where the signed GRUB looks first.

    Its partition is the one that the firmware started GRUB from.
    """
    return "regexp --set=1:root '^[(]([^)]+)[)]' \"$cmdpath\"\nset prefix=($root)/grub\nconfigfile $prefix/grub.cfg\n"


def installed_core() -> str:
    """The stub embedded in the BIOS core of an installed disk; $root is then the disk that the BIOS booted."""
    return f"set root=$root,gpt{BOOT_NUMBER}\nset prefix=($root)/grub\n"


def grubenv(slot: str) -> bytes:
    """A GRUB environment block that makes *slot* the default."""
    if slot not in SLOTS:
        raise ValueError(f"{slot!r} is not a slot; the slots are {', '.join(SLOTS)}")
    return (_GRUBENV_HEAD + f"slot={slot}\n".encode("ascii")).ljust(GRUBENV_SIZE, b"#")


def _medium_entry(entry: Entry, live_words: tuple[str, ...]) -> str:
    if entry.below:
        below = "".join(_medium_entry(each, live_words) for each in entry.below)
        return f'submenu "{entry.title}" --id {entry.key} {{\n{below}}}\n'
    bodies = {Start.LOCAL: _LOCAL, Start.BACK: _BACK, Start.KERNEL: _boot((*live_words, *entry.words))}
    return f'menuentry "{entry.title}" --id {entry.key} {{\n{bodies[entry.start]}}}\n'


def _slot_entry(slot: str, key: str, remark: str, words: tuple[str, ...]) -> str:
    """An entry that is shown only when the slot holds an image."""
    device = f"$disk,gpt{SLOTS[slot]}"
    return (
        f"if [ -f ({device})/vmlinuz ]; then\n"
        f"set version=\n{_sourced(slot_file(slot, '')[0])}"
        f'menuentry "oVirt Node $version ({slot}{remark})" --id {key} {UNRESTRICTED} {{\n'
        f"  set root={device}\n"
        "  probe --set=partition --part-uuid $root\n"
        f"{_boot(words, ' '.join(slot_words(slot)))}"
        "}\nfi\n"
    )


def _sourced(name: str) -> str:
    """Source a file of our own on the boot partition, if it exists."""
    path = f"$prefix/{name.removeprefix('grub/')}"
    return f"if [ -f {path} ]; then\n  source {path}\nfi\n"


def _boot(words: tuple[str, ...], own: str = "") -> str:
    """Boot the kernel with *own*, in which GRUB expands variables, and then *words*, taken literally."""
    line = " ".join(filter(None, (own, *map(_quoted, words))))
    return f"  linux /vmlinuz {line}\n  initrd /initrd.img\n"


def _quoted(word: str) -> str:
    """A kernel word as one GRUB word: a hash such as $6$... or a space must reach the kernel as it is."""
    plain = all(char.isascii() and (char.isalnum() or char in "._-=:/,+@%~") for char in word)
    return word if plain else "'" + word.replace("'", "'\\''") + "'"
