"""How the kernel line says where a dump goes."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.features.parameter import BOOLEAN, Outcome, Parameter, Put, Said, Word, flag
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages.kdump.settings import Kdump, Target

SUBJECT = "kdump"
OFF = Word(
    name="disable_kdump",
    subject=SUBJECT,
    grammar=flag,
    form=BOOLEAN,
    help=N_("No dump is saved when the kernel crashes, and no memory set aside for it."),
    example="yes",
    fills=("kdump.target",),
    bare="yes",
)


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    yield Put("kdump.target", Target.OFF if said[OFF.name] else Target.LOCAL)


def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
    if config[Kdump].target is Target.OFF:
        yield OFF.name, "yes"


PARAMETERS = (Parameter(words=(OFF,), read=read, write=write),)
