"""Two devices with the same physical volume (a clone, a snapshot): both are seen, and they are never mixed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from machines import MACHINES, disk, with_
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Disk, Facts, Part
from ovirt_tui.machine.objections import objections
from ovirt_tui.pages.welcome import offers_for
from ovirt_tui.system import StepFailed, holders, lost_password, lvm

GUESTS = {"vg_name": "guests", "vg_uuid": "u1", "vg_tags": "RHAT_storage_domain", "lv_name": "metadata"}
OTHER = {"vg_name": "vg0", "vg_uuid": "u2", "vg_tags": "", "lv_name": "spool"}
VOLUMES = {"/dev/sda1": ("p1", GUESTS), "/dev/sdb1": ("p1", GUESTS), "/dev/sdc1": ("p2", OTHER)}
"""Device: its physical volume, and the group that this is in."""
ALL = ("/dev/sda", "/dev/sdb", "/dev/sdc")


def member(path: str) -> Disk:
    """A disk with one physical volume."""
    return disk(path, 20, parts=(Part(path=f"{path}1", mib=20000, kind=lvm.MEMBER),))


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What LVM was asked and told; of two devices with one physical volume it sees the first only."""
    made: list[tuple[str, ...]] = []

    def run(argv: tuple[str, ...], **_more: object) -> str:
        made.append(argv)
        shown = [word for before, word in pairwise(argv) if before == "--devices"]
        first: dict[str, str] = {}
        for path in shown:
            first.setdefault(VOLUMES[path][0], path)
        if argv[0] == "vgchange":
            assert sorted(first.values()) == sorted(shown), "it would look at one of them"
        rows = [{"pv_name": path, "vg_missing_pv_count": "0", **VOLUMES[path][1]} for path in first.values()]
        return json.dumps({"report": [{argv[0].removesuffix("s"): rows}]})

    monkeypatch.setattr(lvm, "run", run)
    monkeypatch.setattr(holders, "run", run)
    return made


def test_the_copy_is_one_of_the_disks_of_the_group(ran: list[tuple[str, ...]]) -> None:
    found, of = lvm.groups(tuple(map(member, ALL)))
    assert [(group.name, group.disks, group.copied, group.volumes) for group in found] == [
        ("guests", ("/dev/sda", "/dev/sdb"), True, ("metadata",)),
        ("vg0", ("/dev/sdc",), False, ("spool",)),
    ]
    assert of == {"/dev/sda1": "guests", "/dev/sdb1": "guests", "/dev/sdc1": "vg0"}
    facts = with_(disks=tuple(map(member, ALL)), groups=found)
    for path, other in (("/dev/sda", "/dev/sdb"), ("/dev/sdb", "/dev/sda")):
        said = list(map(str, objections(facts, disks.find(facts, path), (path,))))
        assert said[0] == "holds the volume group guests, a storage domain with data of guests"
        assert f"reaches onto {other}, which is not chosen" in said[1]


def test_where_nothing_is_left_out_nothing_more_is_asked(ran: list[tuple[str, ...]]) -> None:
    lvm.groups(tuple(map(member, ALL[1:])))
    assert [argv[0] for argv in ran] == ["pvs", "lvs"]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is mounted, and nothing stands on a partition."""
    monkeypatch.setattr(holders, "_every_member", lambda _known: tuple(VOLUMES))
    monkeypatch.setattr(holders, "partitions", lambda path: {1: f"{path}1"})
    monkeypatch.setattr(holders, "holders", lambda _path: ())
    monkeypatch.setattr(holders, "refuse_mounted", lambda _path: None)
    monkeypatch.setattr(holders.udev, "settle", lambda: True)


def test_a_copy_that_the_plan_does_not_name_is_not_written(ran: list[tuple[str, ...]], machine: None) -> None:
    for path in ("/dev/sda", "/dev/sdb"):
        with pytest.raises(StepFailed, match=f"{path}1 belongs to the volume group guests, which the plan does not"):
            holders.release((path,), (("vg0", "u2"),), "")
    assert {argv[0] for argv in ran} == {"pvs"}


def test_each_copy_is_let_go_of_by_itself(ran: list[tuple[str, ...]], machine: None) -> None:
    holders.release(("/dev/sda", "/dev/sdb"), (("guests", "u1"),), "")
    done = [argv[1:3] for argv in ran if argv[0] == "vgchange"]
    assert done == [("--devices", "/dev/sda1"), ("--devices", "/dev/sdb1")]
    ran.clear()
    holders.release(("/dev/sdb",), (("guests", "u1"),), "")
    assert [argv[1:3] for argv in ran if argv[0] == "vgchange"] == [("--devices", "/dev/sdb1")]


def copied() -> Facts:
    """A node beside a copy of the disk that its group is on."""
    there = MACHINES["node-installed"]
    group = replace(there.groups[0], disks=("/dev/vda", "/dev/vdb"), copied=True)
    return replace(there, disks=(*there.disks[:1], disk("/dev/vdb", 20)), groups=(group,))


def test_uninstall_erases_no_copy_that_nobody_named() -> None:
    understood = understand(read("uninstall"), copied())
    assert understood.erased is None
    assert "/dev/vda, /dev/vdb, of which one is a copy; name the disks" in understood.complaints[0].text


def test_no_offer_means_a_copy() -> None:
    facts = copied()
    (offer,) = offers_for(facts, facts.nodes[0])
    assert {("storage.data_disks", ""), ("storage.found", "wipe")} <= set(offer.puts)


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two loop devices with the same physical volume, in a group of our name."""

    def said(*argv: str) -> str:
        return subprocess.run(argv, check=True, timeout=60, capture_output=True, text=True).stdout.strip()

    with ExitStack() as stack:

        def loop(image: Path) -> str:
            path = said("losetup", "--find", "--show", str(image))
            stack.callback(said, "losetup", "--detach", path)
            return path

        images = tmp_path / "a.img", tmp_path / "b.img"
        with images[0].open("wb") as file:
            file.truncate(64 << 20)
        first = loop(images[0])
        only = ("--devices", first, "--config", "backup { backup = 0 archive = 0 }")
        said("pvcreate", "--yes", *only, first)
        said("vgcreate", *only, "HostVG", first)
        said("sync")
        images[1].write_bytes(images[0].read_bytes())
        yield first, loop(images[1])


@pytest.mark.root
def test_what_lvm_itself_says_of_two(twins: tuple[str, str]) -> None:
    whole = tuple(disk(path, 1, parts=(Part(path=path, mib=64, kind=lvm.MEMBER),)) for path in twins)
    ((group,), of) = lvm.groups(whole)
    assert (group.name, group.disks, group.copied, group.missing) == ("HostVG", twins, True, 0)
    assert of == dict.fromkeys(twins, "HostVG")
    assert [holders.find_group((path,)).members for path in twins] == [(path,) for path in twins]
    with pytest.raises(StepFailed, match="holds the same physical volume as another of"):
        holders.find_group(twins)
    found = Facts(groups=(replace(group, volumes=(lost_password.CONFIG,)),))
    there = lost_password.node_group(found).disks
    with pytest.raises(StepFailed, match="one is a copy, and must be taken out"), lost_password.node_etc(there):
        pass
