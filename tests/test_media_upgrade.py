"""Upgrades by a medium that was booted: which node is meant, what speaks against it, what is done."""

from __future__ import annotations

import pytest

from boot_found import OTHER, SLOT, WELL
from bootmenu.environment import STARTS, TRIES, Choice, starting
from machines import MACHINES, PLAIN, disk, group_part, with_
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.request import Intent
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli.places import CMDLINE, REFUSAL
from ovirt_tui.cli.unattended import Outcome, autoinstall
from ovirt_tui.machine import attempt as attempts
from ovirt_tui.machine.attempt import FILE, State
from ovirt_tui.machine.facts import Facts, Group, Node, NodeState, Part
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.model.records import replace
from ovirt_tui.plan import medium
from ovirt_tui.system.disk_steps import (
    BootChoice,
    BootLoader,
    BootPartition,
    Image,
    InstalledNode,
    SharedPlaces,
    SlotSettings,
    Volumes,
)
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import File, Hooks
from person import BESIDE as SLOTS
from person import Person, at_installer

NEW = Candidate(path="", product="oVirt Node", version="0.3.0-1", mib=190, digest="d1", signer="its own")
OLD = replace(NEW, version="0.1.5-1")
SAME = replace(NEW, version="0.2.0-1")
HERE = MACHINES["node-installed"]
NODE = InstalledNode("/dev/vda", ("/dev/vda",))
BLANK = "storage_init=/dev/vda BOOTIF=link adminpw=$6$salt$topsecret"


def found(line: str, facts: Facts = HERE) -> tuple[Intent, InstalledNode | None, list[str]]:
    meant = understand(read(line), facts)
    return meant.intent, meant.beside, [each.reason.kind.code for each in meant.complaints]


def beside(slots: NodeSlots | None = SLOTS, new: Candidate = NEW, line: str = "upgrade",
           facts: Facts = HERE) -> FakeSystem:  # fmt: skip
    return FakeSystem(facts, files={CMDLINE: f"{line}\n"}, image_slots=slots, candidates=(new,))


def two_nodes() -> Facts:
    parts = [(Part(path=f"{path}3", mib=4096, kind="ext4", label="Root"), group_part(f"{path}5", "HostVG"))
             for path in ("/dev/vda", "/dev/vdb")]  # fmt: skip
    return with_(
        disks=(disk("/dev/vda", 20, table="gpt", parts=parts[0]), disk("/dev/vdb", 20, table="gpt", parts=parts[1])),
        groups=tuple(Group(name="HostVG", uuid=uuid, disks=(path,), volumes=("Config", "Data"))
                     for uuid, path in (("u1", "/dev/vda"), ("u2", "/dev/vdb"))),
        nodes=tuple(Node(disk=path, state=NodeState.COMPLETE, version="0.2.0-1") for path in ("/dev/vda", "/dev/vdb")),
    )  # fmt: skip


@pytest.mark.parametrize("word", ["upgrade", "ovirt_upgrade=yes", "local_boot=1", "downgrade", "upgrade-again"])
def test_the_only_node_is_meant(word: str) -> None:
    assert found(word) == (Intent.UPGRADE, NODE, [])


def test_no_node_or_several_are_a_refusal_that_names_them() -> None:
    assert found("upgrade", PLAIN)[1:] == (None, ["nothing-to-upgrade"])
    meant = understand(read("upgrade"), two_nodes())
    assert meant.beside is None and "(/dev/vda, /dev/vdb)" in str(meant.complaints[0])


def test_of_several_nodes_the_one_on_the_named_disks_is_meant() -> None:
    intent, node, wrong = found(BLANK.replace("vda", "vdb") + " upgrade", two_nodes())
    assert (intent, node, wrong) == (Intent.UPGRADE, InstalledNode("/dev/vdb", ("/dev/vdb",)), [])
    assert found("storage_init=/dev/vdb downgrade", two_nodes())[1] == InstalledNode("/dev/vdb", ("/dev/vdb",))


def test_one_line_installs_on_blank_disks_and_upgrades_the_node_that_is_on_them_later() -> None:
    assert found(f"{BLANK} upgrade", PLAIN) == (Intent.INSTALL_OR_UPGRADE, None, [])
    assert found(f"{BLANK} upgrade") == (Intent.UPGRADE, NODE, [])
    assert found(f"{BLANK} upgrade", MACHINES["interrupted"])[0] is Intent.INSTALL_OR_UPGRADE


