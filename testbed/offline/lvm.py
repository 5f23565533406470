"""Where the volumes of a group lie, from the metadata on its one physical volume."""

from __future__ import annotations

from dataclasses import dataclass
from struct import unpack_from
from zlib import crc32

from testbed.offline import Damaged, Part, Source

SECTOR = 512
SEED = 0xF597A6CF
MDA = b"\x20\x4c\x56\x4d\x32\x20\x78\x5b\x35\x41\x25\x72\x30\x4e\x2a\x3e"


@dataclass(frozen=True)
class Group:
    """A volume group: its UUID, and of each volume its runs (start, length), in bytes on the physical volume."""

    uuid: str
    volumes: dict[str, tuple[tuple[int, int], ...]]


def group(member: Source) -> Group:
    """The group on the physical volume *member*; Damaged where its metadata is not whole."""
    for sector in range(4):
        label = member.read(sector * SECTOR, SECTOR)
        if label.startswith(b"LABELONE") and label[24:32] == b"LVM2 001":
            return _group(member, label)
    raise Damaged("there is no physical volume")


def _group(member: Source, label: bytes) -> Group:
    crc, offset = unpack_from("<II", label, 16)
    if _crc(label[20:]) != crc:
        raise Damaged("the label of the physical volume is not as its checksum says")
    place = offset + 32 + 8
    while any(label[place : place + 16]):  # areas of data end with a zero one, those of metadata begin behind it
        place += 16
    start, _size = unpack_from("<QQ", label, place + 16)
    head = member.read(start, SECTOR)
    if head[4:20] != MDA or _crc(head[4:]) != unpack_from("<I", head)[0]:
        raise Damaged("the head of the metadata of the volume group is damaged")
    _version, own, size = unpack_from("<IQQ", head, 20)
    at, length, wanted, _flags = unpack_from("<QQII", head, 40)
    text = member.read(start + at, min(length, size - at))
    text += member.read(own + SECTOR, length - len(text))  # it is a ring
    if not length or _crc(text) != wanted:
        raise Damaged("the metadata of the volume group is not as its checksum says")
    return _parsed(text.rstrip(b"\0").decode("ascii", "replace"))


def _parsed(text: str) -> Group:
    said = _sections(text)
    top = next((name for name in said if name.endswith("/")), "")
    try:
        unit, first = int(said[f"{top}extent_size"]), int(said[f"{top}physical_volumes/pv0/pe_start"])
        return Group(
            said[f"{top}id"].strip('"'), _volumes(said, f"{top}logical_volumes/", unit * SECTOR, first * SECTOR)
        )
    except (KeyError, ValueError) as error:
        raise Damaged(f"the metadata of the volume group lacks {error}") from error


def _volumes(said: dict[str, str], above: str, unit: int, first: int) -> dict[str, tuple[tuple[int, int], ...]]:
    volumes = {}
    for name in {path.removeprefix(above).partition("/")[0] for path in said if path.startswith(above)} - {""}:
        runs = []
        for number in range(1, int(said[f"{above}{name}/segment_count"]) + 1):
            segment = f"{above}{name}/segment{number}/"
            if said[f"{segment}type"] != '"striped"' or said[f"{segment}stripe_count"].split()[0] != "1":
                raise Damaged(f"the volume {name} is no plain one")
            start, count, at = (
                int(said[segment + key].split()[0]) for key in ("start_extent", "extent_count", "stripes")
            )
            runs.append((start, first + at * unit, count * unit))
        volumes[name] = tuple((at, length) for _start, at, length in sorted(runs))
    return volumes


def _sections(text: str) -> dict[str, str]:
    """Each value by its path; a list of stripes is its last number, and of each section the path is there, too."""
    found: dict[str, str] = {}
    above: list[str] = []
    for line in map(str.strip, text.splitlines()):
        name, sign, value = line.partition(" = ")
        if line.endswith("{"):
            above.append(line.removesuffix("{").strip())
            found["/".join(above) + "/"] = ""
        elif line == "}" and above:
            above.pop()
        elif sign:
            found["/".join((*above, name))] = value
        elif line.startswith('"pv0", '):
            found["/".join((*above, "stripes"))] = line.removeprefix('"pv0", ')
    return found


class Volume:
    """The bytes of a volume, by its runs on the physical volume."""

    def __init__(self, member: Source, runs: tuple[tuple[int, int], ...]) -> None:
        self.parts = tuple(Part(member, start, length) for start, length in runs)

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return sum(part.size for part in self.parts)

    def read(self, place: int, length: int) -> bytes:
        """As many bytes at *place*."""
        found = b""
        for part in self.parts:
            if length and place < part.size:
                more = min(length, part.size - place)
                found += part.read(place, more)
                place, length = place + more, length - more
            place -= part.size
        if length:
            raise Damaged("the volume ends too early")
        return found


def _crc(content: bytes) -> int:
    """LVM's checksum: CRC-32 with a start of its own, and nothing inverted."""
    return crc32(content, SEED ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
