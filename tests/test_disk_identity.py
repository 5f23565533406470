"""A disk is written only while it is the one that was chosen, and a partition only while it is a node's."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from machines import MACHINES, disk, with_
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.distro.registry import distro_for
from ovirt_tui.features import rules
from ovirt_tui.features.order import defaults
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Group
from ovirt_tui.machine.selection import NotChosen, select
from ovirt_tui.model.selectors import DiskSelector
from ovirt_tui.pages.storage import checks, disk_list
from ovirt_tui.plan import actions
from ovirt_tui.system import StepFailed, holders, partitions, storage
from ovirt_tui.system.disk_steps import BootLoader, Volumes
from ovirt_tui.system.gpt_names import Place

SERIAL, NUMBER = disk("/dev/vda", 20, wwn="0x5000"), disk("/dev/vdb", 20, serial="", sequence="7")


def test_what_tells_disks_apart() -> None:
    assert disks.identity(SERIAL) == "serial a0001 WWN 0x5000 20480 MiB"
    assert disks.identity(NUMBER) == "number 7 20480 MiB"
    assert disks.identity(disk("/dev/vda", 20, serial="")) == "20480 MiB"


def test_a_plan_says_which_disks_it_means() -> None:
    facts = with_(disks=(SERIAL, NUMBER))
    config = defaults().put("storage.boot_disk", DiskSelector("/dev/vda"))
    config = config.put("storage.data_disks", (DiskSelector("/dev/disk/by-id/virtio-b0001"),))
    step = actions.volumes_step(config, facts)
    assert step.identities == (("/dev/vda", disks.identity(SERIAL)), ("/dev/vdb", disks.identity(NUMBER)))
    erased = understand(read("uninstall"), MACHINES["node-on-two-disks"]).erased
    assert erased
    assert [path for path, _identity in erased.identities] == list(erased.disks)


def test_a_name_that_passed_to_another_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = disks.identities(with_(disks=(SERIAL, NUMBER)), ("/dev/vda", "/dev/vdb"))
    later = disk("/dev/vda", 20, wwn="0x5001"), NUMBER
    monkeypatch.setattr(holders.Probe, "disks", lambda self, known: (SERIAL, NUMBER))
    holders.refuse_replaced(chosen, "")
    monkeypatch.setattr(holders.Probe, "disks", lambda self, known: later)
    with pytest.raises(StepFailed, match=r"/dev/vda is not the disk that was chosen: that was serial a0001 WWN 0x5000"):
        holders.refuse_replaced(chosen, "")
    monkeypatch.setattr(holders.Probe, "disks", lambda self, known: (SERIAL,))
    with pytest.raises(StepFailed, match=r"/dev/vdb .* this is gone"):
        holders.refuse_replaced(chosen, "")


def test_each_further_disk_is_compared_again_before_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """To write the first may take long, and a name may pass on meanwhile; the disks are held open, so it should not."""
    chosen = (("/dev/sda", "a"), ("/dev/sdb", "b"), ("/dev/sdc", "c"))
    step = Volumes("/dev/sda", ("/dev/sdb", "/dev/sdc"), 48, 300, (("Data", -1),), identities=chosen)
    done: list[str] = []

    def look(identities: Iterable[tuple[str, str]], _now: str) -> None:
        done.extend(f"look {path}" for path, _known in identities)
        if done[-1] == "look /dev/sdc" and "wipe /dev/sdb" in done:
            raise StepFailed("/dev/sdc is not the disk that was chosen")

    @contextmanager
    def held(disks: tuple[str, ...]) -> Iterator[None]:
        done.append(f"hold {len(disks)}")
        yield

    calls = {
        "held": held,
        "refuse_replaced": look,
        "release": lambda *_args: None,
        "begin": lambda: None,
        "_wipe": lambda disk, _slices: done.append(f"wipe {disk}"),
        "write_table": lambda _disk, _slices, boots: None,
    }
    for name, call in calls.items():
        monkeypatch.setattr(storage, name, call)
    monkeypatch.setattr(storage.udev, "settle", lambda: True)
    monkeypatch.setattr(storage.udev, "devices", lambda _subsystem: ())
    with pytest.raises(StepFailed, match="/dev/sdc is not the disk"):
        storage.Storage(storage.Slots()).make(step, lambda done, total: None)
    first = ["hold 3", "look /dev/sda", "look /dev/sdb", "look /dev/sdc", "wipe /dev/sda"]
    assert done == [*first, "look /dev/sdb", "wipe /dev/sdb", "look /dev/sdc"]


def test_a_held_disk_is_open_until_the_end(tmp_path: Path) -> None:
    disk_file = tmp_path / "disk"
    disk_file.touch()

    def opened() -> bool:
        return any(link.resolve() == disk_file for link in Path("/proc/self/fd").iterdir())

    with partitions.held((str(disk_file),)):
        assert opened()
    assert not opened()
    with pytest.raises(StepFailed, match="could not be opened: No such file"), partitions.held(("/dev/not-there",)):
        pass


@pytest.mark.parametrize(
    ("number", "name", "start", "fits"),
    [
        (2, "ovirt-node", 48, True),
        (2, "ovirt-node-installing", 48, True),
        (2, "ovirt-node", 49, False),  # the kernel has not read this table
        (2, "EFI system partition", 48, False),
        (3, "Root", 48, True),
        (3, "Root 0.1.0-1", 48, True),
        (3, "", 48, False),
        (3, "Basic data partition", 48, False),
        (4, "RootBackup", 48, True),
        (4, "Root", 48, False),
    ],
)
def test_only_a_nodes_own_partitions_are_formatted(
    monkeypatch: pytest.MonkeyPatch, number: int, name: str, start: int, fits: bool
) -> None:
    monkeypatch.setattr(partitions, "partitions", lambda disk: {number: f"{disk}{number}"})
    monkeypatch.setattr(partitions, "extent", lambda path: (48 if path == f"/dev/vda{number}" else 0, 1))
    monkeypatch.setattr(
        partitions.gpt_names, "read", lambda disk, sector: {number: Place(name, start), 9: Place("", 9)}
    )
    slot = next((slot for slot, at in partitions.SLOT_NUMBERS.items() if at == number), "")
    try:
        found = partitions.slot_partition("/dev/vda", slot) if slot else partitions.esp("/dev/vda")
    except StepFailed as failure:
        assert "is not a partition of a node" in str(failure)
        found = ""
    assert found == (f"/dev/vda{number}" if fits else "")


def test_the_boot_menu_names_the_multipath_disks() -> None:
    """Else the node starts from one path, and LVM, which then meets the disk twice, activates nothing."""
    config = defaults().put("storage.boot_disk", DiskSelector("/dev/mapper/mpatha"))
    (step,) = actions.boot_menu.steps(config, MACHINES["multipath"], distro_for("debian"))
    assert isinstance(step, BootLoader)
    assert " node.multipath=2e node.disk=mpath-2e net.naming_scheme=" in step.menu
    (step,) = actions.boot_menu.steps(
        config.put("storage.boot_disk", DiskSelector("/dev/vda")), with_(), distro_for("debian")
    )
    assert isinstance(step, BootLoader)
    assert "node.multipath" not in step.menu


def test_the_boot_menu_names_the_disks_the_boot_disk_first() -> None:
    config = defaults().put("storage.boot_disk", DiskSelector("/dev/vdb"))
    config = config.put("storage.data_disks", (DiskSelector("/dev/vda"), DiskSelector("/dev/vdb")))
    (step,) = actions.boot_menu.steps(config, with_(disks=(SERIAL, NUMBER)), distro_for("debian"))
    assert isinstance(step, BootLoader)
    assert " node.disk=none node.disk=wwn-0x5000 net.naming_scheme=" in step.menu
    assert step.data_disks == ("/dev/vda", "/dev/vdb")


@pytest.mark.parametrize(
    ("known", "word"),
    [
        ({"wwn": "0x5000", "serial": "S1"}, "wwn-0x5000"),
        ({"serial": "QEMU_HARDDISK_1"}, "serial-QEMU_HARDDISK_1"),
        ({"serial": "a b'$(x)/\u00e9"}, "serial-a_b___x____"),
        ({"serial": ""}, "none"),
        ({"serial": "S1", "links": ("/dev/disk/by-id/dm-uuid-mpath-3600",)}, "mpath-3600"),
    ],
)
def test_what_is_recorded_of_a_disk(known: dict[str, Any], word: str) -> None:
    assert disks.recorded(disk("/dev/vda", 20, **known)) == word


TWINS = tuple(
    disk(f"/dev/sd{letter}", 20, serial="Bay_1", links=("/dev/disk/by-id/usb-Bay_1", f"/dev/disk/by-path/usb-{letter}"))
    for letter in "ab"
)


def test_a_link_that_two_disks_claim_names_neither() -> None:
    facts = with_(disks=TWINS)
    assert disks.find(facts, "/dev/sdb").path == "/dev/sdb"
    assert disks.find(facts, "/dev/disk/by-path/usb-b").path == "/dev/sdb"
    with pytest.raises(NotChosen, match=r"usb-Bay_1 is a name of 2 disks \(/dev/sda, /dev/sdb\)"):
        select(facts, DiskSelector("/dev/disk/by-id/usb-Bay_1"))


def test_choosing_one_of_two_disks_with_one_serial_plans_that_one() -> None:
    facts = with_(disks=TWINS)
    assert [disks.stable_name(facts, each) for each in TWINS] == ["/dev/disk/by-path/usb-a", "/dev/disk/by-path/usb-b"]
    for item in disk_list.items(facts):
        assert disks.find(facts, item.name).path == item.cells[0]
        assert all(disks.find(facts, name).path == item.cells[0] for name in item.names)
    config = defaults().put("storage.boot_disk", DiskSelector("/dev/disk/by-id/usb-Bay_1"))
    problems = [problem.text for problem in rules.wrong(config, facts, (checks.disks_can_be_used,))]
    assert problems == ["/dev/disk/by-id/usb-Bay_1 is a name of 2 disks (/dev/sda, /dev/sdb); use another name"]


def test_the_paths_of_a_multipath_disk_share_its_links() -> None:
    facts = MACHINES["multipath"]
    (whole,) = {disks.whole(facts, each).path for each in facts.disks if each.map_of}
    for link in disks.find(facts, whole).links:
        assert disks.find(facts, link).path == whole


@pytest.mark.parametrize(("typed", "path"), [("QEMU_NVMe_Ctrl_NV0001_1", "/dev/nvme0n1"), ("NV0001", "/dev/nvme0n1")])
def test_the_serial_on_the_label_names_a_disk_too(typed: str, path: str) -> None:
    named = {"bus": "nvme", "serial": "QEMU_NVMe_Ctrl_NV0001_1", "short_serial": "NV0001"}
    facts = with_(disks=(disk(path, 20, **named), disk("/dev/nvme1n1", 20, bus="nvme", serial="NV0002")))
    assert [disk.path for disk in select(facts, DiskSelector(f"nvme:{typed}"))] == [path]


def test_the_serial_on_the_label_must_be_that_of_one_disk() -> None:
    same = tuple(disk(f"/dev/nvme{n}n1", 20, bus="nvme", serial=f"A_NV1_{n}", short_serial="NV1") for n in range(2))
    with pytest.raises(NotChosen, match=r"nvme:NV1 matches 2 disks \(/dev/nvme0n1, /dev/nvme1n1\)"):
        select(with_(disks=same), DiskSelector("nvme:NV1"))
    own = disk("/dev/nvme2n1", 20, bus="nvme", serial="NV1", short_serial="x")
    assert select(with_(disks=(*same, own)), DiskSelector("nvme:NV1")) == (own,)


FOREIGN = Group(name="HostVG", uuid="other", disks=("/dev/vdb",), volumes=("Config", "Data"))


def test_a_group_of_the_same_name_is_not_the_nodes() -> None:
    installed = MACHINES["node-installed"]
    facts = replace(installed, groups=(FOREIGN, *installed.groups))
    own = disks.group_of(facts, facts.nodes[0])
    assert own and own.disks == ("/dev/vda",)
    assert not disks.is_ours(facts, FOREIGN)
    erased = understand(read("uninstall"), facts).erased
    assert erased and erased.disks == ("/dev/vda",)


def test_uninstall_does_not_guess_which_group_is_the_nodes() -> None:
    installed = MACHINES["node-on-two-disks"]
    twins = tuple(replace(group, disks=("/dev/vdb",), uuid=uuid) for group in installed.groups for uuid in "ab")
    understood = understand(read("uninstall"), replace(installed, groups=twins))
    assert understood.erased is None
    assert "more than one volume group could be that of the node" in understood.complaints[0].text
