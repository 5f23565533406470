"""Finds out, behind the first pages, which interfaces have a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ovirt_tui.features.draft import Draft
from ovirt_tui.machine.facts import Facts
from ovirt_tui.plan.links import wake
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.window import Window

SECONDS = 5  # that the two ends of a cable need to agree


def look_for_carriers(window: Window, draft: Draft, seen: Callable[[], None]) -> None:
    """Bring up what is down, give it time, and look again; *seen* is called when *draft* knows of the links.

    Nothing else is taken over: the disks stay what they were when the admin saw them.
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
            seen()

    window.probes.start(job, done)
