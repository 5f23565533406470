"""Asks what to do instead of installing."""

from __future__ import annotations

from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts, NodeState
from ovirt_tui.ui.dialogs import DialogText
from ovirt_tui.ui.progress import Running
from ovirt_tui.ui.window import Window


def leaving(facts: Facts, running: Running | None, begun: bool) -> str:
    """What leaving means before, during and after the run *running*; *begun*: a disk was written to."""
    if running and running.ended and not running.failure:
        return _("The installation has ended.")
    if begun or (running and not running.ended):
        return _("The disk will not boot until the installation is finished; the next start offers to resume it.")
    halves = [node.disk for node in facts.nodes if node.state is NodeState.INSTALLING]
    if halves:
        one = _("The interrupted installation is still on {disks}, which does not start.")
        many = _("Interrupted installations are still on {disks}, which do not start.")
        still = (one if len(halves) == 1 else many).format(disks=", ".join(halves))
        return _("This program has written nothing since it started. {still}").format(still=still)
    return _("Nothing has been written to any disk.")


def ask_leave(window: Window, title: str, text: DialogText) -> None:
    """Ask whether to stay, restart or power off; on a recorded machine, whether to leave."""
    stay = (_("Stay"), lambda: None)
    if window.trial:
        window.ask(title, text, [stay, (_("Leave"), window.quit)])
        return
    window.ask(title, text, [stay, (_("Restart"), window.restart), (_("Power off"), window.power_off)])
