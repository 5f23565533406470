"""From a line to what it says: values of words, words to keep, and every complaint.  Looks at no machine.

Answer files may come before the line; where it says the same, it counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from ovirt_tui.autoinstall import carried
from ovirt_tui.autoinstall.coming import BROUGHT, GONE, GONE_STARTS
from ovirt_tui.autoinstall.parameters import PARAMETERS, WORDS
from ovirt_tui.autoinstall.request import Intent, intent
from ovirt_tui.features import kernel_words
from ovirt_tui.features.parameter import Noted, Refused, Repeat, Said, Word, Wrong
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.untrusted import holds_hash, masked
from ovirt_tui.model import tokens
from ovirt_tui.model.problems import FORM, Detail, Kind, Problem, Reason
from ovirt_tui.model.records import dataclass, field, replace
from ovirt_tui.model.secrets import HIDDEN
from ovirt_tui.model.tokens import Token
from ovirt_tui.model.typed import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from ovirt_tui.autoinstall.answers import Layer  # most lines come without a file

BOOT_DISK = "storage.boot_disk"
LINE = "cmdline"


@dataclass(frozen=True)
class Complaint(Problem):
    """What is wrong with a parameter, or should be known of it: the text follows its name and a colon.

    *path* is the setting it would have filled, *got* its value (masked when secret), *expected* the form in words.
    """

    parameter: str = field(kw_only=True)
    got: str | None = None
    expected: str = ""

    @property
    def message(self) -> str:
        """Everything but the parameter's name."""
        seen = [] if self.got is None else [_("got {value}").format(value=masked(self.got) or '""')]
        seen += [_("expected {form}").format(form=_(self.expected))] if self.expected else []
        remark = f" ({'; '.join(seen)})" if seen else ""
        return "\n".join(map(masked, (f"{self.text}{remark}", *(f"  {line}" for line in self.details))))

    def __str__(self) -> str:
        return f"{self.parameter}: {self.message}"


@dataclass
class Reading:
    """What a line says: the value of each word, and the words that are kept for the installed system.

    *layers* are the answer files before it, of which a later one counts more.
    """

    said: Said = field(default_factory=Said)
    kept: list[str] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    notes: list[Complaint] = field(default_factory=list)  # what should be known, and stops nothing
    layers: tuple[Layer, ...] = ()
    decided: set[str] = field(default_factory=set)
    """The settings that words of the line have decided on the machine it was put to."""

    def over(self, layers: Iterable[Layer]) -> Self:
        """Return this line as what comes after the answer files *layers*."""
        below = tuple(layers)
        wrong = [
            Complaint(each.path if each.reason.kind is FORM else "", each.reason, parameter=layer.place(each.path))
            for layer in below
            for each in layer.problems
        ]
        return replace(self, layers=below, complaints=[*wrong, *self.complaints])

    @property
    def intent(self) -> Intent:
        """What is asked for: what the line says, else an installation where files decide the boot disk."""
        return intent(self.said, self.disks_answered)

    @property
    def disks_answered(self) -> bool:
        """Whether answer files decide the boot disk, right or wrong; the last that names one may take it back."""
        last = next((layer for layer in reversed(self.layers) if BOOT_DISK in layer.named), None)
        return last is not None and last.values.get(BOOT_DISK, ...) is not None

    @property
    def answered(self) -> frozenset[str]:
        """The settings that answer files name, right or wrong."""
        return frozenset(path for layer in self.layers for path in layer.named)

    def place(self, path: str) -> str:
        """How to call the setting at *path* where no word of the line is about it: with the file that counts."""
        last = next((layer for layer in reversed(self.layers) if path in layer.named), None)
        return last.place(path) if last else path

    def called(self, name: str, path: str) -> str:
        """What has to be changed: the word *name* as the line spells it; the setting where only files are about it."""
        if name in self.said.named or not (self.layers and path):
            return self.said.spelled(name)
        return self.place(path)

    @property
    def carried(self) -> tuple[str, ...]:
        """The words that are kept, as today's kernel and dracut spell them."""
        return carried.installed(self.kept)

    def complain(self, name: str, reason: Reason, details: tuple[Detail, ...] = (), path: str = "") -> None:
        """Complain about the word *name*, as it was spelled on the line."""
        path = path or first(name)
        self.complaints.append(Complaint(path, reason, details, parameter=self.called(name, path)))

    def note(self, name: str, reason: Reason) -> None:
        """Say something about the word *name* that stops nothing."""
        path = first(name)
        self.notes.append(Complaint(path, reason, parameter=self.called(name, path)))

    def hear(self, outcome: Wrong | Noted) -> None:
        """Complain, or say what should be known, as a parameter found it."""
        if isinstance(outcome, Noted):
            self.note(outcome.name, outcome.reason)
        else:
            self.complain(outcome.name, outcome.reason, outcome.details, outcome.path)

    def refuse(self) -> None:
        """Complain about each word, and each part of one, that this version cannot carry out."""
        for parameter in PARAMETERS:
            for outcome in parameter.later(self.said):
                self.hear(outcome)


