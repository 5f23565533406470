"""The server that gets what a node measures: where a line, a page and a node say it is."""

from __future__ import annotations

import pytest

from brought import brought
from machines import PLAIN, with_
from ovirt_tui.autoinstall import lens
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.lens import words
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.drift import drift
from ovirt_tui.features.observation import Strange
from ovirt_tui.features.order import defaults
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.secrets import Passphrase
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.pages.monitoring import FILE, CollectdUser, Security
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes
from ovirt_tui.plan.saved import saved_config
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import Absent, Restart
from test_parity import fills

NODE = with_(slot="Root")
PLAINLY = defaults().put("users.root_locked", True).put("network.nic", NicSelector("eth0"))
SENT = PLAINLY.put("monitoring.server", Hostname("stats.example.com"))

WORD = "Password#{server}<5"
SEALED = (
    SENT.put("monitoring.security", Security.ENCRYPT)
    .put("monitoring.user", CollectdUser("node1"))
    .put("monitoring.password", Passphrase(WORD))
)


def saved(config: NodeConfig) -> FakeSystem:
    """A node on which *config* was saved, and of which nothing is to be done."""
    system = brought(config, NODE)
    system.earlier, system.made = system.made, []
    assert not drift(config, system, NODE)
    return system


@pytest.mark.parametrize(
    ("line", "server", "port"),
    [
        ("collectd=stats.example.com", "stats.example.com", "7634"),
        ("collectd=192.0.2.7:25826", "192.0.2.7", "25826"),
        ("collectd=2001:db8::7", "2001:db8::7", "7634"),
        ("collectd=[2001:db8::7]:25826", "2001:db8::7", "25826"),
    ],
)
def test_a_line_says_the_server_and_is_said_again(line: str, server: str, port: str) -> None:
    assert fills(line) == {"monitoring.server": server, "monitoring.port": port}
    draft = Draft(PLAIN)
    list(lens.put(draft, read(line, agree=False)))
    assert words(draft.config) == (line,)


@pytest.mark.parametrize("wrong", ["a b", "-x", "192.0.2.7:0", "192.0.2.7:66666", "[192.0.2.7]:1", "1:2:3", ":7634"])
def test_what_is_no_server_is_refused(wrong: str) -> None:
    (complaint,) = read(f'collectd="{wrong}"').complaints
    assert (complaint.parameter, complaint.path) == ("collectd", "monitoring.server")


def test_what_is_emptied_is_removed_and_collectd_sees_it() -> None:
    steps = [step for each in changes(SETUP, SENT, PLAINLY, NODE, saved(SENT)) for step in each.steps]
    assert Absent(FILE) in steps and Restart("collectd.service") in steps


def test_what_was_changed_outside_is_found() -> None:
    system = saved(SENT)
    text = system.files[FILE]
    system.files[FILE] = text.replace('"7634"', '"25826"').replace("stats.", "other.")
    found = {each.path: each.here for each in drift(SENT, system, NODE).differences}
    assert found == {"monitoring.server": "other.example.com", "monitoring.port": "25826"}
    system.files[FILE] = text.replace('"7634"', '"a port"')
    assert [each.seen for each in drift(SENT, system, NODE).differences] == [Strange("monitoring.port", FILE)]
    system.files[FILE] = "LoadPlugin csv\n"
    assert [each.path for each in drift(SENT, system, NODE).differences] == ["monitoring.server"]
    del system.files[FILE]
    assert {each.path for each in drift(SENT, system, NODE).differences} == {"monitoring.server"}


def test_without_a_network_it_is_doubted() -> None:
    draft = Draft(NODE, SENT)
    assert draft.doubts() == []
    draft.config = SENT.put("network.nic", None)
    assert [each.path for each in draft.doubts()] == ["monitoring.server"]


def test_a_signature_needs_a_user_and_a_password() -> None:
    wrong = read("collectd=192.0.2.7 collectd_security=sign")
    draft = Draft(NODE)
    list(lens.put(draft, wrong))
    assert {each.path for each in draft.problems()} >= {"monitoring.user", "monitoring.password"}
    list(lens.put(draft, read(f'collectd_user=node1 collectd_password="{WORD}"')))
    assert not [each for each in draft.problems() if each.path.startswith("monitoring.")]
    list(lens.put(draft, read("collectd_security=none")))
    assert not [each for each in draft.problems() if each.path.startswith("monitoring.")]


def test_a_password_is_in_the_file_of_collectd_and_nowhere_else() -> None:
    system = saved(SEALED)
    level, user, password = (line.strip() for line in system.files[FILE].splitlines()[4:7])
    assert (level, user, password) == ("SecurityLevel Encrypt", 'Username "node1"', f'Password "{WORD}"')
    assert [path for path, text in system.files.items() if WORD in text] == [FILE]
    assert WORD not in repr(system.earlier) + " ".join(map(str, system.earlier)) + " ".join(words(SEALED))
    assert saved_config(system, NODE) == SEALED, "a Save keeps it"
    less = SEALED.put("monitoring.security", Security.NONE)
    assert [path for path, text in brought(less, NODE).files.items() if WORD in text] == []


def test_what_was_changed_of_the_security_is_found_and_not_told() -> None:
    system = saved(SEALED)
    system.files[FILE] = system.files[FILE].replace("Encrypt", "Sign").replace(WORD, "anOther").replace("node1", "x")
    found = {each.path: each.here for each in drift(saved_config(system, NODE), system, NODE).differences}
    assert found == {"monitoring.security": "sign", "monitoring.user": "x"}
    system.files[FILE] = system.files[FILE].replace("Sign", "Perhaps")
    assert "monitoring.security" in {each.path for each in drift(SEALED, system, NODE).differences}
