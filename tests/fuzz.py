"""Bytes that a terminal might send, at every page and at the locked screen, in memory.

`make fuzz` sends many (FUZZ=number), `make check` a sample.  What is looked for: an error of the program, a shell that
nobody gave a password for, a locked screen that shows what is behind it.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Iterator

from machines import MACHINES
from ovirt_tui.machine import disks
from ovirt_tui.ui.display import Display
from ovirt_tui.ui.key_decoder import NAMES
from ovirt_tui.ui.paste import PasteFilter
from ovirt_tui.ui.theme import Theme
from person import SERIAL, Person, at_installer, at_setup

Opens = Callable[[], Person]
SEQUENCES = sorted(NAMES)
PARTS = (
    *(b"\x1b[<M", b"\x1b[<0;1;2M", b"\x1b[<;m", b"\x1b[M   ", b"\x1b[32;1;1M", b"\x1b[99999999999;1R", b"\x1b[0;0R"),
    *(b"\x1b]0;t\x07", b"\x1b]52;c;?\x1b\\", b"\x1bP1$r\x1b\\", b"\x1b_x\x1b\\", b"\x1b^x\x1b\\", b"\x1bXx\x9c"),
    *(b"\x1b[200~", b"\x1b[201~", b"\x1b[I", b"\x1b[O", b"\x1b[?1;2c", b"\x1b[>0;276;0c", b"\x1b[?2026;2$y"),
    *(b"\x1b", b"\x1b\x1b", b"\x1bO", b"\x1b[", b"\x1b[[", b"\x9b1m", b"\xc2\x9b", b"\x00", b"\xff\xfe", b"\xe2\x82"),
    *(b"\r", b"\n", b"\t", b" ", b"\x7f", b"\x03", b"\x0c", b"\x15", b"\x1a", b"y", b"/dev/vda", b"192.0.2.7/24"),
    *("ä€磁\u202e\u0301".encode(), b"%s{0}", b"x" * 30, b"\x1bOQ\x1b[C\r", b"\x1b[21~"),
)


def sequences(dice: random.Random) -> Iterator[bytes]:
    """Byte sequences without end: keys, what is like keys, and noise."""
    while True:
        parts = [dice.choice(dice.choice((SEQUENCES, PARTS))) for _ in range(dice.randint(1, 5))]
        typed = bytearray(b"".join(parts) if dice.random() < 0.85 else dice.randbytes(dice.randint(1, 20)))
        for _ in range(dice.choice((0, 0, 1, 2))):
            at = dice.randrange(len(typed)) if typed else 0
            match dice.randrange(3):
                case 0:
                    typed[at : at + 1] = bytes([dice.randrange(256)])
                case 1:
                    del typed[at : at + 1]
                case 2:
                    typed[at:at] = dice.choice(PARTS)[:3]
        yield bytes(typed)


class Typist:
    """Types at one screen, and opens it anew when it was left."""

    def __init__(self, opens: Opens, locked: bool, theme: Theme) -> None:
        self.opens, self.locked = opens, locked
        self.display = Display(theme)
        self.typing = PasteFilter()
        self.person = opens()

    def type(self, codes: bytes, more: bool) -> None:
        """Type *codes* and look at the screen."""
        held = bytes(self.display._partial_codes)
        keys, _codes = self.display.parse_input(None, None, held + codes, more)
        self.person.press(*(key for key in self.typing.keys(keys) if key != "window resize"))
        seen = self.person.screen()
        calls = self.person.calls
        if self.locked:
            assert "Locked" in seen and "Running guests" not in seen, "the locked screen is open"
            assert set(calls) <= {"redraw"}, calls
        elif self.person.window.allow.__name__ == "allow":
            assert "shell" not in calls, "a shell without a password"
        if "quit" in calls:
            self.person = self.opens()
        calls.clear()


def at_lock() -> Person:
    """At the locked screen of a node."""
    person, _setup = at_setup(guests=("web1",))
    person.press("tab", "enter")
    return person


def screens() -> dict[str, tuple[Opens, bool, Theme]]:
    """What is typed at: by name, how it opens, whether it is locked, on which terminal."""
    found: dict[str, tuple[Opens, bool, Theme]] = {
        "locked": (at_lock, True, Theme()),
        "locked, serial": (at_lock, True, SERIAL),
    }
    for number, page in enumerate(at_setup()[1].pages):

        def node(number: int = number) -> Person:
            person, setup = at_setup(guests=("web1",))
            setup.open(number)
            return person

        found[f"setup {page.title}"] = (node, False, Theme())
    for machine, facts in sorted(MACHINES.items()):
        usable = [disk.path for disk in facts.disks if not disks.unusable(disk)]
        for page in at_installer(machine)[1].pages() if usable else ():

            def medium(machine: str = machine, title: str = page.title, boot_disk: str = usable[0]) -> Person:
                person, installer = at_installer(machine)
                installer.draft.put("storage.boot_disk", boot_disk)
                installer.open(next(page for page in installer.pages() if page.title == title))
                return person

            found[f"installer {page.title}, {machine}"] = (medium, False, Theme())
    return found


def fuzz(count: int, seed: int) -> int:
    """Type *count* sequences, spread over all screens; half of them at the locked one.  Return how many keys."""
    dice = random.Random(seed)
    source = sequences(dice)
    known = screens()
    locked = [name for name in known if name.startswith("locked")]
    names = [*locked * (len(known) // len(locked)), *known]
    typed = 0
    while typed < count:
        opens, is_locked, theme = known[names[dice.randrange(len(names))]]
        typist = Typist(opens, is_locked, theme)
        for _ in range(min(25, count - typed)):
            codes = next(source)
            try:
                typist.type(codes, dice.random() < 0.3)
            except BaseException:
                print(f"at {opens.__name__}: {codes!r}", file=sys.stderr)
                raise
            typed += 1
    return typed


if __name__ == "__main__":
    wanted, start = int(os.environ.get("FUZZ", "100000")), time.monotonic()
    seed = int(os.environ.get("FUZZ_SEED", str(random.randrange(1 << 32))))
    print(f"seed {seed}", flush=True)
    portion = 2000
    for done in range(0, wanted, portion):
        fuzz(min(portion, wanted - done), seed + done)
        print(f"{min(done + portion, wanted)} of {wanted} sequences, {time.monotonic() - start:.0f} s", flush=True)
