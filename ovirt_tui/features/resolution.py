"""From what is meant to what is there: where the references of a configuration to hardware are looked up."""

from __future__ import annotations

from collections import deque

from ovirt_tui.features.order import FEATURES
from ovirt_tui.features.parameter import Put
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.problems import Hint, Problem
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.selectors import DiskSelector


@dataclass(frozen=True)
class Resolution:
    """A configuration as it is on a machine: disks by their paths, the interface by its name.

    What could not be found, *problems* say, is in *config* as it was meant.
    """

    config: Resolved
    problems: tuple[Problem, ...] = ()
    hints: tuple[Hint, ...] = ()


_RECENT: deque[tuple[NodeConfig, Facts, Resolution]] = deque(maxlen=4)
"""Rules, doubts, plan and page ask for the same, one after the other, and there may be thousands of disks."""


def resolve(config: NodeConfig, facts: Facts) -> Resolution:
    """Look up everything that *config* refers to."""
    for of, on, known in tuple(_RECENT):
        if of is config and on is facts:
            return known
    found = _resolve(config, facts)
    _RECENT.append((config, facts, found))
    return found


def _resolve(config: NodeConfig, facts: Facts) -> Resolution:
    problems, hints = list[Problem](), list[Hint]()
    found = config
    for feature in FEATURES:
        for finding in feature.resolve(config, facts):
            if isinstance(finding, Put):
                found = found.put(finding.path, finding.value)
            elif isinstance(finding, Hint):
                hints.append(finding)
            else:
                problems.append(finding)
    return Resolution(Resolved(found), tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(hints)))


def lasting(config: NodeConfig, facts: Facts) -> NodeConfig:
    """Return *config* with what it means on this machine, by names that outlast a reboot."""
    found: NodeConfig = resolve(config, facts).config
    for each in tuple(found.settings()):
        value = found.get(each.path)
        if isinstance(value, DiskSelector):
            found = found.put(each.path, _lasting(facts, value))
        elif isinstance(value, tuple) and any(isinstance(part, DiskSelector) for part in value):
            found = found.put(each.path, tuple(_lasting(facts, part) for part in value))
    return found


def _lasting(facts: Facts, selector: DiskSelector) -> DiskSelector:
    disk = disks.named(facts, selector)
    return type(selector)(disks.stable_name(facts, disk)) if disk else selector
