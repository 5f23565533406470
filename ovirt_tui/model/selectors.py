"""References to hardware, as values: which disk or interface is meant, whatever it is called today.

selection.py and interfaces.py look them up.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.network import NicName
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.typed import Self
from ovirt_tui.model.values import Size, Text, Unfit

BUSES = ("ata", "scsi", "usb", "cciss", "nvme", "virtio", "mmc")
ONLY = "only"
ALL = "ALL"
LINK = "link"
MAC = "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}((:[0-9A-Fa-f]{2}){14})?"
"""A hardware address: 6 octets, or 20 of InfiniBand."""
WWN = r"(wwn-)?(0x|naa\.|eui\.)[0-9A-Fa-f]{16,32}"
"""How World Wide Names are written, so that nobody takes one for anything else."""
BETWEEN = r"\+(?=[a-z-]+=|(?i:all)$)"
"""What joins criteria; a plus sign inside a value stays."""


@dataclass(frozen=True)
class Criterion:
    """One thing that must be true of a disk.  *key* is a key of selection.MISFITS."""

    key: str
    value: str = ""


@dataclass(frozen=True)
class Sizes:
    """From *least* to *most* MiB, both included."""

    least: int
    most: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what '500G-2T', '500G-', '-2T' or a single size says; ValueError when it says none."""
        low, dash, high = text.partition("-")
        if not low and not high:
            raise ValueError(text)
        least = Size(low) if low else 0
        most = least if not dash else Size(high) if high else 2**62
        if least < 0 or most < least:
            raise ValueError(text)
        return cls(least, most)


def _plain(value: str) -> bool:
    return bool(value)


def _sizes(value: str) -> bool:
    try:
        Sizes.read(value)
    except ValueError:
        return False
    return True


FORMS: dict[str, Callable[[str], bool]] = {
    "bus": lambda value: value in BUSES,
    "transport": _plain,
    "serial": _plain,
    "wwn": lambda value: re.fullmatch(WWN, value) is not None,
    "by-id": _plain,
    "by-path": _plain,
    "model": _plain,
    "size": _sizes,
    "rotational": lambda value: value in ("yes", "no"),
    "hctl": lambda value: re.fullmatch(r"[0-9]+(:[0-9]+){3}", value) is not None,
}
"""What NAME=VALUE may say, by the name: whether a value can be one."""


class DiskSelector(Text):
    """A disk, or with *every* all those, of which each of *criteria* is true.

    As text: a path, BUS, BUS:SERIAL, BUS:ALL, a WWN, 'only' for the one disk that can be meant without a name, or
    NAME=VALUE of FORMS, joined by +, with +all for every disk that matches.
    """

    wanted = N_("a disk such as /dev/sda, BUS:SERIAL, a WWN or model=NAME+size=1T-2T")
    longest = 255
    pattern = r'[^\s,;"]+'  # at these, lists and lines are cut
    printable = False  # a serial number is what it is
    criteria: tuple[Criterion, ...]
    every: bool

    def __new__(cls, text: str) -> Self:
        criteria, every = _read(text)
        made = super().__new__(cls, text)
        made.criteria, made.every = criteria, every
        return made

    @property
    def path(self) -> str:
        """The path or link that it names; empty when it means a disk by anything else."""
        return next((each.value for each in self.criteria if each.key == "path"), "")

    @property
    def by_elimination(self) -> bool:
        """Whether a disk that is attached later could change which one is meant."""
        return not {"path", "serial", "wwn", "by-id", "by-path"} & {each.key for each in self.criteria}


class DiskName(DiskSelector):
    """One disk that is named, whatever others there are: what may be erased in spite of what is on it."""

    wanted = N_("a single disk by path, BUS:SERIAL or WWN")

    def __new__(cls, text: str) -> Self:
        made = super().__new__(cls, text)
        if made.by_elimination or made.every:
            raise Unfit(_("names single disks only, by path or by bus:serial"))
        return made


def _read(text: str) -> tuple[tuple[Criterion, ...], bool]:
    """Return the criteria that *text* says, and whether it means every disk; Unfit when it is no selector."""
    bus, colon, serial = text.partition(":")
    if text == ONLY:
        return (Criterion(ONLY),), False
    if text.startswith("/dev/") and len(text) > len("/dev/"):
        return (Criterion("path", text),), False
    if re.fullmatch(WWN, text):
        return (Criterion("wwn", text),), False
    if bus in BUSES and colon:
        if not serial:
            raise Unfit(_("empty serial after {bus}:").format(bus=bus))
        by_bus = Criterion("bus", bus)
        return ((by_bus,), True) if serial == ALL else ((by_bus, Criterion("serial", serial)), False)
    parts = re.split(BETWEEN, text)
    every = len(parts) > 1 and parts[-1].upper() == ALL
    return tuple(_criterion(part, text) for part in (parts[:-1] if every else parts)), every


def _criterion(part: str, text: str) -> Criterion:
    if part in BUSES:
        return Criterion("bus", part)
    name, equals, value = part.partition("=")
    if equals and re.fullmatch("[a-z-]+", name) and name not in FORMS:
        raise Unfit(_("a disk is not selected by {name}, but by {names}").format(name=name, names=", ".join(FORMS)))
    if not equals or name not in FORMS:
        raise Unfit(_("not a disk selector: {text}").format(text=text))
    if not FORMS[name](value):
        raise Unfit(_("{name} cannot be {value}").format(name=name, value=value or '""'))
    return Criterion(name, value)


class NicSelector(Text):
    """A network interface: by its name, by its hardware address, or 'link' for the first by name with a carrier."""

    wanted = N_("a network interface such as eth0, a hardware address, or link")
    longest = 59
    pattern = rf"{NicName.pattern}|{MAC}"

    def __new__(cls, text: str) -> Self:
        return super().__new__(cls, text.lower() if re.fullmatch(MAC, text) else text)

    @property
    def link(self) -> bool:
        """Whether the first with a carrier is meant."""
        return self == LINK

    @property
    def mac(self) -> str:
        """The hardware address that it names, in lower case with colons; empty when it names none."""
        return self if ":" in self else ""

    @property
    def name(self) -> str:
        """The name that it says; empty when it means an interface by anything else."""
        return "" if self.link or self.mac else self
