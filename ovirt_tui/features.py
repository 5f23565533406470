"""The features of a node, in the one order in which they are applied and observed."""

from __future__ import annotations

from ovirt_tui.config import Boot, NodeConfig, Storage
from ovirt_tui.feature import Feature
from ovirt_tui.pages import firewall, keyboard, security
from ovirt_tui.pages.network import feature as network

FEATURES: tuple[Feature, ...] = (keyboard.FEATURE, security.FEATURE, firewall.FEATURE, network.FEATURE)
"""Those that have moved into a module of their own; the others' parts stand in config, rules, actions and params."""


def defaults() -> NodeConfig:
    """The configuration of a node of which nobody has said anything."""
    return NodeConfig((*(each.section() for each in FEATURES if each.section), Storage(), Boot()))
