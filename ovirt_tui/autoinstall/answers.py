"""Answer files: TOML whose sections and names are the paths of settings.

There is no list of what may stand in one: each setting has a path, and its type says the rest.  What is wrong with a
file is data; no text makes anything else of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from ovirt_tui.features.order import defaults
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.untrusted import masked, shortened
from ovirt_tui.model.config import NodeConfig, Section, Setting
from ovirt_tui.model.plain import Plain, plain, typed
from ovirt_tui.model.problems import FORM, Kind, Problem, Reason
from ovirt_tui.model.records import dataclass, field

LONGEST = 65536
"""Bytes of a file; all settings together are a few thousand."""
DEEPEST = 32
"""Parts of a dotted key, of which a setting has two: the time that a key takes grows with their square."""
WIDEST = 100
"""Characters of a line that is written, where there is a choice."""
NAME = 60
"""Characters that are shown of a name, or of the value that a message repeats, which somebody else chose."""
QUOTED = r'"(?:[^"\\]|\\.)*"|\'[^\']*\''

TOO_LARGE = Kind("answers-too-large", N_("is larger than {most} bytes"))
NOT_UTF8 = Kind("answers-not-utf8", N_("is no text in UTF-8, which TOML is: byte {number} cannot be read"))
NOT_TOML = Kind("answers-not-toml", N_("is no TOML: {error}"))
TOO_MANY_DIGITS = Kind("answers-too-many-digits", N_("has a number of thousands of digits"))
TOO_DEEP = Kind("answers-too-deep", N_("is nested deeper than settings are"))
NO_TABLE = Kind("answers-no-table", N_("is a section; its settings follow a line [{name}]"))
UNKNOWN_SECTION = Kind("no-such-section", N_("is no section; there are {names}"))
NEAR_SECTION = Kind("misspelt-section", N_("is no section; did you mean {near}?"))
UNKNOWN = Kind("no-such-setting", N_("is no setting; [{section}] has {names}"))
NEAR = Kind("misspelt-setting", N_("is no setting; did you mean {near}?"))
STRANGERS = (UNKNOWN_SECTION, NEAR_SECTION, UNKNOWN, NEAR)
"""About a name that this version does not know."""


@dataclass(frozen=True)
class Layer:
    """What one answer file says, as far as it is right.  *name* is what the file is called."""

    name: str
    values: Mapping[str, object] = field(default_factory=dict)
    """Values of settings by path."""
    problems: tuple[Problem, ...] = ()
    """What is wrong: at a setting, at another name that it has, or, with an empty path, with the file."""

    @property
    def named(self) -> frozenset[str]:
        """The settings that it has, right or wrong."""
        return frozenset((*self.values, *(each.path for each in self.problems if each.reason.kind is FORM)))

    def place(self, path: str) -> str:
        """How to call what it says of *path*."""
        return f"{self.name}: {path}" if path else self.name


def read(name: str, content: bytes) -> Layer:
    """Return what the answer file *name* says, with every problem there is."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for path, found in _said(content):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            values[path] = found.value
    return Layer(masked(name), values, tuple(problems))


@dataclass(frozen=True)
class _Said:
    """A value of its type; None is one too."""

    value: object


def _said(content: bytes) -> Iterator[tuple[str, _Said | Problem]]:
    found = _table(content)
    if isinstance(found, Problem):
        yield "", found
        return
    sections = {section.prefix: section for section in defaults().sections}
    for name, part in found.items():
        if name not in sections:
            yield "", Problem(_seen(name), _no_section(name, sections, part))
        elif not isinstance(part, dict):
            yield "", Problem(name, NO_TABLE(name=name))
        else:
            yield from _settings(sections[name], part)


