"""From what a line says to settings, on a machine."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.autoinstall.params import PARAMETERS
from ovirt_tui.autoinstall.words import Word
from ovirt_tui.draft import Draft
from ovirt_tui.parameter import Put
from ovirt_tui.values import KernelWords


def put(draft: Draft, reading: Reading) -> Iterator[str]:
    """Put what the files and then the words of *reading* say into *draft*; yield the path of each setting decided."""
    for layer in reading.layers:
        for path, value in layer.values.items():
            draft.take(path, value)
            yield path
    for path in _words(draft, reading):
        reading.decided.add(path)
        yield path


def _words(draft: Draft, reading: Reading) -> Iterator[str]:
    if reading.carried:
        draft.take("boot.words", KernelWords(" ".join(map(_quoted, reading.carried))))
        yield "boot.words"
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
