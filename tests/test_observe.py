"""Observing is the inverse of applying, and what somebody else wrote is told and never in the way."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from machines import MACHINES, PLAIN
from models import values
from ovirt_tui.distro.network_manager import FOLDER
from ovirt_tui.distro.registry import distro_for
from ovirt_tui.features.drift import drift
from ovirt_tui.features.observation import Seen, Strange, taken
from ovirt_tui.features.order import FEATURES, defaults
from ovirt_tui.features.parameter import Put
from ovirt_tui.features.rules import SETUP_RULES, check
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Account, Export, Hostname, VlanId
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.secrets import Crypted, Passphrase
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.model.values import Keymap, PageCount, ProfileName, Size
from ovirt_tui.pages.monitoring import CollectdUser
from ovirt_tui.pages.network.settings import IPv4Method, Layout
from ovirt_tui.pages.security import AUTHORIZED_KEYS
from ovirt_tui.plan.actions import SAVED, SETUP
from ovirt_tui.plan.runner import changes, plan, run
from ovirt_tui.system import System
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.machine import Machine
from ovirt_tui.system.steps import File, Password
from test_public_keys import GOOD

FACTS = (PLAIN, MACHINES["fedora"])
UNLOCKED = Password("root", Crypted("$6$salt$first"))
IPV4 = st.integers(0x0B000001, 0xDF000000)
IPV6 = st.integers(1 << 125, (1 << 126) - 1)
SERVERS = IPV4.map(IPv4Address) | IPV6.map(IPv6Address)
NAMES = st.from_regex(r"[A-Za-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z][a-z0-9]{0,10}){0,3}\.?", fullmatch=True)
HOSTNAMES = NAMES.filter(lambda name: name.strip("0123456789.") != "").map(Hostname)
UNSEEN = {"users.admin_password", "users.root_password", "users.boot_password", "users.expired"}
"""Secrets, and what a boot only knows, leave nothing to see."""
NARROW: dict[str, st.SearchStrategy[object]] = {
    "keyboard.layout": st.sampled_from(PLAIN.keymaps).map(Keymap),
    "users.ssh_keys": st.permutations([SshKey(GOOD[0]), SshKey(f"{GOOD[3]} me@node7"), SshKey(GOOD[2])])
    .flatmap(lambda keys: st.integers(0, 3).map(lambda count: keys[:count]))
    .map(tuple),
    "kdump.ssh": values(Account),
    "kdump.nfs": values(Export),
    "network.hostname": st.none() | HOSTNAMES,
    "network.nic": st.sampled_from(("eth0", "eth1")).map(NicSelector) | st.none(),
    "remote.on_iscsi": st.just(False),  # nothing but an installation decides that
    "monitoring.user": values(CollectdUser),
    "monitoring.password": values(Passphrase),
    "logging.journal": st.none() | st.integers(16, 10**6).map(Size),
    "performance.profile": st.none() | st.sampled_from([each.name for each in PLAIN.profiles]).map(ProfileName),
    "performance.pages_2m": st.none() | st.integers(1, 1000).map(PageCount),
    "performance.pages_1g": st.none() | st.just(PageCount(1)),
    "network.ipv4_address": st.tuples(IPV4, st.integers(1, 32)).map(IPv4Interface),
    "network.ipv4_gateway": st.none() | IPV4.map(IPv4Address),
    "network.ipv6_address": st.tuples(IPV6, st.integers(1, 128)).map(IPv6Interface),
    "network.ipv6_gateway": st.none() | IPV6.map(IPv6Address),
    "network.dns": st.lists(SERVERS, max_size=4).map(tuple),
    "network.ntp": st.lists(SERVERS | HOSTNAMES, max_size=4).map(tuple),
}
"""Settings that rules allow less of than their types do."""
APPLIED = [
    setting
    for each in FEATURES
    if each.section and each.actions
    for setting in each.section.settings()
    if setting.path not in UNSEEN
]
VALUES = {each.path: values(each.type) for each in APPLIED} | NARROW
"""Of each setting about which something is done, what it may be: what a new one is observed as is asked for here."""


@st.composite
def configs(draw: st.DrawFn) -> NodeConfig:
    """A configuration with nothing wrong."""
    config = defaults()
    for path, strategy in VALUES.items():
        config = config.put(path, draw(strategy))
    assume(not check(config, PLAIN, SETUP_RULES))
    return config


@contextmanager
def real() -> Iterator[Machine]:
    """The real thing on a temporary tree."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "home/admin").mkdir(parents=True)
        (root / "etc").mkdir()
        (root / "etc/passwd").write_text(f"admin:x:{os.getuid()}:{os.getgid()}::/home/admin:/bin/sh\n")
        (root / "etc/shadow").write_text("root:!*:19000:0:99999:7:::\nadmin:!:19000:0:99999:7:::\n")
        (root / "etc/hostname").write_text("localhost\n")
        yield Machine(root)


