"""An oVirt Engine, as far as a host that registers sees of one: protocol version 1, by TLS.

python3 -m testbed.engine FOLDER PORT [CERTIFICATE] serves with the certificates of Site(FOLDER), and keeps its hosts in
FOLDER/hosts.json and what it was asked in FOLDER/requests.  Engine runs one in a thread.
"""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

SERVICE = "/ovirt-engine/services/host-register"
PENDING = "pending_approval"
HOST_NAME = re.compile(r"(?=.{1,255}$)([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.|$))+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
PAGE = "<html><head><title>Error</title></head><body>JBWEB000065: HTTP Status 400 - {text}</body></html>"
REFUSED = "runInternalQuery failed '{text}'"
TRICKLE_SECONDS = 0.2
Host = dict[str, str]


@dataclass(frozen=True)
class Site:
    """The certificates of an engine, made below *folder* at the first use."""

    folder: Path
    name: str = "localhost"

    @property
    def authority(self) -> Path:
        """The engine's internal authority: what get-pki-trust answers with."""
        return self._made(
            "engine", "-addext", "basicConstraints=critical,CA:TRUE", "-subj", "/O=example.test/CN=engine.1"
        )

    def server(self, kind: str = "good") -> Path:
        """The web server's certificate: good, expired, of the site's own authority, of a stranger, ..."""
        names = {"other-name": "DNS:other.example.test"}.get(kind, f"DNS:{self.name},IP:127.0.0.1,IP:192.0.2.2")
        if kind == "site":
            signer = self._made("site", "-addext", "basicConstraints=critical,CA:TRUE", "-subj", "/CN=site authority")
        elif kind == "stranger":
            signer = self._made("stranger", "-addext", "basicConstraints=critical,CA:TRUE", "-subj", "/CN=engine.1")
        else:
            signer = self.authority
        made = self._signed(f"{kind}-server", signer, names, kind)
        chain = self.folder / f"{kind}-chain.pem"
        chain.write_text(made.read_text() + (signer.read_text() if kind == "site" else ""))
        return chain

    def key(self, kind: str = "good") -> Path:
        return self.folder / f"{kind}-server.key"

    @property
    def ssh_key(self) -> str:
        """The engine's public key for SSH; its other half is beside it."""
        file = self.folder / "engine-ssh"
        if not file.exists():
            _run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "ovirt-engine", "-f", file)
        return file.with_suffix(".pub").read_text().strip()

    def _made(self, name: str, *more: str) -> Path:
        made = self.folder / f"{name}.pem"
        if not made.exists():
            new = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650")
            _run(*new, "-keyout", made.with_suffix(".key"), "-out", made, *more)
        return made

    def _signed(self, name: str, signer: Path, names: str, kind: str) -> Path:
        made, request, more = (self.folder / f"{name}.{end}" for end in ("pem", "csr", "ext"))
        if made.exists():
            return made
        size = "rsa:1024" if kind == "short" else "rsa:2048"
        new = ("openssl", "req", "-newkey", size, "-nodes", "-subj", "/O=example.test/CN=engine")
        _run(*new, "-keyout", made.with_suffix(".key"), "-out", request)
        more.write_text(f"subjectAltName={names}\nbasicConstraints=critical,CA:FALSE\n")
        days = ("-days", "-1") if kind == "expired" else ("-days", "398")
        digest = "-sha1" if kind == "sha1" else "-sha256"
        by = ("-CA", signer, "-CAkey", signer.with_suffix(".key"), "-set_serial", "7")
        _run("openssl", "x509", "-req", digest, "-in", request, "-out", made, "-extfile", more, *by, *days)
        return made


def _run(*argv: str | Path) -> None:
    subprocess.run(argv, check=True, capture_output=True, timeout=60)


@dataclass
class Behaviour:
    """What it does otherwise than a usual engine.  *wrong* is a command and what it does wrong."""

    certificate: str = "good"
    later: str = ""
    """The certificate that it has once it was asked for its SSH key: another answers from then on."""
    newline: bool = False
    """Engines before 4.4.5 end their SSH key with one."""
    maintenance: bool = False
    legacy: bool = False
    """An engine before 3.4, which knows no version 1."""
    wrong: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """An answer of status 400."""


