"""An image on a web server: fetched whole, or not at all."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ovirt_tui.machine.images import is_url
from ovirt_tui.system import StepFailed, fetched

BODY = b"image" * 300_000
told: list[tuple[int, int]] = []


class Server(BaseHTTPRequestHandler):
    """Answers by the path."""

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def answer(self, *, with_body: bool) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/image.iso")
            self.end_headers()
            return
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "file:///etc/shadow")
            self.end_headers()
            return
        if self.path == "/nowhere":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{'9' * 30}/")
            self.end_headers()
            return
        if self.path == "/absent":
            self.send_error(404)
            return
        length = {"/huge": 1 << 50, "/short": len(BODY) + 10, "/nonsense": "9" * 5000}.get(self.path, len(BODY))
        self.send_response(200)
        if self.path != "/unsaid":
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if with_body:
            self.wfile.write(BODY)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()


def got(url: str, folder: Path) -> bytes:
    with fetched.fetched(url, lambda done, total: told.append((done, total)), folder) as path:
        return Path(path).read_bytes()


@pytest.mark.parametrize("path", ["/image.iso", "/moved", "/unsaid", "/nonsense"])
def test_a_file_is_there_until_the_end(path: str, server: str, tmp_path: Path) -> None:
    folder = tmp_path / "upgrade"
    folder.mkdir()
    (folder / "image.iso").write_bytes(b"left by an upgrade that was cut off")
    assert got(server + path, folder) == BODY
    assert not folder.exists()


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/absent", "404"),
        ("/short", r"bytes arrived|IncompleteRead"),
        ("/huge", "Data has room"),
        ("/away", "cannot be fetched"),
        ("/nowhere", "cannot be fetched"),
    ],
)
def test_what_does_not_come_whole_is_said_and_not_kept(path: str, why: str, server: str, tmp_path: Path) -> None:
    folder = tmp_path / "upgrade"
    with pytest.raises(StepFailed, match=why):
        got(server + path, folder)
    assert not folder.exists()


def test_no_room_is_said_before_a_byte_is_fetched(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(fetched.shutil, "disk_usage", lambda _path: usage._replace(free=fetched.SPARE + 1))
    with pytest.raises(StepFailed, match="has 2 MiB, and Data has room for 0 MiB more"):
        got(f"{server}/image.iso", tmp_path / "upgrade")


def test_a_server_that_is_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match=r"cannot be fetched: .*refused"):
        got("http://127.0.0.1:9/image.iso", tmp_path / "upgrade")


def test_without_data_there_is_no_room_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetched, "is_mounted", lambda _path: False)
    with pytest.raises(StepFailed, match="no volume Data"), fetched.fetched("http://127.0.0.1:9/x", lambda *_: None):
        pass


@pytest.mark.parametrize("text", ["http://a/b", "https://a.example.com:8443/b.iso?x=1", "HTTP://[::1]/x"])
def test_urls(text: str) -> None:
    assert is_url(text)


@pytest.mark.parametrize(
    "text", ["/data/x.iso", "ftp://a/b", "file:///etc/shadow", "http://user:pw@a/b", "http:///x", ""]
)
def test_what_is_no_url_is_a_file(text: str) -> None:
    assert not is_url(text)


@pytest.mark.parametrize("do", ["length", "get"])
def test_a_program_that_fails_without_a_word_of_its_own_has_fetched_nothing(
    do: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "fetch.py"
    broken.write_text(f"import sys\nif sys.argv[1] == {do!r}:\n    raise RuntimeError('out of its depth')\n")
    monkeypatch.setattr(fetched, "FETCH", broken)
    with pytest.raises(StepFailed, match="cannot be fetched: RuntimeError: out of its depth"):
        got(f"{server}/image.iso", tmp_path / "upgrade")
