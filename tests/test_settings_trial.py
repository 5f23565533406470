"""What a new image makes of the settings of a node, asked before anything is written."""

from __future__ import annotations

import json

import pytest

from ovirt_tui.__main__ import main
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import documents, json_report
from ovirt_tui.machine.facts import Facts, load
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.model.records import replace
from ovirt_tui.plan import upgrade
from ovirt_tui.plan.actions import SAVED
from ovirt_tui.plan.settings_trial import MACHINE, NODE, QUESTION, objections
from ovirt_tui.system.fake import FakeSystem

SLOTS = NodeSlots(running="Root", version="0.2.0-1", other="RootBackup", room=300, default="Root")
NEW = Candidate(path="/data/new.iso", product="oVirt Node", version="0.3.0-1", mib=190, digest="d1", signer="site")
UNSIGNED = replace(NEW, signer="", unsigned="it has no signature")
HERE = Facts(slot="Root", version="0.2.0-1")
SAID = '[network]\nhostname = "node1.example.com"\n\n[snmp]\nenabled = true\n'
"""What was saved: with a plug-in that neither the running version nor the next one knows."""
GONE = {"path": "", "parameter": "/mnt/node.toml: network.hostname", "code": "no-such-setting", "text": "is gone\n  x"}


def own() -> str:
    """What this version itself answers."""
    found = understand(Reading().over((answers.read("/mnt/node.toml", SAID.encode()),)), HERE)
    return documents.text(json_report.checked(found))


def with_problem(**changed: object) -> str:
    answer = json.loads(own())
    answer["problems"].append({**GONE, **changed})
    return json.dumps(answer)


def node(answer: str | None, new: Candidate = NEW, saved: str = SAID) -> FakeSystem:
    files = {SAVED: saved} if saved else {}
    return FakeSystem(
        HERE, files=files, running=(), image_slots=SLOTS, candidates=(new,), healths=[Health()], image_answer=answer
    )


def run(system: FakeSystem, *argv: str) -> int:
    return main(("upgrade", *argv, NEW.path), lambda: system)


def test_the_image_is_asked_with_what_was_saved_and_this_machine() -> None:
    system = node(own())
    assert run(system) == 0
    assert system.asked
    path, arguments, given = system.asked
    assert (path, arguments, given[NODE]) == (NEW.path, QUESTION, SAID)
    assert load(given[MACHINE]) == HERE


def test_what_the_running_version_says_too_is_no_reason() -> None:
    assert "no-such-section" in own()
    assert list(objections(node(own()), HERE, NEW)) == []


def test_a_setting_that_the_image_does_not_take_stops_the_upgrade(capsys: pytest.CaptureFixture[str]) -> None:
    system = node(with_problem())
    assert run(system) == 2 and not system.made
    assert (
        "version 0.3.0-1 does not take the settings of this node: network.hostname: is gone; "
        "--despite-settings goes on all the same" in capsys.readouterr().err
    )
    assert run(node(with_problem()), "--despite-settings") == 0


def test_of_many_problems_the_first_are_said() -> None:
    many = [{**GONE, "parameter": f"/mnt/node.toml: a.b{number}"} for number in range(40)]
    (reason,) = objections(node(json.dumps({"problems": many})), HERE, NEW)
    assert str(reason).endswith("a.b4: is gone; and 35 more")


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "x",
        "[]",
        "{}",
        '{"problems": 5}',
        '{"problems": [5]}',
        '{"problems": [{"code": "x"}]}',
        "[" * 100_000,
        json.dumps({"problems": [{**GONE, "text": None, "parameter": None, "code": {}}, []]}),
    ],
    ids=str,
)
def test_an_image_that_does_not_answer_is_not_taken_for_one_that_does(
    answer: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    system = node(answer)
    assert run(system) == 2 and not system.made
    said = capsys.readouterr().err
    assert "whether it takes the settings of this node cannot be told: its program " in said
    assert "--despite-settings goes on all the same" in said
    assert run(node(answer), "--despite-settings") == 0


def test_what_an_image_says_moves_no_cursor_and_stays_short() -> None:
    text = with_problem(text="\x1b[2J" + "x" * 9000, parameter="\x1b]0;\u202e")
    (reason,) = objections(node(text), HERE, NEW)
    assert str(reason).isprintable() and len(str(reason)) < 400


def test_an_image_that_nobody_signed_is_not_run_until_somebody_insists() -> None:
    system = node(with_problem(), new=UNSIGNED)
    assert run(system) == 2 and system.asked is None
    assert run(system, "--despite-settings") == 2 and system.asked is None
    assert run(system, "--unsigned") == 2 and system.asked and not system.made
    assert run(system, "--unsigned", "--despite-settings") == 0


def test_without_saved_settings_nothing_is_asked() -> None:
    system = node(None, saved="")
    assert run(system) == 0 and system.asked is None


def test_who_insists_on_an_image_that_needs_no_insisting_changes_nothing() -> None:
    looked = upgrade.Looked(NEW, SLOTS, (), ())
    assert upgrade.insisted(looked, node(None), HERE) is looked
