"""Repair of what starts a node by a medium: which node, what is kept of it, what is written, and what is refused."""

from __future__ import annotations

import pytest

from boot_found import BOTH, CHANGED, FILES, HERE, KNOWN, LOST, OTHER, SAVED, SERIAL, SLOT, WELL
from bootmenu import environment
from bootmenu.entries import NAMING_WORD
from bootmenu.environment import STARTS, Choice
from bootmenu.node_data import CRASH_FILE, GROUP_FILE, OWN_WORDS_FILE, group_file, own_words_file
from bootmenu.render import MENU_FILE, installed_grub, installed_words
from house import ROOT
from machines import PLAIN
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.request import Intent
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli.places import CMDLINE, REFUSAL
from ovirt_tui.cli.unattended import Outcome, autoinstall
from ovirt_tui.machine import attempt as attempts
from ovirt_tui.machine.attempt import Attempt, State
from ovirt_tui.machine.boot_parts import BootParts, SlotFound
from ovirt_tui.machine.facts import Facts, Group, NodeState
from ovirt_tui.model.records import replace
from ovirt_tui.plan import repair
from ovirt_tui.plan.repair import Mending, chosen
from ovirt_tui.system.disk_steps import Bootable, BootLoader, BootPartition, CrashMemory, InstalledNode
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import File
from person import Person, at_installer
from test_media_upgrade import two_nodes

NODE = InstalledNode("/dev/vda", ("/dev/vda",))


def beside(found: BootParts | None, line: str = "repair", facts: Facts = HERE) -> FakeSystem:
    return FakeSystem(facts, files={CMDLINE: f"{line}\n"}, found_boot=found)


def unstartable() -> FakeSystem:
    """A node whose boot partition is lost."""
    return beside(LOST)


def loader(found: BootParts, node: InstalledNode = NODE, facts: Facts = HERE) -> BootLoader:
    steps = [step for each in repair.look(beside(found, facts=facts), node, facts).planned for step in each.steps]
    return next(step for step in steps if isinstance(step, BootLoader))


def words(found: BootParts) -> tuple[str, ...] | None:
    return installed_words(loader(found).menu)


def said(found: BootParts) -> str:
    return "\n".join(repair.in_words(repair.look(beside(found), NODE, HERE)))


@pytest.mark.parametrize("line", [(), KNOWN, SERIAL, ("$6$salt", "it's", "a=b c", "%d")])
def test_the_words_of_a_menu_are_those_it_was_made_of(line: tuple[str, ...]) -> None:
    assert installed_words(installed_grub((*KNOWN, *line))) == (*KNOWN, *line)


@pytest.mark.parametrize(
    "menu", ["", "menu of a test\n", installed_grub(KNOWN).replace("net.naming", "other", 1),
             installed_grub(KNOWN).replace(NAMING_WORD, "$words 'open"), installed_grub(KNOWN)[:2000]],
)  # fmt: skip
def test_a_menu_that_is_damaged_says_no_words(menu: str) -> None:
    assert installed_words(menu) is None


def test_a_node_that_is_well_is_left_alone() -> None:
    looked = repair.look(beside(WELL), NODE, HERE)
    assert not looked.due and not looked.against
    step = loader(WELL)
    assert step.menu.encode() == FILES[MENU_FILE] and step.environment.encode() == FILES[environment.FILE]
    assert "all as they have to be" in said(WELL) and "to do" not in said(WELL)
    assert not any(isinstance(step, CrashMemory) for each in looked.planned for step in each.steps)


def test_a_lost_boot_partition_is_made_from_the_settings() -> None:
    system, told = beside(LOST), list[str]()
    assert autoinstall(system, told.append) == Outcome(0)
    partition, crash, step, bootable = (each for each in system.made if not isinstance(each, File))
    assert partition == BootPartition("/dev/vda", anew=True) and bootable == Bootable("/dev/vda", again=True)
    assert isinstance(step, BootLoader) and installed_words(step.menu) == (*KNOWN, *SERIAL)
    assert environment.read(step.environment.encode()) == Choice("Root")
    assert isinstance(crash, CrashMemory) and crash.word.startswith("crashkernel=2G-8G")
    assert partition.identities == step.identities == bootable.identities == (("/dev/vda", "serial a0001 20480 MiB"),)
    text = "\n".join(told)
    assert "cannot be read, and is made anew: no FAT" in text and "is lost, if there was one" in text
    assert (
        "the settings of the node, /etc/ovirt-node/node.toml" in text
        and "what starts the node on /dev/vda is whole" in text
    )
    assert system.did[-1] == ("restart",)


