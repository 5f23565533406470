"""A configuration as the parameters that say it, without secrets."""

from __future__ import annotations

from ovirt_tui.autoinstall.params import PARAMS
from ovirt_tui.config import NodeConfig, get, settings
from ovirt_tui.facts import Facts
from ovirt_tui.values import show


def answers(config: NodeConfig, facts: Facts) -> tuple[str, ...]:
    """One parameter for each setting that is not at its default; secrets are left out."""
    return tuple(
        f"{param.name}={show(get(config, param.path))}"
        for param in PARAMS
        if not param.secret and get(config, param.path) != settings()[param.path].default
    )
