"""authorized_keys of an account on real files: modes, owners, what others wrote, and what leads elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ovirt_tui.model.public_keys import SshKey, plain_keys
from ovirt_tui.system import StepFailed
from ovirt_tui.system.machine import Machine
from ovirt_tui.system.steps import SshKeys
from test_public_keys import GOOD

ONE, TWO = SshKey(GOOD[0]), SshKey(GOOD[3])
BY_HAND = f'# engine\ncommand="/usr/bin/true" {GOOD[2]}\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    passwd = f"root:x:0:0::/root:/bin/sh\nadmin:x:{os.getuid()}:{os.getgid()}:Node admin:/home/admin:/bin/sh\n"
    (tmp_path / "etc/passwd").write_text(passwd)
    made = tmp_path / "home/admin"
    made.mkdir(parents=True)
    return made


def step(*keys: SshKey) -> SshKeys:
    return SshKeys("admin", keys)


def file(home: Path) -> Path:
    return home / ".ssh/authorized_keys"


def test_keys_are_written_with_mode_and_read_back(home: Path, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.holds(step()) and not machine.holds(step(ONE))
    machine.make(step(ONE, TWO))
    assert file(home).read_text() == f"{ONE}\n{TWO}\n"
    assert file(home).stat().st_mode & 0o7777 == 0o600 and file(home).parent.stat().st_mode & 0o7777 == 0o700
    assert machine.holds(step(ONE, TWO)) and machine.holds(step(TWO, ONE))
    assert not machine.holds(step(ONE)) and not machine.holds(step())
    assert [path.name for path in file(home).parent.iterdir()] == ["authorized_keys"]


@pytest.mark.parametrize("mode", [0o644, 0o666])
def test_a_file_that_others_can_read_or_write_does_not_hold(mode: int, home: Path, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.make(step(ONE))
    file(home).chmod(mode)
    assert not machine.holds(step(ONE))
    machine.make(step(ONE))
    assert machine.holds(step(ONE))
    file(home).parent.chmod(0o777)
    assert not machine.holds(step(ONE))


@pytest.mark.root
def test_the_account_owns_its_keys(home: Path, tmp_path: Path) -> None:
    passwd = tmp_path / "etc/passwd"
    passwd.write_text(passwd.read_text().replace(f"admin:x:{os.getuid()}:{os.getgid()}", "admin:x:1234:1235"))
    machine = Machine(tmp_path)
    machine.make(step(ONE))
    assert {(path.stat().st_uid, path.stat().st_gid) for path in (file(home), file(home).parent)} == {(1234, 1235)}
    assert machine.holds(step(ONE))
    os.chown(file(home), 0, 0)
    assert not machine.holds(step(ONE))


def test_lines_of_others_stay(home: Path, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    file(home).parent.mkdir(mode=0o700)
    file(home).write_text(BY_HAND)
    undo = machine.make(step(ONE))
    assert file(home).read_text() == f"{BY_HAND}{ONE}\n"
    machine.make(step())
    assert file(home).read_text() == BY_HAND and machine.holds(step())
    undo()
    assert file(home).read_text() == BY_HAND


def test_without_any_the_file_goes_and_undo_brings_it_back(home: Path, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    undo_first = machine.make(step(ONE))
    undo = machine.make(step())
    assert not file(home).exists() and machine.holds(step())
    undo()
    assert machine.holds(step(ONE))
    undo_first()
    assert not file(home).exists()


@pytest.mark.parametrize("where", [".ssh", ".ssh/authorized_keys", ""])
def test_a_link_leads_nowhere(where: str, home: Path, tmp_path: Path) -> None:
    """What admin links there must not be written by root."""
    other = tmp_path / "other"
    (other / ".ssh").mkdir(parents=True)
    (other / "authorized_keys").write_text("kept")
    place = home / where
    if not where:
        home.rmdir()
    place.parent.mkdir(exist_ok=True)
    (tmp_path / "home/admin" / where).symlink_to(other / "authorized_keys" if where.endswith("keys") else other)
    machine = Machine(tmp_path)
    assert not machine.holds(step(ONE))
    with pytest.raises(StepFailed, match="the SSH keys of admin could not be set"):
        machine.make(step(ONE))
    assert (other / "authorized_keys").read_text() == "kept"
    assert list((other / ".ssh").iterdir()) == []


def test_what_is_no_file_is_refused(home: Path, tmp_path: Path) -> None:
    file(home).parent.mkdir()
    os.mkfifo(file(home))
    with pytest.raises(StepFailed, match="is no file with keys"):
        Machine(tmp_path).make(step(ONE))


def test_an_account_that_is_not_there_is_named(home: Path, tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="no account named eve"):
        Machine(tmp_path).make(SshKeys("eve", (ONE,)))
    assert not Machine(tmp_path).holds(SshKeys("eve", (ONE,)))


@pytest.mark.parametrize("between", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_a_line_of_others_is_one_as_sshd_cuts_it(between: str, home: Path, tmp_path: Path) -> None:
    """Cut in two, what stands behind its options would let somebody in without them."""
    machine = Machine(tmp_path)
    theirs = f'command="/bin/false" # {between}{ONE}\n'
    file(home).parent.mkdir(mode=0o700)
    file(home).write_text(theirs, encoding="utf-8")
    assert plain_keys(theirs) == ()
    machine.make(step(TWO))
    assert file(home).read_text(encoding="utf-8").split("\n") == [theirs.rstrip("\n"), TWO, ""]
