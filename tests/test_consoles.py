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
from ovirt_tui.system.consoles import Lines

SAY = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node/say"
LONG = "\n".join(["a line of a plan that is said on every console"] * 2000)


class Line:
    """A terminal: *master* is what its cable leads to."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.name = os.ttyname(self.slave).removeprefix("/dev/")

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
    said = Lines(active(tmp_path, stopped))
    begun = monotonic()
    for _time in range(10):
        said.say(tuple(text.splitlines()))
    assert monotonic() - begun < 2 * consoles.SECONDS
    assert said.slow >= {stopped.name}
    Lines(active(tmp_path, stopped, open_line)).say(("installation starts", "it goes on"))
    assert open_line.heard() == "\rinstallation starts\r\n\rit goes on\r\n"


def test_a_console_that_nobody_reads_is_passed_over_and_heard_again(tmp_path: Path, lines: tuple[Line, Line]) -> None:
    line = lines[0]
    said = Lines(active(tmp_path, line))
    said.say(tuple(LONG.splitlines()))
    assert line.name in said.slow
    line.heard()
    said.say(("back again",))
    assert line.heard().endswith("\rback again\r\n")
    assert line.name not in said.slow


def test_without_a_console_somebody_must_know(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="no console"):
        Lines(tmp_path / "none", tmp_path).say(("heard by nobody",))


def test_the_script_of_the_boot_passes_a_stopped_console_over(tmp_path: Path, lines: tuple[Line, Line]) -> None:
    stopped, open_line = lines
    stopped.stop()
    argv = ["sh", str(SAY), "installed node is up", str(active(tmp_path, stopped, open_line))]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout == "ovirt-node: installed node is up\n"
    assert open_line.heard() == "\rovirt-node: installed node is up\r\n"
    assert stopped.heard() == ""


def test_nothing_before_a_login_is_without_a_limit() -> None:
    """systemd gives a unit of one shot no limit, and every login waits for these."""
    units = Path(__file__).parent.parent / "image/overlay/usr/lib/systemd/system"
    shots = [unit for unit in units.glob("*.service") if "Type=oneshot" in unit.read_text()]
    before = [unit for unit in shots if "[Install]" in unit.read_text()]
    assert {unit.stem for unit in before} >= {"ovirt-node-up", "ovirt-node-hostkeys", "ovirt-node-keymap"}
    for unit in before:
        assert "TimeoutStartSec=" in unit.read_text(), unit.name
        assert "TimeoutStartSec=infinity" not in unit.read_text(), unit.name
