"""A secret that comes in by any parameter comes out by none of the doors."""

from __future__ import annotations

import pytest

from machines import PLAIN
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.parameters import WORDS
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import documents, export_report, json_report, plan_report, report
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.plan.actions import INSTALL
from ovirt_tui.plan.runner import plan
from ovirt_tui.system.disk_steps import BootLoader
from ovirt_tui.system.steps import File

WORD = "topsecret"
SECRETS = [param.name for param in WORDS if param.secret]


HASH = f"$6$salt${WORD}"
LINES = [
    *(f'{name}="{value}"' for name in (*SECRETS, "adminpww") for value in (HASH, WORD, f"{WORD} blank", f"{HASH};rm")),
    f"token={HASH}",
    f"token={HASH};rm",
]


@pytest.mark.parametrize("words", LINES)
def test_nothing_shows_a_secret(words: str) -> None:
    found = understand(read(f"storage_init=/dev/vda BOOTIF=eth0 adminpw={HASH} {words}"), PLAIN)
    shown = [*report.check(found), documents.text(json_report.checked(found))]
    shown += [documents.text(plan_report.planned_for(found)), export_report.export(found.draft, "answers")]
    shown += [*report.notes(found), *report.problems(found)]
    shown += [repr(found.draft), repr(found.config), str(found)]
    if not found.complaints:
        shown += plan_report.plan(found)
    assert WORD not in "\n".join(shown)


def test_no_step_but_the_password_holds_it() -> None:
    found = understand(read(f"storage_init=/dev/vda BOOTIF=eth0 adminpw=$6$salt${WORD} rootpw=$6$salt${WORD}"), PLAIN)
    steps = [step for each in plan(INSTALL, found.config, PLAIN) for step in each.steps]
    assert WORD not in repr(steps)
    written = [str(step.content) for step in steps if isinstance(step, File)]
    written += [step.menu for step in steps if isinstance(step, BootLoader)]
    assert WORD not in "".join(written)


def test_a_hash_does_not_print() -> None:
    secret = Crypted(f"$6$salt${WORD}")
    assert f"{secret} {secret!r} {[secret]}" == "*** *** [***]"
