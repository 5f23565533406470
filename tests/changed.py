"""The setup program on a node that was changed in a shell: scenes of tests/test_screens.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ovirt_tui.distro.network_manager import FOLDER
from ovirt_tui.features.order import defaults
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.selectors import NicSelector
from person import Person, at_setup
from recorded import FIREWALL

NODE = defaults().put("network.hostname", Hostname("node1.example.com")).put("network.nic", NicSelector("eth0"))
PROFILE = f"{FOLDER}/ovirt-node-eth0.nmconnection"


def by_hand(title: str, *keys: str) -> Person:
    """The page called *title*, once the name, the address and the keyboard were changed; then *keys* are pressed."""
    person, setup = at_setup(saved=NODE)
    files = person.system.files
    files["/etc/hostname"] = "node9\n"
    files[PROFILE] = files[PROFILE].replace("method=auto", "method=disabled")
    files["/etc/default/keyboard"] = "KEYMAP='\n"
    person.press("f5")
    setup.open([page.title for page in setup.pages].index(title))
    person.press(*keys)
    return person


def opened_by_hand() -> Person:
    """The page Firewall, once somebody let more in."""
    person, setup = at_setup(nft=(FIREWALL / "by-hand.json").read_text())
    setup.open([page.title for page in setup.pages].index("Firewall"))
    return person


CHANGED: dict[str, Callable[[], Person]] = {
    "status-changed-outside": partial(by_hand, "Status"),
    "network-changed-outside": partial(by_hand, "Network", "tab"),
    "keyboard-changed-outside": partial(by_hand, "Keyboard"),
    "firewall-opened-by-hand": opened_by_hand,
    "save-with-changes-outside": partial(by_hand, "Keyboard", "f10"),
}
