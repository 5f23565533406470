"""A node registers with a server that follows the protocol to the letter, and says what is wrong with any other."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ovirt_tui.machine.engine import FAILURES, STATE, keys_of, registration, why
from ovirt_tui.system import StepFailed, engine_client, engines
from ovirt_tui.system.engine_call import call
from ovirt_tui.system.engine_client import SECONDS
from ovirt_tui.system.engines import VDSM_ID, Engines
from ovirt_tui.system.steps import Registered
from ovirt_tui.system.tree import Tree
from testbed.engine import Behaviour, Engine, Site

UUID = "4c4c4544-0042-3510-8051-b4c04f4e3732"
PARAMETERS = {"uniqueId": UUID, "name": "node1", "sshUser": "admin", "sshPort": "22", "vdsPort": "54321"}
SHORT = ("-c", "import sys; from ovirt_tui.system import engine_client as c; c.main(sys.argv[1], 2)")
"""Has the client wait for two seconds in place of its own limit."""
NO_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("site"))


def digest(file: Path, name: str = "sha256") -> str:
    """The fingerprint of a certificate, as openssl says it."""
    argv = ("openssl", "x509", "-in", file, "-noout", "-fingerprint", f"-{name}")
    return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=30).stdout.partition("=")[2].strip()


def asked(do: str, port: int, *, server: str = "localhost", program: tuple[str, ...] = (), **more: object) -> Any:
    """What the client prints."""
    python, *usual, request = call(do, server, port, **more)
    done = subprocess.run(
        (python, *(program or usual), request), capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


def registered(engine: Engine, pin: str, **more: object) -> Any:
    return asked("register", engine.port, fingerprint=pin, parameters=PARAMETERS, **more)


@contextmanager
def serving(site: Site, **behaviour: Any) -> Iterator[Engine]:
    with Engine(site, Behaviour(**behaviour)).serving() as engine:
        yield engine


@pytest.mark.parametrize("newline", [False, True])
def test_a_node_registers_and_is_pending(site: Site, newline: bool) -> None:
    with serving(site, newline=newline) as engine:
        answer = registered(engine, digest(site.authority))
        assert answer == {"key": site.ssh_key, "address": "127.0.0.1"}
        (host,) = engine.hosts.values()
        assert host["status"] == "pending_approval" and list(engine.hosts) == [UUID]
        assert (host["name"], host["address"]) == ("node1", "127.0.0.1")
        assert (host["sshUser"], host["sshPort"], host["vdsPort"]) == ("admin", "22", "54321")
        commands = [request.partition("command=")[2].partition("&")[0] for request in engine.requests]
        assert commands == ["get-version", "get-pki-trust", "get-ssh-trust", "register"]
        assert all("?version=1&" in request for request in engine.requests)
        assert registered(engine, digest(site.authority)) == answer, "it is the same twice"
        assert len(engine.hosts) == 1


def test_the_dot_at_the_end_of_a_name_is_in_no_certificate(site: Site) -> None:
    with serving(site) as engine:
        assert "key" in registered(engine, digest(site.authority), server="localhost.")


def test_what_is_sent_is_encoded(site: Site) -> None:
    with serving(site) as engine:
        more = {**PARAMETERS, "sshKeyFingerprint": "SHA256:a+b/c=&x"}
        asked("register", engine.port, fingerprint=digest(site.authority), parameters=more)
        assert engine.hosts[UUID]["sshKeyFingerprint"] == "SHA256:a+b/c=&x"


@pytest.mark.parametrize("name", ["sha256", "sha1"])
def test_every_certificate_that_the_server_proves_itself_by_can_be_pinned(site: Site, name: str) -> None:
    with serving(site) as engine:
        for file in (site.authority, site.server()):
            assert "key" in registered(engine, digest(file, name))
    with serving(site, certificate="site") as engine:
        site_authority = site.folder / "site.pem"
        for file in (site_authority, site.server("site")):
            assert "key" in registered(engine, digest(file, name))


def test_the_certificate_to_approve_is_shown(site: Site) -> None:
    with serving(site) as engine:
        found = asked("look", engine.port)
    assert (found["sha256"], found["sha1"]) == (digest(site.authority), digest(site.authority, "sha1"))
    assert found["subject"] == "O=example.test, CN=engine.1" and found["own"] is True
    assert "GMT" in found["until"] and engine.hosts == {}
    with serving(site, certificate="site") as engine:
        found = asked("look", engine.port)
        assert found["sha256"] == digest(site.folder / "site.pem") and found["own"] is False
        assert "key" in registered(engine, found["sha256"])
    with serving(site, certificate="stranger") as engine:  # which shows nothing but its own
        found = asked("look", engine.port)
        assert found["sha256"] == digest(site.server("stranger")) and found["own"] is False
        assert found["subject"] == "O=example.test, CN=engine"


@pytest.mark.parametrize("kind", ["sha1", "short"])
def test_a_certificate_that_is_too_weak_is_no_strangers(site: Site, kind: str) -> None:
    """Engines before 3.6 sign by SHA-1: what they have signed proves nothing, but their web server's own does."""
    with serving(site, certificate=kind) as engine:
        answer = registered(engine, digest(site.authority))
        assert failure(answer) == "weak" and engine.hosts == {}
        assert not any(UUID in request for request in engine.requests)
        found = asked("look", engine.port)
        if kind == "short":
            assert failure(found) == "weak"
        else:
            assert found["sha256"] == digest(site.server(kind)) and found["own"] is False
            assert "key" in registered(engine, found["sha256"])


