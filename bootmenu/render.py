"""The boot menus as text for GRUB: the medium's, the installed disk's, and the stubs that find them."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bootmenu import words as words_file
from bootmenu.entries import (
    BOOT_LABEL,
    BOOT_NUMBER,
    COUNTDOWN,
    ENTRIES,
    HALT,
    IMAGE_WORDS,
    LIVE_WORDS,
    MEDIUM_LABEL,
    NAMING_WORD,
    PANIC,
    REBOOT,
    SLOTS,
    TRIAL,
    TRIAL_WORDS,
    Entry,
    Start,
    earlier_slot_words,
    slot_words,
)
from bootmenu.environment import STARTS
from bootmenu.guard import UNRESTRICTED, guard, terminals
from bootmenu.node_data import CRASH_FILE, GROUP_FILE

INSTALLED_TIMEOUT = 5
"""Seconds until an installed node starts its default slot."""

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

MENU_FILE = "grub/grub.cfg"
"""On the boot partition: the menu."""

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

_TRY = """\
if [ "$next" = Root -o "$next" = RootBackup ]; then
  if regexp --set=1:left '^x(x*)$' "$tries"; then
    set tries=$left
    if save_env tries; then
      set default=$next
    fi
  fi
fi
"""
"""Take one try from an image that has not proven itself.  It is not started where that cannot be written down: it would
be tried for ever."""

_GIVEN_UP = "x" * STARTS

_GIVE_WAY = f"""\
if [ -n "$back" -a "$default" = "$slot" -a "$starts" = {_GIVEN_UP} ]; then
  set next=$slot
  set slot=$back
  set tries=
  set back=
  save_env slot next tries back starts
  set default=$slot
  set fallback=$slot
fi
"""
"""Give up an image that had proven itself and did not come up any more.  Where that cannot be written down, the other
one starts all the same."""

CHOSEN = "slot next tries back starts"
"""What grubenv says (environment.Choice)."""

_BACK = "  configfile $prefix/grub.cfg\n"


def medium_grub(
    entries: tuple[Entry, ...] = ENTRIES, live_words: tuple[str, ...] = LIVE_WORDS, *, option: str = ""
) -> str:
    """The medium's grub.cfg: one text for BIOS and UEFI, CD and USB stick.  *option* is set for every entry."""
    default = next(entry.key for entry in entries if entry.default)
    head = f"set default={default}\nset timeout={COUNTDOWN}\n{_TERMINALS}"
    return head + "".join(_medium_entry(entry, live_words, option) for entry in entries)


def node_data() -> str:
    """Read what differs from node to node, and find the disk that GRUB was started from."""
    own = f"regexp --set=1:disk '^([^,]+),' \"$root\"\nset group=\nset app=\n{read(GROUP_FILE, 'group', 'app')}"
    return f"{own}set crash=\n{read(CRASH_FILE, 'crash')}export disk group app crash {CHOSEN}\n"


class Own(NamedTuple):
    """What an installation adds to the lines of its slots: *words*, taken literally, or those of a *variable*.

    *refused* runs where GRUB does not take what belongs to an image, because that is not signed.
    """

    words: tuple[str, ...] = ()
    variable: str = ""
    refused: str = ""


def slot_entries(own: Own) -> Iterator[str]:
    """The entries of both slots, and those that open a shell of their images."""
    yield from (_slot_entry(slot, own) for slot in SLOTS)
    yield from (_rescue_entry(slot, own) for slot in SLOTS)


def choice() -> str:
    """Read what starts, and decide it: the beginning of an installed node's menu."""
    return (
        f"set slot={next(iter(SLOTS))}\nset next=\nset tries=\nset back=\nset starts=\nload_env --skip-sig {CHOSEN}\n"
        f"set default=$slot\nset fallback=$slot\nset timeout={INSTALLED_TIMEOUT}\n{_TRY}{_GIVE_WAY}"
    )


