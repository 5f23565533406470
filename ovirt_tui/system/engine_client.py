"""Speaks protocol version 1 of an oVirt Engine's host-register service, or posts to a server of another kind.

It prints what came of it as JSON.  Its argument is a request as JSON: what to "do", the "server" and its "port".  To
"look" at the certificate of an engine, or "show" that of another server, needs no more; to "register" needs the
approved "fingerprint" and the "parameters" of the protocol, to "post" the fingerprint and the "target"; what is posted
is read from the standard input.  What went wrong is "failed" in
the answer, a code of ovirt_tui/machine/engine.py, and "why", the values of its sentence.

Runs as a separate process and imports nothing of ours: what waits for a name server cannot be given up otherwise.
Always TLS.  The certificate is only left unchecked while the one to check by is fetched: nothing that came this way is
used, but for a certificate whose fingerprint somebody approved, and no more is sent before the server has proved by it
that it has the name by which it was called.  An engine signs a certificate for each of its hosts, so the name counts.
"""

import base64
import errno
import hashlib
import http.client
import json
import os
import re
import socket
import ssl
import sys
import threading
import time
import urllib.parse
from typing import Any

SECONDS = 20
"""For all of it."""
CONNECT_SECONDS = 8
"""For each address of the server."""
LARGEST = 1 << 16
"""Bytes of an answer."""
MOST_SAID = 200
"""Characters of what a server says that are shown."""
SERVICE = "/ovirt-engine/services/host-register"
CERTIFICATE = re.compile(r"\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*")
KEY = re.compile(r"(ssh-(rsa|ed25519)|ecdsa-sha2-\S+)\s+[A-Za-z0-9+/]+=*(\s+\S+)?\s*")
EXPIRED, NOT_YET, OTHER_NAME, OTHER_ADDRESS = 10, 9, 62, 64
SHORT_KEY, SHORT_KEY_OF_SIGNER, WEAK_DIGEST = 66, 67, 68
"""Of OpenSSL's X509_V_ERR_...; whatever else is wrong with a certificate, nobody known has signed it."""
UNCHECKED = {
    EXPIRED: "expired",
    NOT_YET: "not-yet",
    **dict.fromkeys((OTHER_NAME, OTHER_ADDRESS), "other-name"),
    **dict.fromkeys((SHORT_KEY, SHORT_KEY_OF_SIGNER, WEAK_DIGEST), "weak"),
}
SHORT = {"commonName": "CN", "organizationName": "O", "organizationalUnitName": "OU", "countryName": "C"}
"""Names of names, as openssl shows them."""
NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL)
Answer = dict[str, Any]


class Failed(Exception):
    """It went wrong: a code, and the values of its sentence."""

    def __init__(self, code: str, **why: str) -> None:
        super().__init__(code)
        self.answer: Answer = {"failed": code, "why": why}


