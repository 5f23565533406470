"""Password and serial line of the boot menu of an installed node."""

from __future__ import annotations

import re

SUPERUSER = "admin"
PASSWORD_FILE = "grub/password.cfg"
"""On the boot partition.  A file of its own, so that a new password is written without touching the menu."""

UNRESTRICTED = "--unrestricted"
"""On an entry: it starts without a password."""

_SPEED = "9600"  # baud; of a console that names none
_CONSOLE = re.compile(r"console=ttyS([0-9])(?:,([0-9]*).*)?")


def guard() -> str:
    """The beginning of an installed node's menu: who may edit entries and use the command line.

    The superuser is always set, so that nobody may where it has no password.
    """
    return (
        f"set superusers={SUPERUSER}\nexport superusers\n"
        f"if [ -f $prefix/password.cfg ]; then\n  source $prefix/password.cfg\nfi\n"
    )


def boot_password(hashed: str) -> str:
    """The content of PASSWORD_FILE for a hash in GRUB's form."""
    return f"password_pbkdf2 {SUPERUSER} {hashed}\n"


def terminals(words: tuple[str, ...]) -> str:
    """Show an installed node's menu on the serial line that the kernel uses, too.

    On any other line, noise would stop the countdown for good.  UEFI firmware mirrors its console to the serial port
    by itself, and writing there too would double every letter; a BIOS does not.  Where there is no port, `serial`
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
