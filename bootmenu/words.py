"""The file `words` of a medium tree: the kernel words that belong to an image, where GRUB can read them.

It is an environment block of GRUB, which `load_env` reads as data: what stands in a slot is never run as a script.
"""

from __future__ import annotations

import re

NAME = "words"
SIZE = 1024
"""Bytes of an environment block; GRUB takes any multiple of 512."""

_HEAD = "# GRUB Environment Block\n"
_PLAIN = re.compile(r"[A-Za-z0-9._,:/+@=-]+")
"""A word that GRUB hands on as it is: without quotes, blanks, dollars or backslashes."""


def words_file(version: str, words: tuple[str, ...]) -> bytes:
    """The file for an image of *version* (as VERSION-RELEASE) that boots with *words*; ValueError where GRUB could not
    take them."""
    for each in (version, *words):
        if not _PLAIN.fullmatch(each):
            raise ValueError(f"{each!r} cannot stand in the words of an image")
    text = f"{_HEAD}version={version}\nwords={' '.join(words)}\n"
    if len(text) > SIZE:
        raise ValueError(f"the words of the image take {len(text)} bytes, and {SIZE} is all there are")
    return text.encode("ascii").ljust(SIZE, b"#")


def words_in(block: bytes) -> tuple[str, tuple[str, ...]]:
    """Version and words in such a file; ValueError where it is none of ours, or damaged."""
    text = block.decode("ascii", errors="replace")
    if len(block) != SIZE or not text.startswith(_HEAD):
        raise ValueError("this is no environment block of GRUB")
    lines = (line.partition("=") for line in text.removeprefix(_HEAD).splitlines() if not line.startswith("#"))
    found = {name: value for name, _sign, value in lines}
    version, words = found.get("version", ""), tuple(found.get("words", "").split())
    if set(found) != {"version", "words"} or not all(_PLAIN.fullmatch(each) for each in (version, *words)):
        raise ValueError("this is no list of the words of an image")
    return version, words
