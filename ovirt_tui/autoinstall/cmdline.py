"""From a line to what it says: normalised keys, words to keep, and every complaint.  Looks at no machine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ovirt_tui.autoinstall import foreign, kernel, words
from ovirt_tui.autoinstall.beyond import GONE
from ovirt_tui.autoinstall.forms import Keys, Refused
from ovirt_tui.autoinstall.param import each
from ovirt_tui.autoinstall.params import PARAMETERS, ROWS, Row
from ovirt_tui.autoinstall.words import Word
from ovirt_tui.i18n import N_, _
from ovirt_tui.outside import masked
from ovirt_tui.parameter import Noted, Repeat, Said, Wrong
from ovirt_tui.parameter import Word as Known

LINE = "cmdline"
MASK = "***"
UNKNOWN = N_("unknown parameter")
BLANKS_AROUND = N_("blanks around the equals sign; name and value are one word, NAME=VALUE")
HOLDS_HASH = N_("holds a password hash, but is no parameter; it would be written into the boot menu")
NOT_KEPT = N_(
    "not a known word of the kernel, a driver or dracut; it is not kept for the installed system, unless {mark} says so"
)
UNPRINTABLE = N_("holds characters that cannot be shown, and cannot be kept for the installed system")
HOLDS_SECRET = N_(
    "looks like a password, but is no parameter; it would be written into the boot menu (expected adminpw)"
)


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a parameter: *text* follows its name and a colon.

    *path* is the setting it would have filled, *got* its value (masked when secret), *expected* the form in words,
    *details* lines that help to put it right.
    """

    parameter: str
    text: str
    path: str = ""
    got: str | None = None
    expected: str = ""
    details: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Everything but the parameter's name."""
        seen = [] if self.got is None else [_("got {value}").format(value=masked(self.got) or '""')]
        seen += [_("expected {form}").format(form=_(self.expected))] if self.expected else []
        remark = f" ({'; '.join(seen)})" if seen else ""
        return "\n".join(map(masked, (f"{self.text}{remark}", *(f"  {line}" for line in self.details))))

    def __str__(self) -> str:
        return f"{self.parameter}: {self.reason}"


@dataclass
class Reading:
    """What a line says.  *given* holds the keys of each row that is on it, *spelled* the name that was used."""

    given: dict[str, Keys] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    keys: Keys = field(default_factory=dict)
    said: Said = field(default_factory=Said)
    """The value of each word that belongs to a Parameter."""
    complaints: list[Complaint] = field(default_factory=list)
    notes: list[Complaint] = field(default_factory=list)  # what should be known, and stops nothing
    named: set[str] = field(default_factory=set)  # rows on the line, right or wrong

    def complain(self, name: str, text: str, details: tuple[str, ...] = ()) -> None:
        """Complain about the parameter *name*, as it was spelled on the line."""
        param = row(name)
        path = param.fills[0] if param and param.fills else ""
        self.complaints.append(Complaint(self.spelled.get(name, name), text, path, details=details))

    def note(self, name: str, text: str, path: str = "") -> None:
        """Say something about the parameter *name*, or its setting at *path*, that stops nothing."""
        param = row(name)
        path = path or (param.fills[0] if param and param.fills else "")
        self.notes.append(Complaint(self.spelled.get(name, name), text, path))

    def hear(self, outcome: Wrong | Noted) -> None:
        """Complain, or say what should be known, as a parameter found it."""
        if isinstance(outcome, Noted):
            self.note(outcome.name, outcome.text)
        else:
            self.complain(outcome.name, outcome.text, outcome.details)

    def get(self, name: str) -> Keys:
        """The keys that the parameter *name* gave; empty when it is not on the line."""
        return self.given.get(name, {})


@cache
def _rows() -> dict[str, Row]:
    return {name: param for param in ROWS for name in param.names}


def row(name: str) -> Row | None:
    """Return the row of the table that a name on the line stands for."""
    return _rows().get(name)


def read(line: str, *, whole: bool = True, agree: bool = True) -> Reading:
    """Read a kernel line.  With *whole* it came from the kernel, which may have cut it."""
    length = len(line.rstrip("\n").encode(errors="replace"))
    reading, line = Reading(), words.readable(line)
    try:
        found = words.split(line)
    except ValueError as error:
        reading.complain(LINE, _(str(error)))
        found = words.split(line.replace('"', ""))
    if whole and length >= words.LONGEST:
        reading.complain(LINE, _(words.TRUNCATED).format(bytes=length))
    return finish(reading, found, agree=agree)