def _table(content: bytes) -> dict[str, object] | Problem:
    """The file as TOML has it, or what is wrong with all of it."""
    import tomllib  # only here: most lines come without a file

    if len(content) > LONGEST:
        return Problem("", TOO_LARGE(most=LONGEST))
    try:
        text = content.decode().removeprefix("\ufeff")
        if any(_parts(line) > DEEPEST for line in text.split("\n")):
            return Problem("", TOO_DEEP())
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        return Problem("", NOT_UTF8(number=error.start + 1))
    except RecursionError:
        return Problem("", TOO_DEEP())
    except tomllib.TOMLDecodeError as error:
        return Problem("", NOT_TOML(error=shortened(str(error))))
    except ValueError:  # Python's own: it counts no further than 4300 digits
        return Problem("", TOO_MANY_DIGITS())


def _parts(line: str) -> int:
    """The parts of the dotted key that a line begins with."""
    return re.sub(QUOTED, "", line).partition("#")[0].partition("=")[0].count(".") + 1


def _settings(section: Section, part: Mapping[str, object]) -> Iterator[tuple[str, _Said | Problem]]:
    known = {each.name: each for each in section.settings()}
    for name, given in part.items():
        if name not in known:
            yield "", Problem(f"{section.prefix}.{_seen(name)}", _unknown(section, name))
            continue
        path = known[name].path
        try:
            yield path, _Said(typed(known[name].type, given))
        except ValueError as error:
            yield path, Problem(path, FORM(wanted=shortened(str(error))))


def _no_section(name: str, sections: Collection[str], part: object) -> Reason:
    """Why *name* is no section, and what was probably meant."""
    if near := _near(name, sections):
        return NEAR_SECTION(near=f"[{near}]")
    if not isinstance(part, dict) and (elsewhere := _elsewhere(name)):
        return NEAR(near=elsewhere)
    return UNKNOWN_SECTION(names=", ".join(f"[{each}]" for each in sections))


def _unknown(section: Section, name: str) -> Reason:
    names = [each.name for each in section.settings()]
    near = _near(name, names)
    meant = f"{section.prefix}.{near}" if near else _elsewhere(name)
    return NEAR(near=meant) if meant else UNKNOWN(section=section.prefix, names=", ".join(names))


def _elsewhere(name: str) -> str:
    """The setting whose name without its section is like *name*; empty when there is none."""
    paths = {each.name: each.path for each in defaults().settings()}
    return paths.get(_near(name, paths), "")


def _near(name: str, names: Iterable[str]) -> str:
    """The one of *names* that is most like *name*; empty when none is."""
    from difflib import get_close_matches  # only here: few names are wrong

    return next(iter(get_close_matches(name[:NAME], list(names), 1)), "")


def _seen(name: str) -> str:
    return shortened(masked(name), NAME) or '""'


def write(config: NodeConfig, said: Collection[str] = ()) -> str:
    """Return *config* as an answer file: what is not at its default or among the paths *said*, and no secrets."""
    tables = (_written(section, said) for section in config.public().sections)
    return "\n".join(table for table in tables if table)


def _written(section: Section, said: Collection[str]) -> str:
    rows = [(each, getattr(section, each.name)) for each in section.settings() if not each.secret]
    rows = [(each, value) for each, value in rows if value != each.default or each.path in said]
    lines = (line for each, value in rows for line in _row(each, plain(value)))
    return "".join(f"{line}\n" for line in (f"[{section.prefix}]", *lines)) if rows else ""


def _row(setting: Setting, value: Plain) -> Iterable[str]:
    """The lines of a setting, below one that says what pages call it."""
    yield f"# {_(setting.label)}"
    line = f"{setting.name} = {toml(value)}"
    if isinstance(value, list) and len(line) > WIDEST:
        yield f"{setting.name} = ["
        yield from (f"    {toml(part)}," for part in value)
        yield "]"
    else:
        yield line


def toml(value: object) -> str:
    """Return a plain value as TOML has it, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case str():
            return f'"{"".join(map(_escaped, value))}"'
    return repr(value)


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
