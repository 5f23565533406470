"""JSON Schemas of answer files and of what commands print, docs/schema/, from settings and from dataclasses.

python -m ovirt_tui.reference.schema FOLDER
"""

from __future__ import annotations

import json
import sys
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from ovirt_tui.cli import documents
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.report import Report
from ovirt_tui.model.config import Setting
from ovirt_tui.model.plain import plain
from ovirt_tui.model.records import MISSING, fields, is_dataclass
from ovirt_tui.model.secrets import Secret
from ovirt_tui.model.values import Number, Ratio, Size, members

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ANSWERS = "An answer file, which is TOML: a section for each subject of a node. What is left out is at its default."
DOCUMENTS = {
    "check": documents.Check,
    "plan": documents.Plan,
    "export": documents.Export,
    "disks": documents.Disks,
    "drift": documents.Drift,
    "apply": documents.Apply,
    "status": documents.Status,
    "upgrade": documents.Upgrade,
    "persist": documents.Persist,
    "unpersist": documents.Persist,
    "persisted": documents.Persisted,
    "facts": Facts,
    "report": Report,
}
"""Each schema by the command that prints such a document; a report is what a node posts to its management server."""
FORMS: dict[type, dict[str, str]] = {
    IPv4Address: {"format": "ipv4"},
    IPv4Interface: {"pattern": "^[0-9.]+/[0-9.]+$"},
    IPv6Address: {"format": "ipv6"},
    IPv6Interface: {"pattern": "^[0-9A-Fa-f:.]+/[0-9]+$"},
}
"""Types that are strings without being texts of our own."""


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
    if issubclass(kind, Secret):
        return {"const": documents.MASK}
    for of, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string")):
        if issubclass(kind, of):
            return {"type": name}
    if kind in FORMS:
        return {"type": "string"}
    raise TypeError(kind)


def _object(kind: Any) -> dict[str, Any]:
    types = get_type_hints(kind)
    needed = [part.name for part in fields(kind) if part.default is MISSING]
    properties = {part.name: _schema(types[part.name]) for part in fields(kind)}
    table = _table(properties)
    return {"description": kind.__doc__, "type": "object", "properties": properties, "required": needed, **table}


def _table(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def answer_file() -> dict[str, Any]:
    """Return the schema of an answer file.  It says forms only: what is true of a machine is for 'check' to say."""
    tables = {
        section.prefix: _table({each.name: _setting(each) for each in section.settings()})
        for section in defaults().sections
    }
    return {"$schema": DIALECT, "title": "Answers", "description": ANSWERS, **_table(tables)}


def _setting(setting: Setting) -> dict[str, Any]:
    choices = [form for kind in members(setting.type) for form in _forms(kind)]
    form = choices[0] if len(choices) == 1 else {"anyOf": choices}
    described = {"title": setting.label, "description": setting.help}
    return {**{name: text for name, text in described.items() if text}, **form, "default": plain(setting.default)}


def _forms(kind: Any) -> list[dict[str, Any]]:
    """What a value of *kind*, which is no union, may look like in an answer file."""
    if kind is NoneType:
        return [{"const": ""}]
    if get_origin(kind) is tuple:
        parts = [form for each in members(get_args(kind)[0]) for form in _forms(each)]
        return [{"type": "array", "items": parts[0] if len(parts) == 1 else {"anyOf": parts}}]
    if issubclass(kind, Number | Ratio):
        number = {"type": "integer" if issubclass(kind, int) else "number", "minimum": kind.least, "maximum": kind.most}
        return [number, {"type": "string", "pattern": f"^(?:{kind.pattern})$"}] if kind is Size else [number]
    if issubclass(kind, Secret):
        return [{"type": "string", "pattern": f"^(?:{kind.pattern})$", "writeOnly": True}]
    if issubclass(kind, str) and hasattr(kind, "pattern"):
        return [{"type": "string", "pattern": f"^(?:{kind.pattern})$"}]
    return [{**_schema(kind), **FORMS.get(kind, {})}]


def write(folder: Path) -> None:
    """Write every schema to its file in *folder*."""
    folder.mkdir(exist_ok=True)
    for name, kind in DOCUMENTS.items():
        _write(folder / f"{name}.json", schema(kind))
    _write(folder / "answers.json", answer_file())


def _write(path: Path, made: dict[str, Any]) -> None:
    path.write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
