"""Scenes of the page Persistence."""

from __future__ import annotations

from ovirt_tui.machine.lasting import By, Change, Kept, Lasting, Way
from person import Person, at_setup
from test_setup import to_page

LASTS = Lasting(
    kept=(
        Kept(folder="/etc", by=By.IMAGE, size=48 << 10),
        Kept(folder="/opt/agent", by=By.PERSIST, size=3 << 20),
        Kept(folder="/srv/trial", by=By.DROPPED),
        Kept(folder="/var/log", by=By.VOLUME),
    ),
    changes=tuple(Change(path=f"/etc/agent/{number}.conf", way=Way.ADDED, size=7 * number) for number in range(30)),
    lost=(Change(path="/srv/trial/of\x1b[2J", way=Way.ADDED, size=9), Change(path="/usr/bin/tool", way=Way.CHANGED)),
    room=64 << 20,
    free=40 << 20,
)


def persistence() -> Person:
    person, _setup = at_setup()
    person.system.lasts = LASTS
    to_page(person, "Persistence")
    return person


def persistence_what_lasts() -> Person:
    person = persistence()
    person.press("tab", "enter")
    return person


def persistence_what_differs() -> Person:
    person = persistence()
    person.press("tab", "tab", "enter")
    return person


LASTING = {
    "persistence": persistence,
    "persistence-what-lasts": persistence_what_lasts,
    "persistence-what-differs": persistence_what_differs,
}
