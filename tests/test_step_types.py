"""Every step of every golden plan has values of the types that it declares: a checker of types cannot tell them all.

A tuple that is put together of several parts is any tuple to it, and so may land in the wrong place.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from ovirt_tui.model.records import fields, is_dataclass
from ovirt_tui.system.disk_steps import BootLoader
from test_cases import CASES, of, steps


def wrong(value: object, hint: Any, where: str) -> Iterator[str]:
    """What in *value* is not of the type *hint*, and where."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return
    if origin in (Union, UnionType):
        if all([*wrong(value, each, where)] for each in inner):
            yield f"{where} is no {hint}: {value!r}"
    elif origin is tuple:
        yield from _wrong_tuple(value, inner, where)
    elif not isinstance(value, origin or hint):
        yield f"{where} is no {hint}: {value!r}"
    elif is_dataclass(value):
        yield from members(value, where)


def _wrong_tuple(value: object, inner: tuple[Any, ...], where: str) -> Iterator[str]:
    if not isinstance(value, tuple):
        yield f"{where} is no tuple: {value!r}"
        return
    kinds = (inner[0],) * len(value) if inner[-1:] == (...,) else inner
    if len(kinds) != len(value):
        yield f"{where} has {len(value)} members in place of {len(kinds)}"
    for number, (each, kind) in enumerate(zip(value, kinds, strict=False)):
        yield from wrong(each, kind, f"{where}[{number}]")


def members(record: Any, where: str) -> Iterator[str]:
    """What of a record is not of the type that it declares."""
    hints = get_type_hints(type(record))
    for each in fields(record):
        yield from wrong(getattr(record, each.name), hints[each.name], f"{where}.{each.name}")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_a_plan_carries_is_of_its_types(path: Path) -> None:
    assert not [line for step in steps(of(path)) for line in members(step, type(step).__name__)]


def test_words_in_the_place_of_identities_are_found() -> None:
    words: Any = ("node.disk=serial-a0001",)
    assert [*members(BootLoader("/dev/vda", (), "", "", "", (), words), "BootLoader")]
