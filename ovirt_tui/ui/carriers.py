"""Finds out, behind the first pages, which interfaces have a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts
from ovirt_tui.links import wake
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.desk import Desk

SECONDS = 5  # that the two ends of a cable need to agree


def look_for_carriers(desk: Desk, draft: Draft, seen: Callable[[], None]) -> None:
    """Bring up what is down, give it time, and look again; *seen* is called when *draft* knows of the links.

    Nothing else is taken over: the disks stay what they were when the admin saw them.
    """

    def job() -> Facts | None:
        if not wake(desk.system, draft.facts):
            return None
        desk.system.pause(SECONDS)
        try:
            return desk.system.facts()
        except StepFailed:
            return None

    def done(found: Facts | None) -> None:
        if found and found.nics != draft.facts.nics:
            draft.facts = replace(draft.facts, nics=found.nics)
            seen()

    desk.looks.start(job, done)
