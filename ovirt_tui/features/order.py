"""The features of a node, in the one order in which they are said, checked and applied."""

from __future__ import annotations

from ovirt_tui.features.feature import Feature
from ovirt_tui.features.plugins import entries, plugged, told
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages import boot, keyboard, monitoring, security
from ovirt_tui.pages.engine import feature as engine
from ovirt_tui.pages.firewall import feature as firewall
from ovirt_tui.pages.kdump import feature as kdump
from ovirt_tui.pages.logging import feature as logging
from ovirt_tui.pages.management import feature as management
from ovirt_tui.pages.network import feature as network
from ovirt_tui.pages.performance import feature as performance
from ovirt_tui.pages.remote import feature as remote
from ovirt_tui.pages.storage import feature as storage

OWN: tuple[Feature, ...] = (
    storage.FEATURE,
    keyboard.FEATURE,
    security.FEATURE,
    firewall.FEATURE,
    network.FEATURE,
    logging.FEATURE,
    kdump.FEATURE,
    remote.FEATURE,
    monitoring.FEATURE,
    performance.FEATURE,
    engine.FEATURE,
    management.FEATURE,
    boot.FEATURE,
)
"""A tuple, and no 'after' in each: the order of an installation is what one wants to read before one trusts it."""
PLUGGED, BROKEN = plugged(OWN, entries())
"""Those of other packages come last, since nothing of ours can depend on them; and those that are left out."""
FEATURES = (*OWN, *PLUGGED, *told(BROKEN))


def defaults() -> NodeConfig:
    """The configuration of a node of which nobody has said anything."""
    return NodeConfig(tuple(each.section() for each in FEATURES if each.section))
