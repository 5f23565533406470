"""Steps with all that they carry: their one line, as a person reads it in a plan, and below it what that does not tell.

A field is left out when the line tells it, which is tried: the line of the same step with another value there is
another line.  So a new kind of step, or a new field, is shown without a word here.  What is empty is left out too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import Field, fields, replace
from difflib import SequenceMatcher
from typing import Any

from ovirt_tui.model.secrets import Confidential
from ovirt_tui.model.values import show
from ovirt_tui.system.steps import Step, lines

FOLDER = "files"
"""Below tests/cases/: the texts that most plans write alike, by their subjects."""

WIDTH = 100
"""What is longer is shown one word a line: the words of a kernel are compared one by one."""

PICTURES = {code: chr(0x2400 + code) for code in range(32)}
"""Characters of control, each as its picture."""

NO_NEWLINE = "\\ no newline at its end"
Part = Field[Any]
Known = Mapping[str, str]
"""What most plans write, by its subject."""


def shown(step: Step, known: Known) -> Iterator[str]:
    """The line of *step*, and what it does not tell; of a text that most plans write, only what is different here."""
    line, rest = str(step), []
    for part in fields(step):
        value = _visible(getattr(step, part.name))
        if is_text(value) and (name := golden(value, known)) and lines(value) in line:
            line = line.replace(lines(value), name)
        elif is_text(value):
            rest += _text(part.name, value, known.get(subject(step, part), ""), known)
        elif value and not tells(step, part):
            rest += _value(part.name, value)
    yield line
    yield from (f"  {each}" for each in rest)


def is_text(value: object) -> bool:
    """Say whether *value* is a text of lines."""
    return isinstance(value, str) and "\n" in value


def _visible(value: object) -> object:
    """Of a text with secrets, what may be shown."""
    return str(value) if isinstance(value, Confidential) else value


def subject(step: Step, part: Part) -> str:
    """What a text is: the path that it is written to, or the kind of step and the name of its field."""
    path: str = getattr(step, "path", f"/{type(step).__name__}-{part.name}")
    return path[1:].replace("/", "-")


def texts(step: Step) -> Iterator[tuple[str, str]]:
    """The texts that *step* carries, each with its subject."""
    for part in fields(step):
        if is_text(value := _visible(getattr(step, part.name))):
            yield subject(step, part), value


def golden(text: str, known: Known) -> str:
    """The file that holds *text*; empty when it is not what most plans write."""
    return next((f"{FOLDER}/{name}.txt" for name, usual in known.items() if usual == text), "")


def tells(step: Step, part: Part) -> bool:
    """Say whether the line of *step* is another with any other value of *part*; a type of ours has no other here."""
    others = tuple(_others(getattr(step, part.name)))
    return bool(others) and all(str(replace(step, **{part.name: other})) != str(step) for other in others)


def _others(value: object) -> Iterator[object]:
    """Values of the same type, with one part of *value* changed in each."""
    if isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from ((*value[:index], other, *value[index + 1 :]) for other in _others(each))
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif type(value) is str:
        yield f"x{value}"


def whole(text: str) -> list[str]:
    """Every line of *text*: its first word after a bar, or all of it, and its other words after a plus."""
    *parts, rest = text.split("\n")
    found = [line for part in (*parts, rest) for line in folded(part, "| ", "+ ")]
    return [*found, NO_NEWLINE] if rest else found[:-1]


def folded(line: str, first: str, others: str) -> list[str]:
    """*line* after *first*; a long one a word a line, each after *others* but for the first.  No blank is lost."""
    text = line.translate(PICTURES)
    indent = text[: len(text) - len(text.lstrip(" "))]
    head, *words = text.removeprefix(indent).split(" ") if len(text) > WIDTH else [text.removeprefix(indent)]
    return [f"{first}{indent}{head}" if text else first.rstrip(), *(f"{others}{word}" for word in words)]


def _value(name: str, value: object) -> list[str]:
    """What is in a field: beside its name, or several values below it."""
    parts = value if isinstance(value, tuple) else (value,)
    found = [" ".join(map(show, part)) if isinstance(part, tuple) else show(part) for part in parts]
    if len(found) == 1 and len(found[0]) <= WIDTH:
        return [f"{name}: {found[0]}"]
    return [f"{name}:", *(f"  {line}" for text in found for line in folded(text, "| ", "+ "))]


def _text(name: str, text: str, usual: str, known: Known) -> list[str]:
    """A text below the name of its field, or where it differs from the *usual* one, when that is much shorter."""
    if same := golden(text, known):
        return [f"{name}: {same}"]
    other = _differences(whole(usual), whole(text)) if usual else []
    if 0 < len(other) < len(whole(text)) / 2:
        return [f"{name}: {golden(usual, known)}, but for", *(f"  {line}" for line in other)]
    return [f"{name}:", *(f"  {line}" for line in whole(text))]


def _differences(usual: list[str], here: list[str]) -> list[str]:
    """What is usual (<) and what is here (>), each between a line that both have."""
    found = []
    for group in SequenceMatcher(None, usual, here, autojunk=False).get_grouped_opcodes(1):
        for kind, was, was_end, now, now_end in group:
            same = kind == "equal"
            found += [f"  {line}" for line in usual[was:was_end] if same]
            found += [] if same else [f"< {line}" for line in usual[was:was_end]]
            found += [] if same else [f"> {line}" for line in here[now:now_end]]
    return found
