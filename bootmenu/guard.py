"""What the boot menu of an installed node asks for, and on which line it listens."""

from __future__ import annotations

import re

SUPERUSER = "admin"
PASSWORD_FILE = "grub/password.cfg"
"""On the boot partition.  A file of its own, so that a new password is written without touching the menu."""

CLOSED_WORDS = ("rd.shell=0", "rd.emergency=halt")
"""Words of an installed node: where its boot fails there is a message and no shell that asks for nothing."""

UNRESTRICTED = "--unrestricted"
"""On an entry: it starts without a password."""

_SPEED = "9600"  # of a console that names none
_CONSOLE = re.compile(r"console=ttyS([0-9])(?:,([0-9]*).*)?")


def guard() -> str:
    """The beginning of an installed node's menu: who may edit entries and use the command line.

    The name is always set, so that nobody may where there is no password for it.
    """
    return (
        f"set superusers={SUPERUSER}\nexport superusers\n"
        f"if [ -f $prefix/password.cfg ]; then\n  source $prefix/password.cfg\nfi\n"
    )


def boot_password(hashed: str) -> str:
    """The content of PASSWORD_FILE for a hash in GRUB's form."""
    return f"password_pbkdf2 {SUPERUSER} {hashed}\n"


def terminals(words: tuple[str, ...]) -> str:
    """Where an installed node's menu is seen besides the screen: on the serial line that the kernel is told to use.

    On any other, noise would stop the countdown for good.  UEFI firmware shows its console on the serial port by
    itself, and writing there a second time doubles every letter; a BIOS does not.  Where no port answers, `serial`
    fails and the menu stays on the screen.
    """
    lines = [match.groups() for word in words if (match := _CONSOLE.fullmatch(word))]
    if not lines:
        return ""
    unit, speed = lines[-1]
    return f"""\
if [ "$grub_platform" = pc ]; then
  if serial --unit={unit} --speed={speed or _SPEED}; then
    terminal_input console serial
    terminal_output console serial
  fi
fi
"""
