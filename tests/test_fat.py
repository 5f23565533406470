"""A file system that a stranger prepared is read without being trusted, and without the kernel."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ovirt_tui.machine.facts import Disk, Part
from ovirt_tui.system import fat
from ovirt_tui.system.probe import MOST_LINES, READER, node_on

NAME = "install.conf"
SECTOR = 512
TABLE, ROOT, DATA = 1, 2, 3  # first sectors
CLUSTERS = 200


def entry(name: str, first: int, length: int, attribute: int = 0) -> bytes:
    """An entry of a folder under its long name."""
    letters = name.encode("utf-16-le") + b"\0\0"
    pieces = [letters[start : start + 26].ljust(26, b"\xff") for start in range(0, len(letters), 26)]
    long = b"".join(
        bytes((number,)) + piece[:10] + bytes((fat.LONG_NAME, 0, 0)) + piece[10:22] + b"\0\0" + piece[22:]
        for number, piece in reversed(list(enumerate(pieces, 1)))
    )
    return long + b"INSTAL~1CON" + bytes((attribute,)) + bytes(8) + struct.pack("<HxxxxHI", 0, first, length)


def image(content: bytes, length: int | None = None, name: str = NAME, attribute: int = 0) -> bytes:
    """A FAT12 file system with one file; *length* is what its entry says."""
    count = -(-len(content) // SECTOR)
    first = bytearray(SECTOR)
    first[11:24] = struct.pack("<HBHBHHBH", SECTOR, 1, 1, 1, 16, DATA + CLUSTERS, 0xF8, 1)
    first[510:] = b"\x55\xaa"
    table = bytearray(SECTOR)
    for number in range(2, 2 + count):
        following = 0xFFF if number == 1 + count else number + 1
        place, odd = number + number // 2, number % 2
        (pair,) = struct.unpack_from("<H", table, place)
        struct.pack_into("<H", table, place, pair & 0xF | following << 4 if odd else pair & 0xF000 | following)
    folder = entry(name, 2, len(content) if length is None else length, attribute).ljust(SECTOR, b"\0")
    return bytes(first) + bytes(table) + folder + content.ljust(CLUSTERS * SECTOR, b"\0")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fat.img"


@pytest.mark.parametrize("content", [b"", b"hostname=a\n", bytes(range(256)) * 20])
def test_a_file_is_read(path: Path, content: bytes) -> None:
    path.write_bytes(image(content))
    assert fat.read(str(path), NAME) == content


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (b"", "no FAT"),
        (bytes(4096), "no FAT"),
        (image(b"x", name="other.conf"), "there is no install.conf"),
        (image(b"x", attribute=0x10), "there is no install.conf"),
        (image(b"x", length=fat.LONGEST + 1), "larger than"),
        (image(b"x", length=5000), "ends too early"),
        (image(b"x" * 3000)[: 5 * SECTOR], "ends too early"),
        (image(b"x").replace(struct.pack("<H", SECTOR), b"\3\3", 1), "no possible size"),
        (image(b"x")[:22] + bytes(2) + image(b"x")[24:], "no possible size"),
    ],
)
def test_what_is_damaged_is_an_error(path: Path, made: bytes, why: str) -> None:
    path.write_bytes(made)
    with pytest.raises(fat.Damaged, match=why):
        fat.read(str(path), NAME)


def test_a_chain_that_leads_back_to_itself_ends(path: Path) -> None:
    made = bytearray(image(b"x" * 600))
    struct.pack_into("<H", made, SECTOR + 3, 2 | 3 << 12)  # the first cluster is followed by itself
    struct.pack_into("<I", made, made.index(b"INSTAL~1CON") + 28, fat.LONGEST)
    path.write_bytes(made)
    assert len(fat.read(str(path), NAME)) == fat.LONGEST


@pytest.mark.parametrize("kind", ["12", "16", "32"])
def test_a_file_in_a_folder_is_read(path: Path, kind: str) -> None:
    deep = "/".join(("grub", "a longer name", "group.cfg"))
    subprocess.run(("truncate", "-s", {"12": "2M", "16": "16M", "32": "64M"}[kind], path), check=True, timeout=60)
    subprocess.run(("mkfs.vfat", "-F", kind, "-n", "GRUB", path), check=True, capture_output=True, timeout=60)
    for folder in ("grub", "grub/a longer name"):
        subprocess.run(("mmd", "-i", path, f"::/{folder}"), check=True, timeout=60)
    for name, content in (("group.cfg", b"top"), (deep, b"deep" * 5000)):
        subprocess.run(("mcopy", "-i", path, "-", f"::/{name}"), input=content, check=True, timeout=60)
    assert fat.read(str(path), deep) == b"deep" * 5000
    assert fat.read(str(path), "group.cfg") == b"top"
    for wrong in ("grub", "group.cfg/group.cfg", "grub/group.cfg", "GRUB", "grub/../group.cfg/x"):
        with pytest.raises(fat.Damaged, match="there is no"):
            fat.read(str(path), wrong)


@settings(max_examples=300)
@given(st.dictionaries(st.integers(0, 3 * SECTOR - 1), st.integers(0, 255), max_size=40), st.integers(0, 210))
@example({11: 0, 12: 0}, 210)
@example({14: 255, 15: 255, 36: 255}, 210)
@example({17: 0, 18: 0, 44: 2}, 210)
def test_no_image_is_too_much(tmp_path_factory: pytest.TempPathFactory, changes: dict[int, int], sectors: int) -> None:
    made = bytearray(image(b"hostname=a\n" * 100))
    for place, value in changes.items():
        made[place] = value
    path = tmp_path_factory.getbasetemp() / "fuzzed.img"
    path.write_bytes(made[: sectors * SECTOR])
    try:
        assert len(fat.read(str(path), NAME)) <= fat.LONGEST
    except fat.Damaged as error:
        assert str(error).isprintable()


def test_it_is_a_program_that_says_what_is_wrong_in_a_line(path: Path) -> None:
    path.write_bytes(bytes(SECTOR))
    argv = (sys.executable, "-P", str(READER), str(path), NAME)
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no FAT file system\n", "")


def interrupted(path: Path, **more: object) -> Disk:
    """A disk on which an installation was interrupted, its boot partition in the file *path*."""
    known = {
        "path": str(path),
        "mib": 256,
        "kind": "vfat",
        "label": "NODE-ESP",
        "name": "ovirt-node-installing",
        **more,
    }
    names = ("Root", "RootBackup")
    parts = (Part(**known), *(Part(path=name, mib=9, name=name) for name in names))  # type: ignore[arg-type]
    return Disk(path="/dev/vdb", mib=900, table="gpt", parts=parts)


def answers(path: Path, *, look: bool = True, **more: object) -> tuple[tuple[str, ...], str]:
    node = node_on(interrupted(path, **more), (), look=look)
    assert node
    return node.answers, node.unread


def test_answers_are_read_from_the_medium_only_and_never_from_a_disk_in_use(path: Path) -> None:
    path.write_bytes(image(b"# comment\nhostname=a\r\n\nBOOTIF=eth0\n"))
    assert answers(path) == (("hostname=a", "BOOTIF=eth0"), "")
    assert answers(path, look=False) == ((), "")
    assert answers(path, uses=("/srv",)) == ((), "/dev/vdb is in use")
    assert answers(path, label="EFI") == ((), "")
    assert answers(path, kind="ext4") == ((), "")


def test_hostile_answers_are_escaped_and_limited(path: Path) -> None:
    path.write_bytes(image(b"hostname=\x1b[2J\xff\xfe\xc2\x9b\n"))
    assert answers(path)[0] == ("hostname=\\x1b[2J\ufffd\ufffd\\x9b",)
    path.write_bytes(image(b"adminpw=$6$salt$hash\n"))
    assert answers(path)[0] == ("adminpw=***",)
    path.write_bytes(image(b"x\n" * (MOST_LINES + 1)))
    assert answers(path) == ((), f"install.conf has more than {MOST_LINES} lines")
    path.write_bytes(image(b"x", length=1 << 31))
    assert answers(path) == ((), "install.conf is larger than 65536 bytes")
