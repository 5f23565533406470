"""Secrets: none of them prints, and none is a string, so that nothing joins or dumps it by accident."""

from __future__ import annotations

import re

from ovirt_tui.i18n import N_
from ovirt_tui.model.typed import ClassVar

HIDDEN = "***"
"""What stands in the place of a secret wherever something is shown."""


class Secret:
    """A text of the form *pattern* that must not be shown."""

    wanted: ClassVar[str]
    longest: ClassVar[int]  # characters
    pattern: ClassVar[str]
    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if not re.fullmatch(self.pattern, text):
            raise ValueError
        self._text = text

    def __repr__(self) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def reveal(self) -> str:
        """The secret itself, for the one place that hands it to the system."""
        return self._text


class Crypted(Secret):
    """A crypt(3) password hash."""

    wanted = N_("a password hash as made by 'openssl passwd -6'")
    longest = 384
    pattern = r"\$(1|5|6|7|y|gy|2[abxy])\$[./0-9A-Za-z$,=]*\$[./0-9A-Za-z]+|[./0-9A-Za-z]{13}"
    __slots__ = ()


class BootHash(Crypted):
    """A PBKDF2 hash as GRUB takes it: what asks before boot entries are edited."""

    wanted = N_("a password hash as made by 'grub-mkpasswd-pbkdf2'")
    pattern = r"grub\.pbkdf2\.sha512\.[1-9][0-9]{0,9}\.([0-9A-Fa-f]{2}){1,128}\.([0-9A-Fa-f]{2}){1,128}"
    __slots__ = ()


class Passphrase(Secret):
    """A secret that a program of the node shows to others, so that the node has to keep it as it is.

    It is kept in the file of that program and nowhere else: on a running node it is what is observed there.  No
    program needs another way of quoting for the characters that it may have.
    """

    wanted = N_("up to 64 letters, digits and signs, without blanks, quotes and backslashes")
    longest = 64
    pattern = r"[!#-&(-\[\]-~]{1,64}"
    __slots__ = ()


class Confidential:
    """A text with secrets in it: {name} stands for each of them.  What is shown of it has *** in their places."""

    __slots__ = ("_secrets", "_template")

    def __init__(self, template: str, **secrets: Secret) -> None:
        self._template, self._secrets = template, secrets

    def __str__(self) -> str:
        return self._filled(dict.fromkeys(self._secrets, HIDDEN))

    def __repr__(self) -> str:
        return repr(str(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Confidential) and other.reveal() == self.reveal()

    def __hash__(self) -> int:
        return hash(self.reveal())

    def reveal(self) -> str:
        """The text with its secrets, for the one place that writes it."""
        return self._filled({name: secret.reveal() for name, secret in self._secrets.items()})

    def _filled(self, texts: dict[str, str]) -> str:
        """In one go: a secret may look like the place of another."""
        names = "|".join(map(re.escape, texts))
        return re.sub(rf"\{{({names})\}}", lambda found: texts[found[1]], self._template) if names else self._template


def revealed(text: str | Confidential) -> str:
    """*text* as it is written."""
    return text.reveal() if isinstance(text, Confidential) else text
