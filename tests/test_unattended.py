"""The unattended run, in memory: what it says, what it does, and that a refusal does nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from machines import MACHINES, PLAIN, disk, with_
from ovirt_tui.cli.places import CMDLINE, REFUSAL
from ovirt_tui.cli.unattended import LINK_LOOKS, PATIENCE, Outcome, autoinstall
from ovirt_tui.machine.facts import Facts, Nic
from ovirt_tui.system import StepFailed, Tell, Undo, silent
from ovirt_tui.system.disk_steps import Bootable, Erased, Image, Medium, Volumes
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import File, Password, Step

HASH = "$6$salt$topsecret"
LINE = f"storage_init=/dev/vda BOOTIF=link adminpw={HASH} console=ttyS0 root=live:CDLABEL=OVIRT-NODE rd.live.image"
MIB = 1024 * 1024


@dataclass
class Machine(FakeSystem):
    """Boots with a kernel line, and remembers what ran."""

    def make(self, step: Step, tell: Tell = silent) -> Undo:
        if isinstance(step, Image):
            for done in range(1000):
                tell(done * MIB, 1000 * MIB)
        return super().make(step, tell)


def boot(line: str, facts: Facts = PLAIN, **more: object) -> Machine:
    """A machine that boots with *line*; it can sleep and reboot, and has no script that says things on consoles."""
    return Machine(facts, files={CMDLINE: f"{line}\n"}, **more)  # type: ignore[arg-type]


def test_it_installs_says_so_and_reboots() -> None:
    system, said = boot(LINE), list[str]()
    assert autoinstall(system, said.append).status == 0
    assert isinstance(system.made[0], Medium)
    assert isinstance(system.made[1], Volumes)
    assert isinstance(system.made[-1], Bootable)
    assert system.did[-1] == ("restart",)
    assert said[0] == "ovirt-node: installation starts"
    assert "ovirt-node: (2/17) Partitioning the disks" in said
    assert "ovirt-node: /dev/vda 20 GiB virtio Virtual disk serial a0001" in said
    assert said[-2:] == ["ovirt-node: installation is complete", "ovirt-node: reboot"]
    assert all(line in system.lines for line in said)


def test_progress_of_the_copy_is_told_by_tenths() -> None:
    said: list[str] = []
    autoinstall(boot(LINE), said.append)
    copying = [line.removeprefix("ovirt-node: (3/17) Copying the image") for line in said if "Copying" in line]
    assert copying == ["", *(f" {percent} %" for percent in range(0, 100, 10))]


def test_it_waits_before_the_reboot_in_short_naps() -> None:
    system = boot(f"{LINE} reboot_delay=45")
    assert autoinstall(system, silence).status == 0
    assert naps(system) == [20, 20, 5]


def test_a_refusal_writes_nothing_but_its_reasons() -> None:
    system, said = boot(f"storage_init=/dev/vdq adminpw=hunter2 hostname=-{HASH}"), list[str]()
    assert autoinstall(system, said.append).status == 2
    (refusal,) = system.made
    assert isinstance(refusal, File)
    assert refusal.path == REFUSAL
    for parameter in ("storage_init", "adminpw", "hostname", "BOOTIF"):
        assert any(line.startswith(f"{parameter}: ") for line in refusal.content.splitlines())
        assert any(line.startswith(f"ovirt-node: refused: {parameter}: ") for line in said)
    assert "hunter2" not in refusal.content + "".join(said) + "".join(system.lines)
    assert ("restart",) not in system.did


@pytest.mark.parametrize("machine", ["foreign-group", "node-installed", "too-small"])
def test_what_is_on_the_disks_is_refused(machine: str) -> None:
    system = boot(LINE, MACHINES[machine])
    assert autoinstall(system, silence).status == 2
    assert [step for step in system.made if not isinstance(step, File)] == []


def test_it_speaks_on_every_console() -> None:
    system = boot("storage_init=/dev/vdq BOOTIF=link")
    seen: list[tuple[str, ...]] = []

    system.say = seen.append  # type: ignore[method-assign]
    said: list[str] = []
    assert autoinstall(system, said.append).status == 2
    assert seen[0] == ("ovirt-node: waiting, 60 seconds at most: storage_init: /dev/vdq does not exist",)
    assert "refused: storage_init: /dev/vdq does not exist" in [line.removeprefix("ovirt-node: ") for line in seen[1]]
    assert len(seen) == 2
    assert said == []


def test_a_failed_step_is_one_sentence_and_can_be_repeated() -> None:
    system = boot(LINE, fails_at=Image("Root", PLAIN.version))
    said: list[str] = []
    assert autoinstall(system, said.append).status == 1
    assert said[-2:] == [
        f"ovirt-node: failed: could not copy the image {PLAIN.version} to Root",
        "ovirt-node: a disk was written to: what is on it is not complete and does not boot",
    ]
    assert ("restart",) not in system.did
    system.fails_at = None
    assert autoinstall(system, silence).status == 0
    assert len([step for step in system.made if isinstance(step, Volumes)]) == 1


def test_a_damaged_medium_destroys_nothing() -> None:
    said: list[str] = []
    system = boot(LINE, MACHINES["node-installed"], fails_at=Medium(MACHINES["node-installed"].version))
    assert autoinstall(system, said.append).status == 2
    system.files[CMDLINE] = f"{LINE} reinstall\n"
    assert autoinstall(system, said.append).status == 1
    assert said[-1] == "ovirt-node: nothing was written to any disk" and not system.begun()
    assert not any(isinstance(step, Volumes) for step in system.made)


def test_what_a_command_said_is_in_the_journal() -> None:
    class Broken(Machine):
        def make(self, step: Step, tell: Tell = silent) -> Undo:
            raise StepFailed("the disk does not answer", "sd 0:0: I/O error")

    system = Broken(PLAIN, files={CMDLINE: LINE})
    assert autoinstall(system, silence).status == 1
    assert "sd 0:0: I/O error" in system.lines


def test_no_secret_is_said_or_logged() -> None:
    system, said = boot(LINE), list[str]()
    autoinstall(system, said.append)
    assert any(isinstance(step, Password) for step in system.made)
    assert "topsecret" not in "".join((*said, *system.lines))


def test_uninstall_erases_the_node_that_is_found() -> None:
    system, said = boot("uninstall", MACHINES["node-installed"]), list[str]()
    assert autoinstall(system, said.append).status == 0
    assert system.made == [Erased(("/dev/vda",), (("HostVG", "u2"),))]
    assert said[0] == "ovirt-node: uninstallation starts"
    assert system.did[-1] == ("restart",)


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("uninstall", PLAIN),
        ("uninstall storage_init=/dev/vda", MACHINES["foreign-group"]),
        ("uninstall storage_init=/dev/sdb", MACHINES["usb-medium"]),
        ("uninstall", with_(slot="Root")),
        (LINE, with_(slot="Root")),
        ("quiet", PLAIN),
        (f"{LINE} rescue", PLAIN),
    ],
)
def test_what_is_not_asked_for_is_not_done(line: str, facts: Facts) -> None:
    system = boot(line, facts)
    assert autoinstall(system, silence).status == 2
    assert [step for step in system.made if not isinstance(step, File)] == []


def test_an_interrupted_installation_goes_on() -> None:
    said: list[str] = []
    assert autoinstall(boot(LINE, MACHINES["interrupted"]), said.append).status == 0
    assert any("the installation that was interrupted on /dev/vda goes on" in line for line in said)


def test_interfaces_are_brought_up_before_a_carrier_is_missed() -> None:
    class Plugged(Machine):
        """eth1 has a cable, which shows once it is up."""

        def facts(self) -> Facts:
            up = ("link_up", "eth1") in self.did
            return with_(nics=(Nic(name="eth0"), Nic(name="eth1", mac="52:54:00:12:34:57", link=up)))

    system = Plugged(PLAIN, files={CMDLINE: LINE})
    assert autoinstall(system, silence).status == 0
    assert any(isinstance(step, File) and "ovirt-node-eth1" in step.path for step in system.made)


def test_a_disk_may_take_its_time() -> None:
    class Slow(Machine):
        """The second look finds the disk."""

        def facts(self) -> Facts:
            return PLAIN if any(deed[0] == "pause" for deed in self.did) else with_(disks=())

    system = Slow(PLAIN, files=boot(LINE).files)
    assert autoinstall(system, silence).status == 0
    assert naps(system) == [2]


def test_patience_has_an_end() -> None:
    system = boot("storage_init=/dev/vdq BOOTIF=eth0")
    assert autoinstall(system, silence).status == 2
    assert naps(system) == list(PATIENCE)
    system = boot("storage_init=/dev/vda BOOTIF=eth9 adminpw=$6$salt$hash")
    assert autoinstall(system, silence).status == 2
    assert naps(system) == list(PATIENCE[:LINK_LOOKS])


def naps(system: Machine) -> list[int]:
    """How long it waited each time."""
    return [int(deed[1]) for deed in system.did if deed[0] == "pause"]


class Growing(Machine):
    """A machine whose controllers come up one after another: a disk more at each look, until there are *most*."""

    most = 2
    rest = True
    looks = 0

    def facts(self) -> Facts:
        self.looks += 1
        found = tuple(disk(f"/dev/vd{letter}", 20) for letter in "abcdefghij"[: min(self.looks, self.most)])
        return with_(disks=found, settled=self.rest or self.looks > 2)


@pytest.mark.parametrize("word", ["storage_init", "storage_init=virtio"])
def test_the_only_disk_is_not_decided_while_others_appear(word: str) -> None:
    system = Growing(PLAIN, files={CMDLINE: LINE.replace("storage_init=/dev/vda", word)})
    assert autoinstall(system, silence).status == 2
    assert [step for step in system.made if not isinstance(step, File)] == []
    assert system.looks > 2


def test_all_of_a_bus_are_all_that_come() -> None:
    line = LINE.replace("storage_init=/dev/vda", "storage_init=virtio:ALL")
    system = Growing(PLAIN, files=boot(line).files)
    assert autoinstall(system, silence).status == 0
    assert isinstance(system.made[1], Volumes)
    assert system.made[1].disks == ("/dev/vda", "/dev/vdb")


def test_the_only_disk_waits_until_udev_is_at_rest() -> None:
    line = LINE.replace("storage_init=/dev/vda", "storage_init")
    system = Growing(PLAIN, files=boot(line).files)
    system.most, system.rest = 1, False
    assert autoinstall(system, silence).status == 0
    assert system.looks == 4


def test_disks_that_never_stop_coming_are_refused() -> None:
    line = LINE.replace("storage_init=/dev/vda", "storage_init=virtio:ALL")
    system, said = Growing(PLAIN, files=boot(line).files), list[str]()
    system.most = 10
    assert autoinstall(system, said.append).status == 2
    assert any("the disks of this machine keep changing; name the disks" in line for line in said)
    assert [step for step in system.made if not isinstance(step, File)] == []


@pytest.mark.parametrize("error", [StepFailed("it broke"), ZeroDivisionError("a slip"), KeyError("another")])
def test_whatever_breaks_at_whatever_step_is_told_with_what_is_certain(error: Exception) -> None:
    class Broken(Machine):
        at = 0

        def make(self, step: Step, tell: Tell = silent) -> Undo:
            if len(self.made) == self.at:
                self.wrote |= self.at > 0
                raise error
            return super().make(step, tell)

    whole = boot(LINE)
    files = dict(whole.files)
    autoinstall(whole, silence)
    for number in range(len(whole.made)):
        system, said = Broken(PLAIN, files=dict(files)), list[str]()
        system.at = number
        if isinstance(error, StepFailed):
            assert autoinstall(system, said.append) == Outcome(1, "it broke")
        else:
            with pytest.raises(type(error)):
                autoinstall(system, said.append)
        assert any(line.startswith("ovirt-node: failed: ") for line in said)
        assert ("ovirt-node: nothing was written to any disk" in said) == (number == 0)
        assert any("a disk was written to" in line for line in said) == (number > 0)
        assert ("restart",) not in system.did


class Held(Machine):
    """Cannot let go of what is mounted."""

    def close(self) -> None:
        if self.made:
            raise StepFailed("/run/ovirt-node/target could not be unmounted", "target is busy")


class Endless(Machine):
    """Does not go down."""

    def restart(self) -> None:
        raise StepFailed("systemctl failed: no such bus")


@pytest.mark.parametrize(
    ("kind", "line", "facts", "done"),
    [
        (Held, LINE, PLAIN, "installation is complete"),
        (Endless, LINE, PLAIN, "installation is complete"),
        (Endless, "uninstall", MACHINES["node-installed"], "the node is removed"),
    ],
)
def test_what_fails_after_the_end_takes_nothing_back(kind: type[Machine], line: str, facts: Facts, done: str) -> None:
    system, said = kind(facts, files=boot(line).files), list[str]()
    why = "systemctl failed: no such bus" if kind is Endless else "/run/ovirt-node/target could not be unmounted"
    told = f"{done}; restart this machine by hand: {why}"
    assert autoinstall(system, said.append) == Outcome(0, told)
    assert said[-1] == f"ovirt-node: {told}"
    assert not any("failed: " in line or "does not boot" in line for line in said[:-1])
    assert kind is Endless or "target is busy" in system.lines


def test_what_cannot_be_closed_before_the_end_is_a_failure_too() -> None:
    system, said = Held(PLAIN, files=boot(LINE).files, fails_at=Image("Root", PLAIN.version)), list[str]()
    assert autoinstall(system, said.append).status == 1
    assert any("a disk was written to" in line for line in said)


def silence(line: str) -> None:
    """Nobody listens."""
