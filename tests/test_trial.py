"""A new image is kept only where the checks of the site pass: hooks of the kind check, beside what every node needs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ovirt_tui.machine import attempt as attempts
from ovirt_tui.machine.attempt import FILE, Attempt, State
from ovirt_tui.machine.health import Health
from ovirt_tui.model.records import replace
from ovirt_tui.system import node_images
from ovirt_tui.system.disk_steps import BootChoice
from ovirt_tui.system.steps import Hooks
from test_upgrade import KEPT, KNOWN, SLOTS, TRIAL, WELL, hooks, made, run, system

VERSIONS = (("OVIRT_NODE_OLD_VERSION", "0.2.0-1"), ("OVIRT_NODE_NEW_VERSION", "0.3.0-1"))


@pytest.mark.parametrize(("known", "check"), [(KNOWN, Hooks("check", VERSIONS)), (None, Hooks("check"))])
def test_an_image_that_a_check_of_the_site_refuses_gives_way(known: Attempt | None, check: Hooks) -> None:
    node = system(TRIAL, known=known)
    node.fails_at = check
    assert run(node, "trial") == 1
    assert made(node) == [BootChoice("Root", "RootBackup", 0)] and ("proven",) not in node.did
    if known:
        said = attempts.read(node.files[FILE])
        assert said and said.state is State.FAILED and "could not run the hooks check" in said.why
        assert hooks(node) == ["rollback"]


def test_an_image_that_does_not_work_is_not_checked() -> None:
    node = system(TRIAL, known=KNOWN, health=(Health(config="gone"),))
    assert run(node, "trial") == 1 and hooks(node) == ["rollback"]


@pytest.mark.parametrize(("late", "told"), [(5, 0), (6, 1), (40, 1)])
def test_the_consoles_are_told_once_what_a_trial_waits_for(
    late: int, told: int, capsys: pytest.CaptureFixture[str]
) -> None:
    node = system(TRIAL, known=KNOWN, health=(*[replace(WELL, config="gone")] * late, WELL))
    assert run(node, "trial") == 0
    assert capsys.readouterr().out.count("gone; it is looked at again for 220 seconds") == told


@pytest.mark.parametrize("how", ["boot menu", "rollback"])
def test_who_went_back_and_then_forth_again_is_not_told_that_the_old_one_runs(
    how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old = system(replace(SLOTS, other_version="0.3.0-1"), known=replace(KNOWN, state=State.ROLLED_BACK))
    if how == "rollback":
        assert run(old, "rollback") == 0
    capsys.readouterr()
    forth = replace(KEPT, back="", starts=0, other_version="0.2.0-1")
    node = system(forth, known=attempts.read(old.files[FILE]))
    assert run(node, "trial") == 0
    assert "rolled back" not in capsys.readouterr().out
    assert not made(node) and not hooks(node), "what starts is right already, and nobody goes back"
    assert run(node, "status") == 0
    assert "upgraded from 0.2.0-1 to 0.3.0-1" in capsys.readouterr().out
    back = system(replace(SLOTS, other_version="0.3.0-1"), known=attempts.read(node.files[FILE]))
    assert run(back, "trial") == 0
    assert "rolled back from 0.3.0-1 to 0.2.0-1" in capsys.readouterr().out


@pytest.mark.parametrize("watch", [None, "no number\n", "{gone}\n"])
def test_a_watch_that_is_not_there_keeps_no_image_from_being_proven(
    watch: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody ended it: what it would have done is called off, and the hardware's is still to be."""
    asked: list[tuple[str, ...]] = []
    for name in ("PROVEN", "WATCH", "WATCHDOG"):
        monkeypatch.setattr(node_images, name, tmp_path / name.lower())
    monkeypatch.setattr(node_images, "run", asked.append)
    (tmp_path / "watchdog").touch()
    if watch:
        ended = subprocess.Popen(("true",))
        ended.wait()
        (tmp_path / "watch").write_text(watch.format(gone=ended.pid))
    node_images.proven()
    assert (tmp_path / "proven").exists() and "RuntimeWatchdogUSec" in asked[0]


@pytest.mark.parametrize("word", ["!*", "!$6$a$b", "*", ""])
@pytest.mark.parametrize("command", ["rollback", "trial"])
def test_a_node_whose_admin_has_no_password_goes_back_too(
    command: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One whose people come by SSH keys: the account is locked, by 'passwd --lock' or from the beginning."""
    there = "/config/slots/RootBackup/etc/upper"
    node = system(replace(SLOTS, other_version="0.3.0-1"), known=replace(KNOWN, state=State.PASSED))
    node.files |= {"/etc/shadow": f"admin:{word}:1::::::\n", f"{there}/shadow": "admin:$6$a$b:1::::::\n"}
    assert run(node, command) == 0
    said = capsys.readouterr().out
    assert "saved otherwise there" in said and "the password of admin" in said and "$6$" not in said
