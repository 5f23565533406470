"""What is taken from a disk on which an installation was interrupted: a list of what may be, and nothing else.

A disk can say anything: it may be a stranger's, prepared to be taken for a node.  From it come sizes, names and network
settings, all of which the pages show; never accounts, secrets, SSH, other disks, overrides or words of the kernel.
"""

from __future__ import annotations

from collections.abc import Iterable

from ovirt_tui.autoinstall.cmdline import Reading, finish, row
from ovirt_tui.autoinstall.understand import put
from ovirt_tui.features import kernel_words
from ovirt_tui.features.draft import Draft
from ovirt_tui.machine import disks
from ovirt_tui.machine.untrusted import masked, shortened
from ovirt_tui.model import tokens
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.tokens import Token
from ovirt_tui.pages.boot import Boot
from ovirt_tui.pages.storage.named import FOUND
from ovirt_tui.pages.storage.settings import Found

TAKEN = (
    *("storage_vol", "mem_overcommit", "hostname", "BOOTIF", "vlan", "network_layout"),
    *("ip", "netmask", "gateway", "ipv6", "dns", "nameserver", "ntp"),
)
DISKS = "storage_init"
REFUSE = f"{FOUND.name}={Found.REFUSE.value}"
"""What a first installation says; whoever resumes it has decided that."""
MOST = 20
"""So many words are named of those that are not taken."""
LONGEST = 60
"""Characters that are shown of one."""


@dataclass(frozen=True)
class Left:
    """What was not taken: words as they can be shown, and the settings they were for."""

    words: tuple[str, ...] = ()
    paths: frozenset[str] = frozenset()


def put_found(draft: Draft, disk: str, lines: Iterable[str]) -> Left:
    """Put what may be taken of *lines*, found on *disk*, into *draft*; return what is left out and not in it anyway."""
    taken, left = list[Token](), list[Token]()
    kept = {word.text for word in tokens.split(draft.config[Boot].words)}
    for word in _words(lines):
        param = row(word.key)
        if word.text == disks.KEEP or (param and param.name in TAKEN):
            taken.append(word)
        elif word.text not in (*kept, REFUSE) and not _is_own(draft, disk, word):
            left.append(word)
    put(draft, finish(Reading(), taken))
    paths = {path for word in left if (param := row(word.key)) for path in param.fills}
    return Left(tuple(_shown(word) for word in left[:MOST]) + ("...",) * (len(left) > MOST), frozenset(paths))


def _words(lines: Iterable[str]) -> Iterable[Token]:
    for line in lines:
        if line.count('"') % 2 == 0:
            yield from tokens.split(line)


def _is_own(draft: Draft, disk: str, word: Token) -> bool:
    """Say whether *word* names no other disk than the one it stands on, which whoever resumes has chosen."""
    known = next((each for each in draft.facts.disks if each.path == disk), None)
    named = {*(word.value or "").split(",")}
    return word.key == DISKS and known is not None and named <= {known.path, *known.links}


def _shown(word: Token) -> str:
    """A word of the kernel or a list of disks as it is, to be given again; of any other the name alone."""
    whole = kernel_words.is_known(word.key) or word.key == DISKS
    return shortened(masked(word.text if whole else word.name), LONGEST)