def read_answers(text: str) -> Reading:
    """Read a file with one parameter a line; a line that begins with # is a comment."""
    reading, found = Reading(), list[Word]()
    for number, line in enumerate(words.readable(text).removeprefix("\ufeff").split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                found += words.split(line)
            except ValueError as error:
                reading.complain(LINE, _("line {number}: {text}").format(number=number, text=_(str(error))))
    return finish(reading, found)


def finish(reading: Reading, found: Collection[Word], *, agree: bool = True) -> Reading:
    """Give each word its meaning; with *agree*, see whether they contradict each other."""
    carried: list[str] = []
    found = tuple(_whole(reading, found))
    marked = ((word.value or "").replace("-", "_").split(",") for word in found if word.key == kernel.CARRY)
    marks = frozenset(name for names in marked for name in names)
    for word in found:
        param = row(word.key)
        if '"' in word.text:
            reading.complain(masked(word.name), _(words.INSIDE))
        elif param:
            _take(reading, param, word, carried)
        else:
            _foreign(reading, word, carried, marks)
    reading.keys = combine(reading)
    if carried:
        reading.keys["carry"] = carried
    for parameter in PARAMETERS if agree else ():
        for outcome in parameter.agree(reading.said):
            reading.hear(outcome)
    return reading


def _whole(reading: Reading, found: Iterable[Word]) -> Iterable[Word]:
    """Leave out what blanks around an equals sign tore apart: neither part means what was meant.

    The name alone may mean something else, as storage_init does, and the value is no word of the kernel.
    """
    kept: list[Word] = []
    torn = False
    for word in found:
        if torn:
            torn = False
        elif word.name or word.value is None:
            kept.append(word)
        else:
            name = kept.pop().name if kept and kept[-1].value is None else LINE
            reading.complain(masked(name), _(BLANKS_AROUND))
            torn = not word.value
    return kept


def _take(reading: Reading, param: Row, word: Word, carried: list[str]) -> None:
    reading.named.add(param.name)
    try:
        if word.value == "" or (word.value is None and param.bare is None):
            raise Refused(_("value required"))  # noqa: TRY301 - one way out for all that is wrong with a value
        text = word.value if word.value is not None else param.bare or ""
        if isinstance(param, Known):
            _say(reading, param, word.name, param.grammar(text))
            return
        keys = param.grammar(text)
        kept = keys.pop("carry", ())
        if not all(map(str.isprintable, kept)):
            raise Refused(_(UNPRINTABLE))  # noqa: TRY301
        carried += kept
        old = reading.given.get(param.name)
        reading.spelled[param.name] = word.name
        if old is not None and old != keys:
            keys = param.merge(old, keys)
            if param.merge is not each and not old.items() <= keys.items():
                reading.note(param.name, _("given twice with different values; the last one counts"))
        reading.given[param.name] = keys
    except Refused as refused:
        got = None if word.value is None else MASK if param.secret else word.value
        path = param.fills[0] if param.fills else ""
        reading.complaints.append(Complaint(word.name, str(refused), path, got, param.form))


def _say(reading: Reading, word: Known, spelled: str, value: Any) -> None:
    """Take *value* for what *word* says, with what it said before."""
    reading.spelled[word.name] = reading.said.spellings[word.name] = spelled
    reading.given[word.name] = {}
    if word.name in reading.said and reading.said[word.name] != value:
        value = word.merged(reading.said[word.name], value)
        if word.repeat is Repeat.LAST or (word.repeat is Repeat.FAMILY and len(value) == len(reading.said[word.name])):
            reading.note(word.name, _("given twice with different values; the last one counts"))
    reading.said[word.name] = value


def _foreign(reading: Reading, word: Word, carried: list[str], marks: frozenset[str]) -> None:
    name = masked(word.name)
    gone = next((text for start, text in GONE.items() if word.key.startswith(start)), None)
    if gone:
        reading.complain(name, _(gone))
        return
    if kernel.is_of_one_boot(word.key):
        return
    known, marked = kernel.is_known(word.key), word.key in marks
    wrong, nearest = (False, "") if known or marked else foreign.mistake(word.key)
    if wrong:
        hint = _(", did you mean {name}").format(name=nearest) if nearest else ""
        reading.complain(name, _(UNKNOWN) + hint)
    elif foreign.holds_hash(word.text):
        reading.complain(name, _(HOLDS_HASH))
    elif not known and word.value is not None and kernel.names_secret(word.key):
        reading.complain(name, _(HOLDS_SECRET))
    elif not (known or marked):
        reading.complain(name, _(NOT_KEPT).format(mark=f"{kernel.CARRY}={name}"))
    elif not word.text.isprintable():
        reading.complain(name, _(UNPRINTABLE))
    else:
        carried.append(word.text)


def combine(reading: Reading) -> Keys:
    """What the parameters say together."""
    keys: Keys = {}
    for param in ROWS:
        keys.update(reading.given.get(param.name, {}))
    return keys
