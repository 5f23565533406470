"""Text to value and back.  The type of a setting is its validator and its error message."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from types import NoneType, UnionType

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.secrets import Secret
from ovirt_tui.model.typed import Any, ClassVar, Self, origin, parts


class Unfit(ValueError):
    """A text that is no value of its type.  Says why, where that is more than what was wanted."""


class Text(str):
    """A string of a known form, all of which can be seen if *printable*: to construct one is to validate it."""

    wanted: ClassVar[str]
    longest: ClassVar[int]  # characters
    pattern: ClassVar[str]
    printable: ClassVar[bool] = True

    def __new__(cls, text: str) -> Self:
        if not re.fullmatch(cls.pattern, text) or (cls.printable and not text.isprintable()):
            raise ValueError(text)
        text.encode()  # a ValueError too, where it holds what no file can
        return super().__new__(cls, text)


class Keymap(Text):
    """The name of a console key map; that it exists is a rule, not a form."""

    wanted = N_("a keyboard layout such as us or de-latin1")
    longest = 64
    pattern = r"[A-Za-z0-9_.-]+"


class ProfileName(Text):
    """The name of a profile of tuned; that it exists is a rule, not a form."""

    wanted = N_("the name of a profile such as virtual-host")
    longest = 64
    pattern = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"


class KernelWords(Text):
    """Words of a kernel line, separated by blanks."""

    wanted = N_("words of a kernel command line")
    longest = 2048
    pattern = r'[^\n"]*("[^\n"]*"[^\n"]*)*'


class Number(int):
    """A whole number from *least* to *most*.  As text it has the form *pattern*."""

    wanted: ClassVar[str]
    longest: ClassVar[int]  # characters
    pattern: ClassVar[str] = "[0-9]{1,12}"
    least: ClassVar[int] = 0
    most: ClassVar[int]

    def __new__(cls, number: str | int) -> Self:
        if isinstance(number, str):
            if not re.fullmatch(cls.pattern, number):
                raise ValueError(number)
            number = cls.counted(number)
        if not cls.least <= number <= cls.most:
            raise ValueError
        return super().__new__(cls, number)

    @classmethod
    def counted(cls, text: str) -> int:
        """The number that *text*, of the form *pattern*, says."""
        return int(text)


class Size(Number):
    """A size in MiB; -1 takes what is left.  As text also with a unit: 512M, 10G, 10 GiB, 1T, all powers of 1024.

    10GB is refused: it may be meant in powers of 1000, and that is another size.
    """

    wanted = N_("a size such as 512 (MiB), 10G, 1T")
    longest = 20
    pattern = "-?[0-9]{1,12}|[0-9]{1,9} ?[mMgGtT]([iI][bB])?"
    least, most = -1, 10**12 - 1
    units: ClassVar[dict[str, int]] = {"m": 1, "g": 1024, "t": 1024 * 1024}

    @classmethod
    def counted(cls, text: str) -> int:
        """The MiB that *text* says."""
        digits, unit = re.fullmatch("(-?[0-9]+) ?([a-z]?).*", text.lower()).group(1, 2)  # type: ignore[union-attr]
        return int(digits) * cls.units[unit or "m"]


class Kibibytes(Number):
    """A size in KiB."""

    wanted = N_("a number of KiB such as 1024")
    longest = 10
    pattern = "[0-9]{1,10}"
    most = 2**31 - 1


class Seconds(Number):
    """A time in seconds, at most a day."""

    wanted = N_("a number of seconds from 0 to 86400")
    longest = 6
    pattern = "[0-9]{1,6}"
    most = 86400


class PageCount(Number):
    """A number of huge pages."""

    wanted = N_("a number of pages from 1")
    longest = 8
    pattern = "[0-9]{1,8}"
    least, most = 1, 10**8 - 1


class Ratio(float):
    """A decimal number that is not negative, and no larger than anything can be multiplied by."""

    wanted = N_("a number such as 0.5")
    longest = 12
    pattern = r"[0-9]+(\.[0-9]+)?|\.[0-9]+"
    least: ClassVar[float] = 0
    most: ClassVar[float] = 10**9

    def __new__(cls, number: str | float) -> Self:
        if isinstance(number, str):
            if not re.fullmatch(cls.pattern, number):
                raise ValueError(number)
            number = float(number)
        if not cls.least <= number <= cls.most:  # before it is made: an integer may be too large for a float
            raise ValueError
        return super().__new__(cls, abs(number))  # zero may have a sign

    def __str__(self) -> str:
        """The number as it is written, without an exponent, which only very small ones have."""
        mantissa, exponent, power = repr(self).partition("e")
        return f"0.{'0' * (-int(power) - 1)}{mantissa.replace('.', '')}" if exponent else mantissa


BOOLS = {
    **dict.fromkeys(("1", "y", "yes", "true", "on"), True),
    **dict.fromkeys(("0", "n", "no", "false", "off"), False),
}
WANTED = {
    NoneType: N_("empty"),  # "nothing" would be a valid host name
    bool: N_("yes or no"),
    str: N_("some text"),
    IPv4Address: N_("an IPv4 address"),
    IPv4Interface: N_("an IPv4 address with prefix length such as 192.0.2.7/24"),
    IPv6Address: N_("an IPv6 address"),
    IPv6Interface: N_("an IPv6 address with prefix length such as 2001:db8::7/64"),
}


LONGEST = {
    NoneType: 0,
    bool: 5,
    str: 255,
    IPv4Address: 15,
    IPv4Interface: 18,
    IPv6Address: 45,
    IPv6Interface: 49,
}
LIST = 8  # of the longest values that a typed list has room for


def longest(kind: Any) -> int:
    """How many characters of a text of type *kind* somebody may type."""
    if isinstance(kind, UnionType):
        return max(map(longest, parts(kind)))
    if origin(kind) is tuple:
        return LIST * (longest(parts(kind)[0]) + 2)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return max(len(str(choice.value)) for choice in kind)
    most: int = getattr(kind, "longest", None) or LONGEST[kind]
    return most


def parse(kind: Any, text: str) -> Any:
    """Return *text* as a value of type *kind*, or raise ValueError with what was wanted."""
    return first_that_takes(kind, lambda choice: _parse_as(choice, text), describe)


def first_that_takes(kind: Any, attempt: Callable[[Any], Any], wanted: Callable[[Any], str]) -> Any:
    """What *attempt* makes of the first type of *kind* for which it raises no ValueError.

    Where there is none, what an Unfit said, else that *wanted* says.
    """
    why = ""
    for choice in members(kind):
        try:
            return attempt(choice)
        except Unfit as unfit:
            why = str(unfit)
        except ValueError:
            continue
    if why:
        raise Unfit(why)
    raise ValueError(_("must be {wanted}").format(wanted=wanted(kind)))


def _parse_as(kind: Any, text: str) -> Any:
    if origin(kind) is tuple:
        part_of = parts(kind)[0]
        between = r"\s*,\s*" if getattr(part_of, "has_blanks", False) else r"[,\s]+"
        return tuple(parse(part_of, part) for part in re.split(between, text.strip()) if part)
    if kind is bool:
        if text.lower() not in BOOLS:
            raise ValueError(text)
        return BOOLS[text.lower()]
    if kind is NoneType:
        if text:
            raise ValueError(text)
        return None
    if kind in (IPv4Interface, IPv6Interface) and "/" not in text:
        raise ValueError(text)
    if kind in (IPv6Address, IPv6Interface) and "%" in text:  # a scope means something on one machine only
        raise ValueError(text)
    if not text and kind not in (str, KernelWords):
        raise ValueError(text)
    return kind(text)


def show(value: object) -> str:
    """Return the text that parse() turns back into *value*; a secret shows as ***."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ",".join(show(part) for part in value)
        case Enum():
            return str(value.value)
    return str(value)


def describe(kind: Any) -> str:
    """Say in words what parse() accepts for *kind*."""
    if isinstance(kind, UnionType):
        return _(" or ").join(describe(choice) for choice in parts(kind))
    if origin(kind) is tuple:
        return _("a list separated by commas or blanks, each {wanted}").format(wanted=describe(parts(kind)[0]))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _("one of {choices}").format(choices=", ".join(str(c.value) for c in kind))
    return _(getattr(kind, "wanted", None) or WANTED[kind])


def members(kind: Any) -> tuple[Any, ...]:
    """The types of a union; any other type is alone."""
    return parts(kind) if isinstance(kind, UnionType) else (kind,)


def conforms(kind: Any, value: object) -> bool:
    """Say whether *value* is of the type *kind*."""
    if isinstance(kind, UnionType):
        return any(conforms(each, value) for each in parts(kind))
    if origin(kind) is tuple:
        return isinstance(value, tuple) and all(conforms(parts(kind)[0], each) for each in value)
    return isinstance(value, kind)


def is_secret(kind: Any) -> bool:
    """Say whether a value of type *kind* must not be shown."""
    return any(isinstance(each, type) and issubclass(each, Secret) for each in members(kind))
