"""Settings kept as parameters, one a line: answers of an earlier installation, the node's saved configuration."""

from __future__ import annotations

from ovirt_tui.actions import NODE_CONF
from ovirt_tui.autoinstall.understand import put_answers
from ovirt_tui.config import NodeConfig
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts
from ovirt_tui.rules import SETUP_RULES
from ovirt_tui.system import StepFailed, System


def saved_config(system: System, facts: Facts) -> NodeConfig:
    """What the node was last brought to; the defaults where nothing was saved yet."""
    draft = Draft(facts, rules=SETUP_RULES)
    try:
        text = system.output(("cat", NODE_CONF))
    except StepFailed:
        return draft.config
    put_answers(draft, text.splitlines())
    return draft.config
