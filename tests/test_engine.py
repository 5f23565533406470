"""The engine of a node: what words and pages say of it, what a Save does, and what is said of how it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from brought import brought
from machines import PLAIN, with_
from ovirt_tui.__main__ import main
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.drift import drift
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.engine import FAILURES, STATE, heard, keys_of, registration, why
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.fingerprints import Fingerprint
from ovirt_tui.model.network import Hostname, HttpsUrl
from ovirt_tui.model.values import Unfit
from ovirt_tui.pages.engine.feature import register, registered
from ovirt_tui.pages.engine.page import LAST_SAID, STANDS, WANTED, standing
from ovirt_tui.pages.status import registered as everywhere
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes, run
from ovirt_tui.system import StepFailed
from ovirt_tui.system.engine_call import call
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import Absent, File, Registered
from person import Person, at_setup
from test_parity import fills
from test_setup import to_page

NODE = with_(slot="Root")
PIN, OTHER = Fingerprint(":".join(["AB"] * 32)), Fingerprint(":".join(["0F"] * 32))
PLAIN_NODE = defaults().put("users.root_locked", True)
NAMED = PLAIN_NODE.put("engine.server", Hostname("engine.example.com"))
APPROVED = NAMED.put("engine.fingerprint", PIN)
LOOK = call("look", "engine.example.com", 443)
SHOWN = {"sha256": PIN, "sha1": ":".join(["CD"] * 20), "subject": "CN=engine\x1b[2J", "until": "2036", "own": True}


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


@pytest.mark.parametrize(
    ("line", "server", "port"),
    [
        ("management_server=engine.example.com", "engine.example.com", "443"),
        ("management_server=https://engine.example.com/", "engine.example.com", "443"),
        ("managment_server=engine.example.com:8443", "engine.example.com", "8443"),
        ("management_server=192.0.2.9 management_server_port=8443", "192.0.2.9", "8443"),
        ("management_server=[2001:db8::9]:8443 management_port=8443", "2001:db8::9", "8443"),
    ],
)
def test_the_line_names_an_engine(line: str, server: str, port: str) -> None:
    assert fills(line) == {"engine.server": server, "engine.port": port}


def test_a_fingerprint_is_taken_as_it_is_written_anywhere() -> None:
    for text in (
        PIN,
        PIN.lower(),
        PIN.replace(":", ""),
        f"sha256:{PIN.lower()}",
        f" SHA-256={PIN}\n",
        f"sha256:{'ab' * 32}",
    ):
        assert Fingerprint(text) == PIN
    assert Fingerprint("ab" * 20).octets == 20
    for text in ("", "AB", PIN[:-1], f"{PIN}:AB", "xy" * 32, ":".join(["AB"] * 31)):
        with pytest.raises(ValueError):
            Fingerprint(text)
    with pytest.raises(Unfit, match="MD5"):
        Fingerprint(":".join(["AB"] * 16))


def test_a_password_of_root_does_not_let_it_in_over_ssh() -> None:
    found = understand(read("engine_admin_password=$6$salt$hash"), PLAIN)
    assert found.config.get("users.root_password") and not found.config.get("users.ssh_password_login")
    assert any("over SSH root never gets in" in str(note) for note in found.notes)


def test_without_a_fingerprint_nobody_is_asked() -> None:
    assert registered(NAMED) is None and registered(APPROVED.put("engine.server", None)) is None
    draft = Draft(NODE, NAMED)
    assert [each.path for each in draft.doubts() if each.path.startswith("engine.f")] == ["engine.fingerprint"]
    assert not [step for step in saving(PLAIN_NODE, NAMED, saved(PLAIN_NODE)) if isinstance(step, Registered)]


def test_a_save_registers_once() -> None:
    system = saved(PLAIN_NODE)
    assert registered(APPROVED) in saving(PLAIN_NODE, APPROVED, system)
    assert registration(system.files[STATE]) and keys_of("admin") in system.files
    assert not drift(APPROVED, system, NODE)
    assert saving(APPROVED, APPROVED, system) == []


def test_an_engine_that_is_removed_gets_in_no_more() -> None:
    for config in (PLAIN_NODE, NAMED.put("engine.server", Hostname("other.example.com"))):
        system = saved(APPROVED)
        steps = saving(APPROVED, config, system)
        assert Absent(STATE) in steps and Absent(keys_of("admin")) in steps
        assert STATE not in system.files and keys_of("admin") not in system.files
        assert (WANTED in system.files) == bool(config.get("engine.server"))


def test_a_refusal_leaves_the_node_as_it_was_and_asks_the_old_engine_nothing() -> None:
    system = saved(APPROVED)
    files = dict(system.files)
    other = APPROVED.put("engine.fingerprint", OTHER)
    system.fails_at = registered(other)
    with pytest.raises(StepFailed):
        saving(APPROVED, other, system)
    assert system.files == files
    assert registered(APPROVED) not in system.made


def test_an_engine_that_does_not_answer_holds_up_no_save_of_another_page() -> None:
    """A new node has not registered yet: that is for its unit to try again."""
    system = saved(APPROVED)
    system.earlier = [step for step in system.earlier if not isinstance(step, Registered)]
    system.fails_at = registered(APPROVED)
    steps = saving(APPROVED, APPROVED.put("network.hostname", Hostname("node7")), system)
    assert not [step for step in steps if isinstance(step, Registered)]


@pytest.mark.parametrize(
    ("text", "path"),
    [("SERVER=a b\n", "engine.server"), ("SERVER=e.example.com\nPORT=0\n", "engine.port"),
     ("SERVER=e.example.com\nPORT=1\nFINGERPRINT=AB\n", "engine.fingerprint")],
)  # fmt: skip
def test_what_was_changed_outside_is_found(text: str, path: str) -> None:
    system = saved(APPROVED)
    system.files[WANTED] = text
    assert path in {each.path for each in drift(APPROVED, system, NODE).differences}
    saving(APPROVED, APPROVED, system)
    assert not drift(APPROVED, system, NODE)


def says(system: FakeSystem) -> str:
    return standing(system, NODE)


def test_the_page_says_how_it_stands() -> None:
    assert says(saved(PLAIN_NODE)) == "not registered, and not to be"
    assert says(saved(NAMED)) == "not registered: its certificate is not approved yet"
    system = saved(APPROVED)
    assert says(system) == (
        "registered with engine.example.com since 2026-11-22 16:00 UTC, as 00112233-4455-6677-8899-aabbccddeeff"
    )
    whole = system.files[STATE]
    system.files[STATE] = whole.replace("AB:AB", "AC:AC")
    assert "registered with" not in says(system), "but by another certificate"
    del system.files[STATE]
    assert says(system).startswith("not registered yet, and what was tried is unknown")
    system.outputs = {STANDS: "activating\n", LAST_SAID: ""}
    assert says(system) == "not registered yet: not tried since the start"
    system.outputs[LAST_SAID] = "ovirt-tui: engine.example.com: e refuses\x1b[2J\n"
    assert says(system) == "not registered yet: e refuses\\x1b[2J"
    system.outputs[STANDS] = "failed\n"
    assert says(system) == "not registered, and given up until the next start: e refuses\\x1b[2J"
    system.files[STATE] = '{"server": 7}'
    assert "given up" in says(system)


def test_the_first_page_says_how_it_stands_with_each_server() -> None:
    assert everywhere(saved(PLAIN_NODE), NODE) == "none"
    system = saved(NAMED.put("management.url", HttpsUrl("https://inventory.example.com/")))
    assert everywhere(system, NODE).splitlines() == [
        "oVirt Engine: not registered: its certificate is not approved yet",
        "Management server: not reported: its certificate is not approved yet",
    ]
    assert everywhere(saved(APPROVED), NODE).startswith("oVirt Engine: registered with engine.example.com since 2026")


def test_the_first_page_says_why_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def text(path: str) -> str:
        raise StepFailed(f"{path} cannot be read")

    system = saved(PLAIN_NODE)
    monkeypatch.setattr(system, "text", text)
    assert everywhere(system, NODE).splitlines()[0] == f"oVirt Engine: unknown: {WANTED} cannot be read"


def at_engine(config: NodeConfig = NAMED, **answers: object) -> Person:
    person, _setup = at_setup(saved=config)
    person.system.outputs[LOOK] = json.dumps(answers)
    to_page(person, "oVirt Engine")
    return person


def fetch(person: Person) -> None:
    person.press("tab", "tab", "tab", "tab", "enter")


def test_a_certificate_is_approved_and_the_node_registers() -> None:
    person = at_engine(**SHOWN)
    fetch(person)
    screen = person.screen()
    for half in (PIN[:48], PIN[48:], SHOWN["sha1"]):
        assert str(half) in screen
    assert "more below" not in screen and "only if it is the same" in " ".join(screen.replace("│", " ").split())
    assert "CN=engine\\x1b[2J" in screen and "the engine's own authority." in screen
    person.press("right", "enter")
    assert "AB:AB" in person.screen()
    person.press("f10")
    person.prove()
    assert "Saved." in person.screen()
    assert any(isinstance(step, Registered) for step in person.system.made)


def test_a_certificate_that_is_not_approved_changes_nothing() -> None:
    person = at_engine(**{**SHOWN, "own": False})
    fetch(person)
    assert "did not sign for its web server" in person.screen()
    person.press("enter")
    assert "AB:AB" not in person.screen() and "not saved" not in person.screen()


@pytest.mark.parametrize("code", FAILURES)
def test_what_went_wrong_is_a_sentence(code: str) -> None:
    said = dict.fromkeys(("error", "seconds", "clock", "found", "approved", "what", "to", "said"), "x\x1b[2J")
    person = at_engine(failed=code, why={**said, "most": "64", "status": "500"})
    fetch(person)
    assert "\x1b" not in person.screen() and "Approve" not in person.screen()
    assert "engine" in person.screen()


def test_an_answer_that_is_none_is_said() -> None:
    for text in ("", "[]", "{", '{"failed": "never heard of"}', '{"failed": 7, "why": 3}'):
        assert "came to nothing" in str(why(heard(text), "e", 1))


def test_what_a_file_says_of_a_registration_is_data() -> None:
    whole = saved(APPROVED).files[STATE]
    found = registration(whole)
    assert found and found.server == "engine.example.com"
    for text in ("", "{}", "[]", whole.replace('"443"', "443"), whole.replace("at", "when"), "\x00"):
        assert registration(text) is None


def commanded(system: FakeSystem, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = main(["register"], lambda: system)
    out = capsys.readouterr()
    return status, out.out, out.err


def test_the_command_registers_what_is_to_be_and_tells(capsys: pytest.CaptureFixture[str]) -> None:
    assert commanded(FakeSystem(PLAIN), capsys)[::2] == (2, "ovirt-tui: this is no installed node\n")
    assert commanded(saved(PLAIN_NODE), capsys) == (0, "neither an engine nor a management server is set\n", "")
    assert commanded(saved(NAMED), capsys)[0] == 2
    system = saved(APPROVED)
    assert "already" in commanded(system, capsys)[1]
    system.earlier = [step for step in system.earlier if not isinstance(step, Registered)]
    assert commanded(system, capsys)[1].startswith("registered with engine.example.com; its administrator")
    assert registered(APPROVED) in system.made
    system.made.clear()
    system.fails_at = registered(APPROVED)
    status, _out, err = commanded(system, capsys)
    assert status == 1 and err.startswith("ovirt-tui: engine.example.com: could not be registered")


def test_what_is_written_is_what_the_unit_waits_for() -> None:
    (step,) = (each for each in register.steps(APPROVED, PLAIN, None) if isinstance(each, File))  # type: ignore[arg-type]
    unit = (house_unit()).splitlines()
    assert f"ConditionPathExists=|{step.path}" in unit and "SyslogIdentifier=ovirt-node-engine" in unit


def house_unit() -> str:
    from pathlib import Path

    return Path("image/overlay/usr/lib/systemd/system/ovirt-node-engine.service").read_text()
