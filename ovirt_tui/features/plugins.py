"""Features that other packages bring, through the entry point ovirt_tui.features: the same object as one of ours."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module

from ovirt_tui.features.feature import Feature
from ovirt_tui.i18n import N_
from ovirt_tui.machine.untrusted import escaped, shortened
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.typed import Protocol
from ovirt_tui.model.values import conforms, describe
from ovirt_tui.pages import Note, Page

GROUP = "ovirt_tui.features"
LAST = 1000
"""Where the page about plug-ins stands in the menu."""


LIBRARY = os.__file__.rpartition("/")[0]
"""The folder of the standard library, which brings none."""


class Entry(Protocol):
    """What is known of a plug-in before it is loaded."""

    @property
    def name(self) -> str: ...

    def load(self) -> object: ...


@dataclass(frozen=True)
class Named:
    """A plug-in as the package that brings it names it: *target* is MODULE:OBJECT."""

    name: str
    target: str

    def load(self) -> object:
        """Import it; whatever its code raises goes through."""
        module, _, path = self.target.partition(":")
        found: object = import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
        return found


def entries(folders: Iterable[str] = ()) -> tuple[Entry, ...]:
    """The plug-ins in *folders*, those that Python looks for modules in, by their names.

    importlib.metadata says the same; importing it, or pathlib, takes longer than all that is done here.
    """
    packages: dict[str, str] = {}
    for folder in folders or (each for each in sys.path if each != LIBRARY):
        for package in _packages(folder or "."):
            path = f"{folder or '.'}/{package}/entry_points.txt"
            if package not in packages and os.access(path, os.F_OK):
                with open(path, errors="replace") as file:  # noqa: PTH123 - as above
                    packages[package] = file.read()
    found = [each for text in packages.values() for each in _entries(text)]
    return tuple(sorted(found, key=lambda each: each.name))


def _packages(folder: str) -> tuple[str, ...]:
    """What the packages in *folder* say of themselves, by the names of its folders."""
    with suppress(OSError), os.scandir(folder) as there:
        return tuple(each.name for each in there if each.name.endswith((".dist-info", ".egg-info")))
    return ()


def _entries(text: str) -> Iterator[Named]:
    """What the file entry_points.txt of a package says of plug-ins."""
    group = ""
    for line in map(str.strip, text.splitlines()):
        name, equals, target = line.partition("=")
        if line.startswith("["):
            group = line.strip("[] ")
        elif group == GROUP and equals:
            yield Named(name.strip(), target.partition("[")[0].strip())


LEFT_OUT = Kind("plugin-left-out", N_("the plug-in {name} is left out: {reason}"))
RAISES = Kind("plugin-raises", N_("{error}"))


def plugged(own: tuple[Feature, ...], found: Iterable[Entry]) -> tuple[tuple[Feature, ...], tuple[Reason, ...]]:
    """The features of *found* that can stand beside *own*, and why the others are left out."""
    features, broken = list[Feature](), list[Reason]()
    for entry in found:
        try:
            feature = entry.load()
            wrong = next(objections(feature, (*own, *features)), None)
            str(wrong)  # made when it is shown otherwise, where nobody expects it to fail
        except (Exception, SystemExit) as error:  # noqa: BLE001 - what others wrote must not keep a node from its setup
            feature, wrong = None, RAISES(error=_seen(_said(error)))
        if isinstance(feature, Feature) and not wrong:
            features.append(feature)
        else:
            broken.append(LEFT_OUT(name=_seen(entry.name), reason=wrong))
    return tuple(features), tuple(broken)


def _said(error: BaseException) -> str:
    """What an error of others says of itself, if it can."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception as again:  # noqa: BLE001 - as above: its sentence is of others too
        return f"{type(error).__name__}, and {type(again).__name__} when it was asked"


def _seen(text: str) -> str:
    """What others wrote, as it can be shown."""
    return shortened(escaped(text))


NO_FEATURE = Kind("plugin-no-feature", N_("it is no Feature, but a {kind}"))
SECTION_TAKEN = Kind("plugin-section-taken", N_("there is a section {name} already"))
BAD_DEFAULT = Kind("plugin-bad-default", N_("the default of {path} is not of its type"))
PAGE_TAKEN = Kind("plugin-page-taken", N_("there is a page {name} already"))
WORD_TAKEN = Kind("plugin-word-taken", N_("there is a word {name} already"))
NO_SETTING = Kind("plugin-no-setting", N_("there is no setting {path}"))
BAD_OPENING = Kind("plugin-bad-opening", N_("it has an opening that is no rule: {name}"))
COMMENT, MATCH = r'[^"\x00-\x1f]{1,100}', r"[^\x00-\x1f]+"
"""A rule that cannot be loaded would be in the way of all others."""


def objections(feature: object, others: tuple[Feature, ...]) -> Iterator[Reason]:
    """Why *feature* cannot stand beside *others*; whatever its own code raises goes through."""
    if not isinstance(feature, Feature):
        yield NO_FEATURE(kind=_seen(type(feature).__name__))
        return
    sections = [each.section for each in (*others, feature) if each.section]
    prefixes = [section.prefix for section in sections]
    if len(set(prefixes)) < len(prefixes):
        yield SECTION_TAKEN(name=_seen(prefixes[-1]))
        return
    config = NodeConfig(tuple(section() for section in sections))
    for setting in feature.section.settings() if feature.section else ():
        describe(setting.type)
        if not conforms(setting.type, setting.default):
            yield BAD_DEFAULT(path=_seen(setting.path))
    yield from _words(feature, others, config)
    pages = tuple(feature.every_page())
    titles = {page.title for each in others for page in each.every_page()} if pages else set()
    for page in pages:
        if page.title in titles:
            yield PAGE_TAKEN(name=_seen(page.title))
        yield from _unknown(page.paths(), config)
    for opening in feature.openings:
        opening.when(config)
        if not (re.fullmatch(COMMENT, opening.name) and all(re.fullmatch(MATCH, each) for each in opening.matches)):
            yield BAD_OPENING(name=_seen(opening.name))


def _words(feature: Feature, others: tuple[Feature, ...], config: NodeConfig) -> Iterator[Reason]:
    taken = {
        name for each in others for parameter in each.parameters for word in parameter.words for name in word.names
    }
    for word in (word for parameter in feature.parameters for word in parameter.words):
        if both := sorted(taken.intersection(word.names)):
            yield WORD_TAKEN(name=_seen(both[0]))
        word.grammar(word.example)
        yield from _unknown(word.fills, config)


def _unknown(paths: Iterable[str], config: NodeConfig) -> Iterator[Reason]:
    known = set(config.paths())
    yield from (NO_SETTING(path=_seen(path)) for path in paths if path not in known)


def told(broken: tuple[Reason, ...]) -> tuple[Feature, ...]:
    """What shows *broken* to who configures the node; nothing where none is."""
    if not broken:
        return ()
    page = Page(
        order=LAST,
        title=N_("Plug-ins"),
        setup=True,
        help=N_(
            "Other packages of the image can bring pages and settings of their own. Those named here are left out, "
            "since something is wrong with them; everything else works without them. Whoever makes the image has to "
            "mend or remove them."
        ),
        rows=tuple(Note(str(each)) for each in broken),
    )
    return (Feature(pages=(page,)),)
