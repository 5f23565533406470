"""An image on a web server: fetched whole, or not at all."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ovirt_tui.machine.images import is_url
from ovirt_tui.system import StepFailed, fetch, fetched

ROOT = Path(__file__).parent.parent
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
        if with_body and self.path == "/drip":
            with suppress(OSError):  # until nobody listens any more
                for number in range(60):
                    self.wfile.write(BODY[number : number + 1])
                    time.sleep(0.5)
        elif with_body:
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


@pytest.mark.parametrize("path", ["/unsaid", "/nonsense"])
def test_a_length_that_is_not_said_does_not_fill_the_volume(
    path: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guests write there, and stop where they cannot."""
    assert fetch.SPARE == fetched.SPARE
    free = iter([2 * fetch.SPARE, fetch.SPARE])
    monkeypatch.setattr(fetch, "_free", lambda _handle: next(free))
    with pytest.raises(OSError, match="no room for more than its first 1 MiB"):
        fetch.get(server + path, str(tmp_path / "image.iso"))


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


def test_who_interrupts_a_fetch_does_not_wait_for_its_server(server: str, tmp_path: Path) -> None:
    """As Ctrl-C does: else the saving of settings would be locked as long as the server likes."""
    folder = tmp_path / "upgrade"
    script = "import signal, sys; from pathlib import Path; from ovirt_tui.system import fetched\n"
    # a shell that starts the tests in the background has them, and all they start, ignore the key
    script += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    script += "with fetched.fetched(sys.argv[1], lambda *_: print('told', flush=True), Path(sys.argv[2])): pass\n"
    argv = (sys.executable, "-c", script, f"{server}/drip", str(folder))
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        assert process.stdout
        assert process.stdout.readline() == b"told\n"
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)
    assert not folder.exists()
    assert not subprocess.run(("pgrep", "-f", str(folder)), capture_output=True, check=False).stdout
