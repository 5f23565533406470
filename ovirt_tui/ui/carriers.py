"""Finds out, in the background of the first pages, which interfaces have a carrier."""

from __future__ import annotations

from collections.abc import Callable

from ovirt_tui.features.draft import Draft
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.records import replace
from ovirt_tui.plan.links import wake
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.window import Window

SECONDS = 5  # for link negotiation


def look_for_carriers(window: Window, draft: Draft, updated: Callable[[], None]) -> None:
    """Bring up interfaces that are down, wait, and probe again; *updated* is called when *draft* has new interfaces.

    Only the interfaces are updated: the disks stay as the admin saw them.
    """

    def job() -> Facts | None:
        if not wake(window.system, draft.facts):
            return None
        window.system.pause(SECONDS)
        try:
            return window.system.facts()
        except StepFailed:
            return None

    def done(found: Facts | None) -> None:
        if found and found.nics != draft.facts.nics:
            draft.facts = replace(draft.facts, nics=found.nics)
            updated()

    window.probes.start(job, done)
