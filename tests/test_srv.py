"""The servers that the DNS names for a service: its answers are read, damaged ones refused, and the admin chooses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from struct import error, pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machines import PLAIN
from ovirt_tui.features.order import defaults
from ovirt_tui.model.config import Resolved
from ovirt_tui.pages.monitoring import SERVICE, named_by_dns
from ovirt_tui.system import StepFailed, srv
from ovirt_tui.system.fake import FakeSystem
from person import at_setup

ASK = (*srv.PROGRAM, SERVICE)


def name(text: str) -> bytes:
    return b"".join(bytes((len(part),)) + part.encode() for part in text.split(".") if part) + b"\0"


def record(priority: int, weight: int, port: int, target: str) -> bytes:
    data = pack(">HHH", priority, weight, port) + name(target)
    return b"\xc0\x0c" + pack(">HHIH", srv.SRV, srv.IN, 60, len(data)) + data


def message(*found: bytes, number: int | None = None) -> bytes:
    """An answer with these records, of the names of which each points to that of the question."""
    counts = (1, len(found) if number is None else number, 0, 0)
    question = name(f"{SERVICE}.example.com") + pack(">HH", srv.SRV, srv.IN)
    return pack(">HHHHHH", 1, 0x8180, *counts) + question + b"".join(found)


GOOD = message(record(20, 5, 25826, "second.example.com"), record(10, 0, 7634, "first.example.com"))


def test_an_answer_is_read() -> None:
    found = list(srv.records(GOOD))
    assert found == [(20, 5, 25826, "second.example.com"), (10, 0, 7634, "first.example.com")]
    assert list(srv.records(message())) == list(srv.records(b"")) == []
    other = b"\xc0\x0c" + pack(">HHIH", 1, srv.IN, 60, 4) + b"\xc0\0\2\1"
    assert list(srv.records(message(other, record(1, 1, 1, "a")))) == [(1, 1, 1, "a")]


@pytest.mark.parametrize("damaged", [GOOD[:-4], GOOD[:20], GOOD[:6], message(number=9), message(b"\xc0\xff" * 40)])
def test_a_damaged_answer_is_refused(damaged: bytes) -> None:
    with pytest.raises((ValueError, error)):
        list(srv.records(damaged))


@settings(max_examples=300)
@given(st.binary(max_size=60), st.integers(0, len(GOOD)), st.integers(0, 8))
def test_any_answer_ends_in_records_or_in_a_refusal(noise: bytes, at: int, cut: int) -> None:
    try:
        for priority, weight, port, target in srv.records(GOOD[:at] + noise + GOOD[at + cut :]):
            assert max(priority, weight, port) < 65536 and len(target) < srv.NAME
    except (ValueError, error):
        pass


def told(output: object) -> FakeSystem:
    return FakeSystem(PLAIN, outputs={ASK: json.dumps(output)})


def test_each_server_is_a_way_on() -> None:
    answer = named_by_dns(told([["a.example.com", 25826], ["b", 7634]]), Resolved(defaults()), PLAIN)
    assert [way.puts for way in answer.ways] == [
        (("monitoring.server", "a.example.com"), ("monitoring.port", "25826")),
        (("monitoring.server", "b"), ("monitoring.port", "7634")),
    ]


def test_what_is_no_name_or_no_port_is_not_shown() -> None:
    hostile = [["\x1b[2J", 1], ["a", 0], ["a", 70000], ["..", 5], ["", 5], ["a b", 5]]
    answer = named_by_dns(told(hostile), Resolved(defaults()), PLAIN)
    assert answer.ways == () and "_collectd._udp" in answer.text
    assert len(named_by_dns(told([["a", 5]] * 1000), Resolved(defaults()), PLAIN).ways) == 8


def test_who_does_not_answer_is_a_sentence() -> None:
    with pytest.raises(StepFailed):
        named_by_dns(FakeSystem(PLAIN), Resolved(defaults()), PLAIN)


def test_the_page_takes_what_the_admin_chose() -> None:
    person, setup = at_setup()
    person.system.outputs[ASK] = json.dumps([["stats.example.com", 25826]])
    setup.open([page.title for page in setup.pages].index("Monitoring"))
    person.press("tab", "tab", "enter")
    assert "stats.example.com, 25826" in person.screen()
    person.press("tab", "enter")
    config = setup.draft.config
    assert (config.get("monitoring.server"), config.get("monitoring.port")) == ("stats.example.com", 25826)


SERVER = """\
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 53))
print("ready", flush=True)
good = bytes.fromhex(sys.argv[1])
while True:
    asked, who = s.recvfrom(512)
    wanted = asked[12:].startswith(good[12 : good.index(b"com\\0") + 4])
    rest = good[2:] if wanted else b"\\x81\\x83" + asked[4:6] + b"\\0" * 6 + asked[12:]
    s.sendto(asked[:2] + rest, who)
"""


@pytest.mark.root
def test_the_resolver_asks_in_its_domains(tmp_path: Path) -> None:
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\nsearch nowhere.example example.com\n")
    (tmp_path / "server.py").write_text(SERVER)
    script = (
        "ip link set lo up; mount --bind $1/resolv.conf /etc/resolv.conf; "
        "$2 $1/server.py $3 > $1/ready & server=$!; while ! grep -q ready $1/ready 2> /dev/null; do sleep 0.1; done; "
        'shift 3; "$@"; status=$?; kill $server; exit $status'
    )
    argv = ["unshare", "--mount", "--net", "sh", "-c", script, "sh", tmp_path, sys.executable, GOOD.hex()]
    for service, found in ((SERVICE, [["first.example.com", 7634], ["second.example.com", 25826]]), ("_x._udp", [])):
        done = subprocess.run([*argv, *srv.PROGRAM, service], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, "") and json.loads(done.stdout) == found


@pytest.mark.root
def test_a_dns_that_is_not_there_is_said() -> None:
    script = 'echo nameserver 127.0.0.1 > $1/resolv.conf; mount --bind $1/resolv.conf /etc/resolv.conf; shift; "$@"'
    argv = ["unshare", "--mount", "--net", "sh", "-c", script, "sh", "/tmp", *srv.PROGRAM, SERVICE]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "the DNS does not answer\n")
