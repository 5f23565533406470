"""Several consoles, one machine: none takes away what another has mounted, nor overwrites what it saved."""

from __future__ import annotations

import multiprocessing
import os
from ipaddress import IPv4Address
from pathlib import Path
from time import monotonic

import pytest

from brought import brought
from machines import PLAIN
from ovirt_tui.__main__ import main
from ovirt_tui.cli import places
from ovirt_tui.features.order import defaults
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.plan.actions import SAVED
from ovirt_tui.system import StepFailed, lock, machine, mounts, target
from ovirt_tui.system.disk_steps import Image, Volumes
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.steps import File
from ovirt_tui.system.tree import Tree
from person import Person, at_installer, at_setup

RUN = "/run/ovirt-node"


def test_a_program_that_does_not_install_leaves_the_mounts_of_the_one_that_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever plan runs ends with close(), that of the keyboard page too."""
    gone: list[str] = []
    held = [False]
    monkeypatch.setattr(target, "unmount", lambda *points, inside=False: gone.extend(map(str, points)))
    monkeypatch.setattr(target, "unmount_leftovers", lambda: gone.append("unmount_leftovers"))
    monkeypatch.setattr(target, "held", lambda: held[0])
    other = target.Targets(Tree(Path("/")), Slots())
    other.close()
    assert gone == []
    held[0] = True
    other.close()
    assert gone == [f"{RUN}/target", f"{RUN}/memory", f"{RUN}/base", f"{RUN}/slot", "unmount_leftovers"]


def test_what_looks_at_a_disk_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known: list[Path] = []
    monkeypatch.setattr(mounts, "RUN", tmp_path)
    monkeypatch.setattr(mounts, "mount", lambda kind, source, point, options: known.append(point))
    monkeypatch.setattr(mounts, "unmount", lambda point, inside=False: known.remove(point))
    with mounts.mounted("vfat", "/dev/sda2", "answers") as folder:
        assert folder == tmp_path / f"answers.{os.getpid()}"
        dead = mounts.Mount("0:1", str(tmp_path / f"esp.{2**22 + 1}"), "vfat", "")
        mine = mounts.Mount("0:2", str(folder), "vfat", "")
        known.append(Path(dead.point))
        monkeypatch.setattr(mounts, "mounts", lambda: (dead, mine))
        mounts.unmount_leftovers()
        assert known == [folder]
    assert known == []


def test_one_installer_at_a_time_takes_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nobody asked before: the steps that write disks see to it."""
    monkeypatch.setattr(machine, "alone", lambda: False)
    steps = (Volumes("/dev/sda", ("/dev/sda",), 48, 300, (("Data", -1),)), Image("Root", "1"))
    for step in steps:
        with pytest.raises(StepFailed, match="an installer on another console is at work"):
            machine.Machine().make(step)


def test_where_no_lock_can_be_made_there_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StepFailed, match=r"file/lock could not be made: (Not a directory|File exists)"):
        lock.alone(tmp_path / "file/lock")


def test_an_installer_that_cannot_take_the_machine_says_why() -> None:
    def alone() -> bool:
        raise StepFailed("/run/ovirt-node/lock could not be made: No space left on device")

    person, installer = at_installer()
    person.window.alone = alone
    installer.install()
    assert "/run/ovirt-node/lock could not be made" in person.screen() and not person.system.made


def test_a_record_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(places, "FAILURE", str(tmp_path / "file/failure"))
    assert main(["autoinstall", "--cmdline", ""], lambda: FakeSystem(PLAIN)) == 1
    assert "file/failure could not be written: " in capsys.readouterr().err


def hold(path: Path, begun: multiprocessing.synchronize.Event, over: multiprocessing.synchronize.Event) -> None:
    with lock.saving(path):
        begun.set()
        over.wait(30)


def test_two_sessions_do_not_save_at_once(tmp_path: Path) -> None:
    path = tmp_path / "run/saving"
    begun, over = multiprocessing.Event(), multiprocessing.Event()
    other = multiprocessing.Process(target=hold, args=(path, begun, over))
    other.start()
    try:
        assert begun.wait(30)
        start = monotonic()
        with (
            pytest.raises(StepFailed, match="another session has been saving settings for 1 seconds"),
            lock.saving(path, 1),
        ):
            raise AssertionError("both are in")
        assert 1 <= monotonic() - start < 5
    finally:
        over.set()
        other.join(30)
    with lock.saving(path, 1):
        pass


class Busy:
    """What keeps others out is never free."""

    def __enter__(self) -> None:
        raise StepFailed("another session has been saving settings for 30 seconds; nothing was saved here")

    def __exit__(self, *_what: object) -> None:
        """Never reached."""


def at_network(saved: NodeConfig = defaults()) -> tuple[Person, object]:
    person, setup = at_setup("one-disk", saved=saved)
    setup.open([page.title for page in setup.pages].index("Network"))
    return person, setup


def test_a_session_that_cannot_save_says_so_and_keeps_what_was_typed() -> None:
    person, setup = at_network()
    person.window.saving = lambda: Busy()
    setup.draft.put("network.hostname", "node1.example.com")
    setup.save()
    assert "another session has been saving settings" in " ".join(person.screen().split())
    assert not any(isinstance(step, File) for step in person.system.made)
    assert str(setup.draft.config[Network].hostname) == "node1.example.com"


THEIRS = Hostname("theirs.example.com")


def test_what_another_session_saved_is_no_change_from_outside() -> None:
    person, setup = at_network()
    theirs = brought(setup.saved.put("network.hostname", THEIRS))
    person.system.earlier, person.system.files = theirs.made, theirs.files
    person.press("f5")
    assert "Changed outside" not in person.screen() and "Adopt" not in person.screen()


def test_what_another_session_saved_is_not_overwritten_unseen() -> None:
    person, setup = at_network()
    said = {"network.hostname": THEIRS, "network.ntp": (IPv4Address("192.0.2.9"),), "network.nic": NicSelector("eth0")}
    saved: NodeConfig = setup.saved
    for path, value in said.items():
        saved = saved.put(path, value)
    theirs = brought(saved)
    person.system.earlier, person.system.files = theirs.made, theirs.files
    setup.draft.put("network.dns", "192.0.2.53")
    setup.save()
    told = "Another session has saved Host name, Management interface,"
    assert told in " ".join(person.screen().split())
    assert not any(isinstance(step, File) for step in person.system.made)
    person.press("enter")
    config = setup.draft.config[Network]
    assert (config.hostname, [str(server) for server in config.dns]) == (THEIRS, ["192.0.2.53"])
    assert not setup.half_saved()
    setup.save()
    written = {step.path: step.content for step in person.system.made if isinstance(step, File)}
    assert "theirs.example.com" in written[SAVED] and "192.0.2.53" in written[SAVED]
    assert "/etc/hostname" not in written  # it is theirs already


def test_a_session_saves_again_after_its_own_save() -> None:
    person, setup = at_network()

    def text(path: str) -> str:
        files = [step.content for step in person.system.made if isinstance(step, File) and step.path == path]
        return files[-1] if files else FakeSystem.text(person.system, path)

    person.system.text = text
    for name in ("one.example.com", "two.example.com"):
        setup.draft.put("network.hostname", name)
        setup.save()
        assert "Saved." in person.screen()
        setup.close()