def failure(answer: Any) -> str:
    assert set(answer) == {"failed", "why"}, answer
    assert answer["failed"] in FAILURES
    text = str(why(answer, "localhost", 443))
    assert "{" not in text and "\x1b" not in text and len(text) < 600
    return str(answer["failed"])


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ({"certificate": "expired"}, "expired"),
        ({"certificate": "other-name"}, "other-name"),
        ({"legacy": True}, "no-service"),
        ({"wrong": {"get-version": "garbage"}}, "garbage"),
        ({"wrong": {"get-version": "huge"}}, "too-much"),
        ({"wrong": {"get-version": "redirect"}}, "redirect"),
        ({"wrong": {"get-version": "breaks-off"}}, "garbage"),
        ({"wrong": {"get-version": "500"}}, "status"),
        ({"wrong": {"get-version": "0"}}, "garbage"),
        ({"wrong": {"get-version": "<html>hello</html>"}}, "garbage"),
        ({"wrong": {"get-pki-trust": "400"}}, "bad-request"),
        ({"wrong": {"get-pki-trust": "hello"}}, "no-certificate"),
        (
            {"wrong": {"get-pki-trust": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}},
            "no-certificate",
        ),
    ],
)
@pytest.mark.parametrize("do", ["look", "register"])
def test_a_server_that_is_wrong_is_told_from_all_others(
    site: Site, behaviour: dict[str, Any], code: str, do: str
) -> None:
    with serving(site, **behaviour) as engine:
        answer = asked("look", engine.port) if do == "look" else registered(engine, digest(site.authority))
        assert failure(answer) == code
        assert engine.hosts == {}


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ({"certificate": "stranger"}, "other-authority"),
        ({"certificate": "site"}, "other-authority"),
        ({"maintenance": True}, "bad-request"),
        ({"wrong": {"get-ssh-trust": "ssh-rsa AAAA\nssh-rsa BBBB"}}, "no-key"),
        ({"wrong": {"get-ssh-trust": 'command="reboot" ssh-rsa AAAA'}}, "no-key"),
        ({"wrong": {"get-ssh-trust": "ssh-dss AAAA"}}, "no-key"),
        ({"wrong": {"get-ssh-trust": "redirect"}}, "redirect"),
        ({"wrong": {"register": "redirect"}}, "redirect"),
        ({"wrong": {"register": "400"}}, "bad-request"),
        ({"wrong": {"register": "503"}}, "status"),
    ],
)
def test_nothing_is_sent_to_who_is_not_the_engine(site: Site, behaviour: dict[str, Any], code: str) -> None:
    with serving(site, **behaviour) as engine:
        answer = registered(engine, digest(site.authority))
        assert failure(answer) == code
        assert engine.hosts == {}
        if "authority" in code:
            assert not any(UUID in request for request in engine.requests)


