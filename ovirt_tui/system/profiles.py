"""Network profiles: makes NetworkManager use the files in its folder."""

from __future__ import annotations

from time import monotonic, sleep

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import run
from ovirt_tui.system.services import nothing
from ovirt_tui.system.steps import Profiles
from ovirt_tui.system.tree import Tree

SERVICE = "NetworkManager.service"
WAIT = 60
"""Seconds for a profile to come up, including DHCP."""


class NetworkProfiles:
    """Profiles: active as they are written.

    NetworkManager is told to reload its folder, not restarted: at its start it takes over what an interface has, so
    that addresses and bridges of deleted profiles would stay.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: Profiles) -> bool:
        """True in a mounted system, where nothing runs; never in this one: what is up may be older than the files."""
        return not self.tree.live

    def make(self, step: Profiles, tell: Tell) -> Undo:
        run(("systemctl", "start", SERVICE), seconds=WAIT + 30)
        run(("nmcli", "connection", "reload"))
        for name in step.names:
            run(("nmcli", "--wait", str(WAIT), "connection", "up", name), seconds=WAIT + 30)
        if step.names:
            self._wait(step.names[-1])
        return nothing

    def _wait(self, name: str) -> None:
        """Wait until *name* is activated: a bridge counts as up while it still waits for its ports and for DHCP."""
        end = monotonic() + WAIT
        while (state := run(("nmcli", "-g", "GENERAL.STATE", "connection", "show", name)).strip()) != "activated":
            if monotonic() > end:
                text = _("the network profile {name} did not come up within {seconds} seconds ({state})")
                raise StepFailed(text.format(name=name, seconds=WAIT, state=state or _("down")))
            sleep(0.5)
