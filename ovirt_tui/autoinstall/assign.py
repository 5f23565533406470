"""From normalised keys to settings: path and text, as Draft.put takes them."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.autoinstall.foreign import installed
from ovirt_tui.autoinstall.forms import Keys
from ovirt_tui.autoinstall.params import PARAMETERS
from ovirt_tui.autoinstall.words import Word
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts
from ovirt_tui.parameter import Put


def assignments(keys: Keys, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield each setting that the line decides, with its text."""
    if words := installed(keys.get("carry", [])):
        yield "boot.words", " ".join(_quoted(word) for word in words)


def put(draft: Draft, reading: Reading) -> Iterator[str]:
    """Put into *draft* what *reading* says and the machine has, and yield the path of each setting it decides."""
    for path, text in assignments(reading.keys, draft.facts):
        draft.put(path, text)
        yield path
    for parameter in PARAMETERS:
        if parameter.is_in(reading.said):
            for outcome in parameter.read(reading.said, draft.facts):
                if isinstance(outcome, Put):
                    draft.take(outcome.path, outcome.value)
                    yield outcome.path
                else:
                    reading.hear(outcome)


def _quoted(text: str) -> str:
    name, equals, value = text.partition("=")
    return Word(name, value if equals else None).quoted
