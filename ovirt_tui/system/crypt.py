"""Password hashes, made and compared by the system's libcrypt."""

from __future__ import annotations

import ctypes
import hashlib
import hmac
import os
from functools import cache

from ovirt_tui.i18n import _
from ovirt_tui.model.secrets import BootHash, Crypted
from ovirt_tui.system import StepFailed

LIBRARIES = ("libcrypt.so.1", "libcrypt.so.2")
METHODS = (b"$y$", b"$6$")
"""yescrypt; SHA-512 where the library is built without it."""
SETTING_BYTES = 192  # CRYPT_GENSALT_OUTPUT_SIZE
BOOT_ROUNDS = 50_000  # a second on a slow processor, since the implementation of the boot loader is not optimised
BOOT_SALT = 64  # bytes
DATA_BYTES = 32768  # sizeof(struct crypt_data)


def crypted(password: str) -> Crypted:
    """Hash *password* with a salt of its own."""
    library = _library()
    for method in METHODS:
        setting = ctypes.create_string_buffer(SETTING_BYTES)
        if library.crypt_gensalt_rn(method, 0, None, 0, setting, SETTING_BYTES):
            return Crypted(_hash(password, setting.value))
    raise StepFailed(_("the password could not be hashed: libcrypt knows neither yescrypt nor SHA-512"))


def boot_hash(password: str) -> BootHash:
    """Hash *password* for GRUB's password_pbkdf2, with a salt of its own."""
    salt = os.urandom(BOOT_SALT)
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, BOOT_ROUNDS)
    return BootHash(f"grub.pbkdf2.sha512.{BOOT_ROUNDS}.{salt.hex().upper()}.{made.hex().upper()}")


def matches(password: str, hashed: str) -> bool:
    """Say whether *hashed*, a field of /etc/shadow, is a hash of *password*.

    A locked account matches nothing, nor does a password that is not valid UTF-8.
    """
    if not hashed or hashed[0] in "!*":
        return False
    try:
        return hmac.compare_digest(_hash(password, hashed.encode()).encode(), hashed.encode())
    except (StepFailed, UnicodeError):
        return False


def _hash(password: str, setting: bytes) -> str:
    data = ctypes.create_string_buffer(DATA_BYTES)
    found: bytes | None = _library().crypt_rn(password.encode(), setting, data, DATA_BYTES)
    if not found or found.startswith(b"*"):
        raise StepFailed(_("the password could not be hashed"))
    return found.decode()


@cache
def _library() -> ctypes.CDLL:
    for name in LIBRARIES:
        try:
            library = ctypes.CDLL(name, use_errno=True)
        except OSError:
            continue
        library.crypt_rn.restype = ctypes.c_char_p
        library.crypt_rn.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int]
        library.crypt_gensalt_rn.restype = ctypes.c_char_p
        library.crypt_gensalt_rn.argtypes = [
            ctypes.c_char_p,
            ctypes.c_ulong,
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.c_char_p,
            ctypes.c_int,
        ]
        return library
    raise StepFailed(_("the password could not be hashed: libcrypt is not installed"))