@cache
def _known() -> dict[str, Word]:
    return {name: word for word in WORDS for name in word.names}


def row(name: str) -> Word | None:
    """Return the word of the table that a name on the line stands for."""
    return _known().get(name)


def first(name: str) -> str:
    """The setting that the word *name* decides before others; empty when it decides none."""
    word = row(name)
    return word.fills[0] if word and word.fills else ""


UNBALANCED = Kind("quote-unbalanced", N_("unbalanced double quote"))
UNBALANCED_IN = Kind("quote-unbalanced-in-line", N_("line {number}: unbalanced double quote"))
TRUNCATED = Kind(
    "line-truncated", N_("truncated: {bytes} bytes are as many as the kernel keeps, so words may be missing")
)


def read(line: str, *, whole: bool = True, agree: bool = True) -> Reading:
    """Read a kernel line.  With *whole* it came from the kernel, which may have cut it."""
    length = len(line.rstrip("\n").encode(errors="replace"))
    reading, line = Reading(), tokens.readable(line)
    try:
        found = tokens.split(line)
    except ValueError:
        reading.complain(LINE, UNBALANCED())
        found = tokens.split(line.replace('"', ""))
    if whole and length >= tokens.LONGEST:
        reading.complain(LINE, TRUNCATED(bytes=length))
    return finish(reading, found, agree=agree)


