"""A configuration as the parameters that say it, without secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ovirt_tui.autoinstall import kernel
from ovirt_tui.autoinstall.params import PARAMETERS
from ovirt_tui.autoinstall.words import Word, split
from ovirt_tui.config import NodeConfig
from ovirt_tui.pages.boot import Boot
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.storage.settings import Storage


def answers(config: NodeConfig) -> tuple[str, ...]:
    """One parameter a line for what is not at its default; secrets are left out."""
    return tuple(line for part in PARTS for line in part(config))


def offered(config: NodeConfig) -> tuple[str, ...]:
    """The parameters that install *config* unattended: as answers(), and that no network is meant where none is."""
    lines = answers(config)
    return lines if config[Network].nic or not config[Storage].boot_disk else (*lines, "BOOTIF=none")


def _parameters(config: NodeConfig) -> Iterator[str]:
    for parameter in PARAMETERS:
        for name, text in parameter.write(config):
            yield Word(name, text).quoted


def _words(config: NodeConfig) -> Iterator[str]:
    """The words that are kept, and before them the names of those that are not known by themselves."""
    if config[Boot].words:
        marked = dict.fromkeys(word.key for word in split(config[Boot].words) if not kernel.is_known(word.key))
        if marked:
            yield f"{kernel.CARRY}={','.join(marked)}"
        yield str(config[Boot].words)


PARTS: tuple[Callable[[NodeConfig], Iterator[str]], ...] = (_parameters, _words)
