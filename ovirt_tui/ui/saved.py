"""Settings kept as parameters, one a line: answers of an earlier installation, the node's saved configuration."""

from __future__ import annotations

from collections.abc import Iterable

from ovirt_tui.actions import NODE_CONF
from ovirt_tui.autoinstall.params import PARAMS
from ovirt_tui.config import NodeConfig
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts
from ovirt_tui.rules import SETUP_RULES
from ovirt_tui.system import StepFailed, System


def put_answers(draft: Draft, lines: Iterable[str]) -> None:
    """Put what *lines* say into *draft*; a line that is no parameter is left out."""
    known = {name: param for param in PARAMS for name in (param.name, *param.also)}
    for line in lines:
        name, _equals, text = line.strip().partition("=")
        if name in known:
            draft.put(known[name].path, text)


def saved_config(system: System, facts: Facts) -> NodeConfig:
    """What the node was last brought to; the defaults where nothing was saved yet."""
    draft = Draft(facts, rules=SETUP_RULES)
    try:
        text = system.output(("cat", NODE_CONF))
    except StepFailed:
        return draft.config
    put_answers(draft, text.splitlines())
    return draft.config
