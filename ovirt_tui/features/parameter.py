"""What a parameter of the kernel line is: a lens between words and settings, both ways in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum

from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import FORM, Detail, Kind, Reason
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.typed import Any
from ovirt_tui.model.values import BOOLS, Unfit, parse, show

MOST_DIGITS = 12
NUMBER = r"[+-]?(0|[1-9][0-9]{0,17})"
BOOLEAN = N_("yes or no")
"""The form of a flag."""


NOT_YET = Kind("not-yet", N_("understood, but this version cannot do it yet"))
PART_NOT_YET = Kind("part-not-yet", N_("{what}: {not_yet}"))
CONFLICTS = Kind("conflicts", N_("conflicts with {name}"))
TWICE = Kind("given-twice", N_("given twice with different values"))
NO_INTEGER = Kind("no-integer", N_("not an integer"))
OUT_OF_RANGE = Kind("out-of-range", N_("{value} out of range"))
NO_BOOLEAN = Kind("no-boolean", N_("not a boolean"))
UNKNOWN_VALUE = Kind("unknown-value", N_("unknown value"))


def part_not_yet(what: object) -> Reason:
    """Why *what*, a part of a value, is refused."""
    return PART_NOT_YET(what=what, not_yet=NOT_YET())


class Refused(Exception):
    """A text that a word does not accept, and the *reason*."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


Grammar = Callable[[str], Any]
"""Returns the value that a text says; Refused when it says none."""


class Repeat(Enum):
    """What holds when a word is on the line more than once."""

    LAST = N_("The last one counts.")
    SAME = N_("Different values are an error: a disk is not erased by whichever word came last.")
    EACH = N_("Every one counts, in their order.")
    FAMILY = N_("The last one counts for its family of addresses, so that a node can have one address of each.")


