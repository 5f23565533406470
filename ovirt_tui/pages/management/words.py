"""How the kernel line says which management server a node reports to."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.features.parameter import Noted, Outcome, Parameter, Put, Said, Word, Wrong, value
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.fingerprints import SHA1, Fingerprint
from ovirt_tui.model.network import HttpsUrl
from ovirt_tui.model.problems import Kind
from ovirt_tui.pages.engine.words import WEAK_FINGERPRINT
from ovirt_tui.pages.management.settings import Management

SUBJECT = "management"
NEEDED = Kind("management-server-needed", N_("needs node.register"))
URL = Word(
    name="node.register",
    subject=SUBJECT,
    grammar=value(HttpsUrl),
    form=N_("an https address"),
    help=N_("Where the facts of this node are posted at each start; docs/management-server.md says how."),
    example="https://inventory.example.com/nodes",
    fills=("management.url",),
)
PRINT = Word(
    name="node.register_fingerprint",
    subject=SUBJECT,
    grammar=value(Fingerprint),
    form=N_("32 octets separated by colons"),
    help=N_("SHA-256 of the certificate by which that server proves itself: its own, or any that signed it."),
    example=":".join(["AB"] * 32),
    fills=("management.fingerprint",),
)


def agree(said: Said) -> Iterator[Wrong | Noted]:
    if PRINT.name in said and URL.name not in said:
        yield Wrong(PRINT.name, NEEDED())
    if PRINT.name in said and said[PRINT.name].octets == SHA1:
        yield Noted(PRINT.name, WEAK_FINGERPRINT())


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    for word in (URL, PRINT):
        if word.name in said:
            yield Put(word.fills[0], said[word.name])


def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
    management = config[Management]
    if management.url:
        yield URL.name, management.url
        if management.fingerprint:
            yield PRINT.name, management.fingerprint


PARAMETERS = (Parameter(words=(URL, PRINT), agree=agree, read=read, write=write),)
