"""A configuration in the making.  A key pressed and a parameter parsed both end in Draft.put()."""

from __future__ import annotations

from ovirt_tui.features.order import defaults
from ovirt_tui.features.resolution import resolve
from ovirt_tui.features.rules import INSTALL_RULES, Rule, doubts, wrong
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.problems import FORM, Problem, Reason
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.model.values import parse


@dataclass
class Draft:
    """Settings with the errors of the texts that could not become settings."""

    facts: Facts
    config: NodeConfig = field(default_factory=defaults)
    rules: tuple[Rule, ...] = INSTALL_RULES
    errors: dict[str, Reason] = field(default_factory=dict)
    weak: dict[str, str] = field(default_factory=dict)
    """Why a password that is only a hash by now is weak, by its setting; empty when it is not."""

    @property
    def resolved(self) -> Resolved:
        """The settings as they are on this machine."""
        return resolve(self.config, self.facts).config

    def put(self, path: str, text: str) -> None:
        """Set the setting at *path* to what *text* says; a text that says nothing valid leaves an error."""
        try:
            value = parse(self.config.setting(path).type, text)
        except ValueError as error:
            self.errors[path] = FORM(wanted=str(error))
        else:
            self.config = self.config.put(path, value)
            self.errors.pop(path, None)

    def take(self, path: str, value: object) -> None:
        """Set the setting at *path* to *value*, which a door of its own has made of a text."""
        self.config = self.config.put(path, value)
        self.errors.pop(path, None)

    def refuse(self, path: str, why: Reason) -> None:
        """Leave the setting at *path* as it is: no value was made of what was typed, because of *why*."""
        self.errors[path] = why

    def problems(self) -> list[Problem]:
        """What is wrong with each setting, then what is wrong with the settings together."""
        texts = [Problem(path, why) for path, why in self.errors.items()]
        found = wrong(self.config, self.facts, self.rules)
        return texts + [each for each in found if each.path not in self.errors]

    def doubts(self) -> list[Problem]:
        """What is probably wrong, but might be meant."""
        return doubts(self.config, self.facts) if self.rules else []
