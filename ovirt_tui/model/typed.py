"""What is said to a type checker: it takes these names for those of typing, and nothing else reads them.

A program that only runs needs none of it, and loading typing takes as long as an interpreter needs to start.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any as Any
    from typing import ClassVar as ClassVar
    from typing import NewType as NewType
    from typing import NoReturn as NoReturn
    from typing import Protocol as Protocol
    from typing import Self as Self
    from typing import TypeVar as TypeVar
else:
    Any = Self = NoReturn = Protocol = object

    class ClassVar:
        """A type that is said to be of the class stays what it is."""

        def __class_getitem__(cls, kind: object) -> object:
            return kind

    def TypeVar(name: str, bound: object = None) -> object:
        """Something that stands for a type."""
        return object

    def NewType(name: str, kind: object) -> object:
        """What makes a value of the new type out of one of *kind*: it is the same value."""
        return _same


def _same(value: object) -> object:
    return value


def origin(kind: Any) -> Any:
    """Return tuple for tuple[X, ...]: the class that a type with parts is of, None where it has no parts."""
    return getattr(kind, "__origin__", None)


def parts(kind: Any) -> tuple[Any, ...]:
    """The types of which a type is made: X and Y of X | Y, X and ... of tuple[X, ...]."""
    found: tuple[Any, ...] = getattr(kind, "__args__", ())
    return found
