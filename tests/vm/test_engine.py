"""A node registers with an engine that keeps to the protocol: by a save, and by itself once that answers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

from testbed.console import Console, Terminal
from testbed.engine import Site
from testbed.person import STEP, log_in
from testbed.saved import HOST, PASSWORD, Node, at_login
from testbed.segment import Segment
from vm.conftest import Boot
from vm.test_closed import ADDRESS, connected

SERVER, PORT = "192.0.2.2", 8443
ENGINE = f'engine = {{{{server = "{SERVER}", port = {PORT}, fingerprint = "{{pin}}"}}}}'
OTHER = ":".join(["AB"] * 32)
FILES = "ls /etc/ovirt-node /etc/vdsm 2>/dev/null | xargs"
SSH = ("-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null")


def digest(file: Path) -> str:
    """The SHA-256 fingerprint of a certificate."""
    argv = ("openssl", "x509", "-in", file, "-noout", "-fingerprint", "-sha256")
    return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=30).stdout.partition("=")[2].strip()


def applied(shell: Terminal, answers: str) -> str:
    """Bring the node to *answers*; what it said, and its exit status."""
    said = shell.run(f"echo '{answers}' > /root/a.toml; ovirt-tui apply --answers /root/a.toml; echo status $?", STEP)
    return " ".join(said.split())


def serving(site: Site, kind: str = "good") -> tuple[str | Path, ...]:
    """The argv of an engine; its certificates and its key are made before."""
    assert site.server(kind) and site.ssh_key
    return (sys.executable, "-m", "testbed.engine", site.folder, str(PORT), kind)


def heard(site: Site, file: str) -> str:
    """What the engine wrote down, at the latest half a second ago."""
    time.sleep(1)
    return (site.folder / file).read_text()


def ssh(peer: Segment, site: Site, command: str) -> str:
    """What *command* says on the node, as the engine runs it: by its key."""
    (site.folder / "engine-ssh").chmod(0o600)
    return peer.run("ssh", *SSH, "-i", site.folder / "engine-ssh", f"admin@{ADDRESS}", command)


def refused(peer: Segment, site: Site) -> bool:
    try:
        ssh(peer, site, "true")
    except AssertionError as error:
        return "Permission denied" in str(error)
    return False


def listening(peer: Segment) -> None:
    """Wait until the engine takes connections."""
    peer.run("sh", "-c", f"until ss -ltn | grep -q :{PORT}; do sleep 0.2; done")


def at_page(console: Console, title: str = "oVirt Engine") -> None:
    """Log in as admin and go to a page."""
    log_in(at_login(console), PASSWORD)
    for _count in range(30):
        marked = re.search(r"^ > (.+?)  ", console.text(), re.MULTILINE)
        assert marked, console.text()
        if marked[1] == title:
            return
        console.press("down")
        console.wait(rf"^ > (?!{re.escape(marked[1])} )", STEP)
    raise AssertionError(console.text())


def is_refused(shell: Terminal, peer: Segment, site: Site, pin: str) -> None:
    """Engines that are not the approved one, and none at all: each is told from the others, and hears nothing."""
    said = applied(shell, ENGINE.format(pin=pin))
    assert f"{SERVER} refuses connections on port {PORT}" in said and "status 1" in said
    for kind, given, text in (
        ("good", OTHER, f"has another certificate than the approved one: {pin}, and not {OTHER}"),
        ("stranger", pin, "has one that another has signed"),
    ):
        with peer.running(*serving(site, kind)):
            listening(peer)
            said = applied(shell, ENGINE.format(pin=given))
            assert text in said and "status 1" in said
            assert "uniqueId" not in heard(site, "requests") and json.loads(heard(site, "hosts.json")) == {}


def test_a_node_registers_and_lets_the_engine_in(folder: Path, boot: Boot, node: Node) -> None:
    site = Site(folder)
    pin = digest(site.authority)
    with boot(node.guest(folder)) as console, console.monitor() as monitor, Segment(monitor, "spare0") as peer:
        shell = at_login(console).root_shell()
        connected(shell)
        for kind in ("good", "stranger"):
            serving(site, kind)
        shell.run(f"date --set=@{time.time():.0f}")  # a saved node has that of before the certificates
        before = shell.run(FILES)
        is_refused(shell, peer, site, pin)
        assert shell.run(FILES) == before
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
        with peer.running(*serving(site)):
            listening(peer)
            assert "status 0" in applied(shell, ENGINE.format(pin=pin))
            ((known, host),) = json.loads(heard(site, "hosts.json")).items()
        assert known == shell.run("cat /etc/vdsm/vdsm.id")
        assert (host["name"], host["status"]) == (HOST.partition(".")[0], "pending_approval")
        assert (host["address"], host["sshUser"]) == (ADDRESS, "admin")
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
        assert "already" in shell.run("ovirt-tui register", STEP)
        assert ssh(peer, site, "virsh -c qemu:///system uri").strip() == "qemu:///system"
        assert "no" in ssh(peer, site, "sudo -n true 2>/dev/null || echo no").split()
        at_page(console)
        console.wait(f"registered with +{re.escape(SERVER)}", STEP)
        assert "status 0" in applied(shell, 'engine.server = ""')
        assert refused(peer, site)
        assert shell.run(FILES).replace("/etc/vdsm: vdsm.id", "").split() == before.replace("/etc/vdsm:", "").split()


def test_a_node_that_was_installed_registers_once_its_engine_answers(folder: Path, boot: Boot, node: Node) -> None:
    """What an unattended installation leaves behind is what tests/cases/engine-of-a-new-node.txt says."""
    site = Site(folder)
    pin = digest(site.authority)
    wanted = rf"SERVER={SERVER}\nPORT={PORT}\nFINGERPRINT={pin}\n"
    saved = rf"\n[engine]\nserver = \"{SERVER}\"\nport = {PORT}\nfingerprint = \"{pin}\"\n"
    unit = "ovirt-node-engine.service"
    with boot(node.guest(folder)) as console, console.monitor() as monitor, Segment(monitor, "spare0") as peer:
        shell = at_login(console).root_shell()
        connected(shell)
        argv = serving(site)
        shell.run(f"date --set=@{time.time():.0f}")
        assert shell.run(f"systemctl start {unit}; systemctl is-active {unit}") == "inactive", "there is no engine"
        shell.run(f"printf '{saved}' >> /etc/ovirt-node/node.toml")
        shell.run(f"printf '{wanted}' > /etc/ovirt-node/engine; systemctl start --no-block {unit}")
        at_page(console)
        shell.run(f"until journalctl -b -u {unit} | grep -q 'refuses connections'; do sleep 1; done", STEP)
        console.press("f5")
        console.wait("not registered yet", STEP)
        assert shell.run(f"systemctl is-active {unit}") == "activating", "it is tried again"
        with peer.running(*argv):
            shell.run(f"until systemctl is-active {unit} | grep -qx active; do sleep 1; done", STEP)
            assert len(json.loads(heard(site, "hosts.json"))) == 1
        assert "its administrator approves it there" in shell.run(f"journalctl --no-pager -b -u {unit} -o cat")
        console.press("f5")
        console.wait(f"registered with +{re.escape(SERVER)}", STEP)
