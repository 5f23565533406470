"""Nodes in memory that were brought to settings."""

from __future__ import annotations

from machines import PLAIN
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import plan, run
from ovirt_tui.system.fake import FakeSystem


def brought(config: NodeConfig, facts: Facts = PLAIN) -> FakeSystem:
    """A node on which *config* was saved."""
    system = FakeSystem(facts)
    run(plan(SETUP, config, facts), system, lambda progress: None)
    return system