def test_another_certificate_than_the_approved_one_is_said_with_both(site: Site) -> None:
    pin = ":".join(["AB"] * 32)
    with serving(site) as engine:
        answer = registered(engine, pin)
        assert failure(answer) == "other-fingerprint"
        assert answer["why"] == {"found": digest(site.authority), "approved": pin}
        assert not any(UUID in request for request in engine.requests)


def test_a_man_in_the_middle_gets_nothing(site: Site, tmp_path: Path) -> None:
    """He shows the engine's own authority, which anybody can fetch, and has a certificate of his own."""
    with serving(site, certificate="stranger") as engine:
        assert engine.site.authority == site.authority
        assert failure(registered(engine, digest(site.authority))) == "other-authority"
        assert not any(UUID in request for request in engine.requests)


def test_every_connection_is_checked_anew(site: Site) -> None:
    with serving(site, later="stranger") as engine:
        assert failure(registered(engine, digest(site.authority))) == "stranger"
        assert not any(UUID in request for request in engine.requests)


@pytest.mark.parametrize(("how", "code"), [("silent", "silent-answer"), ("trickles", "silent-answer")])
def test_a_slow_server_is_given_up(site: Site, how: str, code: str) -> None:
    with serving(site, wrong={"get-version": how}) as engine:
        start = time.monotonic()
        answer = asked("look", engine.port, program=SHORT)
        assert failure(answer) == code and answer["why"]["seconds"] == "2"
        assert time.monotonic() - start < 10


def test_where_nobody_listens_it_is_refused() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert failure(asked("look", bound.getsockname()[1], server="127.0.0.1")) == "refused"


def test_where_nobody_speaks_tls_that_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        port = plain.getsockname()[1]
        answer = asked("look", port, server="127.0.0.1", program=SHORT)
        assert failure(answer) == "silent-tls"
    from http.server import BaseHTTPRequestHandler, HTTPServer

    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    import threading

    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert failure(asked("look", server.server_address[1], server="127.0.0.1")) == "no-tls"
    finally:
        server.shutdown()
        server.server_close()


def test_a_name_that_nobody_knows_is_said() -> None:
    assert failure(asked("look", 443, server="no-such-host.invalid")) in ("unknown-name", "silent-name")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(113, "No route to host"), "no-route"),
        (OSError(101, "Network is unreachable"), "no-route"),
        (TimeoutError("timed out"), "silent-connect"),
        (ConnectionRefusedError(111, "Connection refused"), "refused"),
        (OSError(13, "Permission denied"), "unreachable"),
    ],
)
def test_each_way_of_not_getting_there_has_a_sentence(
    monkeypatch: pytest.MonkeyPatch, error: OSError, code: str
) -> None:
    def connect(self: socket.socket, address: object) -> None:
        raise error

    monkeypatch.setattr(engine_client.socket.socket, "connect", connect)
    answer = engine_client.answer({"do": "look"}, engine_client.Server("127.0.0.1", 443))
    assert failure(answer) == code


def test_tls_before_1_2_is_not_spoken() -> None:
    made = engine_client.context(None)
    assert made.minimum_version == ssl.TLSVersion.TLSv1_2
    assert engine_client.SECONDS + 5 < engines.CLIENT_SECONDS + 1 and SECONDS <= 20


# What the node keeps of it.


def tree(folder: Path, **files: str) -> Tree:
    known = {
        "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
        "proc/sys/kernel/hostname": "node1.example.test\n",
        "sys/class/dmi/id/product_uuid": f"{UUID.upper()}\n",
        **{name.replace("__", "/"): text for name, text in files.items()},
    }
    for name, text in known.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return Tree(folder, live=True)


def files(folder: Path) -> dict[str, str]:
    return {str(each.relative_to(folder)): each.read_text() for each in folder.rglob("*") if each.is_file()}