def medium_stub() -> str:
    """The stub of the UEFI boot image and the BIOS core of the medium: finds the medium and its menu."""
    return f"search --no-floppy --set=root --label {MEDIUM_LABEL}\nset prefix=($root)/boot/grub\n"


def installed_grub(words: tuple[str, ...]) -> str:
    """The installed disk's grub/grub.cfg; *words* are those of this installation, such as console=.

    Words that belong to an image are read from the file `words` in its slot.  Slots of version 0.1 have none: theirs
    are IMAGE_WORDS, and $prefix/SLOT.cfg has the version.

    It uses only the disk that GRUB was started from: a slot is a partition of that disk by its number, and nothing in
    a slot is read as a script.  What starts is read from grubenv (bootmenu/environment.py), what belongs to an image
    from its slot, the rest from group_file() and crash_file(): an upgrade changes none of these files
    but grubenv, and this one never.
    """
    head = f"{choice()}{terminals(words)}{guard()}"
    return head + node_data() + "".join(slot_entries(Own(words)))


def installed_words(menu: str) -> tuple[str, ...] | None:
    """The words that installed_grub() made *menu* of; None where its slots do not agree, or it is not of this form.

    A word that somebody added by hand to the lines of both slots is one of them.  Images before each slot had words of
    its own made menus of another form, and did not say how interfaces are named: as NAMING_WORD does.
    """
    if (words := _words_in(menu, slot_words, f" {TRIAL}")) is not None:
        return words
    before = _words_in(menu, earlier_slot_words, "")
    return None if before is None else (*before, NAMING_WORD)


def _words_in(menu: str, form: Callable[[str], tuple[str, ...]], end: str) -> tuple[str, ...] | None:
    """The words of the installation in the lines of both slots, which begin as *form* says, and have this *end*."""
    found = set()
    for slot in SLOTS:
        start = f"  linux /vmlinuz {' '.join(form(slot))} "
        lines = [line for line in menu.split("\n") if line.startswith(start) and line.endswith(end)]
        if not lines:
            return None
        found.add(lines[0].removeprefix(start).removesuffix(end))
    line = found.pop()
    try:
        words = tuple(shlex.split(line))
    except ValueError:
        return None
    return words if not found and " ".join(map(_quoted, words)) == line else None


def installed_stub() -> str:
    """EFI/debian/grub.cfg of the installed disk: where the signed GRUB looks first.

    Its partition is the one that the firmware started GRUB from.
    """
    return "regexp --set=1:root '^[(]([^)]+)[)]' \"$cmdpath\"\nset prefix=($root)/grub\nconfigfile $prefix/grub.cfg\n"


def installed_core() -> str:
    """The stub embedded in the BIOS core of an installed disk; $root is then the disk that the BIOS booted."""
    return f"set root=$root,gpt{BOOT_NUMBER}\nset prefix=($root)/grub\n"


def _medium_entry(entry: Entry, live_words: tuple[str, ...], option: str) -> str:
    named = " ".join(filter(None, (f'"{entry.title}" --id {entry.key}', option)))
    if entry.below:
        below = "".join(_medium_entry(each, live_words, option) for each in entry.below)
        return f"submenu {named} {{\n{below}}}\n"
    bodies = {Start.LOCAL: _LOCAL, Start.BACK: _BACK, Start.KERNEL: _boot((*live_words, *entry.words))}
    return f"menuentry {named} {{\n{bodies[entry.start]}}}\n"