def test_other_disks_than_the_nodes_are_refused() -> None:
    both = BLANK.replace("/dev/vda", "/dev/vda,/dev/vdb")
    assert found(f"{both} upgrade", two_nodes())[2] == ["several-nodes-to-upgrade"]
    more = with_(disks=(*HERE.disks, disk("/dev/vdz", 20)), groups=HERE.groups, nodes=HERE.nodes)
    assert found("storage_init=/dev/vda,/dev/vdz downgrade", more)[2] == ["node-on-other-disks"]
    assert found("storage_init=/dev/vdz downgrade", more)[2] == ["nothing-to-upgrade-there"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"nodes": (replace(HERE.nodes[0], state=NodeState.BROKEN),)}, "node-not-complete"),
        ({"groups": (replace(HERE.groups[0], missing=1),)}, "node-volumes-missing"),
        ({"groups": (replace(HERE.groups[0], copied=True),)}, "node-volumes-copied"),
        ({"groups": ()}, "node-volumes-missing"),
    ],
)
def test_a_node_whose_disks_are_not_whole_is_refused(change: dict[str, object], code: str) -> None:
    assert found("upgrade", replace(HERE, **change))[1:] == (None, [code])  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ["upgrade reinstall", "downgrade uninstall", "upgrade downgrade"])
def test_what_contradicts_an_upgrade_is_refused(line: str) -> None:
    assert "conflicts" in found(line)[2]


def test_settings_on_the_line_are_not_taken_and_that_is_said() -> None:
    meant = understand(read(f"{BLANK} upgrade hostname=other reboot_delay=5"), HERE)
    assert "hostname: is not taken" in "".join(map(str, meant.notes)) and "reboot_delay" not in str(meant.notes)


def test_it_is_written_beside_what_starts_and_tried() -> None:
    system, said = beside(), list[str]()
    assert autoinstall(system, said.append) == Outcome(0)
    steps = [step for step in system.made if not isinstance(step, File)]
    assert steps == [NODE, Image("RootBackup", "0.3.0-1", "", "d1"), SlotSettings("RootBackup"),
                     BootChoice("Root", "RootBackup", TRIES)]  # fmt: skip
    assert system.did[-1] == ("restart",)
    remembered = attempts.read(system.files[FILE])
    assert remembered and remembered.state is State.PREPARED and remembered.signer == ""
    assert remembered.health.libvirt and not any(isinstance(step, Hooks) for step in system.made)
    text = "\n".join(said)
    assert "node1.example.com on /dev/vda, which has version 0.2.0-1 in the slot Root" in text
    assert "written: 0.3.0-1 to the slot RootBackup, in place of 0.1.0-9" in text


def test_an_upgrade_by_a_line_that_also_installs_writes_no_table() -> None:
    system = beside(line=f"{BLANK} upgrade")
    assert autoinstall(system, lambda line: None).status == 0
    assert not any(isinstance(step, Volumes) for step in system.made)


@pytest.mark.parametrize(
    ("slots", "new", "line", "why"),
    [
        (SLOTS, OLD, "upgrade", "older than 0.2.0-1; the word downgrade does it all the same"),
        (SLOTS, SAME, "upgrade", "which runs already; the word upgrade_again does it all the same"),
        (SLOTS, SAME, "downgrade", "the word upgrade_again"),
        (SLOTS, NEW, "downgrade", "downgrade: it is version 0.3.0-1, newer than 0.2.0-1"),
        (SLOTS, replace(NEW, version="1.0-1"), "upgrade", "an upgrade leads to versions 0.x only"),
        (SLOTS, replace(NEW, product="Other"), "upgrade", "this node is of oVirt Node"),
        (replace(SLOTS, room=100), NEW, "upgrade", "the slot RootBackup has 100 MiB"),
        (replace(SLOTS, settings=False), NEW, "upgrade", "no settings on its volume Config: install it again"),
        (replace(SLOTS, version="", product=""), NEW, "upgrade", "has no whole image in Root"),
        (replace(SLOTS, next="RootBackup", tries=2, other_version="0.3.0-1"), NEW, "upgrade", "take the medium out"),
    ],
)
def test_what_speaks_against_it_is_a_refusal_that_writes_nothing(
    slots: NodeSlots, new: Candidate, line: str, why: str
) -> None:
    system = beside(slots, new, line)
    outcome = autoinstall(system, lambda line: None)
    assert outcome.status == 2 and why in outcome.reason
    assert [step.path for step in system.made if isinstance(step, File)] == [REFUSAL] and len(system.made) == 1