def brought(system: System, config: NodeConfig, facts: Facts) -> None:
    """Apply *config*; root has a password, so that locking it changes something."""
    if not config.get("users.root_locked"):
        system.make(UNLOCKED)
    run(plan(SETUP, config, facts), system, lambda progress: None)


def seen(system: System, facts: Facts = PLAIN) -> tuple[Seen, ...]:
    distro = distro_for(facts.os_id)
    return tuple(each for feature in FEATURES for each in feature.observe(system, facts, distro))


def put(found: Iterable[Seen]) -> dict[str, object]:
    return {each.path: each.value if isinstance(each, Put) else each for each in found}


def prove(system: System, config: NodeConfig, facts: Facts) -> None:
    """The law, and what follows from it: there is no drift, and nothing to do."""
    brought(system, config, facts)
    found = seen(system, facts)
    assert not [each for each in found if isinstance(each, Strange)]
    assert taken(defaults(), found) == config.effective()
    assert not drift(config, system, facts)
    assert changes(SETUP, config, config, facts, system) == ()


@settings(max_examples=150)
@given(configs(), st.sampled_from(FACTS))
def test_observing_is_the_inverse_of_applying_in_memory(config: NodeConfig, facts: Facts) -> None:
    prove(FakeSystem(facts), config, facts)


@settings(max_examples=25)
@given(configs(), st.sampled_from(FACTS))
def test_observing_is_the_inverse_of_applying_to_files(config: NodeConfig, facts: Facts) -> None:
    with real() as machine:
        prove(machine, config, facts)


@settings(max_examples=60)
@given(configs(), configs())
def test_the_way_from_one_to_another_ends_at_the_other(one: NodeConfig, other: NodeConfig) -> None:
    """Whatever memory says: here it says something else than what was applied."""
    system = FakeSystem(PLAIN)
    brought(system, one, PLAIN)
    if not other.get("users.root_locked"):
        system.make(UNLOCKED)
    run(changes(SETUP, other, other, PLAIN, system), system, lambda progress: None)
    assert not drift(other, system, PLAIN)
    assert changes(SETUP, other, other, PLAIN, system) == ()


def test_what_is_drawn_narrower_or_not_at_all_is_a_setting() -> None:
    assert {*NARROW, *UNSEEN} <= set(defaults().paths())


STATIC = (
    defaults()
    .put("network.hostname", Hostname("node1"))
    .put("network.nic", NicSelector("eth0"))
    .put("network.vlan", VlanId(7))
    .put("network.layout", Layout.BRIDGED)
    .put("network.ipv4", IPv4Method.STATIC)
    .put("network.ipv4_address", IPv4Interface("192.0.2.7/24"))
    .put("network.dns", (IPv4Address("192.0.2.53"),))
    .put("users.ssh_keys", (SshKey(GOOD[0]),))
)
TOP = f"{FOLDER}/ovirt-node-breth0.nmconnection"
VLAN = f"{FOLDER}/ovirt-node-eth0.7.nmconnection"
DISTRO = distro_for(PLAIN.os_id)
SSHD = DISTRO.ssh_drop_in
WRITTEN = [step.path for each in plan(SETUP, STATIC, PLAIN) for step in each.steps if isinstance(step, File)]


