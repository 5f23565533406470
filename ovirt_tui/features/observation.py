"""What a running node says its settings are, from the files that the steps of an action write."""

from __future__ import annotations

from collections.abc import Iterable

from ovirt_tui.features.parameter import Put
from ovirt_tui.model.config import NodeConfig, Section
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.values import parse
from ovirt_tui.system import Missing, Reader


@dataclass(frozen=True)
class Strange:
    """What stands in *file*, where the setting at *path* is kept, is no value of it.

    What that is stays there: it may be anything, a secret too.
    """

    path: str
    file: str


Seen = Put | Strange


def content(reader: Reader, file: str) -> str | None:
    """What *file* says; None where there is no such file.  StepFailed when it cannot be read."""
    try:
        return reader.text(file)
    except Missing:
        return None


def observed(section: type[Section], name: str, text: str, file: str) -> Seen:
    """What *text*, which stands in *file*, says of the setting *name* of *section*."""
    found = next(each for each in section.settings() if each.name == name)
    try:
        return Put(found.path, parse(found.type, text))
    except ValueError:
        return Strange(found.path, file)


def statements(text: str) -> tuple[str, ...]:
    """The lines of a configuration file that say something, without blanks around them."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith(("#", ";", "!")))


def taken(config: NodeConfig, seen: Iterable[Seen]) -> NodeConfig:
    """*config* with the values that were *seen*; what is no value of its setting changes nothing."""
    for each in seen:
        if isinstance(each, Put):
            config = config.put(each.path, each.value)
    return config