EARLIER = (ROOT / "tests/menus/earlier.cfg").read_text().replace("crashkernel=256M", "node.disk=scsi-0QEMU")
"""The menu of an image before each slot had settings of its own."""


def test_what_starts_an_image_of_before_becomes_of_this_form() -> None:
    own = ("console=tty0", "console=ttyS0,115200n8", "node.disk=scsi-0QEMU", NAMING_WORD)
    assert installed_words(EARLIER) == own
    group = f"set group={WELL.group}\n".encode()
    there = {**FILES, MENU_FILE: EARLIER.encode(), GROUP_FILE: group, CRASH_FILE: b"set crash=crashkernel=2G-:256M\n"}
    looked = repair.look(beside(replace(WELL, files=there)), NODE, HERE)
    made = [step for each in looked.planned for step in each.steps]
    assert CrashMemory("/dev/vda", "crashkernel=2G-:256M") in made
    text = "\n".join(repair.in_words(looked))
    assert "written anew: grub/grub.cfg, grub/group.cfg" in text and "memory as before" in text
    assert "Kernel words (as it is): console=tty0 console=ttyS0,115200n8 net.naming_scheme" in text


def test_a_file_for_a_dump_that_nobody_understands_is_left_alone() -> None:
    there = {**FILES, CRASH_FILE: b'set crash="$(reboot)"\n'}
    assert Mending(replace(WELL, files=there), NODE, (), HERE).crash is None


def test_what_was_lost_alone_is_named_alone() -> None:
    found = replace(WELL, files={**FILES, MENU_FILE: b""}, changed=("EFI/BOOT/BOOTX64.EFI",))
    assert "written anew: grub/grub.cfg, EFI/BOOT/BOOTX64.EFI" in said(
        found
    ) and "Menu password (as it is): stays" in said(found)
    assert words(found) == (*KNOWN, *SERIAL)


def test_words_that_somebody_added_to_the_menu_stay() -> None:
    by_hand = installed_grub((*KNOWN, *SERIAL, "intel_iommu=on"))
    found = replace(WELL, files={**FILES, MENU_FILE: by_hand.encode()}, changed=CHANGED)
    assert (words(found) or ())[-1] == "intel_iommu=on" and "the boot menu of the node" in said(found)


def test_a_boot_partition_of_another_node_says_nothing_of_this_one() -> None:
    strange = {MENU_FILE: installed_grub((*KNOWN, "of=another")).encode(), GROUP_FILE: group_file("other")[1].encode(),
               environment.FILE: environment.block(Choice("RootBackup", back="Root"))}  # fmt: skip
    found = replace(WELL, files=strange, slots=BOTH)
    assert words(found) == (*KNOWN, *SERIAL) and environment.read(loader(found).environment.encode()) == Choice("Root")
    assert "grub/group.cfg" in said(found)


def test_without_settings_the_menu_is_believed_and_without_both_that_is_said() -> None:
    none = replace(SLOT, saved=b"")
    found = replace(WELL, files={MENU_FILE: FILES[MENU_FILE]}, slots=(none, OTHER))
    assert words(found) == (*KNOWN, *SERIAL)
    found = replace(LOST, slots=(none, OTHER), config_unread="damaged")
    assert words(found) == KNOWN and "neither the boot menu nor the settings of the node can be read" in said(found)


def test_a_disk_that_was_replaced_is_known_by_its_own_number_from_now_on() -> None:
    old = installed_grub(("node.disk=serial-OLD", NAMING_WORD, *SERIAL))
    assert words(replace(WELL, files={**FILES, MENU_FILE: old.encode()})) == (*KNOWN, *SERIAL)


@pytest.mark.parametrize("state", [*State, None])
def test_a_lost_choice_is_what_the_last_upgrade_ended_with(state: State | None) -> None:
    last = Attempt(
        running="RootBackup", version="0.0.9-1", slot="Root", new_version="0.1.0-1", state=state or State.PASSED
    )
    found = replace(LOST, slots=BOTH, attempt=attempts.written(last).encode() if state else b"damaged")
    expected = {State.PASSED: Choice("Root", back="RootBackup"), State.ROLLED_BACK: Choice("RootBackup"),
                None: Choice("Root")}  # fmt: skip
    assert chosen(found) == expected.get(state, Choice("RootBackup", "Root"))


