"""Other programs: what is said of one that failed, and that no wait for one is without an end."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest

from ovirt_tui.machine.facts import Disk, Part
from ovirt_tui.system import StepFailed, command, lvm, partitions, udev
from ovirt_tui.system.command import run, succeeds
from ovirt_tui.system.partitions import ESP_LABEL, INSTALLING
from ovirt_tui.system.probe import node_on


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "Error: Connection activation failed: no address\nHint: use 'journalctl -xe' to get more details.",
            "no address",
        ),
        ("  WARNING: something\n  Insufficient free space: 5 extents needed", "Insufficient free space"),
        ("", "exit status 3"),
    ],
)
def test_the_reason_is_the_line_that_names_it(said: str, reason: str) -> None:
    with pytest.raises(StepFailed, match=f"^sh failed: .*{reason}") as failed:
        run(("sh", "-c", 'printf "%s" "$0" >&2; exit 3', said))
    assert "Hint" not in str(failed.value)
    assert said in failed.value.output


def test_what_a_program_left_behind_is_not_waited_for() -> None:
    """It has its own session, so the kill does not reach it, and it holds the pipes for a minute."""
    begun = monotonic()
    with pytest.raises(StepFailed, match=r"^sh did not end within 1 seconds\Z") as failed:
        run(("sh", "-c", "echo begun; setsid sleep 60 & wait"), seconds=1)
    assert monotonic() - begun < 1 + command.GRACE + 2
    assert "begun" in failed.value.output
    assert command.stuck() == ()


def test_all_that_a_program_started_ends_with_it() -> None:
    with pytest.raises(StepFailed, match=r"did not end within 1 seconds\Z") as failed:
        run(("sh", "-c", "sleep 61 & echo $!; wait"), seconds=1)
    child = Path("/proc", failed.value.output.splitlines()[-1])
    end = monotonic() + 5
    while child.exists() and (child / "stat").read_text().split()[2] != "Z" and monotonic() < end:
        sleep(0.05)
    assert not child.exists() or (child / "stat").read_text().split()[2] == "Z"


class Endless:
    """A program that waits in the kernel for its device: a kill changes nothing."""

    pid = 2**22 + 1  # of no process
    stdin = stdout = stderr = None
    returncode: int | None = None

    def __init__(self, argv: tuple[str, ...], **_more: object) -> None:
        self.args = argv
        self.waited = 0.0

    def communicate(self, _stdin: bytes | None = None, timeout: float | None = None) -> tuple[bytes, bytes]:
        assert timeout, "a wait without a limit"
        self.waited += timeout
        raise subprocess.TimeoutExpired(self.args, timeout, b"half of it")

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        raise AssertionError("nobody waits for it")


@pytest.mark.parametrize("start", [run, succeeds])
def test_a_program_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch, start: Callable[..., object]) -> None:
    started: list[Endless] = []

    def popen(argv: tuple[str, ...], **more: object) -> Endless:
        started.append(Endless(argv, **more))
        return started[-1]

    monkeypatch.setattr(command.subprocess, "Popen", popen)
    with pytest.raises(StepFailed, match="did not end within 7 seconds and cannot be stopped") as failed:
        start(("mkfs.ext4", "/dev/sda3"), seconds=7)
    assert "half of it" in failed.value.output
    assert started[0].waited == 7 + command.GRACE
    assert command.stuck() == ("mkfs.ext4",)
    started[0].returncode = -9
    assert command.stuck() == ()


@pytest.mark.parametrize("start", [run, succeeds])
def test_what_only_reads_is_not_waited_for_by_others(
    monkeypatch: pytest.MonkeyPatch, start: Callable[..., object]
) -> None:
    monkeypatch.setattr(command.subprocess, "Popen", Endless)
    with pytest.raises(StepFailed, match="cannot be stopped"):
        start(("blkid", "/dev/sdq"), seconds=7, reads=True)
    assert command.stuck() == ()


def test_every_look_at_disks_is_known_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A LUN that does not answer holds them up while the disks are looked for."""
    monkeypatch.setattr(command.subprocess, "Popen", Endless)
    esp = Part(path="/dev/sdq2", mib=48, name=INSTALLING, kind="vfat", label=ESP_LABEL)
    slots = (Part(path="/dev/sdq3", mib=300, name="Root"), Part(path="/dev/sdq4", mib=300, name="RootBackup"))
    for look in (
        lambda: lvm.report("pvs", "pv_name", ("/dev/sdq",)),
        lambda: partitions.signature("/dev/sdq"),
        lambda: partitions.signatures(("/dev/sdq", "/dev/sdr")),
        udev.settle,
    ):
        with pytest.raises(StepFailed, match="cannot be stopped"):
            look()
    node = node_on(Disk(path="/dev/sdq", mib=20480, parts=(esp, *slots)), (), look=True)
    assert node and "cannot be stopped" in node.unread
    assert command.stuck() == ()


def test_a_program_that_waits_gets_its_input_when_there_is_one() -> None:
    waiting = command.Waiting(("sh", "-c", 'read -r line && echo "got $line"'))
    assert waiting.run("it\n") == "got it\n"


def test_a_program_says_when_it_has_loaded() -> None:
    waiting = command.Waiting(("sh", "-c", 'echo noise; sleep 0.3; echo loaded; read -r line && echo "got $line"'))
    began = time.monotonic()
    waiting.load()
    assert time.monotonic() - began > 0.2
    waiting.load()
    assert waiting.run("it\n") == "got it\n"


@pytest.mark.parametrize("ends", ["echo no such module >&2; exit 3", "echo no such module; exit 3"])
def test_a_program_that_cannot_load_says_why(ends: str) -> None:
    with pytest.raises(StepFailed, match="sh failed: no such module"):
        command.Waiting(("sh", "-c", ends)).load()


def test_a_program_that_does_not_load_is_ended() -> None:
    with pytest.raises(StepFailed, match="sleep did not load within 1 seconds"):
        command.Waiting(("sleep", "60")).load(seconds=1)
    assert command.stuck() == ()


def test_what_goes_wrong_while_it_waits_is_told_when_it_is_needed() -> None:
    waiting = command.Waiting(("sh", "-c", "echo no such module >&2; exit 3"))
    with pytest.raises(StepFailed, match="sh failed: no such module"):
        waiting.run("it\n")