def node() -> FakeSystem:
    system = FakeSystem(PLAIN)
    brought(system, STATIC, PLAIN)
    return system


@pytest.mark.parametrize(
    ("path", "old", "new", "found"),
    [
        ("/etc/hostname", "node1", "node9", {"network.hostname": "node9"}),
        ("/etc/hostname", "node1", "?", {"network.hostname": Strange("network.hostname", "/etc/hostname")}),
        ("/etc/hostname", "node1", "LOCALHOST", {"network.hostname": None}),
        (DISTRO.keymap_file, "KEYMAP=us", "KEYMAP='de' # mine", {"keyboard.layout": "de"}),
        (DISTRO.keymap_file, "us", "'us", {"keyboard.layout": Strange("keyboard.layout", DISTRO.keymap_file)}),
        (SSHD, "PasswordAuthentication no", "passwordauthentication=YES", {"users.ssh_password_login": True}),
        (SSHD, "PasswordAuthentication no", "Match User a\nPasswordAuthentication yes", None),
        (DISTRO.ntp_sources, DISTRO.ntp_pool, "pool.example.org", None),
        (DISTRO.ntp_sources, f"pool {DISTRO.ntp_pool}", "server a", {"network.ntp": ("a",)}),
        (TOP, "192.0.2.7/24", "192.0.2.8/24,192.0.2.1", {
            "network.ipv4_address": IPv4Interface("192.0.2.8/24"), "network.ipv4_gateway": IPv4Address("192.0.2.1"),
        }),
        (TOP, "dns=192.0.2.53;", "gateway=192.0.2.1", {
            "network.dns": (), "network.ipv4_gateway": IPv4Address("192.0.2.1"),
        }),
        (TOP, "address1=192.0.2.7/24", "address1=192.0.2.7/24\naddress2=192.0.2.8/24", {
            "network.ipv4_address": Strange("network.ipv4_address", TOP),
        }),
        (TOP, "method=manual", "method=shared", {"network.ipv4": Strange("network.ipv4", TOP)}),
        (VLAN, "id=7", "id=8", {"network.vlan": VlanId(8)}),
        (VLAN, "id=7", "id=4095", {"network.vlan": Strange("network.vlan", VLAN)}),
        (VLAN, "type=vlan", "type=macvlan", {"network.nic": Strange("network.nic", VLAN)}),
        (AUTHORIZED_KEYS, "ssh-ed25519", "# ssh-ed25519", {"users.ssh_keys": ()}),
    ],
)  # fmt: skip
def test_what_is_changed_by_hand_is_seen(path: str, old: str, new: str, found: dict[str, object] | None) -> None:
    system = node()
    assert old in system.files[path]
    system.files[path] = system.files[path].replace(old, new, 1)
    differs = drift(STATIC, system, PLAIN).differences
    if found is None:
        assert [type(each.seen) for each in differs] == [Strange]
    else:
        told = put(each.seen for each in differs)
        assert {each: told[each] for each in found} == found
        assert set(told) <= {*found, "network.nic", "network.dns"}
    run(changes(SETUP, STATIC, STATIC, PLAIN, system), system, lambda progress: None)
    assert not drift(STATIC, system, PLAIN)


@pytest.mark.parametrize("path", [path for path in WRITTEN if path != SAVED])
def test_what_no_setting_says_is_told_by_the_name_of_its_file(path: str) -> None:
    system = node()
    system.files[path] += "# by hand\n"
    found = drift(STATIC, system, PLAIN)
    assert found.differences == ()
    assert [step.path for step in found.altered if isinstance(step, File)] == [path]


