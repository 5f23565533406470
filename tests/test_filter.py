"""The kernel and nft take the rules, and let through what the table says: in network namespaces, as root."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM, socket

import pytest

from ovirt_tui.machine import packet_filter
from ovirt_tui.system import StepFailed, silent
from ovirt_tui.system.filter import Firewalls
from ovirt_tui.system.steps import Firewall
from ovirt_tui.system.tree import Tree
from recorded import FIREWALL as FOLDER
from test_firewall import RULES
from testbed.scan import SCAN

pytestmark = pytest.mark.root
LOADER = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node/firewall"
NEWNET = 0x40000000
MORE = (
    "tcp dport 8080 accept",
    "udp dport { 5353, 4000-4100 } accept",
    "ip saddr 192.0.2.0/24 accept",
)


def run(*argv: str | Path) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout


@contextmanager
def own_network() -> Iterator[None]:
    """A network of this process's own for as long as this lasts."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/self/ns/net").open() as before:
        assert libc.unshare(NEWNET) == 0, os.strerror(ctypes.get_errno())
        try:
            run("ip", "link", "set", "lo", "up")
            yield
        finally:
            assert libc.setns(before.fileno(), NEWNET) == 0, os.strerror(ctypes.get_errno())


@pytest.fixture
def network() -> Iterator[None]:
    with own_network():
        yield


def machine() -> Firewalls:
    return Firewalls(Tree(Path("/"), live=True))


@pytest.mark.parametrize("name", [*RULES, "by-hand", "policy"])
def test_what_the_page_reads_is_what_nft_says(name: str, network: None, request: pytest.FixtureRequest) -> None:
    """The recorded answers of nft, which the tests without root build upon, are those of the nft of this machine."""
    file = FOLDER / f"{name if name in RULES else 'default'}.nft"
    answers = {f"{name}-echo": run(*packet_filter.MEANT, file.read_text())} if name in RULES else {}
    run("nft", "--file", file)
    for rule in MORE if name == "by-hand" else ():
        run("nft", "add", "rule", packet_filter.FAMILY, packet_filter.TABLE, "input", rule)
    if name == "policy":
        run("nft", "add", "chain", packet_filter.FAMILY, packet_filter.TABLE, "input", "{ policy accept; }")
    answers[name] = run(*packet_filter.LISTED)
    for title, said in answers.items():
        kept = FOLDER / f"{title}.json"
        if request.config.getoption("--accept"):
            kept.write_text(json.dumps(json.loads(said), indent=1) + "\n")
        assert packet_filter.chains(kept.read_text()) == packet_filter.chains(said)


@pytest.mark.parametrize("name", RULES)
def test_rules_are_loaded_seen_and_taken_back(name: str, network: None) -> None:
    system, step = machine(), Firewall(RULES[name])
    run("nft", "add", "table", "ip", "libvirt_network")
    assert not system.holds(step)
    undo = system.make(step, silent)
    assert system.holds(step)
    other = Firewall(RULES["default" if name == "closed" else "closed"])
    again = system.make(other, silent)
    assert system.holds(other) and not system.holds(step)
    again()
    assert system.holds(step)
    undo()
    assert not packet_filter.is_closed(packet_filter.chains(run(*packet_filter.LISTED)))
    assert "libvirt_network" in run("nft", "list", "ruleset")


def test_rules_that_cannot_be_loaded_change_nothing(network: None) -> None:
    system, good = machine(), Firewall(RULES["dhcp"])
    system.make(good, silent)
    with pytest.raises(StepFailed, match="nft failed"):
        system.make(Firewall(RULES["default"].replace("dport 22", "dport twenty-two")), silent)
    assert system.holds(good)


def test_a_change_by_hand_is_seen_and_mended(network: None) -> None:
    system, step = machine(), Firewall(RULES["default"])
    system.make(step, silent)
    run("nft", "add", "rule", packet_filter.FAMILY, packet_filter.TABLE, "input", MORE[0])
    assert not system.holds(step)
    system.make(step, silent)
    assert system.holds(step)


