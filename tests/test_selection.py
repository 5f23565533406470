"""What a disk selector means on a machine: exactly what it says, or a refusal with every disk and why not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines import disk, with_
from ovirt_tui.machine.facts import Facts, Rotational
from ovirt_tui.machine.selection import MISFITS, NotChosen, select
from ovirt_tui.model.selectors import BUSES, FORMS, ONLY, DiskSelector
from ovirt_tui.model.values import parse
from test_probe import Recorded

SSD = disk(
    "/dev/sda", 480, bus="ata", transport="sata", rotational=Rotational.NO, hctl="0:0:0:0", model="Samsung SSD 870",
    serial="Samsung_SSD_870_S5", short_serial="S5", wwn="0x5002538e40a1b2c3",
    links=("/dev/disk/by-id/ata-Samsung_SSD_870_S5", "/dev/disk/by-path/pci-0000:00:17.0-ata-1"),
)  # fmt: skip
OLD = disk(
    "/dev/sdb", 2000, bus="scsi", transport="sas", rotational=Rotational.YES, hctl="1:0:3:0", model="ST2000NM0045",
    serial="SEAGATE_1", short_serial="1", wwn="0x5000c500a1b2c3d4",
)  # fmt: skip
SAME = disk(
    "/dev/sdc", 2000, bus="scsi", transport="sas", rotational=Rotational.YES, hctl="1:0:4:0", model="ST2000NM0045"
)
STICK = disk("/dev/sdd", 8, bus="usb", removable=True, model="Stick")
MEDIUM = disk("/dev/sde", 8, bus="usb", transport="usb", removable=True, live=True, model="Samsung Bar")
MACHINE = with_(disks=(SSD, OLD, SAME, STICK, MEDIUM))


def meant(selector: str, facts: Facts = MACHINE) -> list[str]:
    return [found.path for found in select(facts, DiskSelector(selector))]


@pytest.mark.parametrize(
    ("selector", "paths"),
    [
        ("model=samsung_ssd*", ["/dev/sda"]),
        ("model=Samsung*+size=100G-", ["/dev/sda"]),
        ("rotational=no", ["/dev/sda"]),
        ("transport=sata", ["/dev/sda"]),
        ("hctl=1:0:3:0", ["/dev/sdb"]),
        ("by-id=ata-Samsung_SSD_870_S5", ["/dev/sda"]),
        ("by-path=pci-0000:00:17.0-ata-1", ["/dev/sda"]),
        ("wwn=wwn-0x5000c500a1b2c3d4", ["/dev/sdb"]),
        ("serial=S5", ["/dev/sda"]),
        ("size=-100G", ["/dev/sdd"]),
        ("size=480G", ["/dev/sda"]),
        ("bus=scsi+hctl=1:0:4:0", ["/dev/sdc"]),
        ("scsi+hctl=1:0:4:0", ["/dev/sdc"]),
        ("rotational=yes+all", ["/dev/sdb", "/dev/sdc"]),
        ("scsi+model=st2000*+ALL", ["/dev/sdb", "/dev/sdc"]),
        ("scsi:ALL", ["/dev/sdb", "/dev/sdc"]),
    ],
)
def test_each_criterion_and_several_together(selector: str, paths: list[str]) -> None:
    assert meant(selector) == paths


@pytest.mark.parametrize(("pattern", "fits"), [("WD[1]*", True), ("WD[?]_x", True), ("[A-Z]*", False), ("WD1*", False)])
def test_of_a_model_only_stars_and_question_marks_stand_for_others(pattern: str, fits: bool) -> None:
    machine = with_(disks=(disk("/dev/sda", 480, model="WD[1] x"),))
    if fits:
        assert meant(f"model={pattern}", machine) == ["/dev/sda"]
    else:
        with pytest.raises(NotChosen):
            meant(f"model={pattern}", machine)


@pytest.mark.parametrize(
    ("selector", "why", "of"),
    [
        ("model=ST2000NM0045", "matches 2 disks (/dev/sdb, /dev/sdc)", "its model is Samsung SSD 870"),
        ("rotational=yes+size=4T", "no disk matches rotational=yes+size=4T", "it has 2000 GiB"),
        ("transport=fc", "no disk matches", "its transport is sata"),
        ("scsi", "scsi matches 2 disks", "matches"),
        ("model=Samsung?Bar", "no disk matches", "this installer runs from it"),
        ("only", "3 disks could be meant", "it is removable"),
    ],
)
def test_what_means_none_or_several_says_of_each_disk_why(selector: str, why: str, of: str) -> None:
    with pytest.raises(NotChosen) as refused:
        meant(selector)
    said = [line.replace("1.9 TiB", "2000 GiB").replace("2 TiB", "2000 GiB") for line in refused.value.details]
    assert why in str(refused.value) and len(said) == 5
    assert any(of in line for line in said), said


@pytest.mark.parametrize(
    "text",
    ["", "sda", "model=", "colour=red", "size=", "size=10GB", "size=-", "size=2T-1T", "rotational=maybe", "hctl=1:0",
     "usb+", "+all", "usb++all", "wwn=5", "bus=ide", "a b", "only+all", "/dev/"],
)  # fmt: skip
def test_what_is_no_selector(text: str) -> None:
    with pytest.raises(ValueError):
        DiskSelector(text)


def test_a_plus_sign_inside_a_value_stays() -> None:
    plus = disk("/dev/sda", 480, model="A+B", links=("/dev/disk/by-id/a+all",))
    assert meant("model=a+b", with_(disks=(plus,))) == ["/dev/sda"]
    assert meant("/dev/disk/by-id/a+all", with_(disks=(plus,))) == ["/dev/sda"]


def test_every_criterion_can_be_looked_up() -> None:
    assert {ONLY, *FORMS} == set(MISFITS)


CRITERION = st.builds("{}={}".format, st.sampled_from(sorted(FORMS)), st.text("abST0123456789*?-:GT", max_size=8))
ANY = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.builds("{}={}".format, st.sampled_from(sorted(FORMS)), st.text("abST0123456789*?-:GT", max_size=8)),
        max_size=3,
    ).map("+".join),
    st.sampled_from(BUSES).flatmap(lambda bus: st.text("A1:LS", max_size=5).map(f"{bus}:{{}}".format)),
)


@given(ANY)
def test_whatever_is_typed_means_disks_that_it_names_or_is_refused(text: str) -> None:
    try:
        selector = DiskSelector(text)
    except ValueError:
        return
    try:
        found = select(MACHINE, selector)
    except NotChosen as refused:
        assert str(refused)
        return
    assert found and (selector.every or len(found) == 1)
    assert not any(each.live for each in found)
    assert parse(DiskSelector, text) == selector


PLACES = {
    "sata": "/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda",
    "sas": "/devices/pci0000:00/0000:3b:00.0/host0/port-0:0/end_device-0:0/target0:0:0/0:0:0:0/block/sda",
    "usb": "/devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host0/target0:0:0/0:0:0:0/block/sda",
    "fc": "/devices/pci0000:00/0000:5e:00.0/host0/rport-0:0-2/target0:0:0/0:0:0:0/block/sda",
    "iscsi": "/devices/platform/host0/session1/target0:0:0/0:0:0:0/block/sda",
    "": "/devices/pci0000:00/0000:18:00.0/host0/target0:2:0/0:0:0:0/block/sda",
}


@pytest.mark.parametrize(("transport", "path"), PLACES.items())
def test_the_probe_sees_what_criteria_ask_for(tmp_path: Path, transport: str, path: str) -> None:
    machine = Recorded(tmp_path)
    machine.block("sda", 1000, sysfs={"queue/rotational": "1"}, DEVPATH=path, ID_BUS="scsi")
    machine.block("nvme0n1", 1000, sysfs={"queue/rotational": "0"}, ID_SERIAL="NV_1")
    machine.block("vda", 1000)
    found = machine.disks()
    assert (found["/dev/sda"].transport, found["/dev/sda"].hctl) == (transport, "0:0:0:0")
    assert (found["/dev/nvme0n1"].transport, found["/dev/vda"].transport) == ("nvme", "virtio")
    assert [found[name].rotational.value for name in ("/dev/sda", "/dev/nvme0n1", "/dev/vda")] == [
        "yes",
        "no",
        "unknown",
    ]


def test_a_path_of_a_map_without_a_name_is_refused() -> None:
    """It leads to what cannot be named on any line, and so cannot be meant."""
    forged = "\x1b[2J"
    machine = with_(disks=(disk("/dev/sda", 480, map_of=forged), disk(forged, 480)))
    with pytest.raises(NotChosen, match="/dev/sda leads to a disk whose name is none that a device has"):
        select(machine, DiskSelector("/dev/sda"))
