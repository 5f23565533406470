"""Records: what dataclasses of the standard library are, without compiling anything.

dataclasses compiles six functions for each class and loads Python's own parser to do so, which was half of the time
that a command took.  Here all classes share the same few functions, which go by the fields.  To a type checker these
are those of the standard library, whose own fields(), replace() and asdict() take a record too.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator, Mapping
from functools import reduce
from operator import attrgetter, or_
from types import GenericAlias

from ovirt_tui.model.typed import TYPE_CHECKING, Any, TypeVar

__all__ = ["MISSING", "Field", "asdict", "dataclass", "field", "fields", "is_dataclass", "replace", "types"]

R = TypeVar("R")
SHAPE = "__record__"
"""The attribute of a class that has its Shape."""
NONE: Any = object()
"""In place of a default, where a field has none."""
_set = object.__setattr__


class _Field:
    """A field of a record.  *kw_only* None is what its class says."""

    __hash__ = None  # type: ignore[assignment]  # so dataclasses, which would take it for a default, refuses it

    def __init__(
        self,
        *,
        default: Any = NONE,
        default_factory: Any = NONE,
        init: bool = True,
        repr: bool = True,
        compare: bool = True,
        kw_only: bool | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = ""
        self.default, self.default_factory, self.metadata = default, default_factory, metadata or {}
        self.init, self.repr, self.compare, self.kw_only = init, repr, compare, kw_only


class Shape:
    """What the functions of all records have to know of a class: its fields, and what follows from them."""

    def __init__(self, kind: type, fields: tuple[_Field, ...], frozen: bool) -> None:
        self.fields, self.frozen = fields, frozen
        self.names = frozenset(each.name for each in fields if each.init)
        self.positional = tuple(each.name for each in fields if each.init and not each.kw_only)
        self.defaults = {each.name: each.default for each in fields if each.default is not NONE}
        self.factories = [(each.name, each.default_factory) for each in fields if each.default_factory is not NONE]
        compared = [each.name for each in fields if each.compare]
        self.compared = attrgetter(*compared) if compared else lambda record: ()
        self.more = hasattr(kind, "__post_init__")


def _dataclass(kind: type | None = None, /, *, frozen: bool = False, kw_only: bool = False) -> Any:
    """Make a record of a class, whose annotations are texts ('from __future__ import annotations')."""
    if kind is None:
        return lambda kind: _made(kind, frozen, kw_only)
    return _made(kind, frozen, kw_only)


def _made(kind: type, frozen: bool, kw_only: bool) -> type:
    shapes = [vars(base)[SHAPE] for base in reversed(kind.__mro__) if SHAPE in vars(base)]
    inherited = (each for shape in shapes for each in shape.fields)
    shape = Shape(kind, tuple({each.name: each for each in (*inherited, *_own(kind, kw_only))}.values()), frozen)
    methods: dict[str, Any] = {"__init__": _init, "__repr__": _repr, "__eq__": _eq, "__match_args__": shape.positional}
    methods["__hash__"] = _hash if frozen else None
    if frozen:
        methods.update(__setattr__=_refuse, __delattr__=_refuse)
    for name, method in methods.items():
        if name not in vars(kind):
            setattr(kind, name, method)
    for each in STANDARD:
        setattr(kind, each.name, each)
    setattr(kind, SHAPE, shape)
    return kind


def _own(kind: type, kw_only: bool) -> Iterator[_Field]:
    """The fields that a class has beside those of its bases; their defaults are its attributes."""
    own = vars(kind)
    for name, annotation in own.get("__annotations__", {}).items():
        if annotation.startswith("ClassVar"):
            continue
        given = own.get(name, NONE)
        part = given if given.__class__ is _Field else _Field(default=given)
        part.name, part.kw_only = name, kw_only if part.kw_only is None else part.kw_only
        if part.default is not NONE and part.default.__class__.__hash__ is None:
            raise ValueError(f"{kind.__name__}.{name}: all would share this default; a default_factory makes each")
        if given is part:  # what it says of the field is no value of it
            if part.default is not NONE:
                setattr(kind, name, part.default)
            else:
                delattr(kind, name)
        yield part


def _init(self: Any, /, *values: Any, **named: Any) -> None:
    shape: Shape = type(self).__record__
    placed = dict(zip(shape.positional, values, strict=False)) if values else {}
    given = {**shape.defaults, **placed, **named}
    for name, factory in shape.factories:
        if name not in given:
            given[name] = factory()
    right = len(given) == len(shape.names) and len(placed) == len(values)
    if not right or (named and not (shape.names.issuperset(named) and named.keys().isdisjoint(placed))):
        raise TypeError(f"{type(self).__name__} {_misfit(shape, given, values, named)}")
    _set(self, "__dict__", given)  # one by one takes twice as long, for half of the memory
    if shape.more:
        self.__post_init__()


def _misfit(shape: Shape, given: dict[str, Any], values: tuple[Any, ...], named: dict[str, Any]) -> str:
    """What is wrong with what a record is made of."""
    if len(values) > len(shape.positional):
        return f"takes {len(shape.positional)} values without a name"
    twice = named.keys() & set(shape.positional[: len(values)])
    wrong = {"needs": shape.names - given.keys(), "has no": given.keys() - shape.names, "is given twice": twice}
    return " and ".join(f"{what} {', '.join(map(repr, sorted(names)))}" for what, names in wrong.items() if names)


def _repr(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in type(self).__record__.fields if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: object) -> Any:
    compared = type(self).__record__.compared
    return compared(self) == compared(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(type(self).__record__.compared(self))


def _refuse(self: object, name: str, *value: object) -> None:
    raise AttributeError(f"{name!r} of a {type(self).__name__} cannot be changed")


class _Standard:
    """An attribute that functions of the standard library look for in a class: made when one of them does."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, record: object, kind: Any) -> Any:
        import dataclasses  # by few, such as plug-ins

        shape: Shape = kind.__record__
        given = [{name: value for name, value in vars(each).items() if value is not NONE} for each in shape.fields]
        rows = [(each.pop("name"), Any, dataclasses.field(**each)) for each in given]
        return getattr(dataclasses.make_dataclass(kind.__name__, rows, frozen=shape.frozen), self.name)


