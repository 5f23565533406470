"""Shows in the setup program what was changed outside it, and adopts such changes."""

from __future__ import annotations

from collections.abc import Callable

from ovirt_tui.features.draft import Draft
from ovirt_tui.features.drift import Difference, Drift, drift
from ovirt_tui.features.observation import Strange, taken
from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages import Page
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.window import Window


class DriftNotice:
    """Where the node differs from what was saved.  Comparing takes a while, so a worker thread does it."""

    def __init__(self, window: Window) -> None:
        self.window, self.found = window, Drift()

    def drift(self, saved: NodeConfig | None, facts: Facts) -> Drift:
        """Compare the machine with *saved*, unless that is None; StepFailed where it cannot be probed."""
        return drift(saved, self.window.system, facts) if saved else Drift()

    def compare(self, saved: NodeConfig | None, facts: Facts, done: Callable[[Drift], None]) -> None:
        """Compare in the background and pass the result to *done*; the Status page says why a probe fails."""

        def job() -> Drift:
            try:
                return self.drift(saved, facts)
            except StepFailed:
                return Drift()

        self.window.probes.start(job, done)

    def here(self, saved: NodeConfig) -> NodeConfig:
        """*saved* with the settings that differ on the machine replaced."""
        return taken(saved, (each.seen for each in self.found.differences))

    def remarks(self, draft: Draft) -> dict[str, str]:
        """By path, the note below a field whose setting on the machine differs from what was saved and from *draft*."""
        adoptable = _("Changed outside this program to {value}. Adopt takes it, Save puts this back.")
        not_adoptable = _("Changed outside this program to {value}. Save puts this back.")
        return {
            each.path: (not_adoptable if isinstance(each.seen, Strange) else adoptable).format(value=each.here)
            for each in self._open(draft)
        }

    def can_adopt(self, page: Page) -> bool:
        """Whether something on *page* was changed to a valid value."""
        return any(not isinstance(each.seen, Strange) for each in self._on(page))

    def adopt(self, draft: Draft, page: Page) -> None:
        """Take the changed settings of *page* into *draft*: all together, since they may depend on each other."""
        for each in self._on(page):
            if not isinstance(each.seen, Strange):
                draft.take(each.path, each.seen.value)

    def not_shown(self, draft: Draft, shown: set[str]) -> tuple[str, ...]:
        """What Save would put back that is not *shown*: labels of settings, then files and the like."""
        settings = [each for each in self._open(draft) if each.path not in shown]
        names = [_(draft.config.setting(each.path).label) for each in settings]
        return (*names, *self.found.unsaid())

    def _on(self, page: Page) -> list[Difference]:
        return [each for each in self.found.differences if each.path in page.paths()]

    def _open(self, draft: Draft) -> list[Difference]:
        """The differences that are not in *draft*."""
        return [
            each
            for each in self.found.differences
            if isinstance(each.seen, Strange) or draft.config.get(each.path) != each.seen.value
        ]
