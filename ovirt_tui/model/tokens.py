"""A kernel line as words, by the kernel's own rules of quoting."""

from __future__ import annotations

import re

from ovirt_tui.model.records import dataclass

LONGEST = 2047
"""Bytes of a kernel line on x86, without the closing zero.  A line as long as this may have been cut."""

BLANKS = " \t\n\r\v\f"
"""What separates words: not the blanks that only Unicode knows."""

PIECE = re.compile(rf'(?:[^"{BLANKS}]|"[^"]*")+')


@dataclass(frozen=True)
class Token:
    """One word: its name, and the text after the first equals sign; no value is not an empty value."""

    name: str
    value: str | None = None

    @property
    def key(self) -> str:
        """The name to look up: to the kernel, - and _ are the same character."""
        return self.name.replace("-", "_")

    @property
    def text(self) -> str:
        """The whole word without its quotes."""
        return self.name if self.value is None else f"{self.name}={self.value}"

    @property
    def quoted(self) -> str:
        """The word as it must be written on a kernel line; there is no way to write a quote that is part of it."""
        if not self.text or any(char in BLANKS for char in self.name):
            return f'"{self.text}"'
        if self.value is None or not any(char in BLANKS for char in self.value):
            return self.text
        return f'{self.name}="{self.value}"'


END = "--"
"""What follows it belongs to init."""


def split(line: str) -> tuple[Token, ...]:
    """Return the words of *line*; what follows a lone -- belongs to init and is left out.

    A double quote toggles quoting, and nothing escapes it.  ValueError when one is left open.
    """
    if line.count('"') % 2:
        raise ValueError("unbalanced double quote")
    found = []
    for piece in PIECE.findall(line):
        word = _word(piece)
        if word.name == END and word.value is None:
            break
        found.append(word)
    return tuple(found)


def readable(text: str) -> str:
    """Return *text* as any console and any file can take it: bytes that are no text are replaced."""
    return text.encode(errors="surrogatepass").decode(errors="replace")


def _word(piece: str) -> Token:
    """Quotes go when they surround the whole word or the whole value; in the middle of a value they stay."""
    if piece.startswith('"'):
        piece = piece[1:].removesuffix('"')
    name, equals, value = piece.partition("=")
    if not equals:
        return Token(name)
    if value.startswith('"'):
        value = value[1:].removesuffix('"')
    return Token(name, value)
