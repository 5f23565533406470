"""What pages are made of.  A page is data: it names settings and facts, and knows no toolkit."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import System


def always(config: NodeConfig) -> bool:
    """What *when* says of a page that is never left out."""
    return True


def anywhere(config: NodeConfig, facts: Facts) -> bool:
    """What *possible* says of a page that every machine can have."""
    return True


def nothing(config: Resolved, facts: Facts) -> str:
    """What *unset* says of a field whose empty state needs no explanation."""
    return ""


@dataclass(frozen=True)
class Heading:
    """A line that names the rows below it."""

    text: str


@dataclass(frozen=True)
class Note:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Field:
    """A setting to edit.  What it looks like follows from its type.

    It takes no keys while the setting has no effect.  *unset* says what an empty field means on this machine.
    *boot* is the setting that gets the boot menu's hash of a password that is typed here.  *help* stands below it where
    the help of the setting does not hold for this page.
    """

    path: str
    unset: Callable[[Resolved, Facts], str] = nothing
    boot: str = ""
    help: str = ""


@dataclass(frozen=True)
class Item:
    """A line of a table.  *name* is the text that the setting gets; *names* all texts that mean this line.

    With a *reason*, it is shown but cannot be chosen.
    """

    name: str
    cells: tuple[str, ...]
    names: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Choice:
    """A table of facts that fills a setting with the name of one line, or with *many*.

    *columns* are titles and widths; the last takes the rest.  *details* says more of the line under the cursor,
    *lines* long.  *height* is the number of lines of the table, 0 for all there is room for.  *other* is the title
    of a button that takes a name typed by hand.  *preset* is chosen while the admin has chosen nothing.
    """

    path: str
    columns: tuple[tuple[str, int], ...]
    items: Callable[[Facts], tuple[Item, ...]]
    details: Callable[[Facts, str], tuple[str, ...]] | None = None
    preset: Callable[[NodeConfig, Facts], str] | None = None
    lines: int = 1
    many: bool = False
    height: int = 0
    other: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Live:
    """A line that says what the machine says now.  Read in the background each time the page is opened."""

    label: str
    text: Callable[[System, Facts], str]


@dataclass(frozen=True)
class Try:
    """A line to type in, to see what the keys give; it fills no setting."""

    label: str
    help: str = ""


@dataclass(frozen=True)
class Shown:
    """Lines that follow from settings and facts, and change with each key that changes a setting."""

    text: Callable[[Resolved, Facts], tuple[str, ...]]


class Purpose(Enum):
    """What an offer leads to."""

    INSTALL = "the pages of an installation"
    UPGRADE = "the plan of an upgrade"
    REPAIR = "the plan of a repair of the boot loader"
    UNINSTALL = "the plan of an uninstallation"


@dataclass(frozen=True)
class Offer:
    """A way to go on: a button that puts these settings and opens the next page.

    *answers* are lines that an interrupted installation left on *disk*; what may be taken of them is put after *puts*.
    One that upgrades, repairs or uninstalls puts nothing: it is about the node on *disk* as it is.
    """

    title: str
    help: str
    puts: tuple[tuple[str, str], ...] = ()
    answers: tuple[str, ...] = ()
    disk: str = ""
    purpose: Purpose = Purpose.INSTALL


@dataclass(frozen=True)
class Offers:
    """The ways to go on from here."""

    of: Callable[[Facts], tuple[Offer, ...]]


class Deed(Enum):
    """What a button can do that is no setting."""

    LOCK = "lock"
    LOG_OFF = "log off"
    RESTART = "restart"
    POWER_OFF = "power off"
    UPGRADE = "upgrade"
    ROLL_BACK = "roll back"


@dataclass(frozen=True)
class Act:
    """A button that does something now."""

    title: str
    deed: Deed


@dataclass(frozen=True)
class Way:
    """A way on from an answer: a button that puts these settings of the page, as (path, text)."""

    title: str
    puts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    """What was found, in sentences, and the ways on from there.  *rescan*: the machine has other disks than before."""

    text: str
    ways: tuple[Way, ...] = ()
    rescan: bool = False


@dataclass(frozen=True)
class Enquiry:
    """A button that asks something of the machine, or by it of a server, and shows the answer.

    It changes nothing that lasts.  *busy* is shown while it asks: in the background, and with a limit of time.
    *needs* are the settings without which there is nothing to ask; what is wrong with them is shown there instead.
    """

    title: str
    busy: str
    ask: Callable[[System, Resolved, Facts], Answer]
    needs: tuple[str, ...] = ()


Row = Heading | Note | Field | Choice | Live | Try | Shown | Offers | Act | Enquiry


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the installer, of the setup program, or of both; *order* places it.

    *when* leaves the page out of the installer, and so does *possible*, by what the machine has.  With *live*, the
    installer applies it as soon as it is left.  With *overrides*, leaving it asks about disks that hold what should
    not be lost.  *help* is what F1 says of it: three to eight sentences.
    """

    order: int
    title: str
    rows: tuple[Row, ...]
    help: str = ""
    install: bool = False
    setup: bool = False
    when: Callable[[NodeConfig], bool] = always
    possible: Callable[[NodeConfig, Facts], bool] = anywhere
    live: bool = False
    overrides: bool = False

    def paths(self) -> tuple[str, ...]:
        """The settings on this page."""
        return tuple(row.path for row in self.rows if isinstance(row, Field | Choice))
