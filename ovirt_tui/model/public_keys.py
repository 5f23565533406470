"""Public keys of SSH, as they stand in a .pub file or in authorized_keys: TYPE BASE64 COMMENT."""

from __future__ import annotations

import binascii
import re

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.typed import Self
from ovirt_tui.model.values import Unfit

ED25519, SK_ED25519 = "ssh-ed25519", "sk-ssh-ed25519@openssh.com"
RSA = "ssh-rsa"
CURVES = {"nistp256": 32, "nistp384": 48, "nistp521": 66}
"""Curves of ECDSA with the bytes of a coordinate."""
ECDSA = {f"ecdsa-sha2-{curve}": curve for curve in CURVES}
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
TYPES = (ED25519, *ECDSA, RSA, SK_ED25519, SK_ECDSA)
RSA_BITS = range(2048, 16385)
LONGEST = 8192
COMMENT = 100
UNSAFE = r"[^A-Za-z0-9@._+:/ -]"
"""What a comment may not keep: it is written into kernel lines, lists and files, and shown on a screen."""

NOT_A_KEY = N_("this is no public key: it does not begin with one of {types}")
OPTIONS = N_("options before a key are not taken; give the key from {type} on")
PRIVATE = N_("this is a private key, which must stay where it is: give the line of its .pub file")


class SshKey(str):
    """A public key, checked to be whole and of its type; its comment is made harmless.  Options are refused."""

    wanted = N_("an SSH public key such as 'ssh-ed25519 AAAA... name'")
    longest = 4096  # characters of a line: RSA of 16384 bits and a comment
    has_blanks = True  # so a list of keys has commas between them

    def __new__(cls, text: str) -> Self:
        words = _words(text)
        kind, encoded, comment = words[0], words[1] if len(words) > 1 else "", " ".join(words[2:])
        if kind not in TYPES:
            raise Unfit(_no_type(words))
        _check(kind, _decoded(encoded))
        comment = " ".join(re.sub(UNSAFE, "_", comment)[:COMMENT].split())
        return super().__new__(cls, " ".join(filter(None, (kind, encoded, comment))))

    @property
    def kind(self) -> str:
        """Its type, as ssh-ed25519."""
        return self.split(" ")[0]

    @property
    def encoded(self) -> str:
        """The key itself, which tells it from all others."""
        return self.split(" ")[1]

    @property
    def comment(self) -> str:
        """Who it belongs to, as somebody once wrote."""
        return " ".join(self.split(" ")[2:])

    @property
    def fingerprint(self) -> str:
        """What 'ssh-keygen -l' shows."""
        from hashlib import sha256  # only here: it brings all of OpenSSL

        digest = sha256(binascii.a2b_base64(self.encoded)).digest()
        return f"SHA256:{binascii.b2a_base64(digest, newline=False).decode().rstrip('=')}"


def _words(text: str) -> list[str]:
    """The parts of a key; commas may stand for its first two blanks, since no boot loader changes those."""
    if len(text) > LONGEST:
        raise Unfit(_("longer than {most} characters").format(most=LONGEST))
    if "PRIVATE KEY" in text:
        raise Unfit(_(PRIVATE))
    words = text.split()
    if len(words) == 1 and "," in text:
        words = [part for part in words[0].split(",", 2) if part]
    return words or [""]


def _no_type(words: list[str]) -> str:
    """Say what stands where the type should, without repeating what may be no public thing at all."""
    inside = next((word for word in words[1:] if word in TYPES), "")
    if inside:
        return _(OPTIONS).format(type=inside)
    if words[0] in ("ssh-dss", "ssh-dsa"):
        return _("DSA keys are no longer accepted by SSH; make another with 'ssh-keygen -t ed25519'")
    if words[0].endswith("-cert-v01@openssh.com"):
        return _("this is a certificate, and no key")
    return _(NOT_A_KEY).format(types=", ".join(TYPES))


def plain_keys(text: str) -> tuple[SshKey, ...]:
    """The keys of an authorized_keys or .pub file; lines with options, or of other kinds, are none of them."""
    found: dict[str, SshKey] = {}
    for line in text.split("\n"):
        try:
            key = SshKey(line)
        except Unfit:
            continue
        found.setdefault(key.encoded, key)
    return tuple(found.values())


def _decoded(encoded: str) -> bytes:
    try:
        return binascii.a2b_base64(encoded.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Unfit(_("the key is not whole: its second part is no base64")) from error


def _check(kind: str, blob: bytes) -> None:
    """Refuse a key that is not whole, or not what its type says."""
    parts = _parts(blob)
    if not parts or parts[0] != kind.encode():
        raise Unfit(_("the key is not whole, or not of the type {type}").format(type=kind))
    if kind == RSA:
        _check_rsa(parts)
    elif [len(part) for part in parts[1:]] not in _lengths(kind, parts):
        raise Unfit(_("the key is not whole, or not of the type {type}").format(type=kind))


def _parts(blob: bytes) -> list[bytes]:
    """The strings inside a key, each with its length before it; none when they do not add up."""
    found = []
    while blob:
        length = int.from_bytes(blob[:4], "big")
        if len(blob) < 4 + length or len(blob) < 4:
            return []
        found.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    return found


def _check_rsa(parts: list[bytes]) -> None:
    if len(parts) != 3 or not parts[1] or not parts[2] or parts[1][0] > 127 or parts[2][0] > 127:
        raise Unfit(_("the key is not whole, or not of the type {type}").format(type=RSA))
    exponent, modulus = (int.from_bytes(part, "big") for part in parts[1:])
    if exponent < 3 or not exponent % 2 or not modulus % 2:
        raise Unfit(_("the key is not whole, or not of the type {type}").format(type=RSA))
    if modulus.bit_length() not in RSA_BITS:
        text = _("an RSA key of {bits} bits; at least {least} are needed")
        raise Unfit(text.format(bits=modulus.bit_length(), least=RSA_BITS.start))


def _lengths(kind: str, parts: list[bytes]) -> tuple[list[int], ...]:
    """How long the parts after the type must be: a curve by its name, its point, and what the key is for."""
    if kind == ED25519:
        return ([32],)
    if kind == SK_ED25519:
        return ([32, len(parts[-1])],) if parts[-1] and len(parts) == 3 else ()
    curve = ECDSA.get(kind, "nistp256")
    point = 1 + 2 * CURVES[curve]
    if len(parts) < 3 or parts[1] != curve.encode() or parts[2][:1] != b"\x04":
        return ()
    return ([len(curve), point],) if kind in ECDSA else ([len(curve), point, len(parts[-1])],) * bool(parts[-1])