@pytest.mark.parametrize(
    ("there", "slots", "choice"),
    [
        (Choice("Root", "RootBackup", 2), BOTH, Choice("Root", "RootBackup", 2)),
        (Choice("Root", "RootBackup", 2), (SLOT, OTHER), Choice("Root", "RootBackup")),
        (Choice("Root", back="RootBackup", starts=2), (SLOT, OTHER), Choice("Root")),
        (Choice("Root", back="RootBackup", starts=STARTS), BOTH, Choice("Root", back="RootBackup", starts=STARTS)),
        (Choice("Root", back="RootBackup"), (replace(SLOT, why="damaged"), BOTH[1]), Choice("RootBackup", "Root")),
        (Choice("Root"), (replace(SLOT, settings=False), BOTH[1]), Choice("RootBackup", "Root")),
    ],
)
def test_what_starts_stays_unless_it_cannot(there: Choice, slots: tuple[SlotFound, ...], choice: Choice) -> None:
    files = {**FILES, environment.FILE: environment.block(there)}
    assert chosen(replace(WELL, files=files, slots=slots)) == choice


def test_why_another_slot_starts_is_said() -> None:
    found = replace(WELL, slots=(replace(SLOT, why="vmlinuz is not as its checksum says"), BOTH[1]))
    assert "0.0.9-1 in RootBackup; Root does not: vmlinuz is not as its checksum says" in said(found)


@pytest.mark.parametrize("block", [b"", b"# GRUB Environment Block\nslot=Root\n", FILES[environment.FILE][:-1] + b"x",
                                   FILES[environment.FILE] * 2])  # fmt: skip
def test_a_block_that_could_not_be_written_in_place_is_written_anew(block: bytes) -> None:
    found = replace(WELL, files={**FILES, environment.FILE: block})
    assert loader(found).environment.encode() == environment.block(Choice("Root"))
    assert "grub/grubenv" in said(found)


def test_memory_for_a_dump_is_left_to_the_boot_partition_where_that_says_it() -> None:
    assert Mending(WELL, NODE, (), HERE).crash is None
    files = {name: content for name, content in FILES.items() if name != CRASH_FILE}
    crash = Mending(replace(WELL, files=files), NODE, (), HERE).crash
    assert crash and crash.word
    own = SAVED.replace(b"console=tty0", b"crashkernel=300M")
    crash = Mending(replace(LOST, slots=(replace(SLOT, saved=own), OTHER)), NODE, (), HERE).crash
    assert crash and crash.word == "", "the admin's own word decides alone"


AWAY = InstalledNode("/dev/vda", ("/dev/vdb",))


@pytest.mark.parametrize(
    ("found", "node", "code"),
    [
        (replace(LOST, slots=(replace(SLOT, why="damaged"), OTHER)), NODE, "no-whole-image"),
        (replace(LOST, slots=(replace(SLOT, product="Other"), OTHER)), NODE, "other-product"),
        (replace(LOST, slots=(replace(SLOT, version="0.2.0-1"), OTHER)), NODE, "medium-older-than-node"),
        (replace(LOST, slots=(replace(SLOT, version="1.0-1"), OTHER)), NODE, "medium-of-other-major"),
        (replace(LOST, slots=(replace(SLOT, settings=False), OTHER)), NODE, "node-without-settings"),
        (replace(LOST, slots=(replace(SLOT, signed_menu=True), OTHER)), NODE, "medium-of-other-menu"),
        (replace(LOST, slots=(replace(SLOT, saved=b""), OTHER)), AWAY, "volumes-of-unknown-node"),
        (LOST, AWAY, ""),
        (replace(WELL, slots=(replace(SLOT, saved=b""), OTHER)), AWAY, ""),
    ],
)
def test_what_speaks_against_it_is_refused(found: BootParts, node: InstalledNode, code: str) -> None:
    looked = list(repair.objections(found, node, HERE))
    assert [each.kind.code for each in looked] == ([code] if code else []) and all(map(str, looked))


def test_a_signed_menu_gets_the_words_of_the_node_as_data() -> None:
    site, slots = replace(HERE, signed_menu=True), (replace(SLOT, signed_menu=True), OTHER)
    (other,) = repair.objections(WELL, NODE, site)
    assert other.kind is repair.OTHER_MENU, "the images of the node have no such signatures"
    mending = Mending(replace(WELL, slots=slots), NODE, (), site)
    assert mending.changed == (OWN_WORDS_FILE,)
    step = loader(replace(WELL, slots=slots), facts=site)
    assert step.words == installed_words(step.menu) == (*KNOWN, *SERIAL)
    there = {**FILES, OWN_WORDS_FILE: own_words_file(step.words)[1].encode()}
    assert not Mending(replace(WELL, slots=slots, files=there), NODE, (), site).changed


