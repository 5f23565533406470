"""The log of a node reaches Debian's own rsyslogd, what was logged while that was down too, and so does the kernel."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from ovirt_tui.model.certificates import Certificate
from testbed.console import Terminal
from testbed.person import STEP
from testbed.saved import Node, at_login
from testbed.segment import Segment
from vm.conftest import Boot
from vm.test_closed import connected

SERVER = "192.0.2.2"
NAME = "logs.example.test"
SYSLOG, SEALED, KERNEL = 1514, 6514, 6666
CONFIG = """\
global(workDirectory="{folder}")
module(load="imudp")
module(load="imtcp")
input(type="imudp" port="{syslog}")
input(type="imtcp" port="{syslog}")
input(type="imudp" port="{kernel}")
input(
    type="imtcp" port="{sealed}" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon"
    StreamDriver.CAFile="{authority}.pem" StreamDriver.CertFile="{authority}-server.pem"
    StreamDriver.KeyFile="{authority}-server.key"
)
template(name="raw" type="string" string="%rawmsg%\\n")
action(type="omfile" file="{folder}/received" template="raw")
"""


def authority(folder: Path, name: str) -> Path:
    """Make an authority called *name* and the certificate of the log server, which it signed; where they are."""
    here = folder / name
    new = ("openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2")
    own = ("-keyout", f"{here}.key", "-out", f"{here}.pem", "-subj", f"/CN={name}")
    signed = ("-CA", f"{here}.pem", "-CAkey", f"{here}.key", "-addext", f"subjectAltName=DNS:{NAME}")
    server = ("-keyout", f"{here}-server.key", "-out", f"{here}-server.pem", "-subj", "/CN=logs")
    for words in ((*new, *own), (*new, *server, *signed, "-addext", "basicConstraints=critical,CA:FALSE")):
        subprocess.run(words, check=True, capture_output=True, timeout=60)
    return here


def server(folder: Path, signed: Path) -> tuple[str | Path, ...]:
    """The argv of a log server whose certificate *signed* has signed."""
    conf = folder / f"{signed.name}.conf"
    conf.write_text(CONFIG.format(folder=folder, syslog=SYSLOG, kernel=KERNEL, sealed=SEALED, authority=signed))
    return ("rsyslogd", "-n", "-f", conf, "-i", folder / "rsyslogd.pid")


def arrived(folder: Path, text: str, seconds: float = STEP) -> bool:
    """Wait for *text* at the server."""
    end = time.monotonic() + seconds
    file = folder / "received"
    while time.monotonic() < end:
        if file.exists() and text in file.read_text(errors="replace"):
            return True
        time.sleep(1)
    return False


def applied(shell: Terminal, answers: str) -> str:
    """Bring the node to *answers*; what it said, and its exit status."""
    return shell.run(f"echo '{answers}' > /root/a.toml; ovirt-tui apply --answers /root/a.toml; echo status $?", STEP)


def named(shell: Terminal) -> None:
    """The node knows the server's name, and the time: a saved one has that of before the certificates."""
    shell.run(f"echo {SERVER} {NAME} >> /etc/hosts; date --set=@{time.time():.0f}")


def test_the_log_reaches_a_server(folder: Path, boot: Boot, node: Node) -> None:
    known, stranger = authority(folder, "known"), authority(folder, "stranger")
    listening = server(folder, known)
    with boot(node.guest(folder)) as console, console.monitor() as monitor, Segment(monitor, "spare0") as peer:
        shell = at_login(console).root_shell()
        connected(shell)
        with peer.running(*listening):
            assert "status 0" in applied(shell, f'logging = {{server = "{SERVER}", port = {SYSLOG}}}')
            shell.run("logger one by udp")
            assert arrived(folder, "one by udp")
            assert "status 0" in applied(shell, 'logging.transport = "tcp"')
            shell.run("logger two by tcp")
            assert arrived(folder, "two by tcp")
        # rsyslog may lose the line that it is trying to send when it ends, and no other.
        shell.run("logger being tried; sleep 3; logger three while it was down; sleep 3", STEP)
        shell.run("systemctl restart rsyslog", STEP)
        assert "status 0" in applied(shell, f'logging.netconsole = "{SERVER}"')
        with peer.running(*listening):
            assert arrived(folder, "three while it was down")
            shell.run("echo four by the kernel > /dev/kmsg")
            assert arrived(folder, "four by the kernel")
        ca = Certificate(known.with_suffix(".pem").read_text())
        named(shell)
        sealed = f'logging = {{server = "{NAME}", transport = "tls", port = {SEALED}, ca = "{ca}"}}'
        with peer.running(*server(folder, stranger)):
            assert "status 0" in applied(shell, sealed)
            shell.run("logger five by tls")
            assert not arrived(folder, "five by tls", 15)
            assert "certificate verify failed" in shell.run("journalctl -b -u rsyslog -o cat --no-pager")
        with peer.running(*listening):
            assert arrived(folder, "five by tls")
            assert "status 0" in applied(shell, 'logging = {server = "", netconsole = ""}')
            shell.run("logger six to nobody; echo seven to nobody > /dev/kmsg")
            assert not arrived(folder, "to nobody", 10)
        left = "ls -I 'kdump*' /etc/rsyslog.d /etc/ovirt-node | xargs"
        assert shell.run(left) == "/etc/ovirt-node: node.toml /etc/rsyslog.d:"
        assert shell.run("systemctl is-active rsyslog ovirt-node-netconsole | xargs") == "inactive inactive"
        assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
        assert shell.run("logrotate --debug /etc/logrotate.conf 2>&1 | grep -c '^error'") == "0"


def test_a_server_that_nobody_knows_is_said_and_nothing_is_changed(folder: Path, boot: Boot, node: Node) -> None:
    with boot(node.guest(folder)) as console:
        shell = at_login(console).root_shell()
        said = applied(shell, 'logging.netconsole = "no.such.host.example"')
        assert "no.such.host.example is not known to the DNS" in said or "did not start" in said
        assert "status 1" in said
        assert shell.run("ls -I 'kdump*' /etc/ovirt-node") == "node.toml"
