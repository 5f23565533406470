"""The features of a node, in the one order in which they are said, applied and shown."""

from __future__ import annotations

from ovirt_tui.config import Boot, Network, NodeConfig, Storage
from ovirt_tui.feature import Feature
from ovirt_tui.pages import keyboard, security

FEATURES: tuple[Feature, ...] = (keyboard.FEATURE, security.FEATURE)
"""Those that have moved into a module of their own; the others' parts stand in config, rules, actions and params."""


def defaults() -> NodeConfig:
    """The configuration of a node of which nobody has said anything."""
    return NodeConfig((*(each.section() for each in FEATURES), Storage(), Network(), Boot()))
