"""What holds(), make() and undo mean, tested on the machine in memory and on real files alike."""

import os
from pathlib import Path

import pytest

from machines import PLAIN
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.system import Missing, StepFailed, System, shared_files
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.machine import Machine
from ovirt_tui.system.steps import Absent, Entry, File, Keys, Password, Restart, Run, keys

CONF = "/etc/chrony/sources.d/own.sources"
SETTINGS = "/etc/default/thing"
HOSTS = "/etc/hosts"
FIRST, SECOND = Crypted("$6$salt$first"), Crypted("$6$salt$second")


def own(*names: str) -> Entry:
    """The node's own entry in HOSTS."""
    labels = ("canonical", *("alias" for _name in names[1:]))
    return Entry(HOSTS, "Hosts", ("ipaddr", "127.0.1.1"), tuple(zip(labels, names, strict=False)))


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


def test_an_entry_among_those_of_others(system: System) -> None:
    one, two, none = own("node1.example.com", "node1"), own("node2"), own()
    assert system.holds(none) and not system.holds(one)
    system.make(one)
    assert system.holds(one) and not system.holds(none)
    undo = system.make(two)
    assert system.holds(two) and not system.holds(one)
    undo()
    assert system.holds(one) and not system.holds(two)
    undo = system.make(none)
    assert system.holds(none) and not system.holds(one)
    undo()
    assert system.holds(one) and not system.holds(none)


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


def test_what_another_program_wrote_stays(real: Machine, tmp_path: Path) -> None:
    path = tmp_path / "etc/default/thing"
    path.parent.mkdir(parents=True)
    path.write_text("# why A is so\nA=1\n\nB='two words'\n")
    path.chmod(0o640)
    real.make(keys(SETTINGS, "Shellvars", A="9", C="new"))
    assert path.read_text() == "# why A is so\nA=9\n\nB='two words'\nC=new\n"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# mine\nFONT=x\n", "# mine\nFONT=x\nA=9\n"),
        ("A=1\nB=2\nA=3\n", "A=1\nB=2\nA=9\n"),
        ("A='1'  # why\n", "A=9  # why\n"),
        ("B=2", "B=2\nA=9\n"),
        ("export A=1\nunset B\n", "export A=9\nunset B\n"),
        (None, "A=9\n"),
    ],
)
def test_the_last_of_several_keys_counts(real: Machine, tmp_path: Path, before: str | None, after: str) -> None:
    """As in a shell; what a hand left of the file's last line is not in the way."""
    path = tmp_path / SETTINGS[1:]
    path.parent.mkdir(parents=True)
    if before is not None:
        path.write_text(before)
    step = keys(SETTINGS, "Shellvars", A="9")
    assert not real.holds(step)
    undo = real.make(step)
    assert path.read_text() == after and real.holds(step)
    undo()
    assert (path.read_text() if path.exists() else None) == before


def test_a_key_that_is_to_be_gone_is_gone_everywhere(real: Machine, tmp_path: Path) -> None:
    path = tmp_path / SETTINGS[1:]
    path.parent.mkdir(parents=True)
    path.write_text("A=1\nB=\nA=\n")
    assert not real.holds(keys(SETTINGS, "Shellvars", A=""))
    assert not real.holds(keys(SETTINGS, "Shellvars", B="")), "it is there, with nothing in it"
    real.make(keys(SETTINGS, "Shellvars", A=""))
    assert path.read_text() == "B=\n" and real.holds(keys(SETTINGS, "Shellvars", A=""))