def test_a_refusal_writes_nothing() -> None:
    system = beside(replace(LOST, slots=(replace(SLOT, why="damaged"), OTHER)))
    outcome = autoinstall(system, lambda line: None)
    assert outcome.status == 2 and "neither slot of the node on /dev/vda holds a whole image" in outcome.reason
    assert [step.path for step in system.made if isinstance(step, File)] == [REFUSAL] and len(system.made) == 1


def meant(line: str, facts: Facts = HERE) -> tuple[Intent, InstalledNode | None, list[str]]:
    found = understand(read(line), facts)
    return found.intent, found.beside, [each.reason.kind.code for each in found.complaints]


def test_the_only_node_is_meant_or_the_one_that_is_named() -> None:
    assert meant("repair") == (Intent.REPAIR, NODE, [])
    assert meant("repair", two_nodes())[2] == ["several-nodes-to-upgrade"]
    assert meant("repair storage_init=/dev/vdb", two_nodes())[1] == InstalledNode("/dev/vdb", ("/dev/vdb",))
    assert meant("repair", PLAIN)[2] == ["nothing-to-repair"]
    assert meant("repair storage_init=/dev/vdb", HERE)[1] is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"nodes": (replace(HERE.nodes[0], state=NodeState.INSTALLING),)}, "node-not-complete"),
        ({"nodes": (replace(HERE.nodes[0], state=NodeState.BROKEN),)}, ""),
        ({"groups": (replace(HERE.groups[0], missing=1),)}, "node-volumes-missing"),
        ({"groups": (replace(HERE.groups[0], copied=True),)}, "node-volumes-copied"),
    ],
)
def test_a_node_with_a_damaged_slot_is_repaired_and_one_without_its_volumes_is_not(
    change: dict[str, object], code: str
) -> None:
    assert meant("repair", replace(HERE, **change))[2] == ([code] if code else [])  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ["repair upgrade", "repair reinstall", "repair uninstall", "downgrade repair"])
def test_what_contradicts_it_is_refused(line: str) -> None:
    assert "conflicts" in meant(line)[2]


def test_settings_on_the_line_are_not_taken_and_that_is_said() -> None:
    notes = "".join(map(str, understand(read("repair hostname=other reboot_delay=5"), HERE).notes))
    assert "hostname: is not taken" in notes and "reboot_delay" not in notes


def test_a_failure_says_what_is_as_before() -> None:
    system = unstartable()
    system.fails_at = BootPartition("/dev/vda", anew=True)
    outcome = autoinstall(system, lambda line: None)
    assert (
        outcome.status == 1
        and "the slots, the settings and Data of the node on /dev/vda are as before" in outcome.reason
    )


def at_plan(found: BootParts | None) -> Person:
    person, _installer = at_installer(HERE)
    person.system.found_boot = found
    person.press("shift tab", "shift tab", "enter")
    return person


def test_the_first_page_repairs_after_it_was_confirmed() -> None:
    person = at_plan(LOST)
    assert "node1.example.com" in person.screen() and "[ Repair ]" in person.screen()
    person.press("enter")
    assert person.system.made == [], "the focus is not on the button that writes"
    person = at_plan(LOST)
    person.press("tab", "tab", "enter")
    assert "Repaired, and read back." in person.screen()
    assert Bootable("/dev/vda", again=True) in person.system.made
    person.press("enter")
    assert person.system.did == [("restart",)]


def test_where_nothing_is_due_there_is_no_button_for_it() -> None:
    person = at_plan(WELL)
    assert "there is nothing to repair" in person.screen() and "[ Repair ]" not in person.screen()


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (None, "has no partition 2"),
        (replace(LOST, slots=(OTHER,)), "has no settings on its volume Config:"),
    ],
)
def test_what_cannot_be_done_is_said_on_the_first_page(found: BootParts | None, why: str) -> None:
    person = at_plan(found)
    assert why in " ".join(person.screen().replace("|", " ").split()) and person.system.made == []


def test_a_node_without_its_volumes_is_offered_no_repair() -> None:
    assert "Repair the boot loader of /dev/vda" in at_installer(HERE)[0].screen()
    lost = replace(HERE, groups=(Group(name="HostVG", uuid="u", disks=("/dev/vda",), missing=1),))
    assert "Repair" not in at_installer(lost)[0].screen()
