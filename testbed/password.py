"""Password hashes for a kernel line."""

from __future__ import annotations

import hashlib
import subprocess

ROUNDS = 1000  # few, since the boot loader may run on an emulated processor


def crypted(password: str) -> str:
    """The SHA-512 hash of *password*, with a constant salt, so that tests can look for it."""
    argv = ["openssl", "passwd", "-6", "-salt", "saltsalt", "-stdin"]
    return subprocess.run(argv, input=password, text=True, capture_output=True, check=True, timeout=30).stdout.strip()


def for_boot_menu(password: str) -> str:
    """The hash of *password* that GRUB asks for before an entry is edited."""
    salt = b"saltsalt"
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"grub.pbkdf2.sha512.{ROUNDS}.{salt.hex().upper()}.{made.hex().upper()}"
