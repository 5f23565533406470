"""A new image is kept only where the checks of the site pass: hooks of the kind check, beside what every node needs."""

from __future__ import annotations

import pytest

from ovirt_tui.machine import attempt as attempts
from ovirt_tui.machine.attempt import FILE, Attempt, State
from ovirt_tui.machine.health import Health
from ovirt_tui.model.records import replace
from ovirt_tui.system.disk_steps import BootChoice
from ovirt_tui.system.steps import Hooks
from test_upgrade import KNOWN, TRIAL, WELL, hooks, made, run, system

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
