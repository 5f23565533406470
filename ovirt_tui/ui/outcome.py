"""The end of an installation: finished, or failed with its reason and ways to go on."""

from __future__ import annotations

from collections.abc import Callable

from ovirt_tui.i18n import _
from ovirt_tui.ui.desk import Desk
from ovirt_tui.ui.progress import ProgressView
from ovirt_tui.ui.widgets import Button


def show_outcome(desk: Desk, view: ProgressView, again: Callable[[], None]) -> None:
    """Say how it ended, and offer what can be done now."""
    log = Button(_("Log"), lambda: desk.read(_("Log of the installation"), view.running.log))
    restart = Button(_("Restart"), desk.restart if not desk.trial else desk.quit)
    power_off = Button(_("Power off"), desk.power_off if not desk.trial else desk.quit)
    if view.running.failure:
        view.end(False, _("Failed: {reason}").format(reason=view.running.failure))
        retry = Button(_("Retry"), again)
        shell = Button(_("Shell"), desk.ask_shell)
        view.put_buttons([retry, log, restart, power_off, shell])
        desk.name(_("Failed"))
    else:
        view.end(True, _("Installed. Remove the medium, restart, and log in as admin."))
        view.put_buttons([restart, power_off, log])
        desk.name(_("Finished"))
