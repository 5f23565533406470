"""A new image is kept only where the checks of the site pass: hooks of the kind check, beside what every node needs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootmenu.entries import TRIAL_SECONDS
from ovirt_tui.machine import attempt as attempts
from ovirt_tui.machine.attempt import FILE, Attempt, State
from ovirt_tui.machine.health import Health
from ovirt_tui.model.records import replace
from ovirt_tui.system import StepFailed, node_images
from ovirt_tui.system.disk_steps import BootChoice
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import Hooks
from test_upgrade import KNOWN, SLOTS, TRIAL, WELL, hooks, made, run, system

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


NEW_STARTS = replace(TRIAL, default="RootBackup", next="", tries=0, trial=False, back="Root", starts=1)
"""The new image proved itself, and this is a later start of it."""
OLD_STARTS = replace(SLOTS, other_version="0.3.0-1")


def remembered(node: FakeSystem) -> Attempt:
    found = attempts.read(node.files[FILE])
    assert found
    return found


def test_a_power_cut_before_an_image_that_stays_is_noted_is_made_good(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(NEW_STARTS, known=KNOWN)
    assert run(node, "status") == 0 and "upgraded from 0.2.0-1 to 0.3.0-1" in capsys.readouterr().out
    assert run(node, "trial") == 0
    assert remembered(node).state is State.PASSED and hooks(node) == ["post-upgrade"]
    assert capsys.readouterr().out == "" and not made(node)


def test_hooks_of_the_way_back_run_at_the_start_after_a_rollback(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(NEW_STARTS, known=replace(KNOWN, state=State.PASSED))
    assert run(node, "rollback") == 0 and not hooks(node)
    back = replace(NEW_STARTS, default="Root", back="", starts=0)
    asked = system(back, known=remembered(node))
    assert run(asked, "status", "--json") == 0 and '"upgrade": "rolled-back"' in capsys.readouterr().out
    start = system(OLD_STARTS, known=remembered(node))
    assert run(start, "trial") == 0
    assert remembered(start).state is State.ROLLED_BACK and hooks(start) == ["rollback"]
    assert "rolled back from 0.3.0-1 to 0.2.0-1" in capsys.readouterr().out
    later = system(OLD_STARTS, known=remembered(start))
    assert run(later, "trial") == 0 and not hooks(later)


def test_the_way_back_from_a_way_back_is_told_as_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(OLD_STARTS, known=replace(KNOWN, state=State.ROLLED_BACK))
    assert run(node, "rollback") == 0
    forth = system(replace(NEW_STARTS, back="", starts=0), known=remembered(node))
    assert run(forth, "trial") == 0
    assert "rolled back from 0.2.0-1 to 0.3.0-1" in capsys.readouterr().out
    (step,) = (each for each in forth.made if isinstance(each, Hooks))
    assert step.kind == "rollback" and dict(step.variables)["OVIRT_NODE_NEW_VERSION"] == "0.2.0-1"
    again = system(OLD_STARTS, known=remembered(forth))
    assert run(again, "trial") == 0 and hooks(again) == ["rollback"]
    assert "rolled back from 0.3.0-1 to 0.2.0-1" in capsys.readouterr().out


@pytest.mark.parametrize("known", [KNOWN, None])
def test_a_rollback_during_the_trial_is_not_undone_once_all_works(known: Attempt | None) -> None:
    node = system(TRIAL, known=known, health=(Health(config="gone"), WELL))
    pause = node.pause

    def went_back(seconds: float) -> None:
        pause(seconds)
        assert run(node, "rollback") == 0
        node.image_slots = replace(TRIAL, tries=0)

    node.pause = went_back  # type: ignore[method-assign]
    assert run(node, "trial") == 1
    assert made(node) == [BootChoice("Root", "RootBackup")] and ("proven",) not in node.did
    assert not known or remembered(node).why == "somebody went back"


def test_looks_that_take_long_end_before_the_machine_is_started_again_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where a name server does not answer: each look then waits for it."""
    node = system(TRIAL, known=KNOWN)

    def waits(_servers: tuple[str, ...]) -> Health:
        node.did.append(("pause", "20"))
        return Health(config="gone")

    monkeypatch.setattr(node, "health", waits)
    assert run(node, "trial") == 1
    assert node.clock() < 0.5 * TRIAL_SECONDS and "gone" in remembered(node).why


def test_a_look_that_cannot_be_made_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    node = system(TRIAL, known=KNOWN)
    looks = iter([StepFailed("systemctl did not end within 60 seconds"), WELL])

    def look(_servers: tuple[str, ...]) -> Health:
        seen = next(looks)
        if isinstance(seen, StepFailed):
            raise seen
        return seen

    monkeypatch.setattr(node, "health", look)
    assert run(node, "trial") == 0 and ("proven",) in node.did


def test_what_was_saved_before_the_restart_that_tries_an_image_is_not_left_behind_in_silence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    node = system(TRIAL, known=KNOWN)
    node.files |= {
        "/etc/ovirt-node/node.toml": '[network]\nhostname = "as-copied"\n',
        "/config/slots/Root/etc/upper/ovirt-node/node.toml": '[network]\nhostname = "saved-later"\n',
    }
    assert run(node, "trial") == 0
    assert "saved after it was prepared, and left with 0.2.0-1: Host name" in capsys.readouterr().out
    after = replace(NEW_STARTS, starts=0)
    later = system(after, known=remembered(node))
    assert run(later, "status") == 0
    assert "saved otherwise under 0.2.0-1, and not used now: Host name" in capsys.readouterr().out
    assert run(later, "trial") == 0 and capsys.readouterr().out == ""


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
