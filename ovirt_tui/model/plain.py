"""A value as TOML and JSON have it, and back: what a value may be is for its type to say, as of any text."""

from __future__ import annotations

from enum import Enum
from types import NoneType

from ovirt_tui.i18n import _
from ovirt_tui.model.typed import Any, origin, parts
from ovirt_tui.model.values import Number, Ratio, Size, Unfit, describe, first_that_takes, members, parse, show

Plain = str | bool | int | float | list[object]


def plain(value: object) -> Plain:
    """Return *value* as TOML and JSON have it; nothing is an empty text, and a secret "***"."""
    match value:
        case tuple():
            return [plain(part) for part in value]
        case bool():
            return value
        case int():
            return int(value)
        case float():
            return float(value)
    return show(value)


def typed(kind: Any, given: object) -> Any:
    """Return *given*, as TOML and JSON have it, as a value of type *kind*; ValueError with what would be right."""
    return first_that_takes(kind, lambda choice: _typed_as(choice, given), form)


def _typed_as(kind: Any, given: object) -> Any:
    match given:
        case bool():
            if kind is bool:
                return given
        case str():
            if is_text(kind) or kind is Size:
                return parse(kind, given)
        case int() | float():
            if _is_a(kind, Ratio) or (_is_a(kind, Number) and isinstance(given, int)):
                return kind(given)
        case list():
            if origin(kind) is tuple:
                return tuple(_part(parts(kind)[0], part, number) for number, part in enumerate(given, 1))
    raise ValueError


def _part(kind: Any, given: object, number: int) -> Any:
    try:
        return typed(kind, given)
    except ValueError as error:
        raise Unfit(_("number {number} of the list {why}").format(number=number, why=error)) from error


def is_text(kind: Any) -> bool:
    """Say whether TOML and JSON have all values of *kind*, which is no union, as strings."""
    return origin(kind) is not tuple and kind is not bool and not _is_a(kind, Number) and not _is_a(kind, Ratio)


def _is_a(kind: Any, of: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, of)


def form(kind: Any) -> str:
    """Say in words what typed() takes for *kind*."""
    chosen = [each for each in members(kind) if each is not NoneType]
    texts = [describe(each) for each in chosen if is_text(each) and not _is_a(each, Enum)]
    forms = [_form(each) for each in chosen if not is_text(each) or _is_a(each, Enum)]
    if texts:
        forms.append(_("a string, {wanted}").format(wanted=_(" or ").join(texts)))
    if NoneType in members(kind):
        forms.append(_('"" for none'))
    return _(", or ").join(forms)


def _form(kind: Any) -> str:
    if origin(kind) is tuple:
        return _("an array, each {form}").format(form=form(parts(kind)[0]))
    if kind is bool:
        return _("true or false")
    if _is_a(kind, Enum):
        return _("one of {choices}").format(choices=", ".join(f'"{each.value}"' for each in kind))
    if kind is Size:
        return _('an integer, a size in MiB, or one with a unit such as "10G"')
    return _("an integer, {wanted}").format(wanted=describe(kind)) if _is_a(kind, Number) else describe(kind)
