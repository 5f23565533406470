"""A disk is written only while it is the one that was chosen, and a partition only while it is a node's."""

import pytest

from machines import MACHINES, disk, with_
from ovirt_tui import actions, disks
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.config import NodeConfig, put
from ovirt_tui.distro.found import distro_for
from ovirt_tui.steps import BootLoader
from ovirt_tui.system import StepFailed, occupants, partitions
from ovirt_tui.values import DiskPath

SERIAL, NUMBER = disk("/dev/vda", 20, wwn="0x5000"), disk("/dev/vdb", 20, serial="", sequence="7")


def test_what_tells_disks_apart() -> None:
    assert disks.identity(SERIAL) == "serial a0001 WWN 0x5000 20480 MiB"
    assert disks.identity(NUMBER) == "number 7 20480 MiB"
    assert disks.identity(disk("/dev/vda", 20, serial="")) == "20480 MiB"


def test_a_plan_says_which_disks_it_means() -> None:
    facts = with_(disks=(SERIAL, NUMBER))
    config = put(NodeConfig(), "storage.boot_disk", DiskPath("/dev/vda"))
    config = put(config, "storage.data_disks", (DiskPath("/dev/disk/by-id/virtio-b0001"),))
    step = actions.volumes_step(config, facts)
    assert step.identities == (("/dev/vda", disks.identity(SERIAL)), ("/dev/vdb", disks.identity(NUMBER)))
    erased = understand(read("uninstall"), MACHINES["node-on-two-disks"]).erased
    assert erased
    assert [path for path, _identity in erased.identities] == list(erased.disks)


def test_a_name_that_passed_to_another_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = disks.identities(with_(disks=(SERIAL, NUMBER)), ("/dev/vda", "/dev/vdb"))
    later = disk("/dev/vda", 20, wwn="0x5001"), NUMBER
    monkeypatch.setattr(occupants.udev, "database", lambda: "")
    monkeypatch.setattr(occupants.Probe, "disks", lambda self, known: (SERIAL, NUMBER))
    occupants.refuse_exchanged(chosen)
    monkeypatch.setattr(occupants.Probe, "disks", lambda self, known: later)
    with pytest.raises(StepFailed, match=r"/dev/vda is not the disk that was chosen: that was serial a0001 WWN 0x5000"):
        occupants.refuse_exchanged(chosen)
    monkeypatch.setattr(occupants.Probe, "disks", lambda self, known: (SERIAL,))
    with pytest.raises(StepFailed, match=r"/dev/vdb .* this is gone"):
        occupants.refuse_exchanged(chosen)


@pytest.mark.parametrize(
    ("number", "name", "fits"),
    [
        (2, "ovirt-node", True),
        (2, "ovirt-node-installing", True),
        (2, "EFI system partition", False),
        (3, "Root", True),
        (3, "Root 0.1.0-1", True),
        (3, "", False),
        (3, "Basic data partition", False),
        (4, "RootBackup", True),
        (4, "Root", False),
    ],
)
def test_only_a_nodes_own_partitions_are_formatted(
    monkeypatch: pytest.MonkeyPatch, number: int, name: str, fits: bool
) -> None:
    monkeypatch.setattr(partitions, "partitions", lambda disk: {number: f"{disk}{number}"})
    monkeypatch.setattr(partitions, "signature", lambda path: {"ID_PART_ENTRY_NAME": name})
    slot = next((slot for slot, at in partitions.SLOT_NUMBERS.items() if at == number), "")
    try:
        found = partitions.slot_partition("/dev/vda", slot) if slot else partitions.esp("/dev/vda")
    except StepFailed as failure:
        assert "is not a partition of a node" in str(failure)
        found = ""
    assert found == (f"/dev/vda{number}" if fits else "")


def test_the_boot_menu_names_the_multipath_disks() -> None:
    """Else the node starts from one path, and LVM, which then meets the disk twice, activates nothing."""
    config = put(NodeConfig(), "storage.boot_disk", DiskPath("/dev/mapper/mpatha"))
    (step,) = actions.boot_menu.steps(config, MACHINES["multipath"], distro_for("debian"))
    assert isinstance(step, BootLoader)
    assert " node.multipath=2e\n" in step.menu
    (step,) = actions.boot_menu.steps(
        put(config, "storage.boot_disk", DiskPath("/dev/vda")), with_(), distro_for("debian")
    )
    assert isinstance(step, BootLoader)
    assert "node.multipath" not in step.menu
