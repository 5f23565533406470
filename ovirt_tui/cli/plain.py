"""Arguments of a subcommand in their plainest form: an option by its whole name, its value as the next argument.

Whatever is not plain is for argparse (usage.py): help, abbreviations, lists, and all that is wrong.  To load it takes
a twentieth of the time of a command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ovirt_tui.model.typed import Any, Protocol


class Arguments(Protocol):
    """What takes the arguments that options.py says of a subcommand."""

    def add_argument(self, name: str, /, **said: Any) -> Any: ...

    def set_defaults(self, **values: Any) -> None: ...


class Plain:
    """The arguments that have a plain form, and what each is where it is not given."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.switches: dict[str, str] = {}
        self.takers: dict[str, str] = {}
        self.enough = True
        """Whether no argument is required: such a one has no plain form."""

    def add_argument(self, name: str, /, **said: Any) -> None:
        place = said.get("dest") or name.lstrip("-").replace("-", "_")
        switch = said.get("action") == "store_true"
        self.values[place] = said.get("default", False if switch else None)
        if said.get("required") or not name.startswith("-"):
            self.enough = False
        elif switch:
            self.switches[name] = place
        elif not said.keys() & {"nargs", "choices", "action"}:
            self.takers[name] = place

    def set_defaults(self, **values: Any) -> None:
        self.values.update(values)


def read(add: Callable[[Arguments], None], argv: Iterable[str]) -> dict[str, Any] | None:
    """The values of the arguments of a subcommand, to which *add* adds them; None where *argv* is not plain."""
    known = Plain()
    add(known)
    values, rest = dict(known.values), iter(argv)
    for word in rest:
        if word in known.switches:
            values[known.switches[word]] = True
        elif word in known.takers and not (value := next(rest, "-")).startswith("-"):
            values[known.takers[word]] = value
        else:
            return None
    return values if known.enough else None
