"""Passwords as a kernel line can carry them."""

from __future__ import annotations

import subprocess


def crypted(password: str) -> str:
    """The SHA-512 hash of *password*, with a salt that is always the same so that tests can look for it."""
    argv = ["openssl", "passwd", "-6", "-salt", "saltsalt", "-stdin"]
    return subprocess.run(argv, input=password, text=True, capture_output=True, check=True, timeout=30).stdout.strip()
