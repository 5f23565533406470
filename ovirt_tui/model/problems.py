"""What is wrong, as data: a kind of problem with its values, and the setting it is at.

The sentence is made when it is shown, in the language of who reads it; programs ask for the code, never for the text.
"""

from __future__ import annotations

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.records import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of problem.  *code* names it for programs; *text*, marked for translation, has its values in braces.

    *one* is the text in place of *text* where the value *count* is 1.
    """

    code: str
    text: str
    one: str = ""

    def __call__(self, **values: object) -> Reason:
        """This kind, of these *values*."""
        return Reason(self, tuple(values.items()))


@dataclass(frozen=True)
class Reason:
    """Why something is not as it should be.  As text it is a sentence without its subject."""

    kind: Kind
    values: tuple[tuple[str, object], ...] = ()

    def __getitem__(self, name: str) -> object:
        return dict(self.values)[name]

    def __str__(self) -> str:
        values = dict(self.values)
        text = self.kind.one if self.kind.one and values.get("count") == 1 else self.kind.text
        return _(text).format(**values)


@dataclass(frozen=True)
class Phrase:
    """A part of a sentence, marked for translation, as the value of a reason."""

    text: str

    def __str__(self) -> str:
        return _(self.text)


Detail = Reason | str
"""A line that helps to put something right: a sentence, or what a machine has."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with the setting at *path*; its text follows the name of the setting and a colon.

    *details* are lines that help to put it right.
    """

    path: str
    reason: Reason
    details: tuple[Detail, ...] = ()

    @property
    def code(self) -> str:
        """The name of its kind, for programs."""
        return self.reason.kind.code

    @property
    def text(self) -> str:
        """The sentence, for people."""
        return str(self.reason)


@dataclass(frozen=True)
class Hint(Problem):
    """What should be known of a setting, and stops nothing."""


FORM = Kind("form", N_("{wanted}"))
"""A text that is no value of its setting; the type of the setting says what it takes."""