class Engine:
    """Serves at 127.0.0.1, or at *address*, for as long as this context."""

    def __init__(self, site: Site, behaviour: Behaviour, address: str = "127.0.0.1", port: int = 0) -> None:
        self.site, self.behaviour = site, behaviour
        self.hosts: dict[str, Host] = {}
        self.requests: list[str] = []
        self._registering = threading.Lock()
        self.server = Server(self, address, port)
        self.port: int = self.server.server_address[1]

    @contextmanager
    def serving(self) -> Iterator[Engine]:
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()
            thread.join(30)

    def answer(self, query: dict[str, str], peer: str) -> tuple[str, str]:
        """The content type and the body that answer *query*, 1.2 to 1.4 of the notes; Refusal is an error."""
        version = query.get("version", "")
        number = int(version) if re.fullmatch(r"-?[0-9]{1,9}", version) else -1
        if number != 1:
            raise Refusal(f"Invalid registration protocol version {number}")
        if "command" not in query:
            raise Refusal("command parameter is missing")
        key = self.site.ssh_key + "\n" * self.behaviour.newline
        answers = {
            "get-version": ("text/plain", "1"),
            "get-pki-trust": ("application/x-x509-ca-cert", self.site.authority.read_text()),
            "get-ssh-trust": ("text/plain;charset=ISO-8859-1", key),
        }
        if query["command"] == "register":
            with self._registering:
                self.register(query, peer)
            return "text/plain", "OK\n"
        if query["command"] not in answers:
            raise Refusal("Invalid command")
        return answers[query["command"]]

    def register(self, query: dict[str, str], peer: str) -> None:
        """Know a host, unless it is known."""
        if "uniqueId" not in query:
            raise Refusal("Unique id was not provided")
        address = query.get("address", peer)
        host: Host = {"status": PENDING, "address": address, "name": query.get("name", address)}
        for name, usual in (("sshUser", "root"), ("sshPort", "22"), ("vdsPort", "54321"), ("sshKeyFingerprint", "")):
            host[name] = query.get(name, usual)
        known = re.sub(r"[^A-Za-z0-9.:_-]", "", query["uniqueId"])
        if not address:
            raise Refusal(REFUSED.format(text="Cannot register Host - no Hostname address specified."))
        if not known:
            raise Refusal(REFUSED.format(text=f"Cannot register host '{address}' - host id is empty."))
        if self.behaviour.maintenance:
            raise Refusal(REFUSED.format(text="ENGINE_IS_RUNNING_IN_MAINTENANCE_MODE"))
        for port in (host["sshPort"], host["vdsPort"]):
            if not re.fullmatch("[0-9]{1,10}", port):
                raise Refusal(f'For input string: "{port}"')
        if not self._is_valid(known, host):
            raise Refusal(REFUSED.format(text=""))
        if known not in self.hosts:
            self._rename(host)
            self.hosts[known] = host

    def _is_valid(self, known: str, host: Host) -> bool:
        ports = all(1 <= int(host[name]) <= 65535 for name in ("sshPort", "vdsPort"))
        names = all(re.fullmatch("[0-9A-Za-z._-]{1,255}", host[name]) for name in ("name", "sshUser"))
        lengths = len(known) <= 128 and len(host["sshKeyFingerprint"]) <= 128
        return bool(ports and names and lengths and HOST_NAME.fullmatch(host["address"]))

    def _rename(self, host: Host) -> None:
        """Others of its address are renamed, and it is where its name is taken."""
        for other in self.hosts.values():
            if other["address"] == host["address"]:
                taken = {each["address"] for each in self.hosts.values()}
                news = (f"hostname-was-{host['address']}-{number}" for number in range(1, 101))
                other["address"] = next(new for new in news if new not in taken)
        names, name, number = {each["name"] for each in self.hosts.values()}, host["name"], 1
        while host["name"] in names:
            number += 1
            host["name"] = f"{name}-{number}"


class Server(ThreadingHTTPServer):
    """Serves TLS.  The handshake is made by the thread of the request, so that one client cannot hold up another."""

    daemon_threads = True

    def __init__(self, engine: Engine, address: str, port: int) -> None:
        super().__init__((address, port), Handler)
        self.engine = engine
        tls, later = (self._tls(kind or "good") for kind in (engine.behaviour.certificate, engine.behaviour.later))

        def choose(sealed: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
            if engine.behaviour.later and any("get-ssh-trust" in request for request in engine.requests):
                sealed.context = later

        tls.sni_callback = choose
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def _tls(self, kind: str) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.set_ciphers("DEFAULT:@SECLEVEL=0")  # an old one has no qualms about its own certificate
        made.load_cert_chain(self.engine.site.server(kind), self.engine.site.key(kind))
        return made

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that does not like the certificate leaves."""


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    timeout = 60
    server: Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        command = query.get("command", "")
        self.server.engine.requests.append(self.path)
        wrong = self.server.engine.behaviour.wrong.get(command, "")
        if wrong:
            self.misbehave(wrong)
        elif parts.path != SERVICE or self.server.engine.behaviour.legacy:
            self.reply(404, "text/html", "<html><body>Not Found</body></html>")
        else:
            try:
                self.reply(200, *self.server.engine.answer(query, self.client_address[0]))
            except Refusal as refusal:
                self.reply(400, "text/html;charset=UTF-8", PAGE.format(text=refusal))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.server.engine.requests.append(f"{self.command} {self.path}")
        self.reply(405, "text/html", "")

    def reply(self, status: int, kind: str, body: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.encode())

    def misbehave(self, how: str) -> None:
        """*how* is what it does, or a body to answer with."""
        if how == "garbage":
            self.wfile.write(b"\x00\xff\x1b[2J SSH-2.0-OpenSSH\r\n" * 9)
        elif how == "huge":
            self.reply(200, "text/plain", "A" * (1 << 22))
        elif how == "redirect":
            self.reply(302, "text/html", "", Location="http://elsewhere.example.test/\x1b[2J")
        elif how == "silent":
            time.sleep(60)
        elif how == "breaks-off":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
        elif how == "trickles":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
            for _count in range(10000):
                self.wfile.write(b"1")
                self.wfile.flush()
                time.sleep(TRICKLE_SECONDS)
        elif how.isdigit():
            self.reply(int(how), "text/html", "<html><style>b{}</style><b>It</b> &#27; is\x1b[2J wrong</html>")
        else:
            self.reply(200, "text/plain", how)

    def log_message(self, format: str, *values: Any) -> None:
        """Say nothing: tests read what was asked in Engine.requests."""


def main(folder: str, port: str, certificate: str = "good") -> None:
    """Serve for good, at all addresses."""
    here = Path(folder)
    engine = Engine(Site(here), Behaviour(certificate=certificate), "0.0.0.0", int(port))
    with engine.serving():
        while True:
            (here / "requests").write_text("\n".join(engine.requests))
            (here / "hosts.json").write_text(json.dumps(engine.hosts))
            time.sleep(0.2)


if __name__ == "__main__":
    main(*sys.argv[1:])
