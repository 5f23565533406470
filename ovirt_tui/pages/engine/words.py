"""How the kernel line says which engine a node belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ovirt_tui.features.parameter import (
    BOOLEAN,
    CONFLICTS,
    Noted,
    Outcome,
    Parameter,
    Put,
    Refused,
    Said,
    Word,
    Wrong,
    flag,
    value,
)
from ovirt_tui.features.servers import HOST_PORT, Server, number_of_port, server, written
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.fingerprints import MD5, SHA1, SHA256, Fingerprint
from ovirt_tui.model.network import Port
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.model.typed import Any
from ovirt_tui.model.values import parse
from ovirt_tui.pages.engine.settings import HTTPS, Engine
from ovirt_tui.pages.security import HASH, LOCKED, NO_HASH, ROOT

SUBJECT = "engine"
OCTETS = r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*"
NO_FINGERPRINT = Kind("no-fingerprint", N_("not 16, 20 or 32 octets separated by colons"))
BROKEN_FINGERPRINT = Kind(
    "fingerprint-forged", N_("this is an MD5 fingerprint, which can be forged: give the SHA-256 one, of 32 octets")
)
WEAK_FINGERPRINT = Kind("fingerprint-weak", N_("a SHA-1 fingerprint can be forged with effort; better give SHA-256"))
PORTS_CONFLICT = Kind("ports-conflict", N_("conflicts with the port in management_server"))
ENGINE_NEEDED = Kind("engine-needed", N_("needs management_server"))
NOT_REGISTERED = Kind("not-registered", N_("so management_server is passed over, and no engine gets to know this node"))
NO_ROOT = Kind(
    "root-not-by-ssh",
    N_("sets the password of root for the console; over SSH root never gets in, and the engine does as admin"),
)


def management(text: str) -> Server:
    """A host with optional scheme, port and closing slash.  Whatever the scheme: it is always TLS."""
    bare = text.partition("://")[2] if text.startswith(("http://", "https://")) else text
    found: Server = server(0)(bare.removesuffix("/"))
    return found


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a certificate: SHA-256 or SHA-1.  That of MD5 is known by its length, and refused."""
    count = text.count(":") + 1
    if not re.fullmatch(OCTETS, text) or count not in (MD5, SHA1, SHA256):
        raise Refused(NO_FINGERPRINT())
    if count == MD5:
        raise Refused(BROKEN_FINGERPRINT())
    return Fingerprint(text)


SERVER = Word(
    name="management_server",
    also=("managment_server", "ovirt_managment_server"),
    subject=SUBJECT,
    grammar=management,
    form=HOST_PORT,
    help=N_("The oVirt Engine to register with. Always by TLS; without management_server_fingerprint nothing is sent."),
    example="engine.example.com",
    fills=("engine.server", "engine.port"),
)
PORT = Word(
    name="management_port",
    also=("management_server_port",),
    subject=SUBJECT,
    grammar=number_of_port,
    form=N_("a port"),
    help=N_("The port of management_server; 443 when neither says one."),
    example="8443",
    fills=("engine.port",),
)
PRINT = Word(
    name="management_server_fingerprint",
    subject=SUBJECT,
    grammar=fingerprint,
    form=N_("20 or 32 octets separated by colons"),
    help=N_(
        "SHA-256 (or SHA-1) of the certificate by which management_server proves itself: its own, that of the "
        "engine's authority, or any that signed it."
    ),
    example=":".join(["AB"] * SHA256),
    fills=("engine.fingerprint",),
)
DISABLE = Word(
    name="ovirt_vdsm_disable",
    subject=SUBJECT,
    grammar=flag,
    form=BOOLEAN,
    help=N_("Do not register, whatever management_server says."),
    example="yes",
    bare="yes",
)
ENGINE_ROOT = Word(
    name="rhevm_admin_password",
    also=("engine_admin_password",),
    subject=SUBJECT,
    grammar=value(Crypted, NO_HASH),
    form=HASH,
    help=N_("Password of root, at the console only. An engine gets in as admin, by its key."),
    example="$6$salt$hash",
    fills=("users.root_password",),
    secret=True,
)


def agree(said: Said) -> Iterator[Wrong | Noted]:
    engine, port = said.get(SERVER.name), said.get(PORT.name)
    if port and engine and engine.port not in (0, port):
        yield Wrong(PORT.name, PORTS_CONFLICT())
    for word in (PORT, PRINT):
        if word.name in said and not engine:
            yield Wrong(word.name, ENGINE_NEEDED())
    if PRINT.name in said and said[PRINT.name].octets == SHA1:
        yield Noted(PRINT.name, WEAK_FINGERPRINT())
    if said.get(DISABLE.name) and engine:
        yield Noted(DISABLE.name, NOT_REGISTERED())


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    if said.get(DISABLE.name):
        return
    if SERVER.name in said:
        yield Put("engine.server", parse(_type("engine.server"), said[SERVER.name].host))
    port = said.get(PORT.name) or (said[SERVER.name].port if SERVER.name in said else 0)
    if port or SERVER.name in said:
        yield Put("engine.port", Port(port or HTTPS))
    if PRINT.name in said:
        yield Put("engine.fingerprint", said[PRINT.name])


def _type(path: str) -> Any:
    return next(each.type for each in Engine.settings() if each.path == path)


def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
    engine = config[Engine]
    if engine.server:
        yield SERVER.name, written(engine.server, engine.port, HTTPS)
        if engine.fingerprint:
            yield PRINT.name, engine.fingerprint


def agree_root(said: Said) -> Iterator[Wrong | Noted]:
    """It is rootpw by another name, which leaves the password of admin alone."""
    if ENGINE_ROOT.name not in said:
        return
    yield Noted(ENGINE_ROOT.name, NO_ROOT())
    if said.get(LOCKED.name):
        yield Wrong(ENGINE_ROOT.name, CONFLICTS(name=LOCKED.name))
    if ROOT.name in said and said[ROOT.name] != said[ENGINE_ROOT.name]:
        yield Wrong(ENGINE_ROOT.name, CONFLICTS(name=ROOT.name))


def read_root(said: Said, facts: Facts) -> Iterator[Outcome]:
    yield Put("users.root_password", said[ENGINE_ROOT.name])


PARAMETERS = (
    Parameter(words=(SERVER, PORT, PRINT, DISABLE), agree=agree, read=read, write=write),
    Parameter(words=(ENGINE_ROOT,), agree=agree_root, read=read_root),
)
