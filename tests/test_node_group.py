"""Which volume group is a node's, where its boot disk has no part of it: what its boot partition says, not the name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootmenu.node_data import group_file
from machines import MACHINES, disk
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.autoinstall.upgrade import reachable
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Disk, Facts, Group, Node, NodeState, Part
from ovirt_tui.model.records import replace
from ovirt_tui.pages.welcome import offers_for
from ovirt_tui.system.probe import node_on

OWN, OTHER = "own-000-uuid", "other-000-uuid"
STRANGER = Group(name="HostVG", uuid=OTHER, disks=("/dev/vdb",), volumes=("Config", "Data"))


def esp(path: Path, content: bytes | None) -> Part:
    """A boot partition of a complete node."""
    subprocess.run(("truncate", "-s", "16M", path), check=True, timeout=60)
    subprocess.run(("mkfs.vfat", "-n", "NODE-ESP", path), check=True, capture_output=True, timeout=60)
    if content is not None:
        subprocess.run(("mmd", "-i", path, "::/grub"), check=True, timeout=60)
        put = ("mcopy", "-i", path, "-", "::/grub/group.cfg")
        subprocess.run(put, input=content, check=True, timeout=60)
    return Part(path=str(path), mib=16, kind="vfat", label="NODE-ESP", name="ovirt-node")


def found(boot: Part, *groups: Group, look: bool = True) -> Node:
    slot = Part(path="/dev/vda3", mib=271, label="Root", name="Root 0.1.0-1")
    node = node_on(Disk(path="/dev/vda", mib=900, parts=(boot, slot)), groups, look=look)
    assert node
    return node


def test_the_boot_partition_says_which_group_is_the_nodes(tmp_path: Path) -> None:
    boot = esp(tmp_path / "esp", group_file(OWN)[1].encode())
    assert (found(boot, STRANGER).group, found(boot, STRANGER).state) == (OWN, NodeState.BROKEN)
    own = replace(STRANGER, uuid=OWN)
    assert (found(boot, STRANGER, own).group, found(boot, STRANGER, own).state) == (OWN, NodeState.COMPLETE)


def test_it_is_not_asked_on_an_installed_node_nor_where_the_disk_itself_tells(tmp_path: Path) -> None:
    boot = esp(tmp_path / "esp", group_file(OWN)[1].encode())
    assert not found(boot, STRANGER, look=False).group
    assert not found(boot, replace(STRANGER, disks=("/dev/vda",))).group
    assert not found(replace(boot, uses=("/boot",)), STRANGER).group


@pytest.mark.parametrize("content", [None, b"", b"group=\n", b"\xff" * 4096, f"set group={'a' * 65}\n".encode()])
def test_what_says_nothing_leaves_it_open(tmp_path: Path, content: bytes | None) -> None:
    assert not found(esp(tmp_path / "esp", content), STRANGER).group


def machine(group: str) -> Facts:
    """A node whose data disk is away, beside the data disk of another one."""
    there = MACHINES["node-installed"]
    node = replace(there.nodes[0], group=group)
    return replace(there, nodes=(node,), groups=(STRANGER,), disks=(*there.disks[:1], disk("/dev/vdb", 20)))


def test_a_strangers_group_of_the_same_name_is_not_erased_kept_or_opened_with_a_node() -> None:
    facts = machine(OWN)
    understood = understand(read("uninstall"), facts)
    assert understood.erased and understood.erased.disks == ("/dev/vda",)
    assert disks.group_of(facts, facts.nodes[0]) is None and not disks.is_ours(facts, STRANGER)
    for state in (NodeState.COMPLETE, NodeState.BROKEN):
        (why,) = reachable(facts, replace(facts.nodes[0], state=state))
        assert "are not all on disks of this machine" in str(why), "and not: install it again"
    assert not any("vdb" in value for offer in offers_for(facts, facts.nodes[0]) for _path, value in offer.puts)


def test_its_own_is_found_among_strangers() -> None:
    facts = machine(OWN)
    own = replace(STRANGER, uuid=OWN, disks=("/dev/vdc",))
    facts = replace(facts, groups=(STRANGER, own), disks=(*facts.disks, disk("/dev/vdc", 20)))
    understood = understand(read("uninstall"), facts)
    assert understood.erased and set(understood.erased.disks) == {"/dev/vda", "/dev/vdc"}
