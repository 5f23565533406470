"""As much of a JSON Schema validator as our schemas need."""

from __future__ import annotations

import re
from typing import Any

KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}
WORDS = {"anyOf", "const", "enum", "type", "items", "required", "properties", "additionalProperties"} | {
    *("minimum", "maximum", "pattern", "format", "title", "description", "default", "writeOnly", "$schema"),
}
"""What a schema may say to be understood here."""


def wrong(value: Any, wanted: dict[str, Any], where: str = "") -> list[str]:
    """What in *value* is not as the schema wants it."""
    assert wanted.keys() <= WORDS, wanted.keys() - WORDS
    if "anyOf" in wanted:
        return [] if any(not wrong(value, choice) for choice in wanted["anyOf"]) else [f"{where}: none of the choices"]
    if "const" in wanted or "enum" in wanted:
        return [] if value in wanted.get("enum", [wanted.get("const")]) else [f"{where}: {value!r}"]
    kind = wanted["type"]
    if not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return [f"{where}: {value!r} is no {kind}"]
    if kind == "array":
        return [each for index, part in enumerate(value) for each in wrong(part, wanted["items"], f"{where}[{index}]")]
    if kind == "object":
        return _object(value, wanted, where)
    if kind == "string":
        return [] if re.search(wanted.get("pattern", ""), value) else [f"{where}: {value!r} has another form"]
    if kind != "boolean" and not wanted.get("minimum", value) <= value <= wanted.get("maximum", value):
        return [f"{where}: {value!r} is out of range"]
    return []


def _object(value: dict[str, Any], wanted: dict[str, Any], where: str) -> list[str]:
    found = [f"{where}: {name} is missing" for name in wanted.get("required", ()) if name not in value]
    for name, part in value.items():
        known = wanted["properties"].get(name)
        found += wrong(part, known, f"{where}.{name}") if known else [f"{where}: {name} is not described"]
    return found
