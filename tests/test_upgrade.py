"""Upgrades: what has to be true before, what is done, and how a new image is judged."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootmenu.environment import TRIES
from ovirt_tui.__main__ import main, parser
from ovirt_tui.machine import attempt as attempts
from ovirt_tui.machine.attempt import FILE, Attempt, State
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.health import Health, worse
from ovirt_tui.machine.images import Candidate, NodeSlots, compared, key
from ovirt_tui.model.records import replace
from ovirt_tui.plan import upgrade
from ovirt_tui.plan.upgrade import INSISTS
from ovirt_tui.system.disk_steps import BootChoice, Image, SlotSettings
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import File, Hooks, Step

SLOTS = NodeSlots(
    running="Root", version="0.2.0-1", other="RootBackup", other_version="0.1.0-9", room=300, default="Root"
)
TRIAL = replace(SLOTS, running="RootBackup", other="Root", version="0.3.0-1", other_version="0.2.0-1",
                next="RootBackup", tries=1, trial=True)  # fmt: skip
NEW = Candidate(path="/data/new.iso", product="oVirt Node", version="0.3.0-1", mib=190, digest="d1", signer="site")
WELL = Health(active=("ssh.service",), interfaces=("ens3 52:54:00:12:34:56",), routes=("ens3",), libvirt=True)
KNOWN = Attempt(running="Root", version="0.2.0-1", slot="RootBackup", new_version="0.3.0-1", health=WELL)
NODE = Facts(slot="Root", version="0.2.0-1")


def codes(candidate: Candidate, slots: NodeSlots = SLOTS) -> list[str]:
    return [each.kind.code for each in upgrade.objections(candidate, slots, "oVirt Node")]


def system(slots: NodeSlots = SLOTS, new: Candidate | None = NEW, health: Sequence[Health] = (WELL,),
           known: Attempt | None = None, guests: tuple[str, ...] | None = ()) -> FakeSystem:  # fmt: skip
    files = {FILE: attempts.written(known)} if known else {}
    return FakeSystem(NODE, files=files, running=guests, image_slots=slots, candidates=(new,) if new else (),
                      healths=list(health))  # fmt: skip


def made(node: FakeSystem) -> list[Step]:
    return [step for step in node.made if not isinstance(step, File | Hooks)]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("0.9.0-1", "0.10.0-1"),
        ("0.2.0-20261121.aaaaaaaa", "0.2.0-20261122.00000000"),
        ("0.2.0-rc1", "0.2.0-1"),
        ("0.2.0", "0.2.0-1"),
        ("0.2", "0.2.1"),
        ("", "0.1"),
    ],
)
def test_versions_are_compared_as_people_mean_them(older: str, newer: str) -> None:
    assert (compared(older, newer), compared(newer, older), compared(newer, newer)) == (-1, 1, 0)


@given(st.text(), st.text())
def test_any_two_versions_can_be_compared(one: str, other: str) -> None:
    assert compared(one, other) == -compared(other, one)
    assert compared(one, one) == 0 and isinstance(key(one), tuple)


def test_nothing_speaks_against_a_newer_signed_image_that_fits() -> None:
    assert codes(NEW) == []


def test_everything_that_speaks_against_an_image_is_said_at_once() -> None:
    bad = replace(NEW, product="Other", signer="", unsigned="it has no signature", version="0.1.0-1", mib=301)
    assert codes(bad) == ["other-product", "image-unsigned", "older-version", "image-too-large-for-slot"]
    assert codes(replace(NEW, version="1.0-1")) == ["other-major-version"]
    assert codes(replace(NEW, version="0.2.0-1")) == ["same-version"]
    assert codes(replace(NEW, version="0.1.0-1", earlier=True)) == ["older-version", "image-of-first-layout"]
    assert upgrade.EARLIER not in INSISTS


def test_what_is_insisted_on_is_no_objection_and_nothing_else_is_covered_by_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = replace(NEW, signer="", unsigned="why", version="0.1.0-1")
    assert run(system(new=bad), "upgrade", "--older", "/data/new.iso") == 2
    said = capsys.readouterr().err
    assert "--unsigned goes on all the same" in said and "--older" not in said
    assert run(system(new=bad), "upgrade", "--older", "--unsigned", "/data/new.iso") == 0
    assert run(system(new=replace(NEW, version="0.2.0-1")), "upgrade", "--again", "/data/new.iso") == 0
    everything = ("--unsigned", "--older", "--again", "--with-guests")
    node = system(new=replace(bad, product="Other", mib=999))
    assert run(node, "upgrade", *everything, "/data/new.iso") == 2 and not node.made


def test_the_slots_are_not_touched_while_it_is_open_which_one_stays() -> None:
    assert [each.kind.code for each in upgrade.steady(TRIAL)] == ["image-on-trial"]
    assert [each.kind.code for each in upgrade.steady(replace(SLOTS, default="RootBackup"))] == ["slot-not-default"]


def test_nothing_starts_the_other_slot_from_before_its_first_byte_until_all_is_proven() -> None:
    steps = [step for each in upgrade.upgrade(NEW, SLOTS, WELL) for step in each.steps]
    assert steps[1] == BootChoice("Root", "RootBackup", 0)
    assert steps[2] == Image("RootBackup", "0.3.0-1", "/data/new.iso", "d1")
    assert steps[3] == SlotSettings("RootBackup")
    assert steps[-1] == BootChoice("Root", "RootBackup", TRIES)
    assert upgrade.upgrade(NEW, SLOTS, WELL)[-1].proves
    assert not any(getattr(step, "slot", "") == "Root" for step in steps if not isinstance(step, BootChoice))
    assert isinstance(steps[0], Hooks) and steps[0].kind == "pre-upgrade", "before the first write"


def run(node: FakeSystem, *argv: str) -> int:
    return main(argv, lambda: node)


def test_an_upgrade_is_made_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    node = system()
    assert run(node, "upgrade", "/data/new.iso") == 0
    assert made(node)[-1] == BootChoice("Root", "RootBackup", TRIES)
    assert "0.3.0-1 (signed by site) is in RootBackup; the next restart tries it" in capsys.readouterr().out
    known = attempts.read(node.files[FILE])
    assert known and (known.state, known.new_version, known.health) == (State.PREPARED, "0.3.0-1", WELL)
    assert not node.did


def test_it_restarts_where_that_was_asked_for() -> None:
    node = system()
    assert run(node, "upgrade", "--reboot", "/data/new.iso") == 0
    assert node.did == [("restart",)]


@pytest.mark.parametrize("guests", [("web1", "db2"), None])
def test_guests_stop_it_unless_they_are_meant_to_stop(
    guests: tuple[str, ...] | None, capsys: pytest.CaptureFixture[str]
) -> None:
    node = system(guests=guests)
    assert run(node, "upgrade", "/data/new.iso") == 2
    said = capsys.readouterr().err
    assert "--with-guests" in said and "nothing was written" in said
    assert not node.made
    assert run(node, "upgrade", "--with-guests", "/data/new.iso") == 0


def test_a_refusal_writes_nothing_and_answers_as_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(new=replace(NEW, version="0.1.0-1", signer="", unsigned="it has no signature"))
    assert run(node, "upgrade", "--json", "/data/new.iso") == 2
    answer = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in answer["problems"]] == ["image-unsigned", "older-version"]
    assert not node.made and not answer["made"]


def test_check_writes_nothing_and_says_what_would_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    node = system()
    assert run(node, "upgrade", "--check", "/data/new.iso") == 0
    said = capsys.readouterr().out
    assert "nothing was written" in said and "try RootBackup, 2 times at most" in said
    assert not node.made


def test_an_image_that_cannot_be_read_fails_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(new=None)
    assert run(node, "upgrade", "/data/new.iso") == 1
    assert "/data/new.iso" in capsys.readouterr().err
    assert not node.made


URL = "https://images.example.com/node.iso"


def test_an_image_is_fetched_and_what_a_server_sends_counts_by_its_signature_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = replace(NEW, path="/data/upgrade/image.iso")
    node = system(new=here)
    assert run(node, "upgrade", URL) == 0
    assert node.did == [("fetched", URL)] and Image("RootBackup", "0.3.0-1", here.path, "d1") in node.made
    node = system(new=replace(here, signer="", unsigned="it has no signature"))
    assert run(node, "upgrade", "--unsigned", URL) == 2
    assert "never taken without: give it as a file" in capsys.readouterr().err and not node.made


def test_a_failing_step_leaves_the_boot_menu_as_it_was() -> None:
    node = system()
    node.fails_at = SlotSettings("RootBackup")
    assert run(node, "upgrade", "/data/new.iso") == 1
    assert made(node)[-1] == Image("RootBackup", "0.3.0-1", "/data/new.iso", "d1")
    assert BootChoice("Root", "RootBackup", 0) in node.made, "and what is half there is started by nobody"


def test_an_image_that_is_well_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(TRIAL, known=KNOWN)
    assert run(node, "trial") == 0
    assert made(node) == [BootChoice("RootBackup", back="Root")]
    assert ("proven",) in node.did and ("restart",) not in node.did
    assert attempts.read(node.files[FILE]) == replace(KNOWN, state=State.PASSED)
    assert "has proven itself" in capsys.readouterr().out


def hooks(node: FakeSystem) -> list[str]:
    return [step.kind for step in node.made if isinstance(step, Hooks)]


def test_hooks_of_the_site_run_around_an_upgrade() -> None:
    node = system()
    assert run(node, "upgrade", "/data/new.iso") == 0 and hooks(node) == ["pre-upgrade"]
    node = system(TRIAL, known=KNOWN)
    assert run(node, "trial") == 0 and hooks(node) == ["check", "post-upgrade"]
    node = system(TRIAL, known=KNOWN, health=(Health(config="gone"),))
    assert run(node, "trial") == 1 and hooks(node) == ["rollback"]


def test_a_hook_that_fails_before_an_upgrade_stops_it_and_one_after_it_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    node = system()
    versions = (("OVIRT_NODE_OLD_VERSION", "0.2.0-1"), ("OVIRT_NODE_NEW_VERSION", "0.3.0-1"))
    node.fails_at = Hooks("pre-upgrade", versions)
    assert run(node, "upgrade", "/data/new.iso") == 1 and not node.made
    node = system(TRIAL, known=KNOWN)
    node.fails_at = Hooks("post-upgrade", versions)
    assert run(node, "trial") == 0 and made(node) == [BootChoice("RootBackup", back="Root")]
    assert "could not run the hooks post-upgrade" in capsys.readouterr().out


def test_much_comes_up_late() -> None:
    late = replace(WELL, interfaces=(), routes=())
    node = system(TRIAL, known=KNOWN, health=(late, late, WELL))
    assert run(node, "trial") == 0
    assert node.did.count(("pause", "5")) == 2


def test_an_image_that_is_not_well_gives_way(capsys: pytest.CaptureFixture[str]) -> None:
    ill = replace(WELL, active=(), failed=("ssh.service",))
    node = system(TRIAL, known=KNOWN, health=(ill,))
    assert run(node, "trial") == 1
    assert made(node) == [BootChoice("Root", "RootBackup", 0)]
    assert node.did[-1] == ("restart",) and ("proven",) not in node.did
    known = attempts.read(node.files[FILE])
    assert known and known.state is State.FAILED and "ssh.service failed" in known.why
    assert "the image of before starts" in capsys.readouterr().out


def test_without_a_memory_of_before_settings_and_units_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(system(TRIAL, health=(Health(),)), "trial") == 0
    node = system(TRIAL, health=(Health(config="Config cannot be mounted"),))
    assert run(node, "trial") == 1
    assert "Config cannot be mounted" in capsys.readouterr().out


def test_the_image_of_before_notices_that_the_new_one_did_not_come_up(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(replace(SLOTS, next="RootBackup"), known=KNOWN)
    assert run(node, "trial") == 0
    assert "the upgrade from 0.2.0-1 to 0.3.0-1 failed" in capsys.readouterr().out
    assert not made(node), "what the boot menu starts is right already"


KEPT = replace(TRIAL, default="RootBackup", next="", tries=0, trial=False, back="Root", starts=2)


def test_a_start_that_lasted_is_noted_where_starts_are_counted_and_nowhere_else() -> None:
    node = system(KEPT, known=replace(KNOWN, state=State.PASSED))
    assert run(node, "trial", "--lasted") == 0
    assert made(node) == [BootChoice("RootBackup", back="Root")] == node.made
    for slots in (SLOTS, TRIAL, replace(KEPT, starts=0), replace(KEPT, running="Root", other="RootBackup")):
        node = system(slots, known=KNOWN)
        assert run(node, "trial", "--lasted") == 0 and not node.made


GAVE_WAY = replace(SLOTS, other_version="0.3.0-1", next="RootBackup", starts=3, gave_way=True)


@pytest.mark.parametrize("known", [None, KNOWN, replace(KNOWN, state=State.PASSED),
                                   replace(KNOWN, running="RootBackup", slot="Root")])  # fmt: skip
def test_an_image_that_proved_itself_and_gave_way_is_told_until_the_next_upgrade(
    known: Attempt | None, capsys: pytest.CaptureFixture[str]
) -> None:
    node = system(GAVE_WAY, known=known)
    assert run(node, "trial") == 0
    said = "0.3.0-1 had proven itself, and did not come up 3 times in a row: 0.2.0-1 starts"
    assert said in capsys.readouterr().out
    assert made(node) == [BootChoice("Root", "RootBackup")], "counted from the beginning, and not started by itself"
    again = system(replace(GAVE_WAY, starts=0, gave_way=False), known=attempts.read(node.files[FILE]))
    assert run(again, "trial") == 0 and not again.made
    assert said in capsys.readouterr().out
    assert run(again, "rollback") == 2 and "failed: upgrade to it again" in capsys.readouterr().err


def test_a_start_before_the_trial_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(replace(SLOTS, next="RootBackup", tries=2), known=KNOWN)
    assert run(node, "trial") == 0
    assert not node.made and "is tried at the next restart" in capsys.readouterr().out


def test_what_went_well_is_not_told_at_each_start(capsys: pytest.CaptureFixture[str]) -> None:
    after = replace(TRIAL, default="RootBackup", next="", tries=0, trial=False)
    node = system(after, known=replace(KNOWN, state=State.PASSED))
    assert run(node, "trial") == 0
    assert capsys.readouterr().out == "" and not node.made


def test_going_back_by_the_boot_menu_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(SLOTS, known=replace(KNOWN, state=State.PASSED))
    assert run(node, "trial") == 0
    assert "rolled back from 0.3.0-1 to 0.2.0-1" in capsys.readouterr().out


def test_rollback_starts_the_other_slot(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(known=replace(KNOWN, state=State.PASSED))
    assert run(node, "rollback") == 0
    assert made(node) == [BootChoice("RootBackup")]
    assert "0.1.0-9 in RootBackup" in capsys.readouterr().out


def test_what_was_saved_since_is_told_and_not_lost_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    there = "/config/slots/RootBackup/etc/upper"
    node = system(known=replace(KNOWN, state=State.PASSED))
    node.files |= {
        "/etc/ovirt-node/node.toml": '[network]\nhostname = "new"\n',
        f"{there}/ovirt-node/node.toml": '[network]\nhostname = "old"\nntp = ["192.0.2.1"]\n',
        "/etc/shadow": "root:*:1::::::\nadmin:$6$a$new:1::::::\n",
        f"{there}/shadow": "root:*:1::::::\nadmin:$6$a$old:1::::::\n",
    }
    assert run(node, "rollback") == 0
    said = capsys.readouterr().out
    assert "saved otherwise there, and used from then on: Host name, Time servers, the password of admin" in said
    assert "$6$" not in said + node.files[FILE]
    assert run(node, "status") == 0
    assert "saved otherwise there: Host name, Time servers" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("slots", "why"),
    [
        (replace(SLOTS, other_version=""), "holds no image"),
        (replace(SLOTS, next="RootBackup"), "failed: upgrade to it again"),
    ],
)
def test_rollback_leads_to_what_has_proven_itself_only(
    slots: NodeSlots, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    node = system(slots)
    assert run(node, "rollback") == 2
    assert why in capsys.readouterr().err and not node.made


def test_rollback_before_the_restart_calls_the_trial_off(capsys: pytest.CaptureFixture[str]) -> None:
    node = system(replace(SLOTS, next="RootBackup", tries=2), known=KNOWN)
    assert run(node, "rollback") == 0
    assert made(node) == [BootChoice("Root", "RootBackup", 0)]
    assert "is not tried at the next restart" in capsys.readouterr().out
    assert run(node, "status") == 0
    assert "somebody went back before it was tried" in capsys.readouterr().out


def test_rollback_on_trial_ends_the_trial() -> None:
    node = system(TRIAL, known=KNOWN)
    assert run(node, "rollback") == 0
    assert made(node) == [BootChoice("Root", "RootBackup", 0)]


def test_status_says_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(system(known=replace(KNOWN, state=State.FAILED, why="no route")), "status") == 0
    said = capsys.readouterr().out
    assert "running   0.2.0-1 in Root" in said and "0.1.0-9 in RootBackup" in said and "failed: no route" in said
    assert run(system(), "status", "--json") == 0
    assert json.loads(capsys.readouterr().out)["starts"] == "Root"


@pytest.mark.parametrize("command", ["upgrade", "rollback", "status", "trial"])
def test_they_are_for_installed_nodes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    node = FakeSystem(Facts())
    assert run(node, command, *(["/data/new.iso"] if command == "upgrade" else [])) == 2
    assert "no installed node" in capsys.readouterr().err


@pytest.mark.parametrize("field", ["active", "interfaces", "routes", "managers"])
def test_what_worked_before_has_to_work_after(field: str) -> None:
    before, now = Health(**{field: ("a", "b")}), Health(**{field: ("b", "c")})
    (reason,) = worse(before, now)
    assert "a" in dict(reason.values).values()
    assert not list(worse(now, now))


def test_what_failed_before_may_fail_after_and_nothing_else() -> None:
    assert not list(worse(Health(failed=("a.service",)), Health(failed=("a.service",))))
    assert [str(each) for each in worse(Health(), Health(failed=("a.service",)))] == ["a.service failed"]


def test_a_damaged_memory_is_none() -> None:
    assert attempts.read("{") is None and attempts.read('{"running": 1}') is None
    assert attempts.read(attempts.written(KNOWN)) == KNOWN


def test_the_options_of_an_upgrade_say_all_that_can_be_insisted_on() -> None:
    given = parser().parse_args(["upgrade", *(f"--{option}" for option in set(INSISTS.values())), "x"])
    assert all(getattr(given, option.replace("-", "_")) for option in INSISTS.values())
