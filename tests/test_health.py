"""How a node is, as its own programs tell it."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from ovirt_tui.machine.health import WATCHED, Health, worse
from ovirt_tui.system import StepFailed, health

ADDRESSES = [
    {"ifname": "lo", "address": "00:00:00:00:00:00", "addr_info": [{"scope": "host"}]},
    {"ifname": "ens3", "address": "52:54:00:12:34:56", "addr_info": [{"scope": "link"}, {"scope": "global"}]},
    {"ifname": "br0", "address": "0a:00:00:00:00:01", "addr_info": [{"scope": "global"}]},
    {"ifname": "ens4", "address": "52:54:00:12:34:57", "addr_info": [{"scope": "link"}]},
]
SAID = {
    "--state=active": "ssh.service loaded active running OpenSSH\nother.service loaded active running x\n",
    "--state=failed": "bad.service loaded failed failed x\n",
    "-json": json.dumps(ADDRESSES),
    "-4": "default via 192.0.2.1 dev ens3 proto dhcp\n",
    "-6": "default via fe80::1 dev br0 metric 1\nunreachable default dev\n",
}


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose programs say SAID; libvirt answers, and ens3 is an adapter."""
    (tmp_path / "ens3/device").mkdir(parents=True)

    def run(argv: tuple[str, ...], **_options: object) -> str:
        return next((text for word, text in SAID.items() if word in argv), "[]")

    monkeypatch.setattr(health, "run", run)
    monkeypatch.setattr(health, "_known", lambda name, mac: known(name, mac, tmp_path))
    monkeypatch.setattr(health, "_config", lambda: missing(tmp_path / "config-missing"))
    return tmp_path


known, missing = health._known, health._config


def test_it_is_what_the_programs_say(node: Path) -> None:
    assert "ssh.service" in WATCHED
    assert health.health(()) == Health(
        active=("ssh.service",),
        failed=("bad.service",),
        interfaces=("br0", "ens3 52:54:00:12:34:56"),
        routes=("br0", "ens3"),
        libvirt=True,
    )


def test_what_is_missing_of_the_settings_is_told(node: Path) -> None:
    (node / "config-missing").write_text("Config cannot be mounted\n/etc\n")
    assert health.health(()).config == "Config cannot be mounted /etc"


def test_a_libvirt_that_does_not_answer_is_no_failure_of_the_look(node: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = health.run

    def run(argv: tuple[str, ...], **options: object) -> str:
        if str(health.GUESTS) in argv:
            raise StepFailed("it does not answer")
        return real(argv, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(health, "run", run)
    assert not health.health(()).libvirt


def test_a_manager_is_one_that_takes_a_connection(node: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        up = f"127.0.0.1:{there.getsockname()[1]}"
        assert health.health((up, "127.0.0.1:1", "nonsense")).managers == (up,)


def test_what_was_wrong_with_the_settings_before_is_not_worse_now() -> None:
    """As a folder that is kept and cannot be mounted: no image would ever prove itself on that node."""
    before = Health(config="/opt/gone cannot be mounted")
    assert not list(worse(before, before))
    (why,) = worse(before, Health(config="Config cannot be mounted"))
    assert "Config cannot be mounted" in str(why)
    assert list(worse(Health(), before))
