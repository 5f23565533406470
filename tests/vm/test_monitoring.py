"""What a node measures of itself and of a guest reaches Debian's own collectd, and stops when nobody wants it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from testbed.person import STEP
from testbed.saved import HOST, Node, at_login
from testbed.segment import Segment
from vm.conftest import Boot
from vm.test_closed import connected
from vm.test_confined import UUID, start_a_guest
from vm.test_logging import SERVER, applied

PORT = 7634
CONFIG = """\
FQDNLookup false
BaseDir "{folder}"
PIDFile "{folder}/collectd.pid"
LoadPlugin logfile
<Plugin logfile>
    File "{folder}/collectd.log"
</Plugin>
LoadPlugin csv
<Plugin csv>
    DataDir "{folder}/values"
</Plugin>
LoadPlugin network
<Plugin network>
    <Listen "{server}" "{port}">
{secured}    </Listen>
</Plugin>
"""
SECURED = """\
        SecurityLevel {level}
        AuthFile "{folder}/users"
"""
PASSWORD = "hunt-er#2{p}"


def server(folder: Path, level: str = "") -> tuple[str | Path, ...]:
    """The argv of a collectd that writes what it gets below folder/values, by its host, if it is *level* at least."""
    conf = folder / "collectd.conf"
    secured = SECURED.format(level=level, folder=folder) if level else ""
    conf.write_text(CONFIG.format(folder=folder, server=SERVER, port=PORT, secured=secured))
    (folder / "users").write_text(f"node1: {PASSWORD}\n")
    return ("collectd", "-f", "-C", conf)


def written(folder: Path) -> set[str]:
    """What was measured, as HOST/PLUGIN."""
    return {str(path.relative_to(folder / "values")) for path in (folder / "values").glob("*/*")}


def arrived(folder: Path, *wanted: str, seconds: float = STEP) -> bool:
    """Wait until each of *wanted*, HOST/PLUGIN, was written; the name of a plug-in may go on."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = written(folder)
        if all(any(name.startswith(each) for name in found) for each in wanted):
            return True
        time.sleep(1)
    return False


def size(folder: Path) -> int:
    """How much was written so far."""
    return sum(path.stat().st_size for path in (folder / "values").rglob("*") if path.is_file())


def test_values_of_the_node_and_of_a_guest_reach_a_server(folder: Path, boot: Boot, node: Node) -> None:
    listening = server(folder)
    with boot(node.guest(folder)) as console, console.monitor() as monitor, Segment(monitor, "spare0") as peer:
        shell = at_login(console).root_shell()
        assert shell.run("systemctl is-active collectd") == "inactive"
        connected(shell)
        start_a_guest(shell)
        with peer.running(*listening):
            assert "status 0" in applied(shell, f'monitoring = {{server = "{SERVER}", port = {PORT}}}')
            assert arrived(folder, *(f"{HOST}/{name}" for name in ("memory", "cpu", "load", "interface", "disk-vd")))
            assert arrived(folder, f"{UUID}/virt-web1"), written(folder)
            assert not [name for name in written(folder) if "/disk-loop" in name]
            assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
            shell.run(
                "echo 'LoadPlugin df' > /etc/collectd/collectd.conf.d/mine.conf; systemctl restart collectd", STEP
            )
            assert arrived(folder, f"{HOST}/df"), "an admin may have more measured"
            shell.run("rm /etc/collectd/collectd.conf.d/mine.conf")
            assert "status 0" in applied(shell, 'monitoring.server = ""')
            assert shell.run("systemctl is-active collectd") == "inactive"
            seen = size(folder)
            time.sleep(25)
            assert size(folder) == seen
        assert shell.run("ls /etc/collectd/collectd.conf.d") == ""
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
        log = shell.run("journalctl -b -u collectd -o cat --no-pager")
        assert "Initialization complete" in log and "error" not in log.lower(), log


@pytest.mark.long
def test_a_server_takes_values_of_a_user_that_it_knows(folder: Path, boot: Boot, node: Node) -> None:
    with boot(node.guest(folder)) as console, console.monitor() as monitor, Segment(monitor, "spare0") as peer:
        shell = at_login(console).root_shell()
        connected(shell)
        assert "status 0" in applied(shell, f'monitoring = {{server = "{SERVER}", port = {PORT}}}')
        with peer.running(*server(folder, "Sign")):
            assert not arrived(folder, f"{HOST}/memory", seconds=30), "nobody has signed"
            said = applied(shell, 'monitoring.security = "sign"')
            assert "status 2" in said and "give the name" in said
            users = 'monitoring = {{security = "{}", user = "node1", password = "{}"}}'
            assert "status 0" in applied(shell, users.format("sign", "wrong"))
            assert not arrived(folder, f"{HOST}/memory", seconds=30), "by another password"
            assert "status 0" in applied(shell, users.format("sign", PASSWORD))
            assert arrived(folder, f"{HOST}/memory")
        shutil.rmtree(folder / "values")
        with peer.running(*server(folder, "Encrypt")):
            assert not arrived(folder, f"{HOST}/memory", seconds=30), "it is signed only"
            assert "status 0" in applied(shell, 'monitoring.security = "encrypt"'), "the password is kept"
            assert arrived(folder, f"{HOST}/memory")
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
        shell.run("rm /root/a.toml; sync")
        found = shell.run(f"grep -rlF '{PASSWORD}' /etc /var/lib /run/ovirt-node /tmp", STEP)
        assert found == "/etc/collectd/collectd.conf.d/ovirt-node.conf"
        assert shell.run(f"stat -c '%a %U' {found}") == "600 root"
        assert shell.run(f"journalctl -b --no-pager -o cat | grep -cF '{PASSWORD[:8]}'", STEP) == "0"
        assert "status 0" in applied(shell, 'monitoring.server = ""')
        assert shell.run(f"grep -rlF '{PASSWORD}' /etc /var/lib", STEP) == ""
