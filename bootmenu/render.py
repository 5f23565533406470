"""The boot menus as text for GRUB: the medium's, the installed disk's, and what finds them."""

from __future__ import annotations

from bootmenu.entries import BOOT_LABEL, COUNTDOWN, ENTRIES, LIVE_WORDS, MEDIUM_LABEL, SLOTS, Entry, Start, slot_words

INSTALLED_TIMEOUT = 5
"""Seconds until an installed node starts its default slot."""

GRUBENV_SIZE = 1024
_GRUBENV_HEAD = b"# GRUB Environment Block\n"

# UEFI firmware shows its console on the serial port by itself, and writing there a second time doubles every letter;
# a BIOS does not.  Where no port answers, `serial` fails and the menu stays on the screen.
_TERMINALS = """\
if [ "$grub_platform" = pc ]; then
  if serial --unit=0 --speed=115200; then
    terminal_input console serial
    terminal_output console serial
  fi
fi
"""

# The disk of an installed node is known by its label.  Any other disk is left to the firmware's boot order.
_LOCAL = f"""\
  if search --no-floppy --set=root --label {BOOT_LABEL}; then
    if [ "$grub_platform" = pc ]; then
      regexp --set=1:root '^([^,]+),' "$root"
      chainloader +1
    else
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
    """What the UEFI boot image and the BIOS core of the medium run first: find the medium and its menu."""
    return f"search --no-floppy --set=root --label {MEDIUM_LABEL}\nset prefix=($root)/boot/grub\n"


def installed_grub(words: tuple[str, ...], version: str) -> str:
    """The installed disk's grub/grub.cfg; *words* are those of this installation, such as console=.

    Which slot is the default is read from grubenv, which version a slot holds from the slot itself (*version* is shown
    where a slot does not say): the file need not change when a slot does.
    """
    head = f"set slot={SLOTS[0]}\nload_env slot\nset default=$slot\nset timeout={INSTALLED_TIMEOUT}\n{_TERMINALS}"
    entries = "".join(_slot_entry(slot, slot, "", version, words) for slot in SLOTS)
    rescue = "".join(
        _slot_entry(slot, f"{slot}-rescue", ", rescue shell", version, (*words, "rescue")) for slot in SLOTS
    )
    return head + entries + rescue


def installed_stub() -> str:
    """EFI/debian/grub.cfg of the installed disk: where the signed GRUB looks first."""
    return (
        "if [ ! -f /grub/grub.cfg ]; then\n"
        f"  search --no-floppy --set=root --label {BOOT_LABEL}\n"
        "fi\n"
        "set prefix=($root)/grub\n"
        "configfile $prefix/grub.cfg\n"
    )


def installed_core() -> str:
    """What is embedded in the BIOS core of an installed disk; GRUB's rescue parser knows no `if`.

    The partition on the disk that was booted is tried first, in case another disk holds an older node.
    """
    return f"search.fs_label {BOOT_LABEL} root $root,gpt2\nset prefix=($root)/grub\n"


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


def _slot_entry(slot: str, key: str, remark: str, version: str, words: tuple[str, ...]) -> str:
    """An entry that is there only when the slot holds an image."""
    return (
        f"if search --no-floppy --set=disk --label {slot}; then\n"
        "if [ -f ($disk)/vmlinuz ]; then\n"
        f"VERSION={_quoted(version)}\n"
        "source ($disk)/version\n"
        f'menuentry "oVirt Node $VERSION ({slot}{remark})" --id {key} {{\n'
        f"  search --no-floppy --set=root --label {slot}\n"
        f"{_boot((*slot_words(slot), *words))}"
        "}\nfi\nfi\n"
    )


def _boot(words: tuple[str, ...]) -> str:
    return f"  linux /vmlinuz {' '.join(_quoted(word) for word in words)}\n  initrd /initrd.img\n"


def _quoted(word: str) -> str:
    """A kernel word as one GRUB word: a hash such as $6$... or a space must reach the kernel as it is."""
    plain = all(char.isascii() and (char.isalnum() or char in "._-=:/,+@%~") for char in word)
    return word if plain else "'" + word.replace("'", "'\\''") + "'"