def _slot_entry(slot: str, own: Own) -> str:
    """The entry that starts a slot: as before, on trial, or to stay with it from now on."""
    title = (
        f'set title="oVirt Node $version ({slot})"\n'
        f'if [ "$next" = {slot} ]; then\n  set title="Try oVirt Node $version ({slot})"\n'
        f'elif [ "$slot" != {slot} ]; then\n  set title="Roll back to oVirt Node $version ({slot})"\nfi\n'
    )
    chosen = (
        f'  if [ "$next" = {slot} ]; then\n    set emergency={REBOOT}\n    set trial="{" ".join(TRIAL_WORDS)}"\n'
        f'  elif [ "$slot" != {slot} ]; then\n    set slot={slot}\n    set next=\n    set tries=\n    set back=\n'
        f"    set starts=\n    save_env {CHOSEN}\n"
        f'  elif [ -n "$back" ]; then\n    set panic={PANIC}\n    if [ "$starts" != {_GIVEN_UP} ]; then\n'
        "      set starts=x$starts\n      save_env starts\n    fi\n  fi\n"
    )
    return _in_slot(slot, title, slot, chosen, own)


def _rescue_entry(slot: str, own: Own) -> str:
    """The entry that opens a shell of a slot's image, and changes nothing of what starts."""
    title = f'set title="oVirt Node $version ({slot}, rescue shell)"\n'
    return _in_slot(slot, title, f"{slot}-rescue", "", own, "rescue")


def _in_slot(slot: str, title: str, key: str, chosen: str, own: Own, *more: str) -> str:
    """An entry that is shown only when the slot holds an image; *chosen* runs when it is started."""
    device = f"$disk,gpt{SLOTS[slot]}"
    # An image of before has no words; it is not signed, and a signed menu runs nothing that lies on the boot partition.
    before = "" if own.refused else f"elif [ -f $prefix/{slot}.cfg ]; then\n  source $prefix/{slot}.cfg\n"
    return (
        f"if [ -f ({device})/vmlinuz ]; then\n"
        f"set version=\nif [ -f ({device})/{words_file.NAME} ]; then\n"
        f"  load_env --file ({device})/{words_file.NAME} version\n{before}fi\n"
        f'{title}menuentry "$title" --id {key} {UNRESTRICTED} {{\n'
        f"  set root={device}\n"
        "  probe --set=partition --part-uuid $root\n"
        f"  set emergency={HALT}\n  set panic=\n  set trial=\n{chosen}{_words(own)}"
        f"{_boot((*own.words, *more), ' '.join((*slot_words(slot), own.variable)).strip(), TRIAL, own.refused)}"
        "}\nfi\n"
    )


def _words(own: Own) -> str:
    """Read the words of the image.  Where they are signed there have to be some: among them is the hash of the root."""
    if own.refused:
        return f"  set words=\n{_or_refused(f'load_env --file /{words_file.NAME} words', own.refused)}"
    return (
        f'  set words="{" ".join(IMAGE_WORDS)}"\n'
        f"  if [ -f /{words_file.NAME} ]; then\n    load_env --file /{words_file.NAME} words\n  fi\n"
    )


def _or_refused(command: str, refused: str) -> str:
    return f"  if {command}; then\n    true\n  else\n{refused}  fi\n"


def read(name: str, *variables: str) -> str:
    """Read variables from a file about the node, if it exists: as data, which nobody signs."""
    path = f"$prefix/{name.removeprefix('grub/')}"
    return f"if [ -f {path} ]; then\n  load_env --skip-sig --file {path} {' '.join(variables)}\nfi\n"


def _boot(words: tuple[str, ...], own: str = "", last: str = "", refused: str = "") -> str:
    """Boot the kernel with *own* and *last*, in which GRUB expands variables; *words* are between, taken literally."""
    line = " ".join(filter(None, (own, *map(_quoted, words), last)))
    initrd = _or_refused("initrd /initrd.img", refused) if refused else "  initrd /initrd.img\n"
    return f"  linux /vmlinuz {line}\n{initrd}"


def _quoted(word: str) -> str:
    """A kernel word as one GRUB word: a hash such as $6$... or a space must reach the kernel as it is."""
    plain = all(char.isascii() and (char.isalnum() or char in "._-=:/,+@%~") for char in word)
    return word if plain else "'" + word.replace("'", "'\\''") + "'"
