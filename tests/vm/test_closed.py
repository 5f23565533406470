"""A peer on a private segment reaches exactly what the node reports as open, by IPv4 and by IPv6."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

from testbed.console import Console, Terminal
from testbed.person import STEP, log_in, open_page
from testbed.saved import PASSWORD, Node, at_login
from testbed.scan import SCAN
from testbed.segment import Segment, interface
from vm.conftest import Boot

ADDRESS = "192.0.2.1"
RULES = "/etc/nftables.d/ovirt-node.nft"
SOME = ("1-1024", "5900-5950", "8000-8000", "16509-16514", "49152-49215", "65001-65001")
"""Port ranges for the scans that do not need all 65,535."""
STATE = "/run/ovirt-node/firewall"
ECHO = """\
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("::", 12345))
while True:
    text, sender = s.recvfrom(99)
    s.sendto(text, sender)
"""
ASK = """\
import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(3)
for _ in range(3):
    try:
        s.sendto(b"hello", socket.getaddrinfo(sys.argv[1], 12345)[0][4])
        print(s.recvfrom(99)[0] == b"hello")
        break
    except OSError:
        pass
"""


def test_a_peer_reaches_what_the_node_says(folder: Path, boot: Boot, node: Node) -> None:
    with boot(node.guest(folder)) as console, console.monitor() as monitor, Segment(monitor, "spare0") as peer:
        shell = at_login(console).root_shell()
        assert before_the_network(shell)
        addresses = (ADDRESS, f"{connected(shell)}%{peer.name}")
        listen(shell)
        log_in(console, PASSWORD)
        open_page(console, "Firewall")
        console.wait(r"As it was saved +yes", STEP)
        said = {int(port) for port in re.findall(r"\bTCP (\d+)$", console.text(), re.MULTILINE)}
        for address in addresses:
            found = scan(peer, address)
            assert set(found["open"]) == said == {22} and found["refused"] == 0
            assert not asked(peer, address)
            peer.run("ping", "-c", "2", "-W", "10", address)
        opened(shell, console)
        for address in addresses:
            assert {22, 8000, 65001} <= set(scan(peer, address, *SOME)["open"]), "all of it can be seen by the peer"
            assert asked(peer, address)
        assert shell.run("systemctl reload nftables && echo loaded") == "loaded"
        console.press("f5")
        console.wait(r"As it was saved +yes", STEP)
        broken(shell, console, peer)


def before_the_network(shell: Terminal) -> bool:
    """Whether the rules were loaded when NetworkManager started."""
    show = "systemctl show --value --property"
    loaded = shell.run(f"{show}=ExecMainExitTimestampMonotonic nftables")
    started = shell.run(f"{show}=ExecMainStartTimestampMonotonic NetworkManager")
    return 0 < int(loaded) < int(started)


def connected(shell: Terminal) -> str:
    """Give the interface on the segment an address; return its IPv6 link-local address."""
    name = interface(shell)
    shell.run(f"until nmcli device set {name} managed no; do sleep 1; done", STEP)
    # NetworkManager leaves an interface without the link-local IPv6 address of the kernel.
    shell.run(
        f"ip link set {name} down; ip link set {name} addrgenmode eui64 up; ip address add {ADDRESS}/24 dev {name}"
    )
    usable = f"ip -6 -brief address show dev {name} scope link -tentative"
    shell.run(f"until {usable} | grep -q fe80; do sleep 1; done", STEP)
    found = re.search(r"fe80:[0-9a-f:]+", shell.run(usable))
    assert found
    return found.group(0)


def listen(shell: Terminal) -> None:
    """Start programs that nobody outside may reach."""
    for port in (8000, 65001):
        shell.run(f"(setsid python3 -m http.server {port} --bind :: >/dev/null 2>&1 &)")
    shell.run(f"echo {base64.b64encode(ECHO.encode()).decode()} | base64 -d > /tmp/echo.py")
    shell.run("(setsid python3 /tmp/echo.py >/dev/null 2>&1 &)")
    shell.run("until ss -ltn | grep -q :8000 && ss -ltn | grep -q :65001 && ss -lun | grep -q :12345; do sleep 1; done")


def scan(peer: Segment, address: str, *ranges: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = json.loads(peer.run("python3", SCAN, address, *ranges))
    return found


def asked(peer: Segment, address: str) -> bool:
    """Whether the program at UDP 12345 answers the peer."""
    return peer.run("python3", "-c", ASK, address).strip() == "True"


def opened(shell: Terminal, console: Console) -> None:
    """Delete the rules: the page says so."""
    shell.run("nft delete table inet ovirt_node")
    console.press("f5")
    console.wait(r"everything: no firewall", STEP)
    console.wait(r"This is not what was saved", STEP)


def broken(shell: Terminal, console: Console, peer: Segment) -> None:
    """Break the rules, as a boot would find them: the node stays closed, and the console and the page say so."""
    shell.run(f"cp {RULES} /tmp/good; echo table >> {RULES}; systemctl restart nftables")
    assert "rror" in shell.run(f"cat {STATE}")
    assert scan(peer, ADDRESS, *SOME)["open"] == []
    console.press("f5")
    console.wait(r"Open +nothing", STEP)
    start = len(console.said)
    shell.run("/usr/libexec/ovirt-node/up")
    console.wait(r"ovirt-node: the rules of the firewall cannot be loaded", STEP, since=start)
    assert shell.run(f"cp /tmp/good {RULES}; systemctl restart nftables; cat {STATE}") == ""
