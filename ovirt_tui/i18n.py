"""Marks and translates what an admin reads.  Nothing compares translated text."""

from __future__ import annotations

import gettext

FOLDER = f"{__file__.rpartition('/')[0]}/locale"
"""Without pathlib, which would be loaded for this alone by a command that reads no file."""
_catalogue = gettext.translation("ovirt-tui", FOLDER, fallback=True)


def N_(text: str) -> str:
    """Mark *text* for the catalogue; whoever shows it translates it."""
    return text


def _(text: str) -> str:
    """Translate *text* into the language of this console."""
    return _catalogue.gettext(text) if text else text
