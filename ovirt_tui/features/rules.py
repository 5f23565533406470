"""The checks of all features: what one setting may hold is its type, what needs more is a rule."""

from __future__ import annotations

from ovirt_tui.features.feature import Rule as Rule
from ovirt_tui.features.order import FEATURES
from ovirt_tui.features.resolution import resolve
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.problems import Problem

SETUP_RULES: tuple[Rule, ...] = tuple(rule for feature in FEATURES for rule in feature.rules)
INSTALL_RULES: tuple[Rule, ...] = (*(rule for feature in FEATURES for rule in feature.first), *SETUP_RULES)
DOUBTS: tuple[Rule, ...] = tuple(rule for feature in FEATURES for rule in feature.doubts)
"""What is probably wrong, but might be meant: it is said, and stops nothing."""


def check(config: Resolved, facts: Facts, rules: tuple[Rule, ...]) -> list[Problem]:
    """Everything that *rules* find wrong, each once."""
    return list(dict.fromkeys(problem for rule in rules for problem in rule(config, facts)))


def wrong(config: NodeConfig, facts: Facts, rules: tuple[Rule, ...]) -> list[Problem]:
    """What *config* refers to and this machine has not, then what *rules* find wrong with the rest."""
    found = resolve(config, facts)
    unknown = {each.path for each in found.problems}
    return [*found.problems, *(each for each in check(found.config, facts, rules) if each.path not in unknown)]


def doubts(config: NodeConfig, facts: Facts) -> list[Problem]:
    """What is probably wrong, but might be meant."""
    found = resolve(config, facts)
    return [*found.hints, *check(found.config, facts, DOUBTS)]
