"""JSON Schemas of what commands print, docs/schema/, from the dataclasses.  python -m ovirt_tui.schema FOLDER"""

from __future__ import annotations

import json
import sys
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from ovirt_tui import documents
from ovirt_tui.facts import Facts
from ovirt_tui.features import defaults
from ovirt_tui.values import Crypted

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS = {
    "check": documents.Check,
    "plan": documents.Plan,
    "export": documents.Export,
    "disks": documents.Disks,
    "facts": Facts,
}
"""Each schema by the command that prints such a document."""


def schema(kind: Any) -> dict[str, Any]:
    """Return the schema of a document."""
    return {"$schema": DIALECT, "title": kind.__name__, **_schema(kind)}


def _schema(kind: Any) -> dict[str, Any]:
    if kind is documents.Settings:
        found = defaults().settings()
        properties = {each.path: {**_schema(each.type), "description": each.label} for each in found}
        return {"type": "object", "properties": properties, "additionalProperties": False}
    if isinstance(kind, UnionType):
        choices = [_schema(choice) for choice in get_args(kind) if choice is not NoneType]
        different = [choice for index, choice in enumerate(choices) if choice not in choices[:index]]
        return different[0] if len(different) == 1 else {"anyOf": different}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0])}
    if is_dataclass(kind):
        return _object(kind)
    if issubclass(kind, Enum):
        return {"enum": [choice.value for choice in kind]}
    return _simple(kind)


def _simple(kind: type) -> dict[str, Any]:
    if issubclass(kind, Crypted):
        return {"const": documents.MASK}
    for of, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string")):
        if issubclass(kind, of):
            return {"type": name}
    if kind in documents.TEXTS:
        return {"type": "string"}
    raise TypeError(kind)


def _object(kind: Any) -> dict[str, Any]:
    types = get_type_hints(kind)
    needed = [part.name for part in fields(kind) if part.default is MISSING]
    return {
        "description": kind.__doc__,
        "type": "object",
        "properties": {part.name: _schema(types[part.name]) for part in fields(kind)},
        "required": needed,
        "additionalProperties": False,
    }


def write(folder: Path) -> None:
    """Write every schema to its file in *folder*."""
    folder.mkdir(exist_ok=True)
    for name, kind in DOCUMENTS.items():
        (folder / f"{name}.json").write_text(json.dumps(schema(kind), indent=1) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
