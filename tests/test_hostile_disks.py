"""Prepared disks before the probe and the installer: nothing is believed, each is named in a clean sentence."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from hostile import DISKS, ON_PAGE, SECTOR, UNREAD
from machines import with_
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.interrupted import put_found
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import plan_report, report
from ovirt_tui.features.draft import Draft
from ovirt_tui.machine.facts import Disk, Facts, Group, Node, NodeState, dump
from ovirt_tui.pages.boot import Boot
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.storage.disk_list import details
from ovirt_tui.pages.welcome import already
from ovirt_tui.system import lvm
from ovirt_tui.system.probe import node_on
from test_probe import Recorded

pytestmark = pytest.mark.root
PATIENCE = 30  # seconds that looking at one disk may take
LINE = "storage_init=/dev/sda BOOTIF=eth0 adminpw=$6$salt$hash"


def said(*argv: str | Path) -> str:
    """What a tool says of a disk; it may find it too damaged to say anything."""
    return subprocess.run(argv, capture_output=True, timeout=60, check=False).stdout.decode(errors="surrogateescape")


def properties(image: Path, *where: str) -> dict[str, str]:
    lines = said("blkid", "--probe", "--output", "udev", *where, image).splitlines()
    return {name: value for name, _equal, value in (line.partition("=") for line in lines)}


def kernel_reads(image: Path) -> bool:
    """Without the word gpt the kernel reads the second copy of a GPT only to compare it with the first."""
    with image.open("rb") as disk:
        return os.pread(disk.fileno(), 8, SECTOR) == b"EFI PART"


def seen(folder: Path, image: Path) -> Disk:
    """The disk as udev and sysfs would show it; its partitions are files that can be read."""
    machine = Recorded(folder)
    machine.block("sda", max(image.stat().st_size >> 20, 1), **properties(image))
    cut: dict[str, Path] = {}
    rows = said("partx", "--pairs", "--output", "NR,START,SECTORS,NAME", image) if kernel_reads(image) else ""
    for number, start, count, name in re.findall(r'NR="(\d+)" START="(\d+)" SECTORS="(\d+)" NAME="(.*)"', rows):
        known = properties(image, "-O", str(int(start) * SECTOR), "-S", str(int(count) * SECTOR))
        machine.block(f"sda{number}", 8, parent="sda", PARTN=number, ID_PART_ENTRY_NAME=name, **known)
        cut[f"/dev/sda{number}"] = folder / f"part{number}"
        with image.open("rb") as disk:
            disk.seek(int(start) * SECTOR)
            cut[f"/dev/sda{number}"].write_bytes(disk.read(int(count) * SECTOR))
    found = machine.disks()["/dev/sda"]
    return replace(found, parts=tuple(replace(part, path=str(cut.get(part.path, image))) for part in found.parts))


@pytest.fixture(params=DISKS)
def image(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"{request.param}.img"
    DISKS[request.param](path)
    return path


def looked_at(tmp_path: Path, image: Path) -> tuple[Disk, Node | None]:
    before, start = image.read_bytes(), monotonic()
    disk = seen(tmp_path / "machine", image)
    node = node_on(disk, (), look=True)
    assert monotonic() - start < PATIENCE
    assert image.read_bytes() == before
    return disk, node


@contextmanager
def attached(image: Path) -> Iterator[str]:
    argv = ("losetup", "--find", "--show", "--read-only", str(image))
    loop = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stdout.strip()
    try:
        yield loop
    finally:
        subprocess.run(("losetup", "--detach", loop), check=True, timeout=60)


def with_groups(disk: Disk, image: Path) -> tuple[Disk, tuple[Group, ...]]:
    """The disk with the volume group that LVM finds on the image, if it is a physical volume as a whole."""
    if [part.kind for part in disk.parts] != [lvm.MEMBER]:
        return disk, ()
    with attached(image) as loop:
        disk = replace(disk, parts=(replace(disk.parts[0], path=loop),))
        groups, of = lvm.groups((disk,))
    return replace(disk, parts=(replace(disk.parts[0], group=of[loop]),)), groups


def test_every_disk_is_named_in_a_clean_sentence(tmp_path: Path, image: Path) -> None:
    disk, node = looked_at(tmp_path, image)
    disk, groups = with_groups(disk, image)
    facts = with_(disks=(replace(disk, mib=20480),), nodes=(node,) if node else (), groups=groups)
    lines = details(facts, disk.path)
    assert re.search(ON_PAGE[image.stem], "\n".join(lines)), lines
    assert all(line.isprintable() for line in lines)
    if why := UNREAD.get(image.stem):
        assert node and re.search(f"its answers are not read: .*{why}", already(facts, node))
    found = understand(read(LINE), facts)
    if image.stem == "missing_member":
        assert "the volume group vg_gone, which misses a disk that is not connected" in "\n".join(
            map(str, found.complaints)
        )
    else:
        assert re.search(ON_PAGE[image.stem], "\n".join(plan_report.plan(found)))
    for text in (
        dump(facts),
        "\n".join(report.check(found)),
        "" if found.complaints else "\n".join(plan_report.plan(found)),
    ):
        assert text.replace("\n", "").isprintable()


def taken(facts: Facts, node: Node) -> tuple[dict[str, str], tuple[str, ...]]:
    draft = Draft(facts)
    left = put_found(draft, node.disk, node.answers)
    return {"hostname": str(draft.config[Network].hostname), "words": str(draft.config[Boot].words)}, left.words


@pytest.mark.parametrize("name", DISKS)
def test_what_a_disk_answers_is_hardly_believed(tmp_path: Path, name: str) -> None:
    image = tmp_path / f"{name}.img"
    DISKS[name](image)
    disk, node = looked_at(tmp_path, image)
    if name not in UNREAD:
        assert node is None or not node.answers
        return
    assert node and node.state is NodeState.INSTALLING
    assert UNREAD[name] in node.unread and bool(node.unread) == bool(UNREAD[name])
    if name == "stranger":
        config, left = taken(with_(disks=(disk,), nodes=(node,)), node)
        assert config == {"hostname": "evil.example.com", "words": ""}
        assert {"adminpw", "rootpw", "ssh_pwauth", "root_locked", "init", "apikey"} <= set(left)
        assert all(word.isprintable() and "$6$" not in word for word in left)
