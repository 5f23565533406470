"""An upgrade, from its first write until it is known how it ended: what a node remembers of it on Config."""

from __future__ import annotations

import json
from enum import StrEnum

from ovirt_tui.machine.facts import FREE, Fact, parse
from ovirt_tui.machine.health import Health
from ovirt_tui.model.records import asdict, dataclass, field

FILE = "/config/upgrade.json"
"""Shared by both slots: who starts next reads what the one before wrote."""


class State(StrEnum):
    """How far an upgrade came."""

    PREPARED = "prepared"  # the boot menu tries the new image
    PASSED = "passed"  # it proved itself, and starts from now on
    FAILED = "failed"  # it did not
    GAVE_WAY = "gave-way"  # it had proven itself, and did not come up any more
    ROLLED_BACK = "rolled-back"  # it had proven itself, and somebody went back


@dataclass(frozen=True, kw_only=True)
class Attempt(Fact):
    """One upgrade: from which slot and version to which, how the node was before, and what came of it."""

    running: str
    version: str = field(metadata=FREE)
    slot: str
    new_version: str = field(metadata=FREE)
    signer: str = ""
    health: Health = Health()
    state: State = State.PREPARED
    why: str = field(default="", metadata=FREE)


def written(attempt: Attempt) -> str:
    """The file of an attempt."""
    return json.dumps(asdict(attempt), indent=1) + "\n"


def read(text: str) -> Attempt | None:
    """What such a file says; None where it is damaged."""
    try:
        found = parse(Attempt, text)
    except ValueError:
        return None
    return found if isinstance(found, Attempt) else None
