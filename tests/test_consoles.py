"""What is said on consoles reaches those that listen, and one that takes no output keeps nobody waiting."""

import os
import pty
import select
import subprocess
import termios
import tty
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from ovirt_tui.system import StepFailed, consoles
from ovirt_tui.system.consoles import ConsoleWriter

SAY = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node/say"
LONG = "\n".join(["a line of a plan that is said on every console"] * 2000)


class Line:
    """A terminal: *master* is what its cable leads to."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.path = Path(os.ttyname(self.slave))
        self.name = str(self.path.relative_to("/dev"))

    def stop(self) -> None:
        """Somebody presses Ctrl-S."""
        termios.tcflow(self.slave, termios.TCOOFF)

    def heard(self) -> str:
        said = b""
        while select.select([self.master], [], [], 0.2)[0]:
            said += os.read(self.master, 65536)
        return said.decode()


@pytest.fixture
def lines() -> Iterator[tuple[Line, Line]]:
    made = Line(), Line()
    yield made
    for line in made:
        os.close(line.master)
        os.close(line.slave)


def active(folder: Path, *lines: Line) -> Path:
    file = folder / "active"
    file.write_text(" ".join(line.name for line in lines) + "\n")
    return file


@pytest.mark.parametrize("text", ["installation starts\nit goes on", LONG], ids=["short", "long"])
def test_a_stopped_console_is_passed_over(tmp_path: Path, lines: tuple[Line, Line], text: str) -> None:
    stopped, open_line = lines
    stopped.stop()
    said = ConsoleWriter(active(tmp_path, stopped))
    begun = monotonic()
    for _time in range(10):
        said.say(tuple(text.splitlines()))
    assert monotonic() - begun < 2 * consoles.SECONDS
    assert said.slow >= {stopped.path}
    ConsoleWriter(active(tmp_path, stopped, open_line)).say(("installation starts", "it goes on"))
    assert open_line.heard() == "\rinstallation starts\r\n\rit goes on\r\n"


def test_a_console_that_nobody_reads_is_passed_over_and_heard_again(tmp_path: Path, lines: tuple[Line, Line]) -> None:
    line = lines[0]
    said = ConsoleWriter(active(tmp_path, line))
    said.say(tuple(LONG.splitlines()))
    assert line.path in said.slow
    line.heard()
    said.say(("back again",))
    assert line.heard().endswith("\rback again\r\n")
    assert line.path not in said.slow


def test_without_a_console_somebody_must_know(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="no console"):
        ConsoleWriter(tmp_path / "none", tmp_path).say(("heard by nobody",))


def test_who_starts_it_elsewhere_hears_it_too_and_once(tmp_path: Path, lines: tuple[Line, Line]) -> None:
    console, elsewhere = lines
    names = active(tmp_path, console)
    ConsoleWriter(names, output=elsewhere.slave).say(("refused",))
    assert elsewhere.heard() == console.heard() == "\rrefused\r\n"
    ConsoleWriter(names, output=console.slave).say(("refused",))
    assert console.heard() == "\rrefused\r\n"
    ConsoleWriter(tmp_path / "none", tmp_path, output=elsewhere.slave).say(("no console, and yet heard",))
    assert "yet heard" in elsewhere.heard()
    elsewhere.stop()
    said = ConsoleWriter(names, output=elsewhere.slave)
    said.say(("refused",))
    assert console.heard() == "\rrefused\r\n" and elsewhere.path in said.slow


def test_a_file_and_a_pipe_are_written_to_and_the_journal_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "log"
    file.write_text("before\n")
    with file.open("rb+") as log:  # at its beginning, and what is there stays all the same
        said = ConsoleWriter(tmp_path / "none", tmp_path, output=log.fileno())
        said.say(("it goes on", "\x1b[2J"))
        said.say(("and ends",))
        assert file.read_text() == "before\nit goes on\n\\x1b[2J\nand ends\n"
        monkeypatch.setenv(consoles.JOURNAL, "{0.st_dev}:{0.st_ino}".format(os.fstat(log.fileno())))
        with pytest.raises(StepFailed, match="no console"):
            said.say(("the journal has this already",))
    inlet, outlet = os.pipe()
    try:
        said = ConsoleWriter(tmp_path / "none", tmp_path, output=outlet)
        said.say(("through a pipe",))
        assert os.read(inlet, 100) == b"through a pipe\n"
        begun = monotonic()
        for _time in range(20):
            said.say(tuple(LONG.splitlines()))  # which nobody takes out of it
        assert monotonic() - begun < 2 * consoles.SECONDS
    finally:
        os.close(inlet)
        os.close(outlet)


def test_the_script_of_the_boot_passes_a_stopped_console_over(tmp_path: Path, lines: tuple[Line, Line]) -> None:
    stopped, open_line = lines
    stopped.stop()
    argv = ["sh", str(SAY), "installed node is up", str(active(tmp_path, stopped, open_line))]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout == "ovirt-node: installed node is up\n"
    assert open_line.heard() == "\rovirt-node: installed node is up\r\n"
    assert stopped.heard() == ""


@pytest.mark.parametrize("state", ["activating", "active", "inactive"])
def test_the_consoles_say_that_data_is_being_checked(tmp_path: Path, state: str) -> None:
    script = (SAY.parent / "up").read_text().replace("/run/ovirt-node", str(tmp_path))
    assert "say=/usr/libexec/ovirt-node/say\n" in script
    script = script.replace("say=/usr/libexec/ovirt-node/say\n", "say=echo\n")
    (tmp_path / "firewall").touch()
    (tmp_path / "systemctl").write_text(f"#!/bin/sh\nprintf '%s\\n' {state}\n")
    (tmp_path / "systemctl").chmod(0o755)
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(["sh"], input=script, env=path, capture_output=True, text=True, timeout=20, check=True)
    checked = "the volume Data is being checked; guests can start once that is done\n"
    assert done.stdout == f"{checked if state == 'activating' else ''}installed node is up\n"


UNITS = Path(__file__).parent.parent / "image/overlay/usr/lib/systemd/system"
# What Debian says in the units that matter here, and systemd adds to them and makes of the node's fstab (MOUNTS in
# actions.py): Data is mounted as soon as it was checked, and nothing waits for that but what says so.
DEBIAN = {
    "getty@.service": "After=systemd-user-sessions.service getty-pre.target basic.target\nType=idle",
    "serial-getty@.service": "After=systemd-user-sessions.service getty-pre.target basic.target\nType=idle",
    "basic.target": "After=sysinit.target",
    "sysinit.target": "After=local-fs.target",
    "local-fs.target": "After=local-fs-pre.target",
    "lvm2-monitor.service": "Before=local-fs-pre.target\nType=oneshot",
    "systemd-user-sessions.service": "After=remote-fs.target nss-user-lookup.target network.target",
    "NetworkManager.service": "After=network-pre.target dbus.service\nBefore=network.target\nTimeoutStartSec=600",
    "nftables.service": "Before=network-pre.target\nType=oneshot",
    "ssh.service": "After=network.target nss-user-lookup.target\nType=notify",
    "libvirtd.service": "After=network.target dbus.service iscsid.service\nType=notify-reload",
    "iscsid.service": "After=network.target network-online.target\nBefore=remote-fs-pre.target\nType=forking",
    "data.mount": "After=systemd-fsck@Data.service",
    "systemd-fsck@Data.service": "Type=oneshot\nTimeoutStartSec=infinity",
}


def units() -> dict[str, dict[str, list[str]]]:
    """What each unit says, with its drop-ins: the words of a setting, from all its lines."""
    said = dict(DEBIAN)
    for path in sorted((*UNITS.glob("*.service"), *UNITS.glob("*.service.d/*.conf"))):
        name = path.parent.name.removesuffix(".d") if path.suffix == ".conf" else path.name
        said[name] = f"{said.get(name, '')}\n{path.read_text()}"
    found: dict[str, dict[str, list[str]]] = {}
    for name, text in said.items():
        for line in text.splitlines():
            key, _equals, value = line.partition("=")
            found.setdefault(name, {}).setdefault(key, []).extend(value.split())
    return found


def awaited(found: dict[str, dict[str, list[str]]], *names: str) -> set[str]:
    """All that is waited for before these units begin."""
    seen, new = set[str](), set(names)
    while new:
        seen |= new
        after = {each for name in new for each in found.get(name, {}).get("After", [])}
        before = {name for name, unit in found.items() if new & set(unit.get("Before", []))}
        new = (after | before) - seen
    return seen - set(names)


def unlimited(unit: dict[str, list[str]]) -> bool:
    limits = unit.get("TimeoutStartSec", ["infinity"] if "oneshot" in unit.get("Type", []) else ["90"])
    return limits[-1] in {"infinity", "0"}


def test_nothing_before_a_login_is_without_a_limit() -> None:
    """systemd gives a unit of one shot no limit, and every login waits for these."""
    found = units()
    before = awaited(found, "getty@.service", "serial-getty@.service")
    assert before >= {"ovirt-node-up.service", "ovirt-node-hostkeys.service", "nftables.service", "ssh.service"}
    assert "lvm2-monitor.service" in before and "ovirt-node-kdump.service" not in before
    ours = {name for name, unit in found.items() if "[Install]" in unit and "oneshot" in unit["Type"]}
    assert ours >= {"ovirt-node-up.service", "ovirt-node-keymap.service", "ovirt-node-guests.service"}
    assert not {name for name in before | ours if unlimited(found.get(name, {}))}


def test_guests_wait_for_data_and_logins_do_not() -> None:
    """A full check of a large Data takes hours, and systemd sets it no limit."""
    found = units()
    assert awaited(found, "libvirtd.service") >= {
        "ovirt-node-guests.service",
        "data.mount",
        "systemd-fsck@Data.service",
    }
    assert not awaited(found, "getty@.service", "serial-getty@.service", "ssh.service") & {
        "ovirt-node-guests.service",
        "data.mount",
        "systemd-fsck@Data.service",
    }
