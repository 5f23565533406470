"""A person at the screen: presses keys, types text, reads what is shown.  No terminal, no thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import urwid

from boot_found import LOST, WELL
from brought import brought
from machines import MACHINES
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.boot_parts import BootParts
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.machine.packet_filter import LISTED
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages.status import ADDRESSES
from ovirt_tui.plan.saved import applied
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.ui.installer import Installer
from ovirt_tui.ui.setup import Setup
from ovirt_tui.ui.theme import PLAIN, Theme
from ovirt_tui.ui.window import Window
from ovirt_tui.ui.worker import Inline
from recorded import FILTERED

SIZE = (80, 24)
SERIAL = Theme(PLAIN, 1, utf8=False)


@dataclass
class Person:
    """Sits before a Window."""

    window: Window
    system: FakeSystem
    size: tuple[int, int] = SIZE
    calls: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Press keys by their names."""
        for key in keys:
            self.window.keypress(self.size, key)

    def type(self, text: str) -> None:
        """Type *text* letter by letter."""
        self.press(*text)

    def prove(self, password: str = "admin") -> None:
        """Answer what a change of passwords asks for."""
        assert "Give the present password of admin" in self.screen()
        self.type(password)
        self.press("enter")

    def screen(self) -> str:
        """What is on the screen."""
        return "\n".join(line.decode().rstrip() for line in self.window.render(self.size, focus=True).text)

    def golden(self) -> str:
        """What is on the screen, and below it what stands out and where the cursor is."""
        canvas = self.window.render(self.size, focus=True)
        marked = [
            text.decode().strip()
            for row in canvas.content()
            for attribute, _charset, text in row
            if attribute == "focus" and text.strip()
        ]
        assert all(len(line.decode()) <= self.size[0] for line in canvas.text)
        return f"{self.screen()}\n== stands out: {marked}; cursor: {canvas.cursor}\n"


def _person(facts: Facts, theme: Theme, outputs: dict[tuple[str, ...], str]) -> Person:
    urwid.set_encoding("utf-8" if theme.utf8 else "ascii")
    system = FakeSystem(facts, outputs=outputs)
    window = Window(f"oVirt Node {facts.version}", system, Inline(), theme)
    person = Person(window, system)
    for name in ("quit", "shell", "redraw"):
        setattr(window, name, lambda name=name: person.calls.append(name))
    return person


def at_installer(
    machine: str | Facts = "one-disk",
    theme: Theme = Theme(),  # noqa: B008
    line: str = "",
) -> tuple[Person, Installer]:
    """Open the installer on a machine, started with a kernel line."""
    facts = MACHINES[machine] if isinstance(machine, str) else machine
    person = _person(facts, theme, {})
    installer = Installer(person.window, facts, line)
    installer.open(installer.page)
    return person, installer


BESIDE = NodeSlots(running="Root", version="0.2.0-1", other="RootBackup", other_version="0.1.0-9", room=300,
                   default="Root", product="oVirt Node", name="node1.example.com")  # fmt: skip
"""What a medium finds of a node beside it."""


def at_upgrade(version: str, slots: NodeSlots | None = BESIDE, **image: str) -> Person:
    """Choose, on the first page of a medium of *version*, to upgrade the node that is found."""
    person, _installer = at_installer("node-installed")
    new = Candidate(path="", product="oVirt Node", version=version, mib=190, digest="d1", **image)
    person.system.image_slots, person.system.candidates = slots, (new,)
    person.press("enter")
    return person


def at_uninstall() -> Person:
    """Choose, on the first page of a medium, to uninstall the node that is found."""
    person, _installer = at_installer("node-installed")
    person.press("shift tab", "enter")
    return person


def at_repair(found: BootParts = LOST) -> Person:
    """Choose, on the first page of a medium, to repair the boot loader of the node that is found."""
    person, _installer = at_installer("node-installed")
    person.system.found_boot = found
    person.press("shift tab", "shift tab", "enter")
    return person


BY_MEDIUM = {
    "upgrade-by-medium": partial(at_upgrade, "0.3.0-1"),
    "repair-by-medium": at_repair,
    "nothing-to-repair": partial(at_repair, WELL),
    "uninstall-by-medium": at_uninstall,
}
"""Plans for a node that a medium found."""


def at_setup(
    machine: str | Facts = "one-disk",
    theme: Theme = Theme(),  # noqa: B008
    saved: NodeConfig = defaults(),
    guests: tuple[str, ...] | None = None,
    **outputs: str,
) -> tuple[Person, Setup]:
    """Open the setup program; *outputs* are what commands print, by their first word."""
    facts = MACHINES[machine] if isinstance(machine, str) else machine
    argvs = {"ip": ADDRESSES, "nft": LISTED}
    person = _person(facts, theme, {**FILTERED, **{argvs[name]: text for name, text in outputs.items()}})
    system = brought(saved, facts)
    person.system.earlier, person.system.files = system.made, system.files
    person.system.running = guests
    return person, Setup(person.window, facts, applied(saved, person.system))