def step(engine: Engine, pin: str) -> Registered:
    return Registered("localhost", engine.port, pin, "admin")


def test_it_holds_once_made_and_no_longer_when_undone(site: Site, tmp_path: Path) -> None:
    here = Engines(tree(tmp_path))
    before = files(tmp_path)
    with serving(site) as engine:
        wanted = step(engine, digest(site.authority))
        assert not here.holds(wanted)
        undo = here.make(wanted, lambda done, total: None)
        assert here.holds(wanted) and list(engine.hosts) == [UUID]
        assert engine.hosts[UUID]["name"] == "node1"
        assert not here.holds(Registered("localhost", engine.port, ":".join(["AB"] * 32), "admin"))
        assert not here.holds(Registered("127.0.0.1", engine.port, wanted.fingerprint, "admin"))
        now = files(tmp_path)
        assert now[keys_of("admin").lstrip("/")] == f"restrict {site.ssh_key}\n"
        assert now[VDSM_ID.lstrip("/")] == f"{UUID}\n"
        found = registration(now[STATE.lstrip("/")])
        assert found and (found.id, found.server, found.address) == (UUID, "localhost", "127.0.0.1")
        (tmp_path / STATE.lstrip("/")).write_text(now[STATE.lstrip("/")].replace(str(engine.port), "no port"))
        assert not here.holds(wanted)
        (tmp_path / STATE.lstrip("/")).write_text(now[STATE.lstrip("/")])
        assert here.holds(wanted)
        (tmp_path / keys_of("admin").lstrip("/")).write_text("ssh-rsa other\n")
        assert not here.holds(wanted), "who was let in is no longer"
        undo()
        assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("behaviour", "text"),
    [
        ({"maintenance": True}, "It says: JBWEB000065: HTTP Status 400 - runInternalQuery failed 'ENGINE_IS_RUNNING"),
        ({"wrong": {"get-ssh-trust": "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ"}}, "the SSH key of localhost is not let"),
        ({"certificate": "expired"}, "has expired, or the clock of this node is wrong: 20"),
        ({"certificate": "stranger"}, "one that another has signed: approve"),
    ],
)
def test_a_failure_leaves_the_node_as_it_was(site: Site, tmp_path: Path, behaviour: dict[str, Any], text: str) -> None:
    here = Engines(tree(tmp_path))
    before = files(tmp_path)
    with serving(site, **behaviour) as engine, pytest.raises(StepFailed) as raised:
        here.make(step(engine, digest(site.authority)), lambda done, total: None)
    assert text in str(raised.value)
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("uuid", "known"),
    [
        ("Not Settable", False),
        ("00000000-0000-0000-0000-000000000000", False),
        ("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", False),
        ("03000200-0400-0500-0006-000700080009", False),
        ("", False),
        (UUID, True),
    ],
)
def test_the_id_is_that_of_the_firmware_if_it_has_one(tmp_path: Path, uuid: str, known: bool) -> None:
    here = Engines(tree(tmp_path, sys__class__dmi__id__product_uuid=f"{uuid}\n"))
    assert (here.id() == UUID) is known
    assert here.id() == here.id() and len(here.id()) == 36
    (tmp_path / "etc/machine-id").write_text("f" * 32)
    other = Engines(Tree(tmp_path, live=True)).id()
    assert (other == UUID) is known


def test_an_id_that_there_is_stays(tmp_path: Path) -> None:
    assert (
        Engines(tree(tmp_path, etc__vdsm__vdsm__id="x", **{"etc/vdsm/vdsm.id": "old\x1b_id:7\nmore\n"})).id()
        == "old_id:7"
    )


def test_in_a_mounted_system_nobody_is_asked(tmp_path: Path) -> None:
    assert Engines(Tree(tmp_path, live=False)).holds(Registered("x", 1, "y", "admin"))


def test_the_client_imports_nothing_of_ours() -> None:
    argv = (sys.executable, "-P", "-I", engine_client.__file__, '{"do": "look", "server": "", "port": 1}')
    assert "failed" in subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True, cwd="/").stdout
