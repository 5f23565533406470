"""What the node was last brought to: settings kept as parameters, one a line, and what only the machine knows."""

from __future__ import annotations

from dataclasses import replace

from ovirt_tui.actions import NODE_CONF, renamed
from ovirt_tui.autoinstall.understand import put_lines
from ovirt_tui.config import NodeConfig
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts
from ovirt_tui.pages.security import AUTHORIZED_KEYS, Users
from ovirt_tui.public_keys import SshKey, plain_keys
from ovirt_tui.rules import SETUP_RULES
from ovirt_tui.selectors import NicSelector
from ovirt_tui.steps import Password
from ovirt_tui.system import StepFailed, System


def saved_text(system: System) -> str:
    """The file of what was saved last; empty where nothing was saved yet."""
    try:
        return system.text(NODE_CONF)
    except StepFailed:
        return ""


def saved_config(system: System, facts: Facts) -> NodeConfig:
    """What the node was last brought to; the defaults where nothing was saved yet."""
    draft = Draft(facts, rules=SETUP_RULES)
    put_lines(draft, saved_text(system).splitlines())
    users = replace(draft.config[Users], ssh_keys=keys_here(system))
    return applied(draft.config.with_section(users), system)


def keys_here(system: System) -> tuple[SshKey, ...]:
    """The keys that let admin in now: others than the program's own may have been added or taken away by hand."""
    try:
        return plain_keys(system.text(AUTHORIZED_KEYS))
    except StepFailed:  # there are none
        return ()


def now_called(saved: NodeConfig, system: System, facts: Facts) -> NicSelector | None:
    """The name that the management interface has now, when it is another than the saved one."""
    return renamed(saved, facts, saved_text(system).splitlines())


def applied(config: NodeConfig, system: System) -> NodeConfig:
    """What stays of *config* once it holds: a password is set once, and whether root is locked the machine knows."""
    locked = system.holds(Password("root", None))
    users = replace(config[Users], admin_password=None, root_password=None, boot_password=None)
    users = replace(users, expired=False, root_locked=locked)
    return config.with_section(users)
