"""What the node was last brought to: settings kept as parameters, one a line, and what only the machine knows."""

from __future__ import annotations

from dataclasses import replace

from ovirt_tui.actions import AUTHORIZED_KEYS, NODE_CONF
from ovirt_tui.autoinstall.understand import put_answers
from ovirt_tui.config import NodeConfig
from ovirt_tui.draft import Draft
from ovirt_tui.facts import Facts
from ovirt_tui.public_keys import SshKey, plain_keys
from ovirt_tui.rules import SETUP_RULES
from ovirt_tui.steps import Password
from ovirt_tui.system import StepFailed, System


def saved_config(system: System, facts: Facts) -> NodeConfig:
    """What the node was last brought to; the defaults where nothing was saved yet."""
    draft = Draft(facts, rules=SETUP_RULES)
    try:
        text = system.output(("cat", NODE_CONF))
    except StepFailed:
        text = ""
    put_answers(draft, text.splitlines())
    users = replace(draft.config.users, ssh_keys=keys_here(system))
    return applied(replace(draft.config, users=users), system)


def keys_here(system: System) -> tuple[SshKey, ...]:
    """The keys that let admin in now: others than the program's own may have been added or taken away by hand."""
    try:
        return plain_keys(system.output(("cat", AUTHORIZED_KEYS)))
    except StepFailed:  # there are none
        return ()


def applied(config: NodeConfig, system: System) -> NodeConfig:
    """What stays of *config* once it holds: a password is set once, and whether root is locked the machine knows."""
    locked = system.holds(Password("root", None))
    users = replace(config.users, admin_password=None, root_password=None, expired=False, root_locked=locked)
    return replace(config, users=users)
