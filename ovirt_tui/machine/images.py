"""Images of this product: those in the slots of a node, and one that may become a node's."""

from __future__ import annotations

import re
from itertools import zip_longest

from ovirt_tui.machine.facts import FREE, Fact
from ovirt_tui.machine.health import Health
from ovirt_tui.model.records import dataclass, field

MOST = 40
"""Characters of a part that are looked at."""
_URL = re.compile(r"https?://[^\s/@]+/\S*", re.IGNORECASE)
_PART = re.compile("[0-9]+|[A-Za-z]+")


@dataclass(frozen=True, kw_only=True)
class Candidate(Fact):
    """An image, whole and as its checksums say, that may be written to a slot."""

    path: str
    product: str = field(metadata=FREE)
    version: str = field(metadata=FREE)  # VERSION-RELEASE
    mib: int  # what it needs of a slot
    digest: str  # SHA-256 of its list of checksums, which say what all the rest is
    signer: str = ""  # the name of the key that signed it; empty where none of this node's keys did
    signed_menu: bool = False  # what a signed boot menu checks of an image is signed
    unsigned: str = ""  # why there is no signer, as a sentence
    earlier: bool = False  # an image before each slot had settings of its own
    remote: bool = False  # it came over a network, from a server that nobody has checked

    @property
    def booted(self) -> bool:
        """Whether it is the medium that this system was started from."""
        return not self.path


@dataclass(frozen=True, kw_only=True)
class NodeSlots(Fact):
    """The two slots of a node, and what its boot menu starts.

    Of a node that a medium looks at, *running* is the slot that starts by itself.
    """

    running: str
    version: str = field(default="", metadata=FREE)
    other: str
    other_version: str = field(default="", metadata=FREE)  # empty where it holds no image that could start
    room: int  # MiB of the other slot
    default: str  # the slot that starts by itself
    next: str = ""  # the slot that is tried before that, or that nothing starts by itself
    tries: int = 0
    back: str = ""  # the slot that helps out where the default does not come up
    starts: int = 0  # of the default, in a row, none of which is known to have lasted
    gave_way: bool = False  # *next* had proven itself, did not come up any more, and nobody has noticed yet
    trial: bool = False  # this boot has not proven itself yet
    product: str = field(default="", metadata=FREE)  # of the image in *running*; told of a node beside a medium only
    name: str = field(default="", metadata=FREE)  # how that node is called; empty where it has no name of its own
    signed_menu: bool = False  # its boot menu starts by UEFI only what is signed for it
    settings: bool = True  # there are settings of *running*
    saved: bytes = b""  # the node's answer file among these; told of a node beside a medium only
    health: Health | None = None  # how the node was when it last ran; told of one beside a medium only
    earlier: bool = False  # its image is one before each slot had settings of its own


def key(version: str) -> tuple[tuple[int, int, str], ...]:
    """What versions are compared by: numbers as numbers, words before them, as in 0.3.0-rc1 and 0.3.0-1."""
    parts = (part[:MOST] for part in _PART.findall(version))
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part.lower()) for part in parts)


def compared(one: str, other: str) -> int:
    """-1, 0 or 1: *one* is older than, as old as, or newer than *other*."""
    for first, second in zip_longest(key(one), key(other), fillvalue=(0, 1, "")):
        if first != second:
            return -1 if first < second else 1
    return 0


def is_url(text: str) -> bool:
    """Say whether *text* names a file on a web server; a user or a password in it are not taken."""
    return bool(_URL.fullmatch(text))


def major(version: str) -> str:
    """The part of a version that an upgrade does not leave."""
    return version.partition(".")[0]
