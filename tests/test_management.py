"""The management server of a site without an engine: the example of the documentation gets what the schema says."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from brought import brought
from json_schema import wrong
from machines import MACHINES, with_
from ovirt_tui.__main__ import main
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.drift import drift
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.engine import why
from ovirt_tui.machine.report import STATE, sent
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.fingerprints import Fingerprint
from ovirt_tui.model.network import HttpsUrl
from ovirt_tui.pages.engine.page import LAST_SAID, STANDS
from ovirt_tui.pages.engine.page import standing as engine_standing
from ovirt_tui.pages.engine.settings import WANTED as ENGINE
from ovirt_tui.pages.engine.settings import asked as asked_of
from ovirt_tui.pages.management.feature import reported
from ovirt_tui.pages.management.page import WANTED, standing
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes, run
from ovirt_tui.reference.schema import DOCUMENTS, schema
from ovirt_tui.system import StepFailed
from ovirt_tui.system.engine_call import call
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.reports import Reports
from ovirt_tui.system.steps import Absent, Registered, Reported, Step
from person import at_setup
from test_engine_client import UUID, asked, digest, files, serving, site, tree
from test_setup import to_page
from testbed.engine import Site

assert site  # a fixture
SERVER = Path(__file__).parent.parent / "docs/examples/management_server.py"
NODE = with_(slot="Root")
PIN = Fingerprint(":".join(["AB"] * 32))
NAMED = (
    defaults().put("users.root_locked", True).put("management.url", HttpsUrl("https://i.example.com:8443/nodes?a=b"))
)
APPROVED = NAMED.put("management.fingerprint", PIN)


@contextmanager
def example(site: Site, folder: Path, kind: str = "good") -> Iterator[int]:
    """The server of the documentation, at a port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    folder.mkdir()
    process = subprocess.Popen((sys.executable, SERVER, str(port), site.server(kind), site.key(kind), folder),
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def step(port: int, pin: str, path: str = "/nodes") -> Reported:
    return Reported(f"https://localhost:{port}{path}", pin)


def made(folder: Path, step: Reported) -> Any:
    return Reports(tree(folder), lambda: MACHINES["many-kinds"]).make(step, lambda done, total: None)


def test_the_example_gets_what_the_schema_says(site: Site, tmp_path: Path) -> None:
    here = Reports(tree(tmp_path / "node"), lambda: MACHINES["many-kinds"])
    before = files(tmp_path / "node")
    with example(site, tmp_path / "nodes") as port:
        wanted = step(port, digest(site.authority))
        # Pinned is what the server shows; this one shows its own certificate only.
        with pytest.raises(StepFailed, match="another certificate"):
            here.make(wanted, lambda done, total: None)
        wanted = step(port, digest(site.server()))
        assert not here.holds(wanted)
        undo = here.make(wanted, lambda done, total: None)
        assert here.holds(wanted) and not here.holds(step(port, PIN))
        (report,) = (tmp_path / "nodes").iterdir()
        assert report.name == f"{UUID}.json"
        found = json.loads(report.read_text())
        assert wrong(found, schema(DOCUMENTS["report"])) == []
        assert (found["id"], found["hostname"]) == (UUID, "node1.example.test")
        assert {disk["path"] for disk in found["facts"]["disks"]} == {
            each.path for each in MACHINES["many-kinds"].disks
        }
        assert "keymaps" in found["facts"] and not found["facts"]["keymaps"]
        undo()
        assert files(tmp_path / "node") == before and not here.holds(wanted)


def test_an_authority_that_the_server_shows_can_be_pinned(site: Site, tmp_path: Path) -> None:
    with example(site, tmp_path / "nodes", "site") as port:
        found = asked("show", port)
        assert found["sha256"] == digest(site.folder / "site.pem")
        made(tmp_path / "node", step(port, found["sha256"]))


@pytest.mark.parametrize(
    ("kind", "path", "text"),
    [
        ("good", "/other", "answers with an error, HTTP 404"),
        ("expired", "/nodes", "has expired"),
        ("other-name", "/nodes", "is not one for localhost"),
    ],
)
def test_a_failure_leaves_the_node_as_it_was(site: Site, tmp_path: Path, kind: str, path: str, text: str) -> None:
    tree(tmp_path / "node")
    before = files(tmp_path / "node")
    with example(site, tmp_path / "nodes", kind) as port:
        with pytest.raises(StepFailed, match=text):
            made(tmp_path / "node", step(port, digest(site.server(kind)), path))
        assert list((tmp_path / "nodes").iterdir()) == []
    assert files(tmp_path / "node") == before


def test_who_has_another_certificate_gets_nothing(site: Site, tmp_path: Path) -> None:
    with example(site, tmp_path / "nodes") as port:
        with pytest.raises(StepFailed, match=f"{digest(site.server())}, and not {PIN}"):
            made(tmp_path / "node", step(port, PIN))
        assert list((tmp_path / "nodes").iterdir()) == []


def test_an_engine_is_no_such_server(site: Site, tmp_path: Path) -> None:
    with serving(site) as engine, pytest.raises(StepFailed, match="HTTP 405"):
        made(tmp_path / "node", step(engine.port, digest(site.server())))


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"format": "x", "id": "a"}', '{"format": "ovirt-node-report", "id": "../a"}']
)
def test_the_example_refuses_what_is_no_report(site: Site, tmp_path: Path, body: str) -> None:
    with example(site, tmp_path / "nodes") as port:
        python, *rest = call("post", "localhost", port, fingerprint=digest(site.server()), target="/nodes")
        done = subprocess.run((python, *rest), input=body, capture_output=True, text=True, timeout=60, check=True)
        assert "HTTP 400" in str(why(json.loads(done.stdout), "localhost", port))
        assert list((tmp_path / "nodes").iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        *("http://a/", "https://", "https://a b/", 'https://a/"', "https://u:p@a/", "https://a:0/", "https://a/#x"),
        *("https://[192.0.2.7]/", "https://[cafe]/", "https://[dead.beef]:8443/", "https://[::1%25eth0]/"),
    ],
)
def test_only_an_https_address_is_one(text: str) -> None:
    with pytest.raises(ValueError):
        HttpsUrl(text)


