"""How large the volumes become."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ovirt_tui.config import Found, NodeConfig, Storage
from ovirt_tui.facts import Facts
from ovirt_tui.i18n import N_, _
from ovirt_tui.layout import TooSmall, sizes
from ovirt_tui.pages import Field, Page, Shown
from ovirt_tui.parameter import Noted, Repeat, Said, Word, plain, value
from ovirt_tui.values import Ratio


def becomes(name: str) -> Callable[[NodeConfig, Facts], str]:
    """Say what the volume gets while nothing is typed."""

    def text(config: NodeConfig, facts: Facts) -> str:
        try:
            made = sizes(config, facts)
        except TooSmall:
            return ""
        if name == "data" and made.fills:
            return _("all the rest: {mib} MiB").format(mib=made.data)
        return _("{mib} MiB").format(mib=getattr(made, name))

    return text


def room(config: NodeConfig, facts: Facts) -> tuple[str, ...]:
    """What the sizes add up to."""
    try:
        made = sizes(config, facts)
    except TooSmall as problem:
        return (_("The disks are too small: {problem}").format(problem=problem),)
    text = _("Data gets {data} MiB.  Empty fields take the size shown beside them.")
    return (text.format(data=made.data),)


MUCH = 2
OVERCOMMIT = Word(
    name="mem_overcommit",
    also=("ovirt_overcommit",),
    subject="storage",
    grammar=value(Ratio, N_("not a non-negative number")),
    form=N_("a number such as 0.5"),
    help=N_("Swap grows by this part of the memory, unless storage_vol gives its size."),
    example="0.7",
    fills=("storage.overcommit",),
    repeat=Repeat.SAME,
)


def advice(said: Said) -> Iterator[Noted]:
    if said.get(OVERCOMMIT.name, 0) > MUCH:
        yield Noted(OVERCOMMIT.name, _("swap becomes larger than {times} times the memory").format(times=MUCH))


PARAMETERS = (plain("storage.overcommit", OVERCOMMIT, advice),)
PAGE = Page(
    order=120,
    title=N_("Volume sizes"),
    install=True,
    when=lambda config: config[Storage].found is not Found.KEEP_DATA,
    help=N_(
        "Each volume gets the size that is shown beside its empty field, which fits this machine; type another to have "
        "it otherwise. A size is a number of MiB, or has a unit: 512M, 10G or 10 GiB, 1T, each 1024 times the one "
        "before. Swap is for memory that guests do not use, Config holds the settings, Logging the logs, and Data what "
        "guests have here. Data takes the rest when it is empty or -1, and there is none with 0. The system slots and "
        "the boot partition are on the boot disk, the others on the data disks."
    ),
    rows=(
        Shown(room),
        *(Field(f"storage.{name}", unset=becomes(name)) for name in ("swap", "config", "logging", "data")),
        *(Field(f"storage.{name}", unset=becomes(name)) for name in ("root", "efi")),
        Field("storage.overcommit"),
    ),
)
