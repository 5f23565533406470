"""What the node was last brought to: settings kept as parameters, one a line, and what only the machine knows."""

from __future__ import annotations

from dataclasses import replace

from ovirt_tui.actions import NODE_CONF, renamed
from ovirt_tui.autoinstall.cmdline import Reading, read_lines
from ovirt_tui.autoinstall.understand import put
from ovirt_tui.config import NodeConfig
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts
from ovirt_tui.pages.security import Users
from ovirt_tui.rules import SETUP_RULES
from ovirt_tui.selectors import NicSelector
from ovirt_tui.steps import Password
from ovirt_tui.system import Reader, StepFailed


def saved_text(system: Reader) -> str:
    """The file of what was saved last; empty where nothing was saved yet."""
    try:
        return system.text(NODE_CONF)
    except StepFailed:
        return ""


def reading(system: Reader) -> Reading:
    """What that file says.  Missing where nothing was saved yet, StepFailed when it cannot be read."""
    return read_lines(system.text(NODE_CONF))


def saved_config(system: Reader, facts: Facts) -> NodeConfig:
    """What the node was last brought to; the defaults where nothing was saved yet."""
    return brought_to(read_lines(saved_text(system)), system, facts)


def brought_to(said: Reading, system: Reader, facts: Facts) -> NodeConfig:
    """What a node is once it was brought to what *said* says."""
    draft = Draft(facts, rules=SETUP_RULES)
    put(draft, said)
    return applied(draft.config, system)


def now_called(saved: NodeConfig, system: Reader, facts: Facts) -> NicSelector | None:
    """The name that the management interface has now, when it is another than the saved one."""
    return renamed(saved, facts, saved_text(system).splitlines())


def applied(config: NodeConfig, system: Reader) -> NodeConfig:
    """What stays of *config* once it holds: a password is set once, and who is not to be locked may be locked yet.

    A new node's root is, and only a password unlocks it: while nobody says that it has to be, the machine knows.
    """
    users = config[Users]
    locked = users.root_locked or system.holds(Password("root", None))
    users = replace(users, admin_password=None, root_password=None, boot_password=None)
    return config.with_section(replace(users, expired=False, root_locked=locked))
