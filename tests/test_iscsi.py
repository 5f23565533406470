"""Logging in to targets and out of them: with an iscsiadm in memory, and a kernel that is a folder."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from ovirt_tui.machine.iscsi import offers, reason
from ovirt_tui.model.network import IscsiTarget
from ovirt_tui.pages.remote.page import PAGE
from ovirt_tui.system import StepFailed, iscsi, open_devices
from ovirt_tui.system.iscsi import Places, login, logout, main, patched

ONE = IscsiTarget("192.0.2.10/iqn.2001-04.com.example:one")
TWO = IscsiTarget("[2001:db8::a]:3261/iqn.2001-04.com.example:two")
SECRET, WORSE = "Twelve+letters", "Another#twelve"
CHAP = f"user=node1\npassword={SECRET}\ntarget_user=disks\ntarget_password={WORSE}\n"
WRONG = "it refuses the login: a user, a password, or the name of the target or of this node is wrong"
RECORD = """\
# BEGIN RECORD 2.1.11
node.name = {name}
node.startup = manual
node.session.initial_login_retry_max = 4
node.session.auth.authmethod = None
node.session.auth.chap_algs = MD5
node.conn[0].address = {host}
node.conn[0].timeo.login_timeout = 30
# END RECORD
"""


class Kernel:
    """Open-iscsi and the kernel behind it."""

    def __init__(self, root: Path) -> None:
        self.places = Places(root / "settings", root / "lib/known", root / "nodes", root / "sys")
        self.calls: list[tuple[str, ...]] = []
        self.refuses: dict[str, int] = {}
        """Numbers of errors by the names of targets."""
        self.count = 0
        self.alone = threading.Lock()

    def set(self, *targets: IscsiTarget, chap: str = "") -> None:
        self.places.settings.write_text("".join(f"target={each}\n" for each in targets) + chap)

    def run(self, argv: tuple[str, ...], *, seconds: int, good: tuple[int, ...] = (0,)) -> str:
        with self.alone:  # logins are started at once
            return self._run(argv, seconds)

    def _run(self, argv: tuple[str, ...], seconds: int) -> str:
        assert 0 < seconds <= 60
        self.calls.append(argv)
        said = dict(pairwise(argv))
        if argv[2] == "session":
            shutil.rmtree(self.folder(int(said["-r"])))
            return ""
        host, _colon, port = said["-p"].rpartition(":")
        target = IscsiTarget(f"{said['-p']}/{said['-T']}")
        if said.get("-o") == "new":
            here = self.places.records / said["-T"] / f"{host.strip('[]')},{port}"
            here.parent.mkdir(parents=True)
            here.write_text(RECORD.format(name=said["-T"], host=host))
        elif said.get("-o") == "delete":
            shutil.rmtree(self.places.records / said["-T"])
        elif argv[-1] == "--logout":
            (folder,) = [self.folder(each.number) for each in iscsi.sessions(self.places) if each.is_of(target)]
            shutil.rmtree(folder)
        elif number := self.refuses.get(said["-T"]):
            raise StepFailed("failed", f"{argv}\niscsiadm: initiator reported error ({number} - it says)\niscsiadm: no")
        else:
            self.open(target)
        return ""

    def folder(self, number: int) -> Path:
        return self.places.sysfs / f"class/iscsi_session/session{number}"

    def open(self, target: IscsiTarget) -> None:
        self.count += 1
        connection = self.places.sysfs / f"class/iscsi_connection/connection{self.count}:0"
        for path, text in (
            (self.folder(self.count) / "targetname", target.name),
            (connection / "persistent_address", target.host),
            (connection / "persistent_port", str(target.port)),
            (self.folder(self.count) / "device/target1:0:0/1:0:0:1/block/sdb/dev", f"8:{16 * self.count}"),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n")

    def opened(self) -> list[str]:
        return [each.name for each in iscsi.sessions(self.places)]


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kernel:
    made = Kernel(tmp_path)
    (tmp_path / "lib").mkdir()
    monkeypatch.setattr(iscsi, "run", made.run)
    use(monkeypatch, lambda number: ())
    return made


def use(monkeypatch: pytest.MonkeyPatch, by: Callable[[int], tuple[str, ...]]) -> None:
    """Have the disks of the session of a number be used *by* these."""
    monkeypatch.setattr(iscsi, "users", lambda sysfs, number: by(number))


def test_a_record_holds_the_passwords_and_no_argument_does(kernel: Kernel) -> None:
    kernel.set(ONE, TWO, chap=CHAP)
    assert login(kernel.places) == []
    assert sorted(kernel.opened()) == [ONE.name, TWO.name]
    for target in (ONE, TWO):
        record = kernel.places.record(target)
        assert record.stat().st_mode & 0o777 == 0o600
        text = record.read_text()
        assert f"node.session.auth.password = {SECRET}\n" in text
        assert f"node.session.auth.password_in = {WORSE}\n" in text
        assert "node.session.auth.authmethod = CHAP\n" in text and "= MD5" not in text
    assert not [word for argv in kernel.calls for word in argv if SECRET in word or WORSE in word]
    before = list(kernel.calls)
    assert login(kernel.places) == [] and kernel.calls == before, "all is as it is to be"


def test_a_record_keeps_what_is_not_ours() -> None:
    said = patched(RECORD.format(name="a", host="b"), {})
    assert said.splitlines()[0] == "# BEGIN RECORD 2.1.11" and said.splitlines()[-1] == "# END RECORD"
    assert "node.conn[0].address = b\n" in said and "node.conn[0].timeo.login_timeout = 15\n" in said
    assert "authmethod = None" in said and "username" not in said
    with_chap = patched(said, {"node.session.auth.username": "a", "node.session.auth.password": "b"})
    assert patched(with_chap, {}).count("authmethod") == 1 and "password" not in patched(with_chap, {})


def test_a_target_that_refuses_is_said_and_is_in_nobodys_way(kernel: Kernel) -> None:
    kernel.set(ONE, TWO)
    kernel.refuses[ONE.name] = 24
    assert login(kernel.places) == [f"{ONE}: {WRONG}"]
    assert kernel.opened() == [TWO.name]
    kernel.refuses.clear()
    assert login(kernel.places) == [] and set(kernel.opened()) == {ONE.name, TWO.name}


def test_what_is_taken_out_is_left_and_forgotten(kernel: Kernel) -> None:
    kernel.set(ONE, TWO)
    login(kernel.places)
    kernel.set(TWO)
    assert login(kernel.places) == []
    assert kernel.opened() == [TWO.name] and not kernel.places.record(ONE).exists()
    kernel.places.settings.unlink()
    assert login(kernel.places) == []
    assert kernel.opened() == [] and not kernel.places.record(TWO).exists() and not kernel.places.known.exists()


def test_the_session_and_the_record_of_somebody_else_stay(kernel: Kernel) -> None:
    kernel.run(("iscsiadm", *iscsi._of(TWO), "-o", "new"), seconds=1)
    kernel.open(TWO)
    kernel.set(ONE)
    login(kernel.places)
    kernel.places.settings.unlink()
    assert login(kernel.places) == []
    assert kernel.opened() == [TWO.name] and kernel.places.record(TWO).exists()


def test_what_is_used_is_not_left_and_nothing_else_is_changed(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel.set(ONE)
    login(kernel.places)
    use(monkeypatch, lambda number: ("/mnt", "qemu (7)"))
    kernel.set(TWO)
    assert login(kernel.places) == [f"{ONE}: its disk is in use: /mnt, qemu (7)"]
    assert kernel.opened() == [ONE.name] and kernel.places.record(ONE).exists()
    kernel.set(ONE)
    assert login(kernel.places) == [] and kernel.opened() == [ONE.name], "it is taken back"
    use(monkeypatch, lambda number: ())
    kernel.set(TWO)
    assert login(kernel.places) == [] and kernel.opened() == [TWO.name]


def test_another_password_is_tried_unless_the_disk_is_used(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel.set(ONE)
    login(kernel.places)
    kernel.refuses[ONE.name] = 24
    use(monkeypatch, lambda number: ("/mnt",))
    kernel.set(ONE, chap=CHAP)
    assert login(kernel.places) == [] and kernel.opened() == [ONE.name]
    use(monkeypatch, lambda number: ())
    kernel.set(ONE, chap=CHAP.replace("node1", "node2"))
    assert login(kernel.places) == [f"{ONE}: {WRONG}"]


def test_a_password_that_came_while_the_disk_was_used_counts_from_the_next_start_on(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says so: nothing tells later that the open session has the old one still."""
    kernel.set(ONE)
    login(kernel.places)
    use(monkeypatch, lambda number: ("/mnt",))
    kernel.set(ONE, chap=CHAP)
    login(kernel.places)
    use(monkeypatch, lambda number: ())
    before = list(kernel.calls)
    assert login(kernel.places) == [] and kernel.calls == before
    assert "else from the next start on" in PAGE.help


