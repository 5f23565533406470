"""What a node tells its management server of itself, and what it remembers of that."""

from __future__ import annotations

import json

from ovirt_tui.machine.engine import heard
from ovirt_tui.machine.facts import Fact, Facts
from ovirt_tui.model.records import asdict, dataclass, fields, replace

STATE = "/etc/ovirt-node/reported"
"""Which server has the facts of this node; there only while there is one."""
FORMAT, VERSION = "ovirt-node-report", 1


@dataclass(frozen=True, kw_only=True)
class Report(Fact):
    """What a node posts to its management server: who it is, how it is called, and all that was found of the machine.

    The id stays when the node is installed anew, unless the machine has none of its own.  A later version adds to it.
    """

    format: str = FORMAT
    version: int = VERSION
    id: str
    hostname: str
    facts: Facts


@dataclass(frozen=True, kw_only=True)
class Sent(Fact):
    """To which server, under which id and when (UTC) the facts were posted last."""

    url: str
    fingerprint: str
    id: str
    at: str


def body(id: str, hostname: str, facts: Facts) -> str:
    """What is posted; without keyboard layouts, which are those of the image."""
    return json.dumps(asdict(Report(id=id, hostname=hostname, facts=replace(facts, keymaps=(), keymap_titles=()))))


def written(sent: Sent) -> str:
    """The file of what was sent."""
    return json.dumps(asdict(sent), indent=1) + "\n"


def sent(text: str) -> Sent | None:
    """What such a file says; None where it is damaged."""
    found = heard(text)
    names = {each.name for each in fields(Sent)}
    if set(found) != names or not all(isinstance(value, str) for value in found.values()):
        return None
    return Sent(**{name: str(found[name]) for name in names})
