"""What was changed outside this program, as the setup program knows it: where it says so, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

from ovirt_tui.cli.drift_report import here
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.drift import Difference, Drift, drift
from ovirt_tui.features.observation import Strange, taken
from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages import Page
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.window import Window


class Outside:
    """Where the node was seen not to be as it was saved.  A look takes a while, and is taken away from the screen."""

    def __init__(self, window: Window) -> None:
        self.window, self.found = window, Drift()

    def drift(self, saved: NodeConfig | None, facts: Facts) -> Drift:
        """Compare the machine with *saved*, unless that is not known; StepFailed where it cannot be looked at."""
        return drift(saved, self.window.system, facts) if saved else Drift()

    def compare(self, saved: NodeConfig | None, facts: Facts, told: Callable[[Drift], None]) -> None:
        """Compare the machine with *saved*; where it cannot be looked at, the Status page says why."""

        def job() -> Drift:
            try:
                return self.drift(saved, facts)
            except StepFailed:
                return Drift()

        self.window.probes.start(job, told)

    def here(self, saved: NodeConfig) -> NodeConfig:
        """The settings as they are on the machine, where *saved* was saved."""
        return taken(saved, (each.seen for each in self.found.differences))

    def remarks(self, draft: Draft) -> dict[str, str]:
        """What is said below the field of a setting that is neither as it was saved nor as *draft* has it."""
        told = _("Changed outside this program to {value}. Adopt takes it, Save puts this back.")
        alien = _("Changed outside this program to {value}. Save puts this back.")
        return {
            each.path: (alien if isinstance(each.seen, Strange) else told).format(value=here(each))
            for each in self._open(draft)
        }

    def can_adopt(self, page: Page) -> bool:
        """Whether something on *page* was changed to a value that it can have."""
        return any(not isinstance(each.seen, Strange) for each in self._on(page))

    def adopt(self, draft: Draft, page: Page) -> None:
        """Have in *draft* what the settings of *page* were changed to: together, since they complete each other."""
        for each in self._on(page):
            if not isinstance(each.seen, Strange):
                draft.take(each.path, each.seen.value)

    def untold(self, draft: Draft, shown: set[str]) -> tuple[str, ...]:
        """What Save would put back that is not *shown*: settings by their names, then files and the like."""
        settings = [each for each in self._open(draft) if each.path not in shown]
        names = [_(draft.config.setting(each.path).label) for each in settings]
        return (*names, *self.found.unsaid())

    def _on(self, page: Page) -> list[Difference]:
        return [each for each in self.found.differences if each.path in page.paths()]

    def _open(self, draft: Draft) -> list[Difference]:
        """The differences that *draft* does not settle."""
        return [
            each
            for each in self.found.differences
            if isinstance(each.seen, Strange) or draft.config.get(each.path) != each.seen.value
        ]
