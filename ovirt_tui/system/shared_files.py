"""Files of other programs in which a step sets some values; the rest of the text stays as it is."""

from __future__ import annotations

import json
import sys
from functools import lru_cache, partial
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import Waiting
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
        self._lenses = Lenses()
        self._changed = lru_cache(maxsize=8)(partial(_changed, self._lenses))  # holds() is called right before make()

    def warm_up(self) -> None:
        """Start loading what edits the files; StepFailed when it cannot be started."""
        self._lenses.warm_up()

    def close(self) -> None:
        """End what edits the files; it is started again when it is needed."""
        self._lenses.close()

    def holds(self, step: Keys | Entry) -> bool:
        """False for a file that cannot be read: make() says why."""
        try:
            text = _text(step, self._before(step))
            return self._changed(step.file, step.lens, text, changes(step)) == text
        except StepFailed:
            return False

    def make(self, step: Keys | Entry, tell: Tell) -> Undo:
        was, path = self._before(step), self.tree.path(step.file)
        new = self._changed(step.file, step.lens, _text(step, was), changes(step))
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


class Lenses:
    """The program that edits texts through lenses: loading it takes longer than all that it does."""

    def __init__(self) -> None:
        self._program: Waiting | None = None

    def warm_up(self) -> None:
        """Start it, without waiting until it has loaded; StepFailed when it cannot be started."""
        if not self._program or self._program.ended:
            self._program = Waiting((sys.executable, "-P", str(LENS)))

    def ask(self, wanted: str) -> str:
        """Its answer; StepFailed where there is none within SECONDS."""
        self.warm_up()
        assert self._program
        program, self._program = self._program, None  # one that fails is of no more use
        program.load(seconds=SECONDS)
        said = program.ask(wanted, seconds=SECONDS)
        self._program = program
        return said

    def close(self) -> None:
        """End it."""
        program, self._program = self._program, None
        if program:
            program.end()


def _changed(lenses: Lenses, file: str, lens: str, text: str, changes: Changes) -> str:
    """The text with *changes* made; StepFailed, naming *file*, where *lens* cannot parse it."""
    wanted = json.dumps({"lens": lens, "text": text, "changes": changes})
    try:
        said = lenses.ask(wanted)
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
