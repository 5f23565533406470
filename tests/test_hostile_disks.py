"""Prepared disks before the probe and the installer: nothing is believed, each is named in a clean sentence."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from hostile import DISKS, SECTOR
from machines import with_
from ovirt_tui import report
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.interrupted import put_found
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Disk, Facts, Node, NodeState, dump
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


def seen(folder: Path, image: Path) -> Disk:
    """The disk as udev and sysfs would show it; its partitions are files that can be read."""
    machine = Recorded(folder)
    machine.block("sda", max(image.stat().st_size >> 20, 1), **properties(image))
    cut: dict[str, Path] = {}
    rows = said("partx", "--pairs", "--output", "NR,START,SECTORS,NAME", image)
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


def test_every_disk_is_seen_and_told_cleanly(tmp_path: Path, image: Path) -> None:
    disk, node = looked_at(tmp_path, image)
    facts = with_(disks=(replace(disk, mib=20480),), nodes=(node,) if node else ())
    found = understand(read(LINE), facts)
    for text in (
        dump(facts),
        "\n".join(report.check(found)),
        "" if found.complaints else "\n".join(report.plan(found)),
    ):
        assert text.replace("\n", "").isprintable()


def taken(facts: Facts, node: Node) -> tuple[dict[str, str], tuple[str, ...]]:
    draft = Draft(facts)
    left = put_found(draft, node.disk, node.answers)
    return {"hostname": str(draft.config.network.hostname), "words": str(draft.config.boot.words)}, left.words


STATES = {
    "stranger": "",
    "huge_answers": "larger than 65536 bytes",
    "many_answers": "more than 200 lines",
    "damaged_fat": "larger than 65536 bytes",
}


@pytest.mark.parametrize("name", DISKS)
def test_what_a_disk_answers_is_hardly_believed(tmp_path: Path, name: str) -> None:
    image = tmp_path / f"{name}.img"
    DISKS[name](image)
    disk, node = looked_at(tmp_path, image)
    if name not in STATES:
        assert node is None or not node.answers
        return
    assert node and node.state is NodeState.INSTALLING
    assert STATES[name] in node.unread and bool(node.unread) == bool(STATES[name])
    if name == "stranger":
        config, left = taken(with_(disks=(disk,), nodes=(node,)), node)
        assert config == {"hostname": "evil.example.com", "words": ""}
        assert {"adminpw", "rootpw", "ssh_pwauth", "root_locked", "init", "apikey"} <= set(left)
        assert all(word.isprintable() and "$6$" not in word for word in left)