IMAGE = "127.0.0.1\tlocalhost\n::1\t\tlocalhost ip6-localhost\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (IMAGE, f"{IMAGE}127.0.1.1\tn1.example.com n1\n"),
        (
            f"{IMAGE}127.0.1.1 old.example.com old more # by hand\n# ours\n192.0.2.9 store\n",
            f"{IMAGE}127.0.1.1 n1.example.com n1\n# ours\n192.0.2.9 store\n",
        ),
        ("127.0.1.1 a b c\n192.0.2.9 store\n127.0.1.1 d\n", "127.0.1.1 n1.example.com n1\n192.0.2.9 store\n"),
        ("192.0.2.9 store", "192.0.2.9 store\n127.0.1.1\tn1.example.com n1\n"),
    ],
)
def test_of_a_file_of_others_only_our_entry_changes(real: Machine, tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / HOSTS[1:]
    path.parent.mkdir(parents=True)
    path.write_text(before)
    path.chmod(0o640)
    step = own("n1.example.com", "n1")
    assert not real.holds(step)
    undo = real.make(step)
    assert path.read_text() == after and path.stat().st_mode & 0o777 == 0o640
    assert real.holds(step) and not real.holds(own("n1.example.com")) and not real.holds(own())
    real.make(own())
    assert path.read_text() == "".join(each for each in after.splitlines(keepends=True) if "127.0.1.1" not in each)
    undo()
    assert path.read_text() == before


@pytest.mark.parametrize(
    ("step", "content", "why"),
    [
        (
            keys(SETTINGS, "Shellvars", A="9"),
            b"if ( then\n",
            "could not be changed, line 1 is not as the lens Shellvars wants it: ",
        ),
        (
            own("n1"),
            b"127.0.0.1 localhost\n10.0.0.1\n",
            "could not be changed, line 2 is not as the lens Hosts wants it: ",
        ),
        (own("n1"), b"10.0.0.1 a # \xff\n", "could not be read: it is no UTF-8"),
        (own("two words"), b"127.0.0.1 localhost\n", "could not be changed: "),
        (keys(SETTINGS, "NoSuchLens", A="9"), b"A=1\n", "could not be changed: "),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(
    real: Machine, tmp_path: Path, step: Keys | Entry, content: bytes, why: str
) -> None:
    path = tmp_path / step.file[1:]
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert not real.holds(step)
    with pytest.raises(StepFailed, match=f"^{step.file} {why}") as failed:
        real.make(step)
    assert "\n" not in str(failed.value)
    assert path.read_bytes() == content


def test_a_file_that_augeas_does_not_come_to_an_end_with_is_left_alone(
    real: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (endless := tmp_path / "endless.py").write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(shared_files, "LENS", endless)
    monkeypatch.setattr(shared_files, "SECONDS", 1)
    with pytest.raises(StepFailed, match=f"{HOSTS} could not be changed: .* did not end within 1 seconds"):
        real.make(own("endless.example.com"))
    assert not (tmp_path / HOSTS[1:]).exists()


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


def test_what_is_no_text_in_shadow_stays(real: Machine, tmp_path: Path) -> None:
    shadow = tmp_path / "etc/shadow"
    shadow.parent.mkdir()
    shadow.write_bytes(b"j\xf6rg:!:19000:::::x\xe2\x80\xa8y:\nadmin:!:19000:0:99999:7:::\n")
    real.make(Password("admin", FIRST))
    first, second, nothing = shadow.read_bytes().split(b"\n")
    assert (
        first == b"j\xf6rg:!:19000:::::x\xe2\x80\xa8y:" and second.startswith(b"admin:$6$salt$first:") and not nothing
    )


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
    assert real.holds(Run(("false",)))
    assert real.holds(Restart("thing.service"))


def test_hashes_are_salted_and_strong(real: Machine) -> None:
    one, two = real.crypted("korrekt-Pferd9"), real.crypted("korrekt-Pferd9")
    assert one != two
    assert one.reveal().startswith(("$y$", "$6$"))


def test_files_are_read_and_folders_listed(system: System) -> None:
    system.make(File(CONF, "one\n\x1b[2J\n"))
    assert system.text(CONF) == "one\n\\x1b[2J\n"
    folder = CONF.rpartition("/")[0]
    assert system.names(folder) == ("own.sources",) and system.names("/nowhere") == ()
    for path in ("/nowhere", folder):
        with pytest.raises(Missing, match=f"there is no file {path}"):
            system.text(path)


def test_commands_end(real: Machine) -> None:
    with pytest.raises(StepFailed, match="is not installed"):
        real.output(("no-such-program-here",))
    with pytest.raises(StepFailed, match="cat failed: cat: /nowhere") as failure:
        real.output(("cat", "--", "/nowhere"))
    assert "cat -- /nowhere" in failure.value.output
    assert real.output(("printf", "%s", os.sep)) == "/"