def saved(config: NodeConfig) -> FakeSystem:
    system = brought(config, NODE)
    system.earlier, system.made = system.made, []
    assert not drift(config, system, NODE)
    return system


def saving(old: NodeConfig, new: NodeConfig, system: FakeSystem) -> list[Any]:
    """The steps of a save."""
    planned = changes(SETUP, old, new, NODE, system)
    run(planned, system, lambda progress: None)
    return [step for each in planned for step in each.steps]


def test_a_save_reports_once_and_a_removed_server_is_forgotten() -> None:
    none = NAMED.put("management.url", None)
    system = saved(none)
    assert reported(APPROVED) in saving(none, APPROVED, system)
    assert sent(system.files[STATE])
    assert saving(APPROVED, APPROVED, system) == []
    assert Absent(STATE) in saving(APPROVED, none, system)
    assert STATE not in system.files and WANTED not in system.files
    assert reported(NAMED) is None
    assert [each.path for each in Draft(NODE, NAMED).doubts() if each.path == "management.fingerprint"] == [
        "management.fingerprint"
    ]


def test_the_page_says_how_it_stands_and_takes_a_certificate() -> None:
    assert standing(saved(NAMED.put("management.url", None)), NODE) == "not reported, and not to be"
    assert "not approved" in standing(saved(NAMED), NODE)
    system = saved(APPROVED)
    assert standing(system, NODE) == "reported at 2026-11-22 16:00 UTC, as 00112233-4455"
    system.files[STATE] = "{}"
    system.outputs = {STANDS: "activating", LAST_SAID: "ovirt-tui: https://i.example.com:8443/nodes?a=b: it refuses"}
    assert standing(system, NODE) == "not registered yet: it refuses"
    person, _setup = at_setup(saved=NAMED)
    shown = {"sha256": PIN, "sha1": ":".join(["CD"] * 20), "subject": "CN=i", "until": "2036", "own": True}
    person.system.outputs[call("show", "i.example.com", 8443)] = json.dumps(shown)
    to_page(person, "Management server")
    person.press("tab", "tab", "tab", "enter")
    assert "the last certificate that the server itself shows" in person.screen()
    person.press("right", "enter", "f10")
    assert "Saved." in person.screen()
    assert reported(APPROVED) in person.system.made


def test_the_command_posts_at_each_start_and_an_engine_does_not_keep_it_from_that(
    capsys: pytest.CaptureFixture[str],
) -> None:
    system = saved(APPROVED)
    assert main(["register"], lambda: system) == 0
    assert capsys.readouterr().out == "reported to https://i.example.com:8443/nodes?a=b\n"
    assert reported(APPROVED) in system.made
    assert main(["register"], lambda: saved(NAMED)) == 2
    system = saved(APPROVED)
    system.files["/etc/ovirt-node/engine"] = f"SERVER=e.example.com\nPORT=443\nFINGERPRINT={PIN}\n"
    system.fails_at = Registered("e.example.com", 443, PIN, "admin")
    assert main(["register"], lambda: system) == 1
    said = capsys.readouterr()
    assert said.out.endswith("reported to https://i.example.com:8443/nodes?a=b\n") and "could not" in said.err


@pytest.mark.parametrize("both_fail", [False, True])
def test_each_page_says_how_it_stands_with_its_own_server(
    capsys: pytest.CaptureFixture[str], both_fail: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One service tries both, and what it said last may be of the other."""
    system = saved(APPROVED)
    del system.files[STATE]
    system.files[ENGINE] = asked_of("e.example.com", 443, PIN)
    make = system.make

    def failing(step: Step, *more: Any) -> Any:
        if isinstance(step, Registered) or (both_fail and isinstance(step, Reported)):
            raise StepFailed("nobody answers" if isinstance(step, Registered) else "it is full")
        return make(step, *more)

    monkeypatch.setattr(system, "make", failing)
    assert main(["register"], lambda: system) == 1
    said = capsys.readouterr()
    system.outputs = {STANDS: "activating", LAST_SAID: said.err + said.out}
    assert engine_standing(system, NODE) == "not registered yet: nobody answers"
    assert standing(system, NODE).startswith("not registered yet: it is full" if both_fail else "reported at")


def test_a_line_says_the_same() -> None:
    reading = read(f"node.register=https://i.example.com/nodes node.register_fingerprint={PIN}")
    assert reading.complaints == []
    (wrong,) = read(f"node.register_fingerprint={PIN}").complaints
    assert "needs node.register" in str(wrong)
