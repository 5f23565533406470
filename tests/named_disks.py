"""Which disks the words of a line name, said again in the plainest way, to compare a plan with.

Nothing here is shared with the program but the facts: who reads it should see at once that it is right, and it may be
slow.  It is asked about plans only, so it need not know what a wrong line is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from ovirt_tui.machine.facts import Disk, Facts

BLANKS = " \t\n\r\v\f"
SELECTING = ("storage_init", "ovirt_init")
YES = ("1", "y", "yes", "t", "true", "on", None)
KEYS = ("bus", "transport", "serial", "wwn", "by-id", "by-path", "model", "size", "rotational", "hctl")
UNITS = {"M": 1, "G": 1024, "T": 1024 * 1024}
TOO_FAR = ("iscsi", "nvme-fc", "nvme-tcp", "nvme-rdma", "nvme-loop", "aoe")
"""Buses that only a running system reaches."""


def words(line: str) -> Iterator[tuple[str, str | None]]:
    """Name and value of each word: quotes join, nothing else does; what follows a lone -- is not the node's."""
    word, quoted, begun = "", False, False
    for char in f"{line} ":
        if char == '"':
            quoted, begun = not quoted, True
        elif char in BLANKS and not quoted:
            if word == "--":
                return
            if begun:
                name, equals, value = word.partition("=")
                yield name.replace("-", "_"), value if equals else None
            word, begun = "", False
        else:
            word, begun = word + char, True


def said(text: str, *, in_file: bool) -> list[tuple[str, str | None]]:
    """The words of a kernel line; of an answer file, with *in_file*, the same words for the disks that it names."""
    if not in_file:
        return list(words(text))
    storage = tomllib.loads(text.removeprefix("\ufeff")).get("storage", {})
    named = [storage[name] for name in ("boot_disk",) if storage.get(name)]
    lists = ((*named, *storage.get("data_disks", ())), storage.get("app_disks", ()))
    return [("storage_init", ";".join(",".join(each) for each in lists if each))] if named else []


def _size(text: str) -> int:
    found = re.fullmatch("([0-9]+) ?([MGT]?)(IB)?", text.upper())
    assert found, text
    return int(found[1]) * UNITS[found[2] or "M"]


def _within(mib: int, text: str) -> bool:
    low, dash, high = text.partition("-")
    if not dash:
        return mib == _size(low)
    return (not low or _size(low) <= mib) and (not high or mib <= _size(high))


def _alike(model: str, pattern: str) -> bool:
    """Whether a model fits a pattern, in which * is any text and ? any character, and nothing else is special."""
    form = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern.lower().replace(" ", "_"))
    return bool(model) and re.fullmatch(form, model.lower().replace(" ", "_"), re.DOTALL) is not None


def _digits(wwn: str) -> str:
    return re.sub(r"^wwn-", "", wwn.lower()).removeprefix("0x").removeprefix("naa.").removeprefix("eui.")


def _fits(disk: Disk, key: str, value: str) -> bool:
    match key:
        case "bus":
            return disk.bus == value
        case "transport":
            return disk.transport == value
        case "serial":
            return value in (disk.serial, disk.short_serial)
        case "wwn":
            return disk.wwn != "" and _digits(disk.wwn) == _digits(value)
        case "by-id" | "by-path":
            return f"/dev/disk/{key}/{value}" in disk.links
        case "model":
            return _alike(disk.model, value)
        case "size":
            return _within(disk.mib, value)
        case "rotational":
            return disk.rotational.value == value
        case "hctl":
            return disk.hctl == value
    raise AssertionError(key)


def _parts(text: str) -> list[str]:
    """The criteria of a selector: a plus sign joins them only where another one follows."""
    found: list[str] = []
    for part in text.split("+"):
        if found and not part.startswith(tuple(f"{key}=" for key in KEYS)):
            found[-1] += f"+{part}"
        else:
            found.append(part)
    return found


def _criteria(text: str) -> list[tuple[str, str]]:
    if re.match(r"(wwn-)?(0x|naa\.|eui\.)", text):
        return [("wwn", text)]
    head, colon, serial = text.partition(":")
    if colon and "=" not in head:
        return [("bus", head), ("serial", serial)]
    found = []
    for part in _parts(text):
        key, equals, value = part.partition("=")
        found.append((key, value) if equals else ("bus", part))
    return found


def never(disk: Disk) -> str:
    """Why no plan may ever write *disk*; empty when one may."""
    kinds = {"the medium": disk.live, "a CD drive": disk.cdrom, "read-only": disk.read_only, "a path": disk.map_of}
    return next((why for why, true in kinds.items() if true), "")


def only(facts: Facts) -> set[str]:
    """The disks that can be meant without a name."""
    fitting = (disk for disk in facts.disks if not never(disk) and not disk.removable and disk.mib >= 810)
    return {disk.path for disk in fitting if disk.bus not in TOO_FAR}


def meant(facts: Facts, text: str) -> tuple[set[str], bool]:
    """The paths of the disks that a selector may mean, multipath ones by their map; whether it means every one."""
    if text in ("", "only"):
        return only(facts), False
    here = {disk.path for disk in facts.disks}
    if text.startswith("/dev/"):
        found = [disk for disk in facts.disks if text == disk.path]
        found = found or [disk for disk in facts.disks if text in disk.links]
        return {disk.map_of if disk.map_of in here else disk.path for disk in found}, False
    joined = text.upper().endswith("+ALL")
    every = joined or text.endswith(":ALL")
    criteria = _criteria(text[: -len("+ALL")] if every else text)
    fitting = [disk for disk in facts.disks if all(_fits(disk, key, value) for key, value in criteria)]
    fitting = [disk for disk in fitting if not (disk.live or disk.cdrom)]
    serial = next((value for key, value in criteria if key == "serial"), None)
    exact = [disk for disk in fitting if disk.serial == serial]
    return {disk.map_of if disk.map_of in here else disk.path for disk in exact or fitting}, every


def of_node(facts: Facts) -> set[str]:
    """The disks of the one node that is there: its own, those of its volume group, and of the one that names that."""
    assert len(facts.nodes) == 1, "which of several nodes nobody said"
    hosts = [group for group in facts.groups if group.name == "HostVG"]
    tags = {f"ovirt-node.{group.uuid}" for group in hosts}
    second = [group for group in facts.groups if group.name == "AppVG" and tags & set(group.tags)]
    return {facts.nodes[0].disk}.union(*(group.disks for group in (*hosts, *second)))


def unnamed(facts: Facts, text: str, written: set[str], *, in_file: bool = False) -> str:
    """Say what is wrong with writing the disks *written* because of *text*; empty when its words name them all."""
    spoken = said(text, in_file=in_file)
    selectors = [re.split("[,;]", value or "") for name, value in spoken if name in SELECTING]
    known = {disk.path: disk for disk in facts.disks}
    for path in sorted(written):
        if path not in known or never(known[path]):
            return f"{path} is {never(known[path]) if path in known else 'not there'}"
    if not selectors:
        removing = any(name == "uninstall" and (value.lower() if value else value) in YES for name, value in spoken)
        return "" if not written or (removing and written <= of_node(facts)) else "no word names a disk"
    allowed: set[str] = set()
    for selector in (each for chosen in selectors for each in chosen):
        paths, every = meant(facts, selector)
        if not paths or (len(paths) > 1 and not every):
            return f"{selector!r} means {sorted(paths) or 'nothing'}"
        allowed |= paths
    return f"only {sorted(allowed)} are named" if written - allowed else ""
