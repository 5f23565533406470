"""What holds(), make() and undo mean, tested on the machine in memory and on real files alike."""

import os
from pathlib import Path

import pytest

from machines import PLAIN
from ovirt_tui.steps import Absent, File, Password, Restart, Run, Service, keys
from ovirt_tui.system import StepFailed, System, services
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.machine import Machine
from ovirt_tui.values import Crypted

CONF = "/etc/chrony/sources.d/own.sources"
SETTINGS = "/etc/default/thing"
UNIT = "/etc/systemd/system/thing.service"
FIRST, SECOND = Crypted("$6$salt$first"), Crypted("$6$salt$second")


@pytest.fixture(params=("memory", "files"))
def system(request: pytest.FixtureRequest, tmp_path: Path) -> System:
    if request.param == "memory":
        return FakeSystem(PLAIN)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/shadow").write_text("root:!*:19000:0:99999:7:::\nadmin:!:19000:0:99999:7:::\n")
    return Machine(tmp_path)


@pytest.fixture
def real(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_file_holds_once_made_and_no_longer_when_undone(system: System) -> None:
    step = File(CONF, "server a iburst\n", 0o600)
    assert not system.holds(step)
    undo = system.make(step)
    assert system.holds(step)
    assert not system.holds(File(CONF, "server b iburst\n", 0o600))
    assert not system.holds(File(CONF, step.content, 0o644))
    assert not system.holds(Absent(CONF))
    undo()
    assert not system.holds(step)
    assert system.holds(Absent(CONF))


def test_undo_brings_back_what_was_there(system: System) -> None:
    old, new = File(CONF, "old\n", 0o640), File(CONF, "new\n")
    system.make(old)
    undo = system.make(new)
    assert system.holds(new)
    assert not system.holds(old)
    undo()
    assert system.holds(old)
    assert not system.holds(new)


def test_absent(system: System) -> None:
    step = Absent(CONF)
    assert system.holds(step)
    system.make(File(CONF, "old\n"))
    undo = system.make(step)
    assert system.holds(step)
    undo()
    assert system.holds(File(CONF, "old\n"))


def test_keys_of_another_programs_file(system: System) -> None:
    first, second = keys(SETTINGS, "Shellvars", A="1", B="2"), keys(SETTINGS, "Shellvars", B="", C="3")
    system.make(first)
    assert system.holds(first)
    undo = system.make(second)
    assert system.holds(second)
    assert system.holds(keys(SETTINGS, "Shellvars", A="1"))
    assert not system.holds(first)
    undo()
    assert system.holds(first)
    assert not system.holds(second)


def test_a_password_is_set_locked_and_brought_back(system: System) -> None:
    system.make(Password("admin", FIRST))
    undo = system.make(Password("admin", SECOND, expired=True))
    assert system.holds(Password("admin", SECOND, expired=True))
    assert not system.holds(Password("admin", SECOND))
    assert not system.holds(Password("admin", FIRST))
    undo()
    assert system.holds(Password("admin", FIRST))
    system.make(Password("admin", None))
    assert system.holds(Password("admin", None))
    assert not system.holds(Password("admin", FIRST))


def test_a_password_verifies(system: System) -> None:
    system.make(Password("admin", system.crypted("korrekt-Pferd9")))
    assert system.verify("admin", "korrekt-Pferd9")
    assert not system.verify("admin", "korrekt-Pferd8")


def test_weak_passwords_are_told(system: System) -> None:
    assert system.weakness("short")
    assert not system.weakness("korrekt-Pferd9")


def test_a_service_is_enabled_and_disabled(system: System) -> None:
    system.make(File(UNIT, "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n"))
    on, off = Service("thing.service", True), Service("thing.service", False)
    undo = system.make(on)
    assert system.holds(on)
    assert not system.holds(off)
    system.make(off)
    assert system.holds(off)
    assert not system.holds(on)
    system.make(on)
    undo()
    assert not system.holds(on)


def test_what_another_program_wrote_stays(real: Machine, tmp_path: Path) -> None:
    path = tmp_path / "etc/default/thing"
    path.parent.mkdir(parents=True)
    path.write_text("# why A is so\nA=1\n\nB='two words'\n")
    path.chmod(0o640)
    real.make(keys(SETTINGS, "Shellvars", A="9", C="new"))
    assert path.read_text() == "# why A is so\nA=9\n\nB='two words'\nC=new\n"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_cannot_be_read_is_left_alone(real: Machine, tmp_path: Path) -> None:
    path = tmp_path / "etc/default/thing"
    path.parent.mkdir(parents=True)
    path.write_text("if ( then\n")
    with pytest.raises(StepFailed, match="cannot be read as Shellvars"):
        real.make(keys(SETTINGS, "Shellvars", A="9"))
    assert path.read_text() == "if ( then\n"


def test_nothing_but_the_file_is_left(real: Machine, tmp_path: Path) -> None:
    real.make(File(CONF, "x\n"))
    real.make(File(CONF, "y\n"))
    assert [path.name for path in (tmp_path / CONF[1:]).parent.iterdir()] == ["own.sources"]


def test_a_write_that_fails_leaves_the_old_content(real: Machine, tmp_path: Path) -> None:
    real.make(File(CONF, "old\n"))
    (tmp_path / CONF[1:]).with_name(".own.sources.ovirt-node-new").mkdir()  # stands where the new file would be made
    with pytest.raises(StepFailed, match=f"{CONF} could not be written"):
        real.make(File(CONF, "new\n"))
    assert real.holds(File(CONF, "old\n"))


def test_keys_that_cannot_be_written_leave_the_old_ones(real: Machine, tmp_path: Path) -> None:
    old = keys(SETTINGS, "Shellvars", A="1")
    real.make(old)
    (tmp_path / SETTINGS[1:]).with_name(".thing.ovirt-node-new").mkdir()
    with pytest.raises(StepFailed, match=f"{SETTINGS} could not be changed"):
        real.make(keys(SETTINGS, "Shellvars", A="2"))
    assert real.holds(old)


def test_a_unit_that_does_not_start_is_not_left_enabled(real: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def run(argv: tuple[str, ...], **how: object) -> str:
        ran.append(argv[-2])
        if argv[-2] == "start":
            raise StepFailed("it does not start")
        return "disabled"

    monkeypatch.setattr(services, "run", run)
    monkeypatch.setattr(services, "succeeds", lambda argv: False)
    real.tree.live = True
    with pytest.raises(StepFailed, match="does not start"):
        real.make(Service("thing.service", True))
    assert ran == ["is-enabled", "enable", "start", "disable", "stop"]


def test_shadow_keeps_its_other_lines_and_its_mode(real: Machine, tmp_path: Path) -> None:
    shadow = tmp_path / "etc/shadow"
    shadow.parent.mkdir()
    shadow.write_text("root:!*:19000:0:99999:7:::\nadmin:!:19000:0:99999:7:::\nsshd:!:19000::::::\n")
    shadow.chmod(0o640)
    undo = real.make(Password("admin", FIRST, expired=True))
    lines = shadow.read_text().splitlines()
    assert lines[1] == f"admin:{FIRST.reveal()}:0:0:99999:7:::"
    assert (lines[0], lines[2]) == ("root:!*:19000:0:99999:7:::", "sshd:!:19000::::::")
    assert shadow.stat().st_mode & 0o777 == 0o640
    undo()
    assert shadow.read_text().splitlines()[1] == "admin:!:19000:0:99999:7:::"
    with pytest.raises(StepFailed, match="no account named nobody"):
        real.make(Password("nobody", FIRST))


def test_a_mounted_system_runs_nothing(real: Machine) -> None:
    assert real.holds(Run(("false",), live=True))
    assert real.holds(Restart("thing.service"))
    assert not real.holds(Run(("false",)))


def test_hashes_are_salted_and_strong(real: Machine) -> None:
    one, two = real.crypted("korrekt-Pferd9"), real.crypted("korrekt-Pferd9")
    assert one != two
    assert one.reveal().startswith(("$y$", "$6$"))


def test_commands_end(real: Machine) -> None:
    with pytest.raises(StepFailed, match="is not installed"):
        real.output(("no-such-program-here",))
    with pytest.raises(StepFailed, match="cat failed: cat: /nowhere") as failure:
        real.text("/nowhere")
    assert "cat -- /nowhere" in failure.value.output
    assert real.output(("printf", "%s", os.sep)) == "/"