def read_lines(text: str) -> Reading:
    """Read a file of our own with one parameter a line; one that begins with # is a comment."""
    reading, found = Reading(), list[Token]()
    for number, line in enumerate(tokens.readable(text).removeprefix("\ufeff").split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                found += tokens.split(line)
            except ValueError:
                reading.complain(LINE, UNBALANCED_IN(number=number))
    return finish(reading, found)


QUOTE_INSIDE = Kind(
    "quote-inside",
    N_("a double quote in the middle; there may be a pair around the whole word, or around its value"),
)


def finish(reading: Reading, found: Collection[Token], *, agree: bool = True) -> Reading:
    """Give each word its meaning; with *agree*, see whether they contradict each other."""
    found = tuple(_whole(reading, found))
    marked = ((word.value or "").replace("-", "_").split(",") for word in found if word.key == kernel_words.CARRY)
    marks = frozenset(name for names in marked for name in names)
    for word in found:
        known = row(word.key)
        if '"' in word.name or (word.value and '"' in word.value):
            reading.complain(masked(word.name), QUOTE_INSIDE())
        elif known:
            _take(reading, known, word)
        else:
            _foreign(reading, word, marks)
    for parameter in PARAMETERS if agree else ():
        for outcome in parameter.agree(reading.said):
            reading.hear(outcome)
    return reading


BLANKS_AROUND = Kind(
    "blanks-around-equals-sign", N_("blanks around the equals sign; name and value are one word, NAME=VALUE")
)


def _whole(reading: Reading, found: Iterable[Token]) -> Iterable[Token]:
    """Leave out what blanks around an equals sign tore apart: neither part means what was meant.

    The name alone may mean something else, as storage_init does, and the value is no word of the kernel.
    """
    kept: list[Token] = []
    torn = False
    for word in found:
        if torn:
            torn = False
        elif word.name or word.value is None:
            kept.append(word)
        else:
            name = kept.pop().name if kept and kept[-1].value is None else LINE
            reading.complain(masked(name), BLANKS_AROUND())
            torn = not word.value
    return kept


NO_VALUE = Kind("value-required", N_("value required"))
UNPRINTABLE = Kind(
    "word-unprintable", N_("holds characters that cannot be shown, and cannot be kept for the installed system")
)


def _take(reading: Reading, known: Word, word: Token) -> None:
    reading.said.named.add(known.name)
    try:
        if word.value == "" or (word.value is None and known.bare is None):
            raise Refused(NO_VALUE())  # noqa: TRY301 - one way out for all that is wrong with a value
        value = known.grammar(word.value if word.value is not None else known.bare or "")
        kept = known.keeps(value)
        if not all(map(str.isprintable, kept)):
            raise Refused(UNPRINTABLE())  # noqa: TRY301
        reading.said.spellings[known.name] = word.name
        _say(reading, known, value)
        reading.kept += kept
    except Refused as refused:
        got = None if word.value is None else HIDDEN if known.secret else word.value
        reading.complaints.append(
            Complaint(first(known.name), refused.reason, parameter=word.name, got=got, expected=known.form)
        )


LAST_COUNTS = Kind("last-counts", N_("given twice with different values; the last one counts"))


def _say(reading: Reading, word: Word, value: Any) -> None:
    """Take *value* for what *word* says, with what it said before."""
    if word.name in reading.said and reading.said[word.name] != value:
        value = word.merged(reading.said[word.name], value)
        if word.repeat is Repeat.LAST or (word.repeat is Repeat.FAMILY and len(value) == len(reading.said[word.name])):
            reading.note(word.name, LAST_COUNTS())
    reading.said[word.name] = value


UNKNOWN = Kind("unknown-parameter", N_("unknown parameter"))
NEAR = Kind("misspelt-parameter", N_("unknown parameter, did you mean {name}"))
HOLDS_HASH = Kind(
    "word-holds-hash", N_("holds a password hash, but is no parameter; it would be written into the boot menu")
)
HOLDS_SECRET = Kind(
    "word-holds-secret",
    N_("looks like a password, but is no parameter; it would be written into the boot menu (expected adminpw)"),
)
NOT_KEPT = Kind(
    "word-not-kept",
    N_(
        "not a known word of the kernel, a driver or dracut; it is not kept for the installed system, unless {mark} "
        "says so"
    ),
)


OF_ONE_BOOT = Kind(
    "word-of-one-boot", N_("is for the initrd of this boot, and says nothing about the node; see {instead}")
)


def _foreign(reading: Reading, word: Token, marks: frozenset[str]) -> None:
    name, key = masked(word.name), word.key
    gone = BROUGHT.get(key)
    if key.startswith(GONE_STARTS):
        gone = next(kind for start, kind in GONE.items() if key.startswith(start))
    if gone:
        reading.complain(name, gone())
        return
    if kernel_words.is_of_one_boot(key):
        if instead := kernel_words.INSTEAD.get(key):
            reading.note(name, OF_ONE_BOOT(instead=instead))
        return
    known, marked = kernel_words.is_known(key), key in marks
    wrong, nearest = (False, "") if known or marked else carried.mistake(key)
    if wrong:
        reading.complain(name, NEAR(name=nearest) if nearest else UNKNOWN())
    elif holds_hash(word.text):
        reading.complain(name, HOLDS_HASH())
    elif not known and word.value is not None and kernel_words.names_secret(key):
        reading.complain(name, HOLDS_SECRET())
    elif not (known or marked):
        reading.complain(name, NOT_KEPT(mark=f"{kernel_words.CARRY}={name}"))
    elif not word.text.isprintable():
        reading.complain(name, UNPRINTABLE())
    else:
        reading.kept.append(word.text)
