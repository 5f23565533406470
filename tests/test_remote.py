"""Storage on other machines: who the node is to it, what a node says of itself, and the paths to its disks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from brought import brought
from machines import PLAIN, with_
from ovirt_tui.features.drift import drift
from ovirt_tui.features.observation import Strange
from ovirt_tui.features.order import defaults
from ovirt_tui.features.resolution import resolve
from ovirt_tui.features.rules import SETUP_RULES, doubts, wrong
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import ChapName, DomainName, IscsiName, IscsiTarget
from ovirt_tui.model.secrets import Passphrase
from ovirt_tui.pages import Answer
from ovirt_tui.pages.remote import live
from ovirt_tui.pages.remote.discovery import DISCOVER, MOST, discover
from ovirt_tui.pages.remote.feature import DOMAIN, NAMER, OWN
from ovirt_tui.pages.remote.live import INITIATOR, MAPS
from ovirt_tui.pages.remote.targets import LOGIN, TARGETS
from ovirt_tui.plan.actions import SAVED, SETUP
from ovirt_tui.plan.runner import changes, run
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.iscsi import wanted
from ovirt_tui.system.steps import Absent, File, Restart

NODE = with_(slot="Root")
TARGET = IscsiTarget("192.0.2.10/iqn.2001-04.com.example:disk1")
BARE = defaults().put("users.root_locked", True)
NAMED = BARE.put("remote.initiator", IscsiName("iqn.2001-04.com.example:node1"))
MADE = f"{OWN}\nInitiatorName=iqn.1993-08.org.debian:01:abcdef\n"
"""What a node writes that nobody has named."""
SCRIPT = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node/initiator"


def saved(config: NodeConfig) -> FakeSystem:
    """A node on which *config* was saved, and of which nothing is to be done."""
    system = brought(config, NODE)
    assert not drift(config, system, NODE)
    return system


def test_the_name_that_a_node_made_for_itself_is_nobodys_setting() -> None:
    assert f'echo "{OWN}"\n' in SCRIPT.read_text()
    system = saved(BARE)
    assert live.initiator(system, NODE) == "none"
    system.files[INITIATOR] = MADE
    assert not drift(BARE, system, NODE)
    assert changes(SETUP, BARE, BARE, NODE, system) == ()
    assert live.initiator(system, NODE) == "iqn.1993-08.org.debian:01:abcdef"


def test_a_name_takes_the_place_of_the_nodes_own_and_leaves_it_to_make_another() -> None:
    system = saved(BARE)
    system.files[INITIATOR] = MADE
    run(changes(SETUP, BARE, NAMED, NODE, system), system, lambda progress: None)
    assert live.initiator(system, NODE) == "iqn.2001-04.com.example:node1"
    (due,) = [each for each in changes(SETUP, NAMED, BARE, NODE, system) if each.title == "Setting the initiator name"]
    assert due.steps == (Absent(INITIATOR), Restart(NAMER))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("InitiatorName = iqn.2001-04.com.example:other\n", IscsiName("iqn.2001-04.com.example:other")),
        ("# mine\nInitiatorName=node1\n", Strange("remote.initiator", INITIATOR)),
        ("\0" * 40, Strange("remote.initiator", INITIATOR)),
        (MADE, None),
    ],
)
def test_a_name_by_hand_is_seen(text: str, seen: object) -> None:
    system = saved(NAMED)
    system.files[INITIATOR] = text
    (found,) = drift(NAMED, system, NODE).differences
    assert seen == (found.seen if isinstance(found.seen, Strange) else found.seen.value)
    run(changes(SETUP, NAMED, NAMED, NODE, system), system, lambda progress: None)
    assert not drift(NAMED, system, NODE)


def test_a_domain_that_is_emptied_is_that_of_the_dns_again() -> None:
    config = BARE.put("remote.nfsv4_domain", DomainName("example.com"))
    system = saved(config)
    assert "\nDomain = example.com\n" in system.files[DOMAIN]
    run(changes(SETUP, config, BARE, NODE, system), system, lambda progress: None)
    assert DOMAIN not in system.files


def path(dev: str, dm: str = "active", checker: str = "ready") -> dict[str, str]:
    return {"dev": dev, "dm_st": dm, "dev_st": "running", "chk_st": checker}


def asked(said: object) -> str:
    """What the page makes of what multipathd says."""
    system = FakeSystem(PLAIN, outputs={MAPS: said if isinstance(said, str) else json.dumps(said)})
    return live.multipath(system, PLAIN)


def test_the_paths_of_each_disk_are_counted() -> None:
    groups = [{"paths": [path("sda"), path("sdc", "failed", "faulty")]}, {"paths": [path("sdb", checker="ghost")]}]
    said = {"major_version": 0, "maps": [{"name": "3600a", "path_groups": groups}, {"name": "x\n", "path_groups": []}]}
    assert asked(said) == "3600a: 2 of 3 paths work: sdc faulty\nx\\x0a: 0 of 0 paths work"
    assert asked({"maps": []}) == "none"


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"maps": 1}', '{"maps": [{}]}', '{"maps": ["a"]}', "timeout"])
def test_what_multipathd_does_not_say_is_unknown(said: str) -> None:
    assert asked(said) == "unknown: multipathd says what cannot be understood"


def test_a_daemon_that_does_not_run_is_said() -> None:
    assert live.multipath(FakeSystem(PLAIN), PLAIN) == "unknown: multipathd is not here"


CHAP = (
    BARE.put("remote.targets", (TARGET,))
    .put("remote.user", ChapName("node1"))
    .put("remote.password", Passphrase("Twelve+letters"))
    .put("remote.target_user", ChapName("disks"))
    .put("remote.target_password", Passphrase("Another#twelve"))
)


def test_targets_and_passwords_stand_in_one_file_for_root_alone() -> None:
    system = saved(CHAP)
    (step,) = [step for step in system.made if isinstance(step, File) and step.path == TARGETS]
    assert step.mode == 0o600
    assert system.files[TARGETS] == (
        f"target={TARGET}\nuser=node1\npassword=Twelve+letters\ntarget_user=disks\ntarget_password=Another#twelve\n"
    )
    targets, auth = wanted(system.files[TARGETS])
    assert targets == (TARGET,) and list(auth.values()) == ["node1", "Twelve+letters", "disks", "Another#twelve"]
    assert "Twelve" not in system.files[SAVED] and "Twelve" not in str(step)
    system.files[TARGETS] = system.files[TARGETS].replace("node1", "node2").replace("Twelve", "Eleven")
    found = drift(CHAP, system, NODE)
    assert "remote.user" in {each.path for each in found.differences}
    assert "Eleven" not in str(found) and "Twelve" not in str(found)


def test_without_targets_nothing_of_them_is_left() -> None:
    system = saved(CHAP)
    (due,) = changes(SETUP, CHAP, CHAP.put("remote.targets", ()), NODE, system)[:1]
    assert due.steps == (Absent(TARGETS), Restart(LOGIN))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, ()),
        ({"targets": (TARGET, IscsiTarget("192.0.2.10"))}, (("remote.targets", "portal-without-target"),)),
        ({"targets": (TARGET, TARGET)}, (("remote.targets", "target-twice"),)),
        ({"password": None}, (("remote.password", "chap-without-password"),)),
        ({"target_password": None}, (("remote.target_password", "chap-without-password"),)),
        ({"target_password": Passphrase("Twelve+letters")}, (("remote.target_password", "chap-same-password"),)),
        ({"user": None, "password": None, "target_password": None}, ()),
    ],
)
def test_what_is_wrong_with_targets(change: dict[str, object], found: tuple[tuple[str, str], ...]) -> None:
    config = CHAP
    for name, value in change.items():
        config = config.put(f"remote.{name}", value)
    assert tuple((each.path, each.reason.kind.code) for each in wrong(config, NODE, SETUP_RULES)) == found


def test_what_is_probably_wrong_with_passwords() -> None:
    alone = BARE.put("remote.password", Passphrase("Twelve+letters"))
    assert [each.path for each in doubts(alone, NODE) if each.reason.kind.code == "chap-without-user"]
    short = CHAP.put("remote.password", Passphrase("short"))
    assert "chap-password-short" in {each.reason.kind.code for each in doubts(short, NODE)}
    assert not [each for each in doubts(CHAP, NODE) if each.path.startswith("remote.")]


@pytest.mark.parametrize(
    ("text", "said", "host", "port"),
    [
        ("192.0.2.10:3260/iqn.2001-04.com.example:a", "192.0.2.10/iqn.2001-04.com.example:a", "192.0.2.10", 3260),
        ("san.example.com:860", "san.example.com:860", "san.example.com", 860),
        ("[2001:DB8:0::A]/eui.02004567A425678D", "[2001:db8::a]/eui.02004567A425678D", "2001:db8::a", 3260),
    ],
)
def test_a_target_is_said_in_one_way(text: str, said: str, host: str, port: int) -> None:
    found = IscsiTarget(text)
    assert (found, found.host, found.port) == (said, host, port)
    assert found.portal.endswith(f":{port}") and IscsiTarget(found) == found


@pytest.mark.parametrize(
    "text",
    ["", "a/", "/iqn.2001-04.com.example:a", "2001:db8::1", "[192.0.2.1]", "192.0.2.1:0", "192.0.2.1:65536",
     "192.0.2.1/iqn.2001-04.com.example:{password}", "192.0.2.1/node", "a b/iqn.2001-04.com.example:a", "192.0.2",
     "[fe80::1%eth0]/iqn.2001-04.com.example:a"],
)  # fmt: skip
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(ValueError):
        IscsiTarget(text)


def found(outputs: dict[str, str], *targets: str) -> Answer:
    """What Discover says where portals offer these *outputs*."""
    system = FakeSystem(NODE, outputs={(*DISCOVER, portal): text for portal, text in outputs.items()})
    config = BARE.put("remote.targets", tuple(map(IscsiTarget, targets)))
    return discover(system, resolve(config, NODE).config, NODE)


def test_discover_asks_the_portals_that_have_no_target_and_puts_one() -> None:
    other = "192.0.2.11:3260,1 iqn.2001-04.com.example:other\n[2001:db8::b]:3260,2 iqn.2001-04.com.example:other\n"
    answer = found({"192.0.2.11:3260": other}, TARGET, "192.0.2.11")
    assert answer.text == "192.0.2.11:3260 offers 2 targets."
    by_one, by_both = answer.ways
    assert by_one.puts == (("remote.targets", f"{TARGET},192.0.2.11/iqn.2001-04.com.example:other"),)
    assert by_both.title == "iqn.2001-04.com.example:other by 2 portals"
    assert by_both.puts[0][1].endswith(",[2001:db8::b]/iqn.2001-04.com.example:other")


def test_discover_says_what_it_cannot_find() -> None:
    assert "Type a portal" in found({}).text
    answer = found({"192.0.2.11:3260": "\x1b[2J garbage\n"}, "192.0.2.11", "192.0.2.12")
    assert answer.text == "192.0.2.11:3260 offers 0 targets.\n192.0.2.12:3260: iscsiadm is not here"
    assert answer.ways == ()
    assert found({TARGET.portal: f"{TARGET.portal},1 {TARGET.name}\n"}, TARGET).ways == (), "it is there already"
    many = "".join(f"192.0.2.11:3260,1 iqn.2001-04.com.example:d{number}\n" for number in range(500))
    answer = found({"192.0.2.11:3260": many}, "192.0.2.11")
    assert len(answer.ways) == MOST and "The first 20 follow" in answer.text


def test_sessions_are_those_of_the_kernel() -> None:
    system = FakeSystem(NODE)
    assert live.sessions(system, NODE) == "none"
    for number, state in ((1, "LOGGED_IN"), (2, "FAILED"), (3, "new\x1b")):
        system.files[f"{live.SESSIONS}/session{number}/targetname"] = f"iqn.2001-04.com.example:{number}\n"
        system.files[f"{live.SESSIONS}/session{number}/state"] = f"{state}\n"
    system.files.update(dict.fromkeys((f"{live.SESSIONS}/session{number}" for number in (1, 2, 3)), ""))
    assert live.sessions(system, NODE).splitlines() == [
        "iqn.2001-04.com.example:1: open",
        "iqn.2001-04.com.example:2: interrupted, the node tries again",
        "iqn.2001-04.com.example:3: new\\x1b",
    ]
