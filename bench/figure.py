"""One figure beside its yardstick, as a line of a table."""

from __future__ import annotations

from dataclasses import dataclass

WIDTHS = (36, 27, 40, 16)
VERDICTS = {True: "met", False: "MISSED", None: ""}


@dataclass(frozen=True)
class Figure:
    """A measured value, the yardstick of the same run, the mark to meet, and whether it is met."""

    name: str
    value: str
    yardstick: str
    mark: str = ""
    met: bool | None = None  # None: there is no mark

    def line(self) -> str:
        """The figure as a line of the table."""
        return row(self.name, self.value, self.yardstick, self.mark, VERDICTS[self.met])


def row(*cells: str) -> str:
    """Cells of the table, each at its column; one that is too long pushes the others on but never touches them."""
    *inner, last = cells
    return ("".join(f"{cell:{width}}  " for cell, width in zip(inner, WIDTHS, strict=True)) + last).rstrip()


def at_most(limit: float, unit: str, value: float) -> tuple[str, bool]:
    """A mark that is an absolute limit, and whether *value* meets it."""
    return f"at most {limit:g} {unit}", value <= limit


def at_most_times(limit: float, value: float, yardstick: float) -> tuple[str, bool]:
    """A mark that is a multiple of the yardstick, and whether *value* meets it."""
    return f"at most {limit:g} times", value <= limit * yardstick
