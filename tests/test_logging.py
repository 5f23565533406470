"""The log of a node: where the words of a line send it, what is found on a node, and the authority of its server."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from brought import brought
from machines import PLAIN, with_
from ovirt_tui.autoinstall import lens
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.lens import words
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.drift import drift
from ovirt_tui.features.order import defaults
from ovirt_tui.model.certificates import BEGIN, END, Certificate
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.values import Unfit
from ovirt_tui.pages.logging.feature import CA, FORWARD, KERNEL
from ovirt_tui.pages.logging.settings import Transport
from ovirt_tui.pages.logging.words import EXAMPLE
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import Absent, Restart
from test_parity import fills

OVERLAY = Path(__file__).parent.parent / "image/overlay"
DISPATCHER = OVERLAY / "usr/lib/NetworkManager/dispatcher.d/50-ovirt-node-netconsole"
NETCONSOLE = "ovirt-node-netconsole.service"
NODE = with_(slot="Root")
SERVER = defaults().put("users.root_locked", True).put("logging.server", Hostname("logs.example.com"))
SEALED = SERVER.put("logging.transport", Transport.TLS).put("logging.ca", Certificate(EXAMPLE))
DER = base64.b64decode(EXAMPLE)
LEAF = (
    "MIIBLzCB4qADAgECAhQgcHHO5e3biypmtJOz40c+7C/zfjAFBgMrZXAwDzENMAsGA1UEAwwEbGVhZjAeFw0yNjExMjIxMjI4MDhaFw00"
    "NjExMTcxMjI4MDhaMA8xDTALBgNVBAMMBGxlYWYwKjAFBgMrZXADIQA7vWetj2dotg/xg/2arEzg+9y+jvpL8TG2qk4Yd0eFFKNQME4w"
    "HQYDVR0OBBYEFK7x+706lPgF6JHfg2jOlSRVAT8ZMB8GA1UdIwQYMBaAFK7x+706lPgF6JHfg2jOlSRVAT8ZMAwGA1UdEwEB/wQCMAAw"
    "BQYDK2VwA0EAdUi1Q6TO29Y7bCSe+pSvWHYWjVTdRDjNaSqN0p0xKClatkU6glDZBjsak6ASnJIB5Us9p9wwFNjfLWlM8vWYBQ=="
)


def saved(config: NodeConfig) -> FakeSystem:
    """A node on which *config* was saved, and of which nothing is to be done."""
    system = brought(config, NODE)
    system.earlier, system.made = system.made, []
    assert not drift(config, system, NODE)
    return system


@pytest.mark.parametrize(
    ("line", "server", "port", "transport"),
    [
        ("syslog=logs.example.com", "logs.example.com", "514", "udp"),
        ("syslog=logs.example.com syslog_protocol=tcp", "logs.example.com", "514", "tcp"),
        ("syslog_protocol=tls syslog=logs.example.com", "logs.example.com", "6514", "tls"),
        ("syslog=logs.example.com:514 syslog_protocol=tls", "logs.example.com", "514", "tls"),
        ("syslog=2001:db8::9", "2001:db8::9", "514", "udp"),
        ("syslog=[2001:db8::9]:1 syslog_protocol=tls", "2001:db8::9", "1", "tls"),
    ],
)
def test_the_port_is_that_of_the_protocol_unless_one_is_said(line: str, server: str, port: str, transport: str) -> None:
    found = fills(line)
    assert (found["logging.server"], found["logging.port"]) == (server, port)
    assert found.get("logging.transport", "udp") == transport
    draft = Draft(PLAIN)
    list(lens.put(draft, read(line, agree=False)))
    again = " ".join(words(draft.config))
    assert {**found, "logging.transport": transport} == {"logging.transport": "udp", **fills(again)}


def test_the_kernels_own_netconsole_is_left_to_the_kernel() -> None:
    own = "netconsole=6665@192.0.2.7/eth0,6666@192.0.2.9/52:54:00:12:34:56"
    assert fills(own) == {"boot.words": own}
    assert fills("netconsole=192.0.2.9") == {"logging.netconsole": "192.0.2.9", "logging.netconsole_port": "6666"}


def test_what_is_emptied_is_removed() -> None:
    config = SERVER.put("logging.netconsole", Hostname("logs.example.com"))
    made = [
        step
        for planned in changes(SETUP, config, SERVER.put("logging.server", None), NODE, saved(config))
        for step in planned.steps
    ]
    assert {step.path for step in made if isinstance(step, Absent)} == {FORWARD, KERNEL}
    units = {"rsyslog.service", "ovirt-node-netconsole.service"}
    assert {step.service for step in made if isinstance(step, Restart)} == units


def test_a_new_host_name_is_what_the_server_sees_from_then_on() -> None:
    """rsyslog and collectd ask for the name once, when they start."""
    named = SERVER.put("monitoring.server", Hostname("values.example.com")).put("network.hostname", Hostname("one"))
    units = {"rsyslog.service", "collectd.service"}
    system = saved(named)
    for new, restarted in ((named.put("network.hostname", Hostname("two")), units), (named, set())):
        planned = changes(SETUP, named, new, NODE, system)
        assert {step.service for each in planned for step in each.steps if isinstance(step, Restart)} == restarted


def test_what_was_changed_outside_is_found() -> None:
    system = saved(SEALED)
    text = system.files[FORWARD]
    assert f'StreamDriver.CAFile="{CA}"' in text and system.files[CA].startswith(BEGIN)
    system.files[FORWARD] = text.replace('"514"', '"7514"').replace("logs.", "other.")
    assert {each.path for each in drift(SEALED, system, NODE).differences} == {"logging.server", "logging.port"}
    system.files[FORWARD] = text.replace(' StreamDriver="ossl"', "")
    assert {each.path for each in drift(SEALED, system, NODE).differences} == {"logging.transport"}
    system.files[FORWARD] = 'action(type="omfile" file="/dev/null")\n'
    assert "logging.server" in {each.path for each in drift(SEALED, system, NODE).differences}


def test_the_dot_at_the_end_of_a_name_is_in_no_certificate() -> None:
    """OpenSSL, by which rsyslog compares names, takes it for another name."""
    config = SEALED.put("logging.server", Hostname("logs.example.com."))
    system = saved(config)
    text = system.files[FORWARD]
    assert 'target="logs.example.com."' in text and 'PermittedPeers="logs.example.com"' in text


@pytest.mark.parametrize(
    ("profile", "event", "begins"),
    [
        ("ovirt-node-breth0", "up", True),
        ("ovirt-node-eth0", "dhcp4-change", False),
        ("ovirt-node-eth0", "down", False),
        ("vnet0", "up", False),
        (None, "connectivity-change", False),
    ],
)
def test_messages_of_the_kernel_find_their_way_anew(
    tmp_path: Path, profile: str | None, event: str, begins: bool
) -> None:
    """The kernel ends them where their interface becomes part of a bridge, which a Save of the network may do."""
    program = tmp_path / "systemctl"
    program.write_text(f'#!/bin/sh\necho "$*" > {tmp_path}/asked\n')
    program.chmod(0o755)
    known = {"PATH": f"{tmp_path}:/usr/bin:/bin", **({"CONNECTION_ID": profile} if profile else {})}
    subprocess.run((DISPATCHER, "eth0", event), check=True, timeout=30, env=known)
    asked = tmp_path / "asked"
    assert asked.exists() == begins
    if begins:
        assert asked.read_text() == f"--no-block try-restart {NETCONSOLE}\n"
        assert (OVERLAY / "usr/lib/systemd/system" / NETCONSOLE).is_file()


def test_without_tls_no_certificate_is_written() -> None:
    assert CA not in brought(SEALED.put("logging.transport", Transport.TCP), NODE).files


def test_a_certificate_is_taken_as_its_file_and_as_its_text() -> None:
    pem = Certificate(EXAMPLE).pem
    assert pem.startswith(f"{BEGIN}\nMII") and pem.endswith(f"\n{END}\n")
    assert max(map(len, pem.splitlines())) == 64
    for text in (EXAMPLE, pem, pem.replace("\n", "\r\n"), pem.replace("\n", ""), f"  {pem}\n\n"):
        assert Certificate(text) == EXAMPLE
        assert Certificate(text).pem == pem


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "a private key"),
        (Certificate(EXAMPLE).pem * 2, "several"),
        (LEAF, "of a server"),
        ("", "or not a whole one"),
        ("logs.example.com", "its PEM file"),
        ("é", "its PEM file"),
        (EXAMPLE[:-4], "or not a whole one"),
        (base64.b64encode(DER + b"\0").decode(), "or not a whole one"),
        (base64.b64encode(DER + DER).decode(), "or not a whole one"),
        (base64.b64encode(DER[:-1]).decode(), "or not a whole one"),
    ],
)
def test_what_is_no_certificate_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        Certificate(text)


def test_nothing_of_a_private_key_is_said() -> None:
    line = 'syslog_ca="-----BEGIN PRIVATE KEY-----MC4CAQAwBQYDK2VwBCIEIHRvcHNlY3JldA-----END PRIVATE KEY-----"'
    said = "\n".join(map(str, read(line).complaints))
    assert "a private key" in said and "MC4CAQ" not in said
