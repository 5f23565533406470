"""What an administrator can decide about a node: a typed collection of sections, which pages and parameters fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from ovirt_tui.model.records import dataclass, field, fields, replace, types
from ovirt_tui.model.secrets import Passphrase
from ovirt_tui.model.typed import Any, ClassVar, NewType, Self, TypeVar
from ovirt_tui.model.values import conforms, is_secret, members

T = TypeVar("T")
S = TypeVar("S", bound="Section")
Condition = Callable[[Any], bool]


def always(section: Any) -> bool:
    """What *when* says of a setting that always has an effect."""
    return True


def setting(default: T, label: str, help: str = "", *, when: Condition = always) -> T:
    """A field of a section: what it is when nobody says anything, what pages call it, one line of help.

    *when* says of its section whether the setting has an effect; while it has none, a page takes no keys for it.
    """
    made: T = field(default=default, metadata={"label": label, "help": help, "when": when})
    return made


@dataclass(frozen=True, kw_only=True)
class Section:
    """The settings of one subject of a node.  The path of each begins with *prefix*, as 'network.hostname'."""

    prefix: ClassVar[str]

    def __init_subclass__(cls, prefix: str) -> None:
        cls.prefix = prefix

    def normal(self) -> Self:
        """The same settings, said in the one way in which a machine that is set to them says them."""
        return self

    @classmethod
    @cache
    def settings(cls) -> tuple[Setting, ...]:
        """Every setting of this section, in its order."""
        kinds = types(cls)
        return tuple(
            Setting(section=cls, name=each.name, type=kinds[each.name], default=each.default, **each.metadata)
            for each in fields(cls)
        )


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting of a section."""

    section: type[Section]
    name: str
    type: Any
    default: object
    label: str
    help: str
    when: Condition

    @property
    def path(self) -> str:
        """How it is called everywhere: 'network.hostname'."""
        return f"{self.section.prefix}.{self.name}"

    @property
    def secret(self) -> bool:
        """Whether its value must not be shown."""
        return is_secret(self.type)

    @property
    def kept(self) -> bool:
        """Whether it is a secret that a running node keeps, where a program reads it and nowhere else."""
        return any(isinstance(each, type) and issubclass(each, Passphrase) for each in members(self.type))


def in_effect(section: S) -> S:
    """A copy of *section* in which what means nothing, as the address of no interface, is at its default.

    Two that mean the same are equal then: it is in its normal() form.
    """
    return _without(section, (each for each in section.settings() if not each.when(section))).normal()


def _without(section: S, chosen: Iterable[Setting]) -> S:
    """A copy of *section* in which the *chosen* settings are at their defaults."""
    defaults: dict[str, Any] = {each.name: each.default for each in chosen}
    return replace(section, **defaults) if defaults else section


@dataclass(frozen=True)
class NodeConfig:
    """Everything that can be decided about a node.  config[Network] is the Network of it, to a type checker too."""

    sections: tuple[Section, ...]

    def __getitem__(self, kind: type[S]) -> S:
        """The section of this *kind*; KeyError when there is none."""
        for section in self.sections:
            if isinstance(section, kind):
                return section
        raise KeyError(kind.prefix)

    def settings(self) -> Iterator[Setting]:
        """Every setting, in the order of the sections."""
        return (each for section in self.sections for each in section.settings())

    def paths(self) -> tuple[str, ...]:
        """The path of every setting."""
        return tuple(each.path for each in self.settings())

    def setting(self, path: str) -> Setting:
        """The setting at *path*; KeyError when there is none."""
        prefix, _dot, name = path.rpartition(".")
        for section in self.sections:
            if section.prefix == prefix:
                for each in section.settings():
                    if each.name == name:
                        return each
        raise KeyError(path)

    def has_effect(self, path: str) -> bool:
        """Say whether the setting at *path* means something beside the others of its section as they are."""
        found = self.setting(path)
        return found.when(self[found.section])

    def get(self, path: str) -> Any:
        """Return the value of the setting at *path*."""
        found = self.setting(path)
        return getattr(self[found.section], found.name)

    def put(self, path: str, value: object) -> NodeConfig:
        """Return a copy in which the setting at *path* has *value*; TypeError when that is not of its type."""
        found = self.setting(path)
        if not conforms(found.type, value):
            raise TypeError(f"{path} cannot be of {type(value)}")
        changed: dict[str, Any] = {found.name: value}
        return self.with_section(replace(self[found.section], **changed))

    def with_section(self, section: Section) -> NodeConfig:
        """Return a copy in which *section* takes the place of the one of its kind."""
        return NodeConfig(tuple(section if type(each) is type(section) else each for each in self.sections))

    def effective(self) -> NodeConfig:
        """Return a copy in which each section is as it is in effect: two that mean the same are equal."""
        return NodeConfig(tuple(in_effect(section) for section in self.sections))

    def public(self) -> NodeConfig:
        """Return a copy without secrets: all of it may be shown and exported."""
        return NodeConfig(
            tuple(_without(section, (each for each in section.settings() if each.secret)) for section in self.sections)
        )

    def differences(self, other: NodeConfig) -> tuple[Setting, ...]:
        """The settings that *other* has otherwise."""
        return tuple(each for each in self.settings() if self.get(each.path) != other.get(each.path))


Resolved = NewType("Resolved", NodeConfig)
"""A configuration whose references name what is on the machine (resolution.py): rules and steps take no other."""
