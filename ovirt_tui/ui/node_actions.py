"""The actions of the buttons of the Status page."""

from __future__ import annotations

from collections.abc import Callable

from ovirt_tui.i18n import _
from ovirt_tui.pages import Deed
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.door import Door
from ovirt_tui.ui.image_actions import ImageActions
from ovirt_tui.ui.window import Window


class NodeActions:
    """Lock, log off, restart, power off; what is done with images is in *images*."""

    def __init__(self, window: Window, door: Door, images: ImageActions) -> None:
        self.window, self.door, self.images = window, door, images

    def do(self, deed: Deed) -> None:
        """Do *deed*, with a confirmation where it cannot be undone."""
        match deed:
            case Deed.LOCK:
                self.door.lock()
            case Deed.LOG_OFF:
                self.window.leave()
            case Deed.RESTART:
                self.ask_guests(_("Restart this node?"), _("Restart"), self.window.restart)
            case Deed.UPGRADE:
                self.images.ask()
            case Deed.ROLL_BACK:
                self.images.roll_back()
            case Deed.POWER_OFF:
                self.ask_guests(_("Power off this node?"), _("Power off"), self.window.power_off)

    def ask_guests(self, title: str, word: str, does: Callable[[], None]) -> None:
        """Ask for confirmation of *does*, naming the guests that would be stopped."""

        def job() -> str:
            try:
                names = self.window.system.guests()
            except StepFailed as failure:
                return _("Whether guests are running cannot be told: {failure}").format(failure=failure)
            if not names:
                return _("No guests are running.")
            one = _("One guest is running and will be stopped: {names}")
            many = _("{count} guests are running and will be stopped: {names}")
            text = one if len(names) == 1 else many
            return text.format(count=len(names), names=", ".join(names))

        def ask(text: str) -> None:
            self.window.ask(title, text, [(_("Stay"), lambda: None), (word, does)])

        self.window.probes.start(job, ask)
