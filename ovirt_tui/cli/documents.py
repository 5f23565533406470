"""The JSON that commands answer with, as dataclasses: docs/schema/ is made from their fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NewType

from ovirt_tui.autoinstall.request import Intent
from ovirt_tui.machine.lasting import By, Change, Kept
from ovirt_tui.model.plain import Plain, plain
from ovirt_tui.model.records import asdict, dataclass
from ovirt_tui.model.secrets import HIDDEN

MASK = HIDDEN
Settings = NewType("Settings", dict[str, Plain])
"""Settings by path, such as "network.hostname"; unset ones are left out, and a secret is "***"."""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A problem, or a note: the parameter it is about, the setting that this fills (empty: none), and a sentence.

    The code says which kind it is and stays when the sentence is put otherwise, or into another language.
    """

    path: str
    parameter: str
    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """What 'check --json' prints: what the line is for, what it decides, and what is wrong with it."""

    mode: Intent
    config: Settings
    carried: tuple[str, ...]
    problems: tuple[Remark, ...]
    notes: tuple[Remark, ...]


@dataclass(frozen=True, kw_only=True)
class DiskPlan:
    """A disk that is written to: what is lost on it, the volumes whose contents stay, and what will be there."""

    path: str
    mib: int
    bus: str
    model: str
    serial: str
    wwn: str
    lost: tuple[str, ...]
    kept: tuple[str, ...]
    will_be: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StepPlan:
    """A step: the title of its action, its kind, what it does in words, and the disks that it writes to."""

    title: str
    kind: str
    text: str
    disks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan(Check):
    """What 'plan --json' prints: as 'check', and what would be done; nothing while there are problems."""

    disks: tuple[DiskPlan, ...]
    steps: tuple[StepPlan, ...]


@dataclass(frozen=True, kw_only=True)
class Export(Check):
    """What 'export --json' prints: as 'check', and the settings as one kernel line and as lines of an answer file.

    Its settings are those that are not at their defaults; none while there are problems.
    """

    cmdline: str
    answers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DiskSeen:
    """A disk: its lasting name, whether it can be installed on, whether the selector names it, and why not."""

    path: str
    name: str
    mib: int
    bus: str
    model: str
    serial: str
    wwn: str
    usable: bool
    matches: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class Disks:
    """What 'disks --json' prints: every disk of the machine; a problem when the selector names none, or too many."""

    disks: tuple[DiskSeen, ...]
    problems: tuple[Remark, ...]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A setting that is not on the node as it was saved, by its path, and a sentence with both values."""

    path: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Altered:
    """What no setting says and is not as this program made it: a file by its path, anything else by a sentence."""

    path: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What 'drift --json' prints: the settings that differ, as they were saved and as they were found on the node.

    One that was saved as unset is left out of the first, one of which there is no valid value of the second.
    """

    differences: tuple[Difference, ...]
    saved: Settings
    found: Settings
    altered: tuple[Altered, ...]
    problems: tuple[Remark, ...]


@dataclass(frozen=True, kw_only=True)
class Apply(Check):
    """What 'apply --json' prints: as 'check', and the steps of all that is not as it should be, made or only told."""

    steps: tuple[StepPlan, ...]
    made: bool


@dataclass(frozen=True, kw_only=True)
class Status:
    """What 'status --json' prints: the image that runs and the one beside it, which slot starts, and the last upgrade.

    *tries* is how often the new image is still tried, *upgrade* how far the last one came, *text* a sentence about it.
    """

    version: str
    slot: str
    other_version: str
    other_slot: str
    starts: str
    tries: int
    trial: bool
    upgrade: str
    text: str
    problems: tuple[Remark, ...]


@dataclass(frozen=True, kw_only=True)
class PathKept:
    """A path that was named: the folder that lasts for it or no longer does, by whom, and whether that is new.

    Size is in bytes; holders are programs that have files open in what was there before.
    """

    path: str
    folder: str
    by: By
    changed: bool
    size: int
    holders: tuple[str, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Persist:
    """What 'persist --json' and 'unpersist --json' print: what was done, and a problem for each path that was not."""

    paths: tuple[PathKept, ...]
    problems: tuple[Remark, ...]


@dataclass(frozen=True, kw_only=True)
class Upgrade:
    """What 'upgrade --json' prints: the image, who signed it, the slot, and the steps, made or only told."""

    version: str
    signer: str
    slot: str
    steps: tuple[StepPlan, ...]
    made: bool
    problems: tuple[Remark, ...]


@dataclass(frozen=True, kw_only=True)
class Persisted:
    """What 'persisted --json' prints: the folders that last, what in them differs from the image, and what is lost.

    Of each list the first 20,000 are told, and how many more there are.  Room and free are bytes of the volume Config.
    """

    kept: tuple[Kept, ...]
    changes: tuple[Change, ...]
    more_changes: int
    lost: tuple[Change, ...]
    more_lost: int
    room: int
    free: int
    problems: tuple[Remark, ...]


Document = Check | Disks | Drift | Status | Upgrade | Persist | Persisted
"""What a command may answer with."""


def settings(values: Mapping[str, object]) -> Settings:
    """Return the values of settings, by their paths, as JSON has them."""
    return Settings({path: plain(value) for path, value in values.items() if value is not None})


def text(document: Document) -> str:
    """Return *document* as JSON."""
    return json.dumps(asdict(document), indent=1) + "\n"
