"""A configuration in the making.  A key pressed and a parameter parsed both end in Draft.put()."""

from __future__ import annotations

from dataclasses import dataclass, field

from ovirt_tui.config import NodeConfig
from ovirt_tui.facts import Facts
from ovirt_tui.features import defaults
from ovirt_tui.problems import FORM, Problem
from ovirt_tui.rules import DOUBTS, INSTALL_RULES, Rule, check
from ovirt_tui.values import parse


@dataclass
class Draft:
    """Settings with the errors of the texts that could not become settings."""

    facts: Facts
    config: NodeConfig = field(default_factory=defaults)
    rules: tuple[Rule, ...] = INSTALL_RULES
    errors: dict[str, str] = field(default_factory=dict)
    weak: dict[str, str] = field(default_factory=dict)
    """Why a password that is only a hash by now is weak, by its setting; empty when it is not."""

    def put(self, path: str, text: str) -> None:
        """Set the setting at *path* to what *text* says; a text that says nothing valid leaves an error."""
        try:
            value = parse(self.config.setting(path).type, text)
        except ValueError as error:
            self.errors[path] = str(error)
        else:
            self.config = self.config.put(path, value)
            self.errors.pop(path, None)

    def take(self, path: str, value: object) -> None:
        """Set the setting at *path* to *value*, which a door of its own has made of a text."""
        self.config = self.config.put(path, value)
        self.errors.pop(path, None)

    def refuse(self, path: str, why: str) -> None:
        """Leave the setting at *path* as it is: no value was made of what was typed, because of *why*."""
        self.errors[path] = why

    def problems(self) -> list[Problem]:
        """What is wrong with each setting, then what is wrong with the settings together."""
        wrong = [Problem(path, FORM(wanted=text)) for path, text in self.errors.items()]
        return wrong + [found for found in check(self.config, self.facts, self.rules) if found.path not in self.errors]

    def doubts(self) -> list[Problem]:
        """What is probably wrong, but might be meant."""
        return check(self.config, self.facts, DOUBTS) if self.rules else []
