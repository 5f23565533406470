"""The SNMP agent, a plug-in of the image, answers who has its passphrases and nobody else, and leaves none about."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.console import Terminal
from testbed.person import STEP, log_in, open_page
from testbed.saved import HOST, PASSWORD, Node, at_login
from testbed.segment import Segment
from vm.conftest import Boot
from vm.test_closed import ADDRESS, connected
from vm.test_logging import applied

NAME, UPTIME = ".1.3.6.1.2.1.1.5.0", ".1.3.6.1.2.1.25.1.1.0"
ARGUMENTS, ENGINE = ".1.3.6.1.2.1.25.4.2.1.5", ".1.3.6.1.6.3.10.2.1"
SECRET, PRIVACY = "top-Secret#{1}", "an-other-one"
UNIT, FILE = "ovirt-node-snmp", "/etc/ovirt-node/snmpd.conf"
PLACES = "/etc /var/lib/ovirt-node /var/log /run/ovirt-node /run/systemd /tmp"


def asked(peer: Segment, *words: str, of: str = NAME) -> str:
    """What the agent answers the peer, or why not."""
    try:
        return peer.run("snmpget", "-On", "-t", "5", "-r", "3", *words, ADDRESS, of)
    except AssertionError as failure:
        return str(failure)


def user(secret: str, privacy: str, level: str = "authPriv") -> tuple[str, ...]:
    private = ("-x", "AES", "-X", privacy) if level == "authPriv" else ()
    return ("-v3", "-u", "root", "-l", level, "-a", "SHA", "-A", secret, *private)


def found(shell: Terminal, text: str) -> list[str]:
    """The files that hold *text*."""
    return shell.run(f"grep -rlF -e '{text}' {PLACES}", STEP).split()


@pytest.mark.long
def test_who_has_the_passphrases_is_answered_and_nobody_else(folder: Path, boot: Boot, node: Node) -> None:
    right = user(SECRET, PRIVACY)
    with boot(node.guest(folder)) as console, console.monitor() as monitor, Segment(monitor, "spare0") as peer:
        shell = at_login(console).root_shell()
        connected(shell)
        assert shell.run(f"systemctl is-active {UNIT} snmpd | xargs") == "inactive inactive"
        said = applied(shell, "snmp.enabled = true")
        assert "status 2" in said and "give one" in said
        answers = f'snmp = {{enabled = true, password = "{SECRET}", privacy = "{PRIVACY}"}}'
        said = applied(shell, answers)
        assert "status 0" in said and SECRET not in said.partition("status")[0]
        assert HOST in asked(peer, *right)
        assert "Timeticks" in asked(peer, *right, of=UPTIME)
        for wrong in (
            user("anything-else", PRIVACY),
            user(SECRET, "anything-else"),
            user(SECRET, PRIVACY, "authNoPriv"),
            ("-v2c", "-c", "public"),
            ("-v1", "-c", "private"),
        ):
            assert HOST not in asked(peer, *wrong), wrong
        walk = ("snmpbulkwalk", "-On", "-t", "20", *right, ADDRESS)
        assert "No Such" in peer.run(*walk, ARGUMENTS)
        assert "No more variables" in peer.run(*walk, ENGINE)
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
        leaves_no_secret(shell)
        log_in(console, PASSWORD)
        open_page(console, "Firewall")
        console.wait(r"SNMP: UDP 161", STEP)
        console.wait(r"As it was saved +yes", STEP)
        stays_the_same_agent(shell, peer, right)
        assert "status 0" in applied(shell, "snmp.enabled = false")
        shell.run("rm /root/a.toml")
        assert shell.run(f"systemctl is-active {UNIT}") == "inactive"
        assert "udp dport 161" not in shell.run("nft list table inet ovirt_node")
        assert "Timeout" in asked(peer, *right)
        assert found(shell, SECRET) == found(shell, PRIVACY) == found(shell, "usmUser") == []
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)


def leaves_no_secret(shell: Terminal) -> None:
    """The passphrases are in the one file that the agent reads, for root."""
    shell.run("rm /root/a.toml")
    for secret in (SECRET, PRIVACY):
        assert found(shell, secret) == [FILE]
        pattern = f"[{secret[0]}]{secret[1:8]}"  # what looks for it is a process too
        assert shell.run(f"journalctl -b --no-pager -o verbose | grep -c '{pattern}'", STEP) == "0"
        said = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2> /dev/null"
        assert shell.run(f"{said} | grep -ac '{pattern}'") == "0"
    assert shell.run(f"stat -c '%a %U' {FILE}") == "600 root"
    command = shell.run("tr '\\0' ' ' < /proc/$(pgrep -x snmpd)/cmdline")
    assert "snmpd" in command and SECRET not in command and PRIVACY not in command
    assert shell.run("ps -o user= -C snmpd") == "Debian-snmp"


def stays_the_same_agent(shell: Terminal, peer: Segment, right: tuple[str, ...]) -> None:
    """A manager knows the agent again after a restart: by its identity, and as one that was started once more."""
    state = "grep -E '^(engineBoots|oldEngineID)' /var/lib/ovirt-node/snmp/snmpd.conf | sort"
    boots, engine = shell.run(state).splitlines()
    shell.run(f"systemctl restart {UNIT}", STEP)
    assert HOST in asked(peer, *right)
    again, same = shell.run(state).splitlines()
    assert same == engine and int(again.split()[1]) > int(boots.split()[1])