STANDARD = (_Standard("__dataclass_fields__"), _Standard("__dataclass_params__"))


def _fields(record: Any) -> tuple[Any, ...]:
    """The fields of a record, or of its class."""
    return tuple(getattr(record, SHAPE).fields)


def _is_dataclass(record: object) -> bool:
    return hasattr(record, SHAPE)


def types(kind: type) -> dict[str, Any]:
    """The types of the fields of a record, by their names.

    typing says the same, and takes as long to be loaded as Python to start; it is asked for forms that only it knows.
    """
    found = dict[str, Any]()
    try:
        for base in reversed(kind.__mro__):
            known = vars(sys.modules[base.__module__])
            for name, annotation in vars(base).get("__annotations__", {}).items():
                if not annotation.startswith("ClassVar"):
                    found[name] = _type(annotation, known)
    except KeyError:
        from typing import get_type_hints  # by few, such as plug-ins

        found = get_type_hints(kind)
    return {each.name: found[each.name] for each in _fields(kind)}


def _type(annotation: str, known: Mapping[str, Any]) -> Any:
    """The type that an annotation names, of those that its module knows; KeyError where it takes more than a look."""
    if annotation.startswith("tuple[") and annotation.endswith(", ...]"):
        return GenericAlias(tuple, (_type(annotation[len("tuple[") : -len(", ...]")], known), ...))
    if " | " in annotation:
        return reduce(or_, (_type(each, known) for each in annotation.split(" | ")))
    if annotation == "None":
        return type(None)
    return known[annotation] if annotation in known else vars(builtins)[annotation]


def _replace(record: R, /, **changes: Any) -> R:
    """A copy of *record* with *changes*."""
    kept = {each.name: getattr(record, each.name) for each in _fields(record) if each.init}
    return type(record)(**{**kept, **changes})


def _asdict(record: Any) -> dict[str, Any]:
    """The values of *record* by their names, and so those of each record in it."""
    return {each.name: _plain(getattr(record, each.name)) for each in _fields(record)}


def _plain(value: Any) -> Any:
    if _is_dataclass(value):
        return _asdict(value)
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, dict) else value


if TYPE_CHECKING:
    from dataclasses import MISSING, Field, asdict, dataclass, field, fields, is_dataclass, replace
else:
    MISSING, Field, dataclass, field = NONE, _Field, _dataclass, _Field
    asdict, fields, is_dataclass, replace = _asdict, _fields, _is_dataclass, _replace
