"""What the first page of a medium does to a node that it found: a plan is carried out while the admin watches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.records import dataclass
from ovirt_tui.plan.runner import Planned
from ovirt_tui.ui.leave import ask_leave
from ovirt_tui.ui.progress import ProgressView, Running, is_alone, work_on
from ovirt_tui.ui.widgets import Button
from ovirt_tui.ui.window import Window

NOTHING_WRITTEN = N_("Nothing was written")


@dataclass
class NodeWork:
    """A plan that is carried out: its *title*, and what is true when it *failed* (of {why}) and when it is *done*.

    *leaving* says what it means to leave while it is not done; *back* goes to the first page.
    """

    window: Window
    back: Callable[[], None]
    title: str
    planned: tuple[Planned, ...]
    failed: str
    done: str
    leaving: str

    def __post_init__(self) -> None:
        self.leave = self.window.leave

    def begin(self) -> None:
        """Write, unless another console does."""
        if is_alone(self.window, _(NOTHING_WRITTEN)):
            self.work(Running(self.planned))

    def work(self, running: Running) -> None:
        """Run the plan; what was done in an earlier run is skipped."""
        view = ProgressView(self.window, self.title, running)
        self.window.leave = partial(ask_leave, self.window, _("Leave?"), self.leaving)
        self.window.show(view)

        def ended() -> None:
            log = Button(_("Log"), lambda: self.window.read(_("Log"), running.log))
            restart = Button(_("Restart"), self.window.restart if not self.window.trial else self.window.quit)
            off = Button(_("Power off"), self.window.power_off if not self.window.trial else self.window.quit)
            if running.failure:
                view.end(False, self.failed.format(why=running.failure))
                again = Running(self.planned, log=running.log, seconds=running.seconds)
                ways = (Button(_("Retry"), partial(self.work, again)), Button(_("Back"), self.close))
                view.put_buttons([*ways, log, restart, off])
            else:
                view.end(True, self.done)
                self.window.leave = partial(ask_leave, self.window, _("Leave?"), self.done)
                view.put_buttons([restart, off, log])

        work_on(self.window, running, view.follow, ended)

    def close(self) -> None:
        """Go back to the first page."""
        self.window.leave = self.leave
        self.back()
