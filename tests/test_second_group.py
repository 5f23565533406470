"""The second volume group, AppVG: known by its UUID and its tag, never by its name, and never in the way of a boot."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootmenu.node_data import group_file
from machines import MACHINES
from ovirt_tui.machine import disks
from ovirt_tui.model.records import replace
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.pages.welcome import offers
from ovirt_tui.system import StepFailed, node_groups
from ovirt_tui.system.disk_steps import Volumes
from ovirt_tui.system.file_systems import _fingerprint
from ovirt_tui.system.holders import NodeGroup
from ovirt_tui.system.partitions import slices
from person import at_installer
from test_boot_modes import SLOT, made
from test_initrd import GROUP, PV, Machine
from test_swap import Machine as SwapMachine

FACTS = MACHINES["second-group"]
STEP = Volumes(
    "/dev/vda", ("/dev/vda",), 48, 271, (("Data", -1),), app_disks=("/dev/vdb",), app_volumes=(("Data2", -1),)
)
APP = "App1-VG"
LINE = f"node.disk=serial-A node.app={APP} node.appdisk=serial-B"
OPEN = f"""
getarg() {{ getargs "$1" | tail -n 1; }}
getargbool() {{ [ -n "$(getargs $2=)" ]; }}
node_activate() {{ echo "activates $1 on $(node_paths $node_own)"; }}
node_group={GROUP}; node_own=8:3; node_open_second; node_confine; cat "$node_run/lvmlocal.conf" """


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    found = Machine(tmp_path)
    found.disk("sda", pv="pvHost", group=GROUP, ID_SERIAL="A")
    (tmp_path / "run/slot").write_text("8:3\n")
    return found


def opened(machine: Machine, line: str = LINE, late: bool = False) -> list[str]:
    """What the initrd says and does about the second group, and which devices LVM sees after that."""
    said = machine.run(OPEN, "places.sh", line, late).splitlines()
    return [each.strip() for each in said if each.strip() not in ("devices {", "}")]


def seen(*devices: str) -> str:
    return " ".join(("global_filter = [", *(f'"a|^{device}$|",' for device in devices), '"r|.*|" ]'))


def test_it_is_activated_beside_the_first_and_lvm_sees_both(machine: Machine) -> None:
    machine.disk("sdb", pv=PV, group=APP, ID_SERIAL="B")
    machine.disk("sdc", pv="pvC", group="another AppVG", ID_SERIAL="C")
    assert opened(machine) == ["activates Swap2|Data2 on /dev/sdb3", seen("/dev/sda3", "/dev/sdb3")]


def test_without_one_nothing_is_looked_for(machine: Machine) -> None:
    machine.disk("sdb", pv=PV, group=APP, ID_SERIAL="B")
    assert opened(machine, "node.disk=serial-A") == [seen("/dev/sda3")]
    assert opened(machine, f"{LINE} node.dump=1") == [seen("/dev/sda3")], "a crashed node needs it for nothing"
    assert opened(machine, "node.app=a/reboot") == [seen("/dev/sda3")]


def test_a_missing_one_stops_nothing_and_is_told(machine: Machine) -> None:
    machine.disk("sdc", pv="pvC", group="another AppVG", ID_SERIAL="B")
    said = opened(machine, late=True)
    why = f"no disk holds the volume group {APP}"
    assert said == [
        f"says: the second volume group, AppVG, is missing: {why}; this boot goes on without it",
        seen("/dev/sda3"),
    ]
    assert (machine.folder / "run/second-missing").read_text() == f"{why}\n"


def test_copies_that_cannot_be_told_apart_are_left_alone_and_stop_nothing(machine: Machine) -> None:
    for name in ("sdb", "sdc"):
        machine.disk(name, pv=PV, group=APP, ID_SERIAL="B")
    said = opened(machine, late=True)
    assert "/dev/sdb3 /dev/sdc3 hold copies of this node's volumes and cannot be told apart" in said[0]
    assert said[0].startswith("says:") and said[1] == seen("/dev/sda3")


def test_one_on_a_disk_that_was_moved_is_found_by_its_uuid(machine: Machine) -> None:
    machine.disk("sdb", pv=PV, group=APP, ID_SERIAL="MOVED")
    assert opened(machine, late=True)[0] == "activates Swap2|Data2 on /dev/sdb3"


def test_only_its_own_two_volumes_get_links(machine: Machine) -> None:
    """One that is called Config, say, must never be taken for that of the node."""
    lvm = machine.folder / "bin/lvm"
    code = f"""
    node_group={APP}; node_own=8:3; node_second_group; node_dev={machine.folder}/dev
    lvm() {{ echo "Config Swap2 Data2 other"; }}
    echo "unlinked$(node_unlinked)" """
    assert machine.run(code, "places.sh", LINE).splitlines() == ["unlinked Swap2 Data2"]
    assert lvm.exists()


def test_the_generator_starts_its_swap_where_there_is_the_group(tmp_path: Path) -> None:
    link = "swap.target.wants/ovirt-node-swap2.service -> ovirt-node-swap2.service"
    assert link in made(tmp_path / "with", f"{SLOT} node.vg=x node.app={APP}")
    assert link not in made(tmp_path / "without", f"{SLOT} node.vg=x")


@pytest.mark.parametrize("cipher", ["", "aes-xts-plain64"])
def test_the_second_swap_is_that_of_the_second_group(
    tmp_path: Path, cipher: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOLUME", "Swap2")
    node = SwapMachine(tmp_path)
    (tmp_path / "dev/ovirt-node/Swap2").symlink_to("../dm-2")
    node.put("proc/cmdline", f"node.slot=Root node.vg={GROUP} node.app={APP} node.appdisk={GROUP}")
    node.known(f"LVM-{GROUP.replace('-', '')}0123", "HostVG-Swap2")
    assert node.run("prepare", cipher, fails="no volume Swap2 of this node's") == [], "not one of the first group"
    node.known(f"LVM-{APP.replace('-', '')}0123", "AppVG-Swap2")
    table = ["dmsetup create ovirt-node-swap2 --uuid CRYPT-PLAIN-ovirt-node-swap2"]
    plain = ["mkswap --quiet --label SWAP2 /dev/dm-2"]
    assert node.run("prepare", cipher) == (table if cipher else plain)
    crypt = [f"{what} /dev/mapper/ovirt-node-swap2" for what in ("mkswap --quiet --label SWAP2", "swapon")]
    started = [r"systemctl --no-block start dev-ovirt\x2dnode-Swap2.swap"]
    assert node.run("fill", cipher) == (crypt if cipher else started)


def test_the_boot_partition_says_which_it_is() -> None:
    assert group_file("u1") == ("grub/group.cfg", "# GRUB Environment Block\ngroup=u1\n")
    assert group_file("u1", "u2") == ("grub/group.cfg", "# GRUB Environment Block\ngroup=u1\napp=node.app=u2\n")


def test_it_is_the_nodes_by_its_tag_and_not_by_its_name() -> None:
    own, strangers, _host = FACTS.groups
    assert disks.app_group_of(FACTS, FACTS.nodes[0]) == own
    assert disks.is_ours(FACTS, own) and not disks.is_ours(FACTS, strangers)
    alone = replace(FACTS, groups=FACTS.groups[1:])
    assert disks.app_group_of(alone, alone.nodes[0]) is None, "the only one of the name is no reason"


def test_the_first_page_offers_its_disks_and_never_a_strangers() -> None:
    puts = {offer.title: dict(offer.puts) for offer in offers(FACTS)}
    for title in ("Reinstall /dev/vda, keep Data", "Reinstall /dev/vda, erase Data"):
        assert puts[title]["storage.app_disks"] == "/dev/disk/by-id/virtio-b0001"
    assert "storage.app_disks" not in puts["Install on another disk"]


def test_its_disks_get_one_partition_and_the_layout_says_so() -> None:
    assert [(each.name, each.flag) for each in slices(STEP, "/dev/vdb", 4096)] == [("AppVG", "lvm")]
    assert STEP.disks == ("/dev/vda", "/dev/vdb")
    assert len({_fingerprint(each) for each in (STEP, replace(STEP, app_disks=(), app_volumes=()))}) == 2


@pytest.fixture
def lvm(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """LVM that knows both groups, the second with the tag that was given to it last; what was run."""
    ran: list[tuple[str, ...]] = []

    def find(members: tuple[str, ...], name: str = "HostVG") -> NodeGroup:
        if (name, members) not in (("HostVG", ("/dev/vda",)), ("AppVG", ("/dev/vdb",))):
            raise StepFailed("none")
        return NodeGroup(f"uuid-{name}", (f"{members[0]}1",), {}, {}, 0)

    def tags(program: str, columns: str, members: tuple[str, ...]) -> list[dict[str, str]]:
        assert (program, columns, members) == ("vgs", "vg_tags", ("/dev/vdb1",))
        return [{"vg_tags": ",".join(argv[argv.index("--addtag") + 1] for argv in ran)}]

    monkeypatch.setattr(node_groups, "find_group", find)
    monkeypatch.setattr(node_groups, "group_on", lambda members: find(members).uuid)
    monkeypatch.setattr(node_groups.lvm, "report", tags)
    monkeypatch.setattr(node_groups, "run", ran.append)
    return ran


def test_it_says_whose_it_is(lvm: list[tuple[str, ...]]) -> None:
    assert not node_groups._tagged(STEP)
    node_groups.tag_second(STEP)
    tag = ("--addtag", disks.app_tag("uuid-HostVG"))
    assert lvm == [("vgchange", "--devices", "/dev/vdb1", *tag, "--select", "vg_uuid=uuid-AppVG")]
    assert node_groups._tagged(STEP)
    node_groups.tag_second(replace(STEP, app_disks=(), app_volumes=()))
    assert len(lvm) == 1


def test_a_second_volume_group_is_asked_for_only_where_a_disk_is_left() -> None:
    person, installer = at_installer("two-disks")
    person.press("enter", "f10", "enter", "enter", "f10")
    assert installer.page.title == "Second volume group"
    person.press(" ", "f10")
    assert "/dev/vda is a disk of the node already" in person.screen()
    person.press(" ", "down", " ", "tab", "tab")
    person.type("512")
    person.press("f10")
    assert installer.page.title == "Volume sizes"
    storage = installer.draft.config[Storage]
    assert [str(name) for name in storage.app_disks] == ["/dev/disk/by-id/virtio-b0001"]
    assert (storage.swap2, storage.data2) == (512, -1)
    person, installer = at_installer("one-disk")
    assert "Second volume group" not in [page.title for page in installer.pages()]