def test_at_the_end_sessions_are_closed_but_for_those_that_are_used(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel.set(ONE, TWO)
    login(kernel.places)
    use(monkeypatch, lambda number: ("/mnt",) if number == 1 else ())
    (wrong,) = logout(kernel.places, 0.1)
    assert wrong.endswith("its disk is in use: /mnt") and len(kernel.opened()) == 1
    assert kernel.places.known.exists() and kernel.places.record(ONE).exists(), "they come back at the next start"
    use(monkeypatch, lambda number, by=[("qemu (7)",), ()]: by.pop(0))  # type: ignore[misc]
    assert logout(kernel.places, 20) == [] and kernel.opened() == []


@pytest.mark.parametrize("text", ["", "target=\n", "target=a b\n", "target=192.0.2.1/iqn.x\n", "\0" * 9])
def test_a_damaged_file_is_said(kernel: Kernel, text: str, capfd: pytest.CaptureFixture[str]) -> None:
    kernel.set(ONE)
    login(kernel.places)
    kernel.calls.clear()
    kernel.places.settings.write_text(text)
    assert main(["login"], kernel.places) == 1
    assert capfd.readouterr().err == f"{kernel.places.settings} names no target, or what is none\n"
    assert not kernel.calls and kernel.opened() == [ONE.name]


def test_what_waits_for_a_dead_portal_is_said_in_its_own_words(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(argv: tuple[str, ...], *, seconds: int, good: tuple[int, ...]) -> str:
        raise StepFailed("iscsiadm did not end within 60 seconds", "iscsiadm -m node")

    monkeypatch.setattr(iscsi, "run", late)
    kernel.set(ONE)
    assert login(kernel.places) == [f"{ONE}: iscsiadm did not end within 60 seconds"]


def test_the_answers_of_a_portal_are_data() -> None:
    said = "192.0.2.10:3260,1 iqn.2001-04.com.example:one\n[2001:db8:0::a]:3261,-1 iqn.2001-04.com.example:two\n"
    assert offers(said + said) == (ONE, TWO)
    hostile = "192.0.2.10:3260,1 iqn.x\n192.0.2.10:99999,1 eui.02004567A425678D\n\x1b[2J\n,,,\na b c\n"
    assert offers(hostile) == ()
    assert reason("text", "iscsiadm -m x\niscsiadm: (8 - a)\niscsiadm: b\n") == "it does not answer"
    assert reason("text", "iscsiadm -m x\niscsiadm: Could not\x1b do it\n") == "Could not\\x1b do it"
    assert reason("text", "iscsiadm -m x\n") == "text"


def tree(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def test_who_uses_a_disk_is_found_through_all_that_is_made_of_it(tmp_path: Path) -> None:
    block = "class/iscsi_session/session3/device/target1:0:0/1:0:0:1/block"
    tree(tmp_path, {
        f"{block}/sdb/dev": "8:16\n", f"{block}/sdb/sdb1/dev": "8:17\n", f"{block}/sdb/sdb1/partition": "1\n",
        "block/dm-3/dev": "253:3\n", "block/dm-3/dm/uuid": "mpath-3600a\n", "block/dm-3/dm/name": "3600a\n",
        "block/dm-4/dev": "253:4\n", "block/dm-4/dm/uuid": "LVM-x\n", "block/dm-4/dm/name": "vg-lv\n",
        "proc/self/mountinfo": "1 1 8:1 / / rw - ext4 /dev/sda1 rw\n", "proc/swaps": "Filename\n",
        "proc/1/comm": "init\n",
    })  # fmt: skip
    (tmp_path / "proc/1/fd").mkdir()
    holders = tmp_path / block / "sdb/holders"
    holders.mkdir()

    def found() -> tuple[str, ...]:
        return open_devices.users(tmp_path, 3, tmp_path / "proc")

    assert found() == ()
    (holders / "dm-3").symlink_to(tmp_path / "block/dm-3")
    assert found() == (), "a map of paths only stands for its disk"
    (tmp_path / "proc/self/mountinfo").write_text(
        "1 1 253:3 / /mnt rw - ext4 /dev/x rw\n2 1 8:17 / /srv rw - ext4 x y\n"
    )
    assert found() == ("/mnt", "/srv")
    (tmp_path / "proc/self/mountinfo").write_text("")
    (tmp_path / "proc/swaps").write_text("Filename Type\n/dev/sdb1 partition 1 0 -2\n")
    assert found() == ("swap",)
    (tmp_path / "proc/swaps").write_text("Filename\n")
    (tmp_path / "block/dm-3/holders").mkdir()
    (tmp_path / "block/dm-3/holders/dm-4").symlink_to(tmp_path / "block/dm-4")
    assert found() == ("vg-lv",)
    assert open_devices.users(tmp_path, 4, tmp_path / "proc") == ()


@pytest.mark.skipif(os.geteuid() != 0, reason="makes a device node")
def test_a_program_that_has_a_disk_open_is_found_by_its_number(tmp_path: Path) -> None:
    block = "class/iscsi_session/session3/device/target1:0:0/1:0:0:1/block"
    empty = {"proc/self/mountinfo": "", "proc/swaps": "Filename\n"}
    tree(tmp_path, {f"{block}/sdb/dev": "8:16\n", "proc/7/comm": "qemu\n", "proc/8/comm": "multipathd\n", **empty})
    (tmp_path / "proc/9").mkdir()
    (tmp_path / "proc/9/comm").write_bytes("größenänderüng".encode()[:15] + b"\n")
    for number in (7, 8, 9):
        (tmp_path / f"proc/{number}/fd").mkdir()
        os.mknod(tmp_path / f"proc/{number}/fd/3", 0o60600, os.makedev(8, 16))
    found = open_devices.users(tmp_path, 3, tmp_path / "proc")
    assert set(found) == {"qemu (7)", "größenänder\N{REPLACEMENT CHARACTER} (9)"}
