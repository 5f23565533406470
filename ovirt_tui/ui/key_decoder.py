"""Decodes the bytes of a terminal into keys.  No input (noise, half a character, a mouse report) raises an exception.

urwid's own decoder raises at a mouse report without numbers.
"""

from __future__ import annotations

import re
import unicodedata

from urwid.display import escape

ESC = b"\x1b"
HELD = 4096  # bytes kept of an incomplete sequence; of a longer one only the introducer is kept
UTF8 = rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
HALF_UTF8 = rb"[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2}"
TEXT = rb"[^\x07\x18\x1a\x1b]*"
"""The content of a control string (after ESC P, ESC ], ...)."""

WHOLE = re.compile(
    rb"\x1b\[M[\x00-\xff]{3}"  # X10 mouse report
    rb"|\x1b\[\[[ -~]"  # F1 to F5 of the Linux console
    rb"|\x1b\[[2-8]\$"  # Shift in rxvt
    rb"|\x1b\[(?![M\[])[ -?]*[@-~]"
    rb"|\x1b\[\[?[ -?]*(?=[^ -~])"  # cut off by something else
    rb"|\x1bO(?:[1-8]?[A-Za-z]|[ -09:-@\[-`{-~]|[1-8]?(?=[^ -~]))"
    rb"|\x1b[PX\]^_]" + TEXT + rb"(?:\x07|\x1b\\|[\x18\x1a]|(?=\x1b[^\\]))"
    rb"|\x1b(?=\x1b)|\x1b[^\x1b\[OPX\]^_\x80-\xff]|\x1b?(?:" + UTF8 + rb")"
    rb"|[^\x1b\x80-\xff]",
    re.DOTALL,
)
"""One key, or one sequence that is not a key."""
HALF = re.compile(
    rb"\x1b(?:\[(?:\[?|M[\x00-\xff]{0,2}|[ -?]*)|O[1-8]?|[PX\]^_]" + TEXT + rb"\x1b?|" + HALF_UTF8 + rb")?"
    rb"|" + HALF_UTF8,
    re.DOTALL,
)
"""An incomplete sequence."""
NAMES = {
    ESC + sequence.encode("latin-1"): name
    for sequence, name in escape.input_sequences
    if name not in ("mouse", "sgrmouse")
}
"""Names of special keys, by the sequences that they send."""


def keys_of(codes: bytes, more: bool) -> tuple[list[str], bytes]:
    """The keys in *codes*, and what is left: an incomplete sequence, if *more* may come."""
    keys: list[str] = []
    at = 0
    while at < len(codes):
        if found := WHOLE.match(codes, at):
            keys += _key(found.group())
            at = found.end()
        elif HALF.fullmatch(codes, at):
            if more:
                return keys, _held(codes[at:])
            return keys + _alone(codes[at:]), b""
        else:
            at += 1
    return keys, b""


def _held(half: bytes) -> bytes:
    if len(half) <= HELD:
        return half
    return half[:2] + b" " + (ESC if half.endswith(ESC) else b"")


def _alone(half: bytes) -> list[str]:
    """The meaning of an incomplete sequence when nothing follows: Esc, Alt with a letter, or nothing."""
    if half == ESC:
        return ["esc"]
    return [NAMES[half]] if half in NAMES else _meta(half[1:]) if half[:1] == ESC and len(half) == 2 else []


def _key(sequence: bytes) -> list[str]:
    if sequence == ESC:
        return ["esc"]
    if sequence[:1] != ESC:
        return _letter(sequence)
    if sequence in NAMES:
        return [NAMES[sequence]]
    inside = sequence[1:]
    return _meta(inside) if len(inside) == 1 or inside[0] >= 0x80 else []


def _meta(letter: bytes) -> list[str]:
    return [f"meta {key}" for key in _letter(letter)]


def _letter(sequence: bytes) -> list[str]:
    """A letter or a control key; none for anything else, such as NUL and the C1 controls."""
    try:
        keys, _rest = escape.process_keyqueue(list(sequence), False)
    except UnicodeDecodeError:
        return []
    key = keys[0]
    unknown = key.startswith("<") if len(key) > 1 else unicodedata.category(key) == "Cc"
    return [] if unknown else [key]
