"""Partitions get new names by one sector of each copy of the table, which is whole before it and after it."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path
from struct import pack_into
from zlib import crc32

import pytest

from ovirt_tui.system import StepFailed, gpt_names

MIB = 1 << 20
SECTOR = 512
OTHER, ENTRIES = 32, 72
"""Where the head of a table says in which sector the other head is, and where its entries begin."""
PARTS = (
    'name="BIOS boot", size=1MiB\nname="ovirt-node-installing", size=8MiB\nname="Root", size=4MiB\nname="RootBackup"\n'
)
NEW = {2: "ovirt-node", 3: "Root 0.1.0-20261122.47feee62 long"}


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    image = tmp_path / "disk.img"
    with image.open("wb") as file:
        file.truncate(32 * MIB)
    subprocess.run(("/sbin/sfdisk", "-q", image), input=f"label: gpt\n{PARTS}".encode(), check=True, timeout=60)
    return image


def names(disk: Path) -> list[str]:
    """As a program tells them that knows nothing of ours; it says on the other stream what is wrong with a table."""
    done = subprocess.run(("/sbin/sfdisk", "-q", "-o", "name", "-l", disk), capture_output=True, text=True, timeout=60)
    assert not done.stderr and not done.returncode, done.stderr
    return [line.strip() for line in done.stdout.splitlines() if line.strip() and line.strip() != "Name"]


def test_they_are_what_other_programs_read_and_each_copy_differs_in_one_sector(disk: Path) -> None:
    before = disk.read_bytes()
    gpt_names.rename(str(disk), SECTOR, NEW)
    after = disk.read_bytes()
    changed = [
        at // SECTOR for at in range(0, len(after), SECTOR) if before[at : at + SECTOR] != after[at : at + SECTOR]
    ]
    assert changed == [2, 32 * MIB // SECTOR - 33]
    assert names(disk) == ["BIOS boot", "ovirt-node", NEW[3], "RootBackup"]
    gpt_names.rename(str(disk), SECTOR, {2: "ovirt-node-installing", 3: "Root"})
    assert names(disk) == ["BIOS boot", "ovirt-node-installing", "Root", "RootBackup"]


def test_a_power_cut_between_the_copies_leaves_each_of_them_whole(disk: Path) -> None:
    before = disk.read_bytes()
    gpt_names.rename(str(disk), SECTOR, NEW)
    after = disk.read_bytes()
    disk.write_bytes(before[:MIB] + after[MIB:])  # the second copy is written first
    assert names(disk)[1] == "ovirt-node-installing"
    gpt_names.rename(str(disk), SECTOR, NEW)
    assert disk.read_bytes() == after, "what was interrupted is finished by doing it once more"


def test_they_are_read_as_others_wrote_them(disk: Path) -> None:
    gpt_names.rename(str(disk), SECTOR, NEW)
    found = gpt_names.read(str(disk), SECTOR)
    assert [each.name for each in found.values()] == ["BIOS boot", "ovirt-node", NEW[3], "RootBackup"]
    assert [each.start for each in found.values()] == [1 * MIB, 2 * MIB, 10 * MIB, 14 * MIB]
    assert list(found) == [1, 2, 3, 4]


@pytest.mark.parametrize("damaged", [(SECTOR,), (2 * SECTOR + 60,), (32 * MIB - SECTOR,)])
def test_they_are_read_from_the_copy_that_is_whole(disk: Path, damaged: tuple[int, ...]) -> None:
    whole, content = gpt_names.read(str(disk), SECTOR), bytearray(disk.read_bytes())
    for where in damaged:
        content[where] ^= 0xFF
    disk.write_bytes(content)
    assert gpt_names.read(str(disk), SECTOR) == whole


@pytest.mark.parametrize("content", [b"", b"EFI PART", b"EFI PART" * 100, bytes(MIB), b"\xff" * MIB])
def test_a_disk_without_a_whole_table_has_none(tmp_path: Path, content: bytes) -> None:
    disk = tmp_path / "disk.img"
    disk.write_bytes(bytes(SECTOR) + content)
    assert gpt_names.read(str(disk), SECTOR) == {}


def crafted(content: bytearray, at: int, field: int, value: int) -> None:
    """Give a field of the head in sector *at* this value, with the checksum that goes with it."""
    head = at * SECTOR
    pack_into("<Q", content, head + field, value)
    pack_into("<I", content, head + 16, 0)
    pack_into("<I", content, head + 16, crc32(content[head : head + 92]))


@pytest.mark.parametrize("sector", [0, 3, 1 << 16, 1 << 40, 1 << 54, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_a_table_that_leads_out_of_its_disk_is_not_followed(disk: Path, sector: int) -> None:
    whole, content, last = gpt_names.read(str(disk), SECTOR), bytearray(disk.read_bytes()), 32 * MIB // SECTOR - 1
    crafted(content, 1, ENTRIES, sector)
    disk.write_bytes(content)
    assert gpt_names.read(str(disk), SECTOR) == whole, "that of the second copy"
    crafted(content, last, ENTRIES, sector)
    disk.write_bytes(content)
    assert gpt_names.read(str(disk), SECTOR) == {}
    with pytest.raises(StepFailed, match="at sector 1 is not whole"):
        gpt_names.rename(str(disk), SECTOR, NEW)


@pytest.mark.parametrize("sector", [0, 2, 1 << 16, 1 << 54, 1 << 55, (1 << 64) - 1])
def test_a_second_copy_that_is_nowhere_is_not_looked_for(disk: Path, sector: int) -> None:
    content = bytearray(disk.read_bytes())
    crafted(content, 1, OTHER, sector)
    disk.write_bytes(content)
    with pytest.raises(StepFailed, match=f"at sector {sector} is not whole"):
        gpt_names.rename(str(disk), SECTOR, NEW)
    assert disk.read_bytes() == content


@pytest.mark.parametrize("where", [SECTOR, 2 * SECTOR + 60, 32 * MIB - SECTOR, 32 * MIB - 20 * SECTOR])
def test_a_table_of_which_a_copy_is_damaged_is_not_touched(disk: Path, where: int) -> None:
    content = bytearray(disk.read_bytes())
    content[where] ^= 0xFF
    disk.write_bytes(content)
    with pytest.raises(StepFailed, match="is not whole"):
        gpt_names.rename(str(disk), SECTOR, NEW)
    assert disk.read_bytes() == content


def test_the_checksum_stays_whatever_the_names() -> None:
    chance = random.Random(9)
    entries = bytearray(chance.randbytes(128 * 128))
    entries[56:128] = "BIOS boot".encode("utf-16-le").ljust(72, b"\0")
    for _again in range(200):
        name = "".join(chr(chance.randrange(33, 0x2000)) for _ in range(chance.randrange(37)))
        made = gpt_names.renamed(bytes(entries), 128, {chance.randrange(2, 5): name})
        assert crc32(made) == crc32(entries) and made[:56] == entries[:56] and made[512:] == entries[512:]


@pytest.mark.parametrize("names", [{1: "x"}, {5: "x"}, {2: "x" * 37}])
def test_what_would_need_more_than_that_sector_is_refused(names: dict[int, str]) -> None:
    with pytest.raises(ValueError, match="cannot be given"):
        gpt_names.renamed(bytes(128 * 128), 128, names)


def test_entries_that_another_program_made_larger_are_a_reason(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def other(_entries: bytes, _size: int, _names: object) -> bytes:
        raise ValueError("the name of the first partition leaves no room")

    before = disk.read_bytes()
    monkeypatch.setattr(gpt_names, "renamed", other)
    with pytest.raises(StepFailed, match="cannot be changed: the name of the first partition leaves no room"):
        gpt_names.rename(str(disk), SECTOR, NEW)
    assert disk.read_bytes() == before
