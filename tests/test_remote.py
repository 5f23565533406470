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
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import DomainName, IscsiName
from ovirt_tui.pages.remote import live
from ovirt_tui.pages.remote.feature import DOMAIN, NAMER, OWN
from ovirt_tui.pages.remote.live import INITIATOR, MAPS
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes, run
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import Absent, Restart

NODE = with_(slot="Root")
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
