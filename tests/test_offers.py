"""What the first page offers where an installation was interrupted: Data is only lost when somebody says so."""

import pytest

from machines import MACHINES
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.distro.registry import distro_for
from ovirt_tui.features.order import defaults
from ovirt_tui.features.resolution import resolve
from ovirt_tui.machine.facts import Part
from ovirt_tui.model.records import replace
from ovirt_tui.model.selectors import DiskSelector
from ovirt_tui.pages.storage.settings import Found, Storage
from ovirt_tui.pages.welcome import already, offers
from ovirt_tui.plan.actions import mounts
from ovirt_tui.plan.summary import write_plan
from ovirt_tui.system.steps import File
from person import at_installer

RESUME, KEEP, OVER = "Resume on /dev/vda", "Start over on /dev/vda, keep Data", "Start over on /dev/vda"
OTHER, GONE = "Install on another disk", "Uninstall /dev/vda"


@pytest.mark.parametrize(
    ("machine", "titles"),
    [
        ("interrupted", [RESUME, OVER, OTHER, GONE]),
        ("interrupted-keeping-data", [RESUME, KEEP, OVER, GONE]),
        ("interrupted-before-its-answers", [KEEP, OVER, OTHER, GONE]),
        ("interrupted-before-its-group", [OVER, GONE]),
    ],
)
def test_data_that_may_be_kept_can_be_kept(machine: str, titles: list[str]) -> None:
    found = {offer.title: dict(offer.puts) for offer in offers(MACHINES[machine])}
    assert list(found) == titles
    assert found.get(KEEP, {}).get("storage.found", "keep-data") == "keep-data"


def test_a_disk_that_looks_like_a_node_is_no_reason_to_install_on_it() -> None:
    person, installer = at_installer("interrupted")
    person.press("tab", "tab", "enter")
    assert installer.page.title == "Keyboard"
    storage = installer.draft.config[Storage]
    assert (storage.boot_disk, storage.data_disks, storage.found) == (None, (), Found.REFUSE)


@pytest.mark.parametrize("name", MACHINES)
def test_an_installation_without_a_version_reads_well(name: str) -> None:
    facts = MACHINES[name]
    for text in (already(facts, node) for node in facts.nodes):
        assert " ," not in text and "  " not in text.removeprefix(text[:15]).strip(), text


@pytest.mark.parametrize(("found", "efi", "root"), [(Found.KEEP_DATA, 48, 300), (Found.WIPE, 256, 4096)])
def test_partitions_that_stay_are_told_with_the_sizes_that_they_have(found: Found, efi: int, root: int) -> None:
    """A node that was installed with sizes of its own, or by a version with other defaults."""
    known = MACHINES["node-installed"]
    sizes = (("BIOS boot", 1), ("ovirt-node", 48), ("Root 0.1.0-1", 300), ("RootBackup", 300))
    parts = tuple(Part(path=f"/dev/vda{at}", mib=mib, name=name) for at, (name, mib) in enumerate(sizes, 1))
    disk = replace(known.disks[0], parts=(*parts, *known.disks[0].parts))
    facts = replace(known, disks=(disk, *known.disks[1:]))
    wanted = defaults().put("storage.boot_disk", DiskSelector(disk.path)).put("storage.found", found)
    told = "\n".join(write_plan(resolve(wanted, facts).config, facts))
    assert f"boot partition {efi} MiB" in told and f"Root {root} MiB" in told and f"RootBackup {root} MiB" in told


def test_data_that_is_kept_is_mounted_although_its_size_was_none() -> None:
    """Said on one line, or typed before somebody decided to keep it, when the page of sizes is gone."""
    line = "storage_found=keep-data storage_vol=0,Data storage_init=/dev/vda BOOTIF=eth0 adminpw=$6$salt$hash"
    found = understand(read(line), MACHINES["node-installed"])
    assert not found.complaints
    assert "storage_vol: has no effect: the volume Data of this node is kept" in map(str, found.notes)
    (fstab,) = mounts.steps(found.draft.resolved, found.draft.facts, distro_for("debian"))
    assert isinstance(fstab, File) and "/dev/ovirt-node/Data /data" in str(fstab.content)
