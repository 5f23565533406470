"""Marks and translates what an admin reads.  Nothing compares translated text."""

from __future__ import annotations

import os
from collections.abc import Callable

FOLDER = f"{__file__.rpartition('/')[0]}/locale"
"""Without pathlib, which would be loaded for this alone by a command that reads no file."""


def _translations() -> Callable[[str], str]:
    """What translates; where there are no catalogues, nothing has to be loaded that reads them."""
    if not os.access(FOLDER, os.F_OK):
        return str
    import gettext

    return gettext.translation("ovirt-tui", FOLDER, fallback=True).gettext


_translated = _translations()


def N_(text: str) -> str:
    """Mark *text* for the catalogue; whoever shows it translates it."""
    return text


def _(text: str) -> str:
    """Translate *text* into the language of this console."""
    return _translated(text) if text else text