def test_at_a_boot_the_rules_are_loaded_or_all_is_closed(network: None, tmp_path: Path) -> None:
    rules, closed, state = tmp_path / "rules", tmp_path / "closed", tmp_path / "run/firewall"
    closed.write_text(RULES["closed"])
    rules.write_text(RULES["default"])
    run(LOADER, rules, closed, state)
    assert state.read_text() == "" and machine().holds(Firewall(RULES["default"]))
    for broken in (RULES["default"].replace("tcp dport 22", "tcp dport \x1b[31m"), "table inet ovirt_node {", None):
        rules.write_text(broken) if broken is not None else rules.unlink()
        run(LOADER, rules, closed, state)
        assert machine().holds(Firewall(RULES["closed"]))
        assert "rror" in state.read_text() and len(state.read_text().splitlines()) == 1
        assert state.read_text().strip().isprintable()
    closed.unlink()
    done = subprocess.run((LOADER, rules, closed, state), capture_output=True, timeout=60)
    assert done.returncode == 1 and not state.exists(), "without any rules there is no network"


@contextmanager
def peer(cable: str = "cable", network: str = "192.0.2") -> Iterator[str]:
    """Another machine, at the other end of *cable*; the process whose network it is."""
    holder = subprocess.Popen(("unshare", "--net", "sleep", "300"))
    try:
        run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0")
        for _ in range(100):
            if Path(f"/proc/{holder.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink():
                break
            run("sleep", "0.1")
        run("ip", "link", "set", "eth0", "netns", str(holder.pid))
        there = ("nsenter", "--net", f"--target={holder.pid}")
        for where, name, address in (((), cable, f"{network}.1/24"), (there, "eth0", f"{network}.2/24")):
            run(*where, "ip", "link", "set", name, "addrgenmode", "eui64")
            run(*where, "ip", "address", "add", address, "dev", name)
            run(*where, "ip", "link", "set", name, "up")
        run(*there, "ip", "route", "add", "default", "via", f"{network}.1")
        yield str(holder.pid)
    finally:
        holder.kill()
        holder.wait(30)


def link_local(name: str) -> str:
    """The address of *name* that it has by itself, once nobody else turned out to have it."""
    for _ in range(100):
        (found,) = json.loads(run("ip", "-json", "-6", "address", "show", "dev", name, "scope", "link"))
        usable = [each["local"] for each in found["addr_info"] if not each.get("tentative")]
        if usable:
            return f"{usable[0]}%eth0"
        run("sleep", "0.1")
    raise AssertionError(found)


def test_a_peer_reaches_what_is_open_and_nothing_else(network: None) -> None:
    with peer() as pid, ExitStack() as listening:
        for family in (AF_INET, AF_INET6):
            for kind, port in ((SOCK_STREAM, 22), (SOCK_STREAM, 8000), (SOCK_STREAM, 65535), (SOCK_DGRAM, 53)):
                listener = listening.enter_context(socket(family, kind))
                if family == AF_INET6:
                    listener.setsockopt(41, 26, 1)  # IPV6_V6ONLY
                listener.bind(("", port))
                if kind == SOCK_STREAM:
                    listener.listen()
        for address in ("192.0.2.1", link_local("cable")):
            run("nft", "flush", "ruleset")
            argv = ("nsenter", "--net", f"--target={pid}", sys.executable, SCAN, address, "--patience=0.5")
            assert json.loads(run(*argv)) == {"open": [22, 8000, 65535], "refused": 65532, "silent": 0}
            run("nft", "--file", FOLDER / "default.nft")
            assert json.loads(run(*argv)) == {"open": [22], "refused": 0, "silent": 65534}
            run("nsenter", "--net", f"--target={pid}", "ping", "-c", "1", "-W", "5", address)


def test_a_flood_of_pings_is_answered_in_part(network: None) -> None:
    with peer() as pid:
        run("nft", "--file", FOLDER / "default.nft")
        flood = ("nsenter", "--net", f"--target={pid}", "ping", "-q", "-f", "-c", "2000", "-W", "1", "192.0.2.1")
        said = subprocess.run(flood, capture_output=True, text=True, timeout=120).stdout
        answered = int(said.partition(" received")[0].rpartition(" ")[2])
        seconds = int(said.partition("time ")[2].partition("ms")[0]) / 1000
        assert 50 <= answered <= 110 + 60 * seconds < 2000, said


@pytest.mark.parametrize(("cable", "passes"), [("other", False), ("virbr7", True)])
def test_the_node_forwards_for_virtual_networks_only(cable: str, passes: bool, network: None) -> None:
    with peer() as pid, peer(cable, "198.51.100"):
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        ping = ("nsenter", "--net", f"--target={pid}", "ping", "-c", "1", "-W", "3", "198.51.100.2")
        assert subprocess.run(ping, capture_output=True, timeout=60).returncode == 0, "the way there works"
        run("nft", "--file", FOLDER / "default.nft")
        assert (subprocess.run(ping, capture_output=True, timeout=60).returncode == 0) == passes