@pytest.mark.parametrize(("new", "line"), [(OLD, "downgrade"), (SAME, "upgrade_again")])
def test_what_was_asked_for_by_name_is_done(new: Candidate, line: str) -> None:
    system = beside(SLOTS, new, line)
    assert autoinstall(system, lambda line: None).status == 0
    assert Image("RootBackup", new.version, "", "d1") in system.made


def test_all_that_speaks_against_it_is_said_at_once() -> None:
    looked = medium.look(beside(replace(SLOTS, room=1), replace(OLD, product="Other")), NODE, HERE)
    assert [each.kind.code for each in looked.against] == ["other-product", "older-version", "image-too-large-for-slot"]


def test_the_image_has_to_do_what_the_node_did_when_it_last_ran() -> None:
    well = Health(active=("ssh.service",), interfaces=("eth0 52:54:00:00:00:01",), routes=("eth0",))
    for slots, wanted in ((SLOTS, medium.LEAST), (replace(SLOTS, health=well), well)):
        system = beside(slots)
        assert autoinstall(system, lambda line: None).status == 0
        remembered = attempts.read(system.files[FILE])
        assert remembered and remembered.health == wanted


NOT_TAKEN = replace(SLOTS, saved=b'[network]\nhostname = "node1"\nno_such_setting = 1\n')


@pytest.mark.parametrize("line", ["upgrade", "upgrade_again", f"{BLANK} upgrade"])
def test_a_saved_setting_that_the_medium_does_not_take_is_a_refusal(line: str) -> None:
    system = beside(NOT_TAKEN, line=line)
    outcome = autoinstall(system, lambda line: None)
    assert outcome.status == 2 and "network.no_such_setting: is no setting" in outcome.reason
    assert "the word upgrade_despite_settings does it all the same" in outcome.reason
    assert [step.path for step in system.made if isinstance(step, File)] == [REFUSAL] and len(system.made) == 1


@pytest.mark.parametrize(
    ("new", "line"),
    [
        (NEW, "upgrade_despite_settings"),
        (NEW, "upgrade upgrade_despite_settings"),
        (OLD, "downgrade upgrade_despite_settings"),
    ],
)
def test_a_saved_setting_that_is_not_taken_may_be_meant(new: Candidate, line: str) -> None:
    system = beside(NOT_TAKEN, new, line)
    assert autoinstall(system, lambda line: None).status == 0
    assert Image("RootBackup", new.version, "", "d1") in system.made


def test_each_that_may_be_meant_has_to_be() -> None:
    outcome = autoinstall(beside(NOT_TAKEN, OLD, "upgrade_despite_settings"), lambda line: None)
    assert outcome.status == 2 and "the word downgrade does it" in outcome.reason
    assert "upgrade_despite_settings does" not in outcome.reason


def test_the_first_page_says_which_setting_is_not_taken_and_how_to_say_it_by_a_line() -> None:
    person = at_plan(NOT_TAKEN, OLD)
    person.press("end")
    assert "downgrade upgrade_despite_settings" in person.screen()
    person = at_plan(NOT_TAKEN)
    assert "[ Upgrade all the same ]" in person.screen() and "network.no_such_setting" in person.screen()


EARLIER = replace(SLOTS, earlier=True)


def test_a_node_of_before_gets_a_menu_that_starts_both_and_then_the_image() -> None:
    system, said = beside(EARLIER), list[str]()
    system.found_boot = replace(WELL, slots=(replace(SLOT, version=SLOTS.version), OTHER))
    system.seen = replace(HERE, version=NEW.version)
    assert autoinstall(system, said.append) == Outcome(0)
    kinds = [type(step) for step in system.made if not isinstance(step, File)]
    assert kinds == [BootPartition, BootLoader, InstalledNode, SharedPlaces, Image, SlotSettings, BootChoice]
    (loader,) = (step for step in system.made if isinstance(step, BootLoader))
    assert loader.menu_only, "what starts is written once, at the end, and no program of the boot loader"
    assert BootPartition("/dev/vda", mended_only=True) in system.made
    assert BootChoice("Root", "RootBackup", TRIES) in system.made
    assert "written: its boot menu, so that each version has settings of its own" in "\n".join(said)


