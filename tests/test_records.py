"""Records behave as dataclasses do: each is made by both, and compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import ModuleType
from typing import Any, ClassVar

import pytest

from ovirt_tui.machine.facts import Disk
from ovirt_tui.model import records
from ovirt_tui.model.config import Section, setting

MODULES = (dataclasses, records)


def made(module: ModuleType) -> tuple[Any, Any, Any]:
    """A frozen record, one that inherits from it, and one that can be changed."""

    @module.dataclass(frozen=True)
    class Base:
        kinds: ClassVar[int] = 2
        path: str
        size: int = 3
        hidden: str = module.field(default="", repr=False, compare=False)

    @module.dataclass(frozen=True)
    class Derived(Base):
        size: int = 4
        marked: str = module.field(kw_only=True, metadata={"free": True})
        inner: tuple[Base, ...] = ()

    @module.dataclass
    class Open:
        names: list[str] = module.field(default_factory=list)
        counted: int = module.field(init=False)

        def __post_init__(self) -> None:
            self.counted = len(self.names)

    return Base, Derived, Open


Made = tuple[Any, Any, Any]
ALIKE: dict[str, Callable[[Made], object]] = {
    "by place": lambda made: made[0]("a", 5, "x"),
    "by name": lambda made: made[0](path="a"),
    "derived": lambda made: made[1]("a", marked="m", inner=(made[0]("b"),)),
    "open": lambda made: made[2](["a", "b"]),
    "nothing shared": lambda made: (made[2]().names.append("a"), made[2]().names),
    "same": lambda made: (made[0]("a") == made[0]("a"), hash(made[0]("a")) == hash(made[0]("a"))),
    "hidden is the same": lambda made: made[0]("a", hidden="x") == made[0]("a"),
    "other": lambda made: (made[0]("a") == made[0]("b"), made[0]("a") == made[1]("a", marked="m"), made[0]("a") == 1),
    "open has no hash": lambda made: made[2].__hash__,
    "default of a class": lambda made: (made[1].size, made[0].kinds, hasattr(made[1], "marked")),
    "pattern": lambda made: made[1].__match_args__,
    "what is inside": lambda made: sorted(vars(made[0]("a")).items()),
}
REFUSED: dict[str, Callable[[Made], object]] = {
    "too few": lambda made: made[0](),
    "too many": lambda made: made[0]("a", 1, "b", 2),
    "unknown": lambda made: made[0]("a", colour="red"),
    "twice": lambda made: made[0]("a", path="b"),
    "by place only": lambda made: made[1]("a", 1, "b", "c", "d"),
    "not at the start": lambda made: made[2](counted=3),
    "unknown in place of one": lambda made: made[1]("a", colour="red"),
    "no hash": lambda made: hash(made[2]()),
}


@pytest.mark.parametrize("case", ALIKE)
def test_alike(case: str) -> None:
    theirs, ours = (ALIKE[case](made(module)) for module in MODULES)
    assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    for module in MODULES:
        with pytest.raises(TypeError):
            REFUSED[case](made(module))


def test_what_is_wrong_is_said_at_once() -> None:
    with pytest.raises(TypeError, match=r"^Disk needs 'mib', 'path' and has no 'colour'$"):
        Disk(colour="red")  # type: ignore[call-arg]


@pytest.mark.parametrize("module", MODULES)
def test_frozen(module: ModuleType) -> None:
    record = made(module)[0]("a")
    with pytest.raises(AttributeError):
        record.path = "b"
    with pytest.raises(AttributeError):
        del record.path


@pytest.mark.parametrize("module", MODULES)
def test_a_default_is_not_shared(module: ModuleType) -> None:
    with pytest.raises(ValueError):

        @module.dataclass
        class Shared:
            names: list[str] = module.field(default=[])


@pytest.mark.parametrize("functions", MODULES)
def test_the_functions_of_both_take_a_record(functions: ModuleType) -> None:
    base, derived, opened = made(records)
    record = derived("a", marked="m", inner=(base("b"),))
    assert functions.is_dataclass(record) and functions.is_dataclass(derived) and not functions.is_dataclass("a")
    there = {"path": "a", "size": 4, "hidden": "", "marked": "m", "inner": ({"path": "b", "size": 3, "hidden": ""},)}
    assert functions.asdict(record) == there and list(functions.asdict(record)) == list(there)
    assert functions.replace(record, path="c") == derived("c", marked="m", inner=(base("b"),))
    assert functions.replace(opened(["a"]), names=["b", "c"]).counted == 2
    assert [each.name for each in functions.fields(record)] == ["path", "size", "hidden", "marked", "inner"]
    assert [each.name for each in functions.fields(opened) if each.init] == ["names"]
    assert functions.fields(derived)[3].metadata == {"free": True}


def test_a_section_is_a_record_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="records"):

        @dataclasses.dataclass(frozen=True, kw_only=True)
        class Banner(Section, prefix="banner"):
            text: str = setting("x", "Banner")
