"""All parameters as one lens: what a line and its answer files say becomes settings, and settings become words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.autoinstall.parameters import PARAMETERS
from ovirt_tui.features import kernel_words
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.parameter import Put
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.tokens import Token, split
from ovirt_tui.model.values import KernelWords
from ovirt_tui.pages.boot import Boot
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.storage.settings import Storage


def put(draft: Draft, reading: Reading) -> Iterator[str]:
    """Put what the files and then the words of *reading* say into *draft*; yield the path of each setting decided."""
    for layer in reading.layers:
        for path, value in layer.values.items():
            draft.take(path, value)
            yield path
    for path in _put_words(draft, reading):
        reading.decided.add(path)
        yield path


def _put_words(draft: Draft, reading: Reading) -> Iterator[str]:
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
    return Token(name, value if equals else None).quoted


def words(config: NodeConfig) -> tuple[str, ...]:
    """One parameter a line for what is not at its default; secrets are left out."""
    return tuple(line for part in PARTS for line in part(config))


def offered(config: NodeConfig) -> tuple[str, ...]:
    """The parameters that install *config* unattended: as words(), and that no network is meant where none is."""
    lines = words(config)
    return lines if config[Network].nic or not config[Storage].boot_disk else (*lines, "BOOTIF=none")


def _parameters(config: NodeConfig) -> Iterator[str]:
    for parameter in PARAMETERS:
        for name, text in parameter.write(config):
            yield Token(name, text).quoted


def _words(config: NodeConfig) -> Iterator[str]:
    """The words that are kept, and before them the names of those that are not known by themselves."""
    if config[Boot].words:
        marked = dict.fromkeys(word.key for word in split(config[Boot].words) if not kernel_words.is_known(word.key))
        if marked:
            yield f"{kernel_words.CARRY}={','.join(marked)}"
        yield str(config[Boot].words)


PARTS: tuple[Callable[[NodeConfig], Iterator[str]], ...] = (_parameters, _words)