def test_a_node_of_before_whose_boot_menu_cannot_be_made_anew_is_left_alone() -> None:
    system = beside(EARLIER)
    system.found_boot = replace(WELL, slots=(replace(SLOT, signed_menu=True), OTHER))
    outcome = autoinstall(system, lambda line: None)
    assert outcome.status == 2 and "not made for the same boot loader" in outcome.reason
    assert [step.path for step in system.made if isinstance(step, File)] == [REFUSAL] and len(system.made) == 1


def test_the_first_page_says_what_a_node_of_before_gets_beside_the_image() -> None:
    person, _installer = at_installer(replace(HERE, version=NEW.version))
    person.system.image_slots, person.system.candidates = EARLIER, (NEW,)
    person.system.found_boot = replace(WELL, slots=(replace(SLOT, version=SLOTS.version), OTHER))
    person.press("enter")
    assert "A boot menu of this version" in person.screen()


def test_a_failure_says_that_the_node_starts_as_before() -> None:
    system, said = beside(), list[str]()
    system.fails_at = Image("RootBackup", "0.3.0-1", "", "d1")
    outcome = autoinstall(system, said.append)
    assert outcome.status == 1 and outcome.reason.splitlines()[1] == "the node on /dev/vda starts as before"
    assert "does not boot" not in "".join(said)
    person, installer = at_installer(HERE)
    installer.tell("", outcome.reason)
    assert "starts as before" in person.screen() and "Nothing was written" not in person.screen()


def test_a_node_that_cannot_be_read_is_a_failure_before_the_first_write() -> None:
    system, said = beside(None), list[str]()
    assert autoinstall(system, said.append).status == 1
    assert system.made == [] and "nothing was written to any disk" in "".join(said)


@pytest.mark.parametrize(
    ("choice", "slot"),
    [
        (Choice("Root"), "Root"),
        (Choice("Root", "RootBackup", 2), "Root"),
        (Choice("RootBackup", back="Root", starts=STARTS - 1), "RootBackup"),
        (Choice("RootBackup", back="Root", starts=STARTS), "Root"),
    ],
)
def test_the_slot_that_is_given_up_next_is_the_one_to_write(choice: Choice, slot: str) -> None:
    assert starting(choice) == slot


def at_plan(slots: NodeSlots | None = SLOTS, new: Candidate = NEW) -> Person:
    person, _installer = at_installer(HERE)
    person.system.image_slots, person.system.candidates = slots, (new,)
    person.press("enter")
    return person


def test_the_first_page_upgrades_after_it_was_confirmed() -> None:
    person = at_plan()
    assert "node1.example.com" in person.screen() and "0.3.0-1 in RootBackup" in person.screen()
    person.press("enter")
    assert person.system.made == [], "the focus is not on the button that writes"
    person = at_plan()
    person.press("tab", "tab", "enter")
    assert "Written. Remove the medium and restart: 0.3.0-1 is tried." in person.screen()
    assert BootChoice("Root", "RootBackup", TRIES) in person.system.made
    person.press("enter")
    assert person.system.did == [("restart",)]


@pytest.mark.parametrize(
    ("new", "deed", "word"), [(OLD, "Downgrade", "downgrade"), (SAME, "Write again", "upgrade_again")]
)
def test_what_may_be_meant_is_called_by_its_name(new: Candidate, deed: str, word: str) -> None:
    person = at_plan(new=new)
    assert f"[ {deed} ]" in person.screen() and "It is version" in person.screen()
    person.press("end")
    assert word in person.screen()


@pytest.mark.parametrize(
    ("slots", "new", "why"),
    [
        (None, NEW, "has no partition 2"),
        (SLOTS, replace(NEW, version="1.0-1"), "versions 0.x only"),
    ],
)
def test_what_cannot_be_done_is_said_on_the_first_page(slots: NodeSlots | None, new: Candidate, why: str) -> None:
    person = at_plan(slots, new)
    assert why in " ".join(person.screen().replace("|", " ").split()) and person.system.made == []


def test_a_failed_upgrade_can_be_tried_again_and_left() -> None:
    person = at_plan()
    person.system.fails_at = SlotSettings("RootBackup")
    person.press("tab", "tab", "enter")
    assert "Failed, and the node starts as before" in person.screen()
    person.system.fails_at = None
    person.press("enter")
    assert "Written." in person.screen()


def test_a_node_that_is_not_whole_is_offered_no_upgrade() -> None:
    assert "Upgrade" not in at_installer("node-on-two-disks")[0].screen()
    assert "Upgrade or downgrade /dev/vda" in at_installer(HERE)[0].screen()