@pytest.mark.parametrize("path", WRITTEN)
def test_a_file_that_is_gone_is_told_and_written_again(path: str) -> None:
    system = node()
    del system.files[path]
    assert bool(drift(STATIC, system, PLAIN)) == (path != SAVED)
    run(changes(SETUP, STATIC, STATIC, PLAIN, system), system, lambda progress: None)
    assert path in system.files and not drift(STATIC, system, PLAIN)


def test_a_profile_too_many_is_told_and_taken_away() -> None:
    system = node()
    stray = f"{FOLDER}/ovirt-node-eth1.nmconnection"
    system.files[stray] = system.files[f"{FOLDER}/ovirt-node-eth0.nmconnection"].replace("eth0", "eth1")
    system.files[f"{FOLDER}/mine.nmconnection"] = "[connection]\ntype=wifi\n"
    assert Strange("network.nic", stray) in [each.seen for each in drift(STATIC, system, PLAIN).differences]
    run(changes(SETUP, STATIC, STATIC, PLAIN, system), system, lambda progress: None)
    assert stray not in system.files and not drift(STATIC, system, PLAIN)
    assert f"{FOLDER}/mine.nmconnection" in system.files


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from([*WRITTEN, AUTHORIZED_KEYS]), st.text(max_size=80), min_size=1))
def test_whatever_stands_in_a_file_is_data(files: dict[str, str]) -> None:
    system = node()
    system.files.update(files)
    drift(STATIC, system, PLAIN)
    run(changes(SETUP, STATIC, STATIC, PLAIN, system), system, lambda progress: None)
    assert not [each for each in drift(STATIC, system, PLAIN).differences if each.path != "users.ssh_keys"]


LINES = st.lists(
    st.tuples(
        st.sampled_from(("[ipv4]", "[ipv6]", "[vlan]", "[connection]", "type=", "id=", "method=", "address1=", "dns=",
                         "interface-name=", "gateway=", "KEYMAP=", "PasswordAuthentication", "Match", "server",
                         "pool")),
        st.sampled_from(("", " ", "manual", "auto", "ethernet", "vlan", "bridge", "1.2.3.4/24,", "/", "::/0", ";;",
                         "=", "1.2.3.4/a/b", "'", "yes", "4095", "%", "\x1b[2J", "é")),
    ).map("".join),
    max_size=12,
).map("\n".join)  # fmt: skip


@settings(max_examples=300)
@given(st.sampled_from(WRITTEN), LINES)
def test_no_form_of_a_file_is_too_much(path: str, text: str) -> None:
    system = node()
    system.files[path] = text
    for each in seen(system):
        assert isinstance(each, Strange) or STATIC.put(each.path, each.value)


def test_what_is_no_file_says_nothing() -> None:
    with real() as machine:
        brought(machine, STATIC, PLAIN)
        for path in ("/etc/hostname", TOP, DISTRO.ssh_drop_in):
            machine.tree.path(path).unlink()
            machine.tree.path(path).mkdir()
        os.mkfifo(machine.tree.path(f"{FOLDER}/ovirt-node-pipe.nmconnection"))
        found = put(each.seen for each in drift(STATIC, machine, PLAIN).differences)
        assert found["network.hostname"] is None and isinstance(found["network.nic"], Strange)
        assert found["users.ssh_password_login"] == Strange("users.ssh_password_login", DISTRO.ssh_drop_in)


def test_a_lock_that_was_asked_for_and_is_open_is_drift() -> None:
    system = node()
    locked = STATIC.put("users.root_locked", True)
    run(plan(SETUP, locked, PLAIN), system, lambda progress: None)
    assert not drift(locked, system, PLAIN)
    system.make(UNLOCKED)
    (found,) = drift(locked, system, PLAIN).differences
    assert found.path == "users.root_locked" and found.seen == Put("users.root_locked", False)
