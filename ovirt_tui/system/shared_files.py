"""Files of other programs in which a step sets some values; the rest of the text stays as it is."""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import run
from ovirt_tui.system.files import Before, before, restore, write
from ovirt_tui.system.steps import Entry, Keys
from ovirt_tui.system.tree import Tree, file_errors

LENS = Path(__file__).with_name("augeas_lens.py")
SECONDS = 30
Changes = tuple[tuple[str, str | None], ...]
"""Augeas paths and their new values, in the order they are set; None removes the node."""


class SharedFiles:
    """Keys and Entry: hold when making them would not change the text."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: Keys | Entry) -> bool:
        """False for a file that cannot be read: make() says why."""
        try:
            text = _text(step, self._before(step))
            return _changed(step.file, step.lens, text, changes(step)) == text
        except StepFailed:
            return False

    def make(self, step: Keys | Entry, tell: Tell) -> Undo:
        was, path = self._before(step), self.tree.path(step.file)
        new = _changed(step.file, step.lens, _text(step, was), changes(step))
        mode, owner = (was.mode, (was.owner, was.group)) if was.content is not None else (0o644, None)
        with file_errors(_("{path} could not be changed").format(path=step.file)):
            write(path, new.encode(), mode, owner)
        return lambda: restore(path, was)

    def _before(self, step: Keys | Entry) -> Before:
        with file_errors(_("{path} could not be read").format(path=step.file)):
            return before(self.tree.path(step.file))


def _text(step: Keys | Entry, was: Before) -> str:
    """The text of the file, the last line completed: augeas requires that."""
    try:
        text = (was.content or b"").decode()
    except UnicodeDecodeError as error:
        raise StepFailed(_("{path} could not be read: it is no UTF-8").format(path=step.file), str(error)) from error
    return text if text.endswith("\n") else f"{text}\n"


def changes(step: Keys | Entry) -> Changes:
    """The changes that make *step* true.  Of a key with several lines the last one counts, as in a shell."""
    if isinstance(step, Keys):
        return tuple((f"{key}[last()]", value) if value else (key, None) for key, value in step.values)
    name, value = step.key
    places = f"*[{name} = '{value}']"
    if not step.values:
        return ((places, None),)
    return (
        (f"{places}[position() > 1]", None),
        (f"{places}/*[label() != '{name}']", None),
        (f"seq::{places}/{name}", value),
        *((f"{places}/{key}[last() + 1]", text) for key, text in step.values),
    )


@lru_cache(maxsize=8)  # holds() is called right before make()
def _changed(file: str, lens: str, text: str, changes: Changes) -> str:
    """The text with *changes* made; StepFailed, naming *file*, where *lens* cannot parse it."""
    wanted = json.dumps({"lens": lens, "text": text, "changes": changes})
    try:
        said = run((sys.executable, "-P", str(LENS)), seconds=SECONDS, stdin=wanted, reads=True)
    except StepFailed as failure:
        what = _("{path} could not be changed: {reason}").format(path=file, reason=failure)
        raise StepFailed(what, failure.output) from failure
    found: dict[str, str] = json.loads(said)
    if "text" in found:
        return found["text"]
    what = _("{path} could not be changed: {reason}")
    if found["line"]:
        what = _("{path} could not be changed, line {line} is not as the lens {lens} wants it: {reason}")
    raise StepFailed(what.format(path=file, lens=lens, line=found["line"], reason=found["reason"]))
