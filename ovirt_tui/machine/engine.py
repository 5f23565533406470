"""What an oVirt Engine or a management server says, what is remembered of it, and what went wrong, in sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Fact
from ovirt_tui.machine.untrusted import escaped, shortened
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.records import asdict, dataclass, fields

STATE = "/etc/ovirt-node/registration"
"""What this node remembers of its registration; there only while it is registered."""
OPTIONS = "restrict"
"""Of the engine's key: no terminal and nothing forwarded.  libvirt, rsync and scp need neither."""
FAILURES = {
    "unknown-name": Kind("engine-unknown-name", N_("{server} is not known to the DNS: {error}")),
    "silent-name": Kind("engine-silent-name", N_("no name server said within {seconds} seconds who {server} is")),
    "silent-connect": Kind(
        "engine-silent-connect", N_("{server} does not answer on port {port}; it was waited for {seconds} seconds")
    ),
    "silent-tls": Kind(
        "engine-silent-tls", N_("{server} took the connection, and did not begin TLS within {seconds} seconds")
    ),
    "silent-answer": Kind(
        "engine-silent-answer", N_("{server} answers too slowly: it was not done within {seconds} seconds")
    ),
    "refused": Kind(
        "engine-refused",
        N_("{server} refuses connections on port {port}: nothing listens there, or a firewall does so"),
    ),
    "no-route": Kind("engine-no-route", N_("this node has no route to {server}: {error}")),
    "unreachable": Kind("engine-unreachable", N_("{server} cannot be reached on port {port}: {error}")),
    "no-tls": Kind("engine-no-tls", N_("what answers on port {port} of {server} does not speak TLS: {error}")),
    "stranger": Kind(
        "engine-stranger",
        N_("{server} has a certificate that the approved one did not sign: it is another server, or has a new one"),
    ),
    "weak": Kind(
        "engine-weak",
        N_(
            "the certificate of {server} has a key that is too short, or was signed by SHA-1 or MD5, which can be "
            "forged: fetch and approve its own, or give that server a better one"
        ),
    ),
    "expired": Kind(
        "engine-expired", N_("the certificate of {server} has expired, or the clock of this node is wrong: {clock}")
    ),
    "not-yet": Kind(
        "engine-not-yet",
        N_("the certificate of {server} is not valid yet, or the clock of this node is wrong: {clock}"),
    ),
    "other-name": Kind(
        "engine-other-name", N_("the certificate is not one for {server}: give the full name that it was made for")
    ),
    "other-fingerprint": Kind(
        "engine-other-fingerprint",
        N_("{server} has another certificate than the approved one: {found}, and not {approved}"),
    ),
    "other-authority": Kind(
        "engine-other-authority",
        N_(
            "the approved certificate is the engine's own, but the web server of {server} has one that another has "
            "signed: approve {found} in its place"
        ),
    ),
    "garbage": Kind("engine-garbage", N_("{server} does not answer as an oVirt Engine does ({what})")),
    "broken-off": Kind("engine-broken-off", N_("{server} broke off while it answered: {error}")),
    "too-much": Kind("engine-too-much", N_("{server} answers with more than {most} KiB, which no oVirt Engine does")),
    "redirect": Kind("engine-redirect", N_("{server} sends this node elsewhere ({to}), and it does not go there")),
    "bad-request": Kind(
        "engine-bad-request",
        N_(
            "the engine refuses this node; it may be there already under this name or address, or be in maintenance. "
            "It says: {said}"
        ),
    ),
    "no-service": Kind(
        "engine-no-service", N_("{server} has no service for registration (HTTP {status}): engines from 3.4 on have it")
    ),
    "status": Kind("engine-status", N_("{server} answers with an error, HTTP {status}: {said}")),
    "no-certificate": Kind("engine-no-certificate", N_("what {server} gives as its certificate is none")),
    "no-key": Kind("engine-no-key", N_("what {server} gives as its SSH key is none")),
}
"""What can go wrong, by the codes of ovirt_tui/system/engine_client.py."""
GARBLED = Kind("engine-garbled", N_("what was asked of {server} came to nothing that can be read"))


def why(answer: Mapping[str, object], server: object, port: object) -> Reason | None:
    """Why an *answer* of the client is none; None where it is one.  What the server says in it is escaped."""
    if "failed" not in answer:
        return None
    said, kind = answer.get("why"), FAILURES.get(str(answer["failed"]))
    values = {key: shortened(escaped(str(text))) for key, text in said.items()} if isinstance(said, dict) else {}
    values |= {"server": str(server), "port": str(port)}
    return kind(**values) if kind else GARBLED(server=server)


def failed_at(server: object) -> str:
    """How a line begins that says why *server* does not know the node: of an engine and another, each has its own."""
    return f"ovirt-tui: {server}: "


def heard(text: str) -> dict[str, object]:
    """What the client has printed; an answer of no known failure where that is no JSON."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"failed": "nothing"}


@dataclass(frozen=True, kw_only=True)
class Shown(Fact):
    """The certificate that an engine can be checked by.  *own*: the engine's own authority has signed."""

    sha256: str
    sha1: str
    subject: str = ""
    until: str = ""
    own: bool = True


def shown(answer: Mapping[str, object]) -> Shown:
    """The certificate that an *answer* tells."""
    texts = {name: shortened(str(answer.get(name, ""))) for name in ("sha256", "sha1", "subject", "until")}
    return Shown(**texts, own=answer.get("own") is True)


@dataclass(frozen=True, kw_only=True)
class Registration(Fact):
    """With which engine this node is registered, as what, since when (UTC), and the SSH key that it let in."""

    server: str
    port: str
    fingerprint: str
    id: str
    address: str
    user: str
    key: str
    at: str


def written(registration: Registration) -> str:
    """The file of a registration."""
    return json.dumps(asdict(registration), indent=1) + "\n"


def registration(text: str) -> Registration | None:
    """What such a file says; None where it is damaged."""
    found = heard(text)
    names = [each.name for each in fields(Registration)]
    if set(found) != set(names) or not all(isinstance(value, str) for value in found.values()):
        return None
    return Registration(**{name: str(found[name]) for name in names})


def keys_of(user: str) -> str:
    """The file with the engine's key for *user*, which sshd reads beside that of *user* (50-ovirt-node.conf)."""
    return f"/etc/ovirt-node/keys-of-{user}"


def line(key: str) -> str:
    """What is in it."""
    return f"{OPTIONS} {key}\n"