def nothing_kept(value: Any) -> tuple[str, ...]:
    """What *keeps* says of a word that is of no use to the installed system."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of the kernel line, NAME=VALUE.

    *fills* are the paths of the settings it decides.  *bare* is what the name without a value stands for, None where
    one is required.  *form*, *help* and *example* are for the reference and for who got it wrong.  A *coming* one is
    understood and refused.  *keeps* says which words of the kernel a value leaves on the line of the installed system.
    """

    name: str
    grammar: Grammar
    form: str
    help: str
    example: str
    subject: str = ""
    also: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    bare: str | None = None
    repeat: Repeat = Repeat.LAST
    secret: bool = False
    coming: bool = False
    keeps: Callable[[Any], tuple[str, ...]] = nothing_kept

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling."""
        return (self.name, *self.also)

    def merged(self, old: Any, new: Any) -> Any:
        """Return what *old* and, after it, *new* say together; Refused when they may not differ."""
        if self.repeat is Repeat.EACH:
            return (*old, *new)
        if self.repeat is Repeat.FAMILY:
            return (*(one for one in old if one.family != new[0].family), *new)
        if self.repeat is Repeat.SAME and old != new:
            raise Refused(TWICE())
        return new


class Said(dict[str, Any]):
    """The value of each word that is on the line and right, by its name."""

    def __init__(self, *values: Mapping[str, Any]) -> None:
        super().__init__(*values)
        self.spellings: dict[str, str] = {}
        self.named: set[str] = set()
        """The words on the line, right or wrong."""

    def spelled(self, name: str) -> str:
        """The name that was used on the line for the word *name*."""
        return self.spellings.get(name, name)


@dataclass(frozen=True)
class Put:
    """The line decides the setting at *path*."""

    path: str
    value: object


@dataclass(frozen=True)
class Wrong:
    """What is wrong with the word *name*.  *path* is the setting, if not its first."""

    name: str
    reason: Reason
    details: tuple[Detail, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class Noted:
    """What should be known of the word *name*, and stops nothing."""

    name: str
    reason: Reason


Outcome = Put | Wrong | Noted


def nothing(said: Said) -> Iterable[Wrong | Noted]:
    """What *agree* says of words that cannot contradict each other, and *later* of those that are all carried out."""
    return ()


def no_setting(said: Said, facts: Facts) -> Iterable[Outcome]:
    """What *read* makes of words that are no settings."""
    return ()


def no_word(config: NodeConfig) -> Iterable[tuple[str, str]]:
    """What *write* makes of them."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """Words and settings that say the same.

    *agree* tells of words against each other, *later* of what this version cannot do of them; *read* makes settings
    of them on a machine; *write* yields the words, with their values, that say what is not at its default.  Secrets
    are not written.
    """

    words: tuple[Word, ...]
    read: Callable[[Said, Facts], Iterable[Outcome]] = no_setting
    write: Callable[[NodeConfig], Iterable[tuple[str, str]]] = no_word
    agree: Callable[[Said], Iterable[Wrong | Noted]] = nothing
    later: Callable[[Said], Iterable[Wrong | Noted]] = nothing

    def is_in(self, said: Said) -> bool:
        """Whether any of its words is on the line."""
        return any(word.name in said for word in self.words)


Agree = Callable[[Said], Iterable[Wrong | Noted]]


def plain(path: str, *words: Word, agree: Agree = nothing) -> Parameter:
    """The setting at *path* is said by each of *words* alone, whose value is its value; the first of them counts.

    It is also the one that is written.
    """

    def read(said: Said, facts: Facts) -> Iterator[Outcome]:
        yield Put(path, next(said[word.name] for word in words if word.name in said))

    def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
        setting = config.setting(path)
        if config.get(path) != setting.default and not setting.secret:
            yield words[0].name, show(config.get(path))

    return Parameter(words=words, agree=agree, read=read, write=write)


def value(kind: Any, wrong: Kind | None = None) -> Grammar:
    """A value of type *kind*; a text that is none is *wrong*, unless its type says more than what it takes."""

    def grammar(text: str) -> Any:
        try:
            return parse(kind, text)
        except ValueError as error:
            own = wrong if not isinstance(error, Unfit) else None
            raise Refused(own() if own else FORM(wanted=str(error))) from error

    return grammar


def is_a(kind: Any, text: str) -> bool:
    """Say whether *text* is a value of type *kind*."""
    try:
        parse(kind, text)
    except ValueError:
        return False
    return True


def counted(text: str, numbers: range, wrong: Reason) -> int:
    """A decimal number within bounds, leading zeros allowed.  Python refuses to count beyond 4300 digits."""
    digits = text.lstrip("0") or "0"
    if not (text.isascii() and text.isdigit()) or len(digits) > MOST_DIGITS or int(digits) not in numbers:
        raise Refused(wrong)
    return int(digits)


def number(numbers: range) -> Grammar:
    """A decimal number without leading zeros, within bounds."""

    def grammar(text: str) -> int:
        if not re.fullmatch(NUMBER, text):
            raise Refused(NO_INTEGER())
        if int(text) not in numbers:
            raise Refused(OUT_OF_RANGE(value=text))
        return int(text)

    return grammar


def option(options: tuple[str, ...], wrong: Kind) -> Grammar:
    """One of *options*."""

    def grammar(text: str) -> str:
        if text not in options:
            raise Refused(wrong())
        return text

    return grammar


def flag(text: str) -> bool:
    """Yes or no, in any of their spellings."""
    if text.lower() not in BOOLS:
        raise Refused(NO_BOOLEAN())
    return BOOLS[text.lower()]


def choice(kind: type[Enum], wrong: Kind) -> Grammar:
    """A member of *kind*, by its value."""

    def grammar(text: str) -> Enum:
        try:
            return kind(text)
        except ValueError:
            raise Refused(wrong()) from None

    return grammar


def each(grammar: Grammar) -> Grammar:
    """One of several that are given by repeating the word."""
    return lambda text: (grammar(text),)


def listed(kind: Any, wrong: Kind) -> Grammar:
    """A list separated by commas, none of them empty."""
    one = value(kind, wrong)
    return lambda text: tuple(one(part) for part in text.split(","))