class Server:
    """The server.  *doing* is what it is waited for."""

    def __init__(self, server: str, port: int) -> None:
        self.server, self.port, self.doing = server, port, "name"
        self.chain: tuple[bytes, ...] = ()
        """The certificates that it showed last, its own first, in DER."""
        self.local = ""
        """The address of this host by which it was reached last."""
        self.shown: dict[str, Any] = {}
        """What is in its own certificate, where that was checked."""

    def get(self, command: str, by: bytes | None, **parameters: str) -> str:
        """The answer to a *command*.  Its certificate is checked by *by*, in DER; by None only to fetch that one."""
        query = urllib.parse.urlencode({"version": "1", "command": command, **parameters}, quote_via=urllib.parse.quote)
        status, location, text = self.ask("GET", f"{SERVICE}?{query}", by)
        if status != http.client.OK:
            raise told(status, location, text)
        return text

    def shake(self, by: bytes | None) -> None:
        """Have it show its certificates, of which it is checked by *by*."""
        self._sealed(context(by)).close()

    def ask(self, method: str, target: str, by: bytes | None, body: bytes | None = None) -> tuple[int, str, str]:
        """The status, the Location and the body of the answer to a request."""
        headers = {"User-Agent": "ovirt-node", "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPSConnection(self.server, self.port)
        connection.sock = self._sealed(context(by))
        self.doing = "answer"
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            said = answer.read(LARGEST + 1)
        except (http.client.HTTPException, ValueError) as error:
            raise Failed("garbage", what=type(error).__name__) from error
        except ssl.SSLError as error:
            raise Failed("broken-off", error=str(error.reason)) from error
        except OSError as error:
            raise Failed("broken-off", error=error.strerror or str(error)) from error
        finally:
            connection.close()
        if len(said) > LARGEST:
            raise Failed("too-much", most=str(LARGEST >> 10))
        return answer.status, answer.getheader("Location") or "", said.decode(errors="replace")

    def _sealed(self, tls: ssl.SSLContext) -> ssl.SSLSocket:
        """A connection on which the server has proved who it is, as far as *tls* asks for that."""
        plain = self._plain()
        self.local = plain.getsockname()[0].partition("%")[0]
        self.doing = "tls"
        try:
            sealed = tls.wrap_socket(plain, server_hostname=self.server)
        except ssl.SSLCertVerificationError as error:
            plain.close()
            clock = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
            raise Failed(UNCHECKED.get(error.verify_code, "stranger"), clock=clock) from error
        except (OSError, ValueError) as error:  # ValueError: of a host that is no name
            plain.close()
            reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
            raise Failed("no-tls", error=str(reason)) from error
        self.chain, self.shown = certificates(sealed), dict(sealed.getpeercert() or {})
        return sealed

    def _plain(self) -> socket.socket:
        try:
            found = socket.getaddrinfo(self.server, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise Failed("unknown-name", error=getattr(error, "strerror", None) or str(error)) from error
        self.doing = "connect"
        last: OSError = OSError(errno.EADDRNOTAVAIL, "no address")
        for family, kind, protocol, _name, address in found:
            made = socket.socket(family, kind, protocol)
            made.settimeout(CONNECT_SECONDS)
            try:
                made.connect(address)
            except OSError as error:
                made.close()
                last = error
            else:
                made.settimeout(SECONDS)
                return made
        if isinstance(last, TimeoutError):
            raise Failed("silent-connect", seconds=str(CONNECT_SECONDS)) from last
        if isinstance(last, ConnectionRefusedError):
            raise Failed("refused") from last
        code = "no-route" if last.errno in NO_ROUTE else "unreachable"
        raise Failed(code, error=last.strerror or str(last)) from last


def context(by: bytes | None) -> ssl.SSLContext:
    """How a server is checked: by the certificate *by*, its own or one that signed it, and by its name."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if by is None:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    else:
        made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # what is approved need not be the root of all
        made.load_verify_locations(cadata=by)
    return made


def certificates(sealed: ssl.SSLSocket) -> tuple[bytes, ...]:
    """All that the server has shown, in DER.  Python has a public function for it from 3.13 on."""
    if hasattr(sealed, "get_unverified_chain"):
        return tuple(sealed.get_unverified_chain())
    found = sealed._sslobj.get_unverified_chain() or ()  # type: ignore[attr-defined]
    return tuple(ssl.PEM_cert_to_DER_cert(each.public_bytes()) for each in found)


def told(status: int, location: str, text: str, *, engine: bool = True) -> Failed:
    """What a status that is no success says, of an *engine* or another.  The page of an error is shown as text."""
    if status in range(300, 400):
        return Failed("redirect", to=location[:MOST_SAID])
    said = " ".join(re.sub(r"(?s)<(style|script|title).*?</\1>|<[^>]*>", " ", text).split())[:MOST_SAID]
    if engine and status == http.client.BAD_REQUEST:
        return Failed("bad-request", said=said)
    return Failed(
        "no-service" if engine and status == http.client.NOT_FOUND else "status", status=str(status), said=said
    )


def authority(text: str) -> bytes:
    """The one certificate that *text*, the answer to get-pki-trust, is, in DER."""
    found = CERTIFICATE.fullmatch(text)
    try:
        der = base64.b64decode("".join(found[1].split()), validate=True) if found else b""
        context(None).load_verify_locations(cadata=der)
    except (ValueError, ssl.SSLError) as error:
        raise Failed("no-certificate") from error
    return der


def print_of(certificate: bytes, digest: str = "sha256") -> str:
    """The fingerprint of a certificate, as AB:CD:..."""
    return hashlib.new(digest, certificate, usedforsecurity=False).digest().hex(":").upper()


def introduce(engine: Server) -> bytes:
    """Have the server say that it speaks this protocol; return the certificate of its own authority, unchecked."""
    version = engine.get("get-version", None).strip()
    if not re.fullmatch("[1-9][0-9]{0,3}", version):
        raise Failed("garbage", what="get-version")
    return authority(engine.get("get-pki-trust", None))


def look(engine: Server) -> Answer:
    """The certificate by which this server can be checked: that of the engine's own authority, where it signed.

    Where the site has given the web server another certificate, or the authority signed by SHA-1, as engines before
    3.6 have it, it is the last that the server itself shows.
    """
    own = introduce(engine)
    by = own
    try:
        engine.get("get-version", own)
    except Failed as failure:
        if failure.answer["failed"] not in ("stranger", "weak"):
            raise
        by = engine.chain[-1]
        engine.get("get-version", by)
    return described(engine, by) | {"own": by == own}


def show(server: Server) -> Answer:
    """The certificate by which another server can be checked: the last of those that it shows."""
    server.shake(None)
    by = server.chain[-1]
    server.shake(by)
    return described(server, by) | {"own": True}


def described(server: Server, by: bytes) -> Answer:
    """What people compare of the certificate *by*."""
    seen = context(by).get_ca_certs()
    what: dict[str, Any] = seen[0] if seen else server.shown
    return {
        "sha256": print_of(by),
        "sha1": print_of(by, "sha1"),
        "subject": ", ".join(
            f"{SHORT.get(name, name)}={text}" for part in what.get("subject", ()) for name, text in part
        ),
        "until": str(what.get("notAfter", "")),
    }


def pinned(known: tuple[bytes, ...], fingerprint: str) -> bytes:
    """The certificate that was approved, of those that the server has shown."""
    digest = "sha256" if fingerprint.count(":") == 31 else "sha1"
    for each in known:
        if print_of(each, digest) == fingerprint:
            return each
    raise Failed("other-fingerprint", found=print_of(known[0], digest), approved=fingerprint)


def register(engine: Server, fingerprint: str, parameters: dict[str, str]) -> Answer:
    """Have the engine know this host by the address that leads to it; that, and the engine's SSH key."""
    own = introduce(engine)
    by = pinned((own, *engine.chain), fingerprint)
    try:
        key = engine.get("get-ssh-trust", by)
    except Failed as failure:
        if failure.answer["failed"] == "stranger" and by == own:
            raise Failed("other-authority", found=print_of(engine.chain[-1])) from failure
        raise
    if not KEY.fullmatch(key):
        raise Failed("no-key")
    address = engine.local
    engine.get("register", by, address=address, **parameters)
    return {"key": key.strip(), "address": address}


def post(server: Server, fingerprint: str, target: str, body: bytes) -> Answer:
    """Post JSON; whatever the answer, it counts when its status is one of success."""
    server.shake(None)
    by = pinned(server.chain[::-1], fingerprint)
    status, location, text = server.ask("POST", target, by, body)
    if status not in range(200, 300):
        raise told(status, location, text, engine=False)
    return {"address": server.local}


def answer(request: Answer, engine: Server, body: bytes = b"") -> Answer:
    """What came of a *request*."""
    try:
        if request["do"] == "look":
            return look(engine)
        if request["do"] == "show":
            return show(engine)
        if request["do"] == "post":
            return post(engine, request["fingerprint"], request["target"], body)
        return register(engine, request["fingerprint"], request["parameters"])
    except Failed as failure:
        return failure.answer


def main(argument: str, seconds: float = SECONDS) -> int:
    """Print what comes of a request within *seconds*; after that, what it was waiting for."""
    request = json.loads(argument)
    body = sys.stdin.buffer.read() if request["do"] == "post" else b""
    engine = Server(request["server"], request["port"])
    found: list[Answer] = []
    work = threading.Thread(target=lambda: found.append(answer(request, engine, body)), daemon=True)
    work.start()
    work.join(seconds)
    if work.is_alive():
        found.append({"failed": f"silent-{engine.doing}", "why": {"seconds": str(int(seconds))}})
    if not found:
        return 1
    print(json.dumps(found[0]), flush=True)
    os._exit(0)  # a thread that waits for a name server would be waited for


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
