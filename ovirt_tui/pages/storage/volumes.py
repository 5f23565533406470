"""How large the volumes become."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ovirt_tui.features.parameter import (
    Noted,
    Outcome,
    Parameter,
    Put,
    Refused,
    Repeat,
    Said,
    Word,
    Wrong,
    plain,
    value,
)
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.values import Ratio, Size
from ovirt_tui.pages import Field, Page, Shown
from ovirt_tui.pages.storage.named import INIT
from ovirt_tui.pages.storage.settings import Found, Storage
from ovirt_tui.pages.storage.sizing import TooSmall, sizes


def becomes(name: str) -> Callable[[Resolved, Facts], str]:
    """Say what the volume gets while nothing is typed."""

    def text(config: Resolved, facts: Facts) -> str:
        try:
            made = sizes(config, facts)
        except TooSmall:
            return ""
        if name == "data" and made.fills:
            return _("all the rest: {mib} MiB").format(mib=made.data)
        return _("{mib} MiB").format(mib=getattr(made, name))

    return text


def room(config: Resolved, facts: Facts) -> tuple[str, ...]:
    """What the sizes add up to."""
    try:
        made = sizes(config, facts)
    except TooSmall as problem:
        return (_("The disks are too small: {problem}").format(problem=problem),)
    text = _("Data gets {data} MiB.  Empty fields take the size shown beside them.")
    return (text.format(data=made.data),)


MUCH = 2
NO_RATIO = Kind("no-ratio", N_("not a non-negative number"))
OVERCOMMIT = Word(
    name="mem_overcommit",
    also=("ovirt_overcommit",),
    subject="storage",
    grammar=value(Ratio, NO_RATIO),
    form=N_("a number such as 0.5"),
    help=N_("Swap grows by this part of the memory, unless storage_vol gives its size."),
    example="0.7",
    fills=("storage.overcommit",),
    repeat=Repeat.SAME,
)


SWAP_IS_LARGE = Kind("swap-is-large", N_("swap becomes larger than {times} times the memory"))


def advice(said: Said) -> Iterator[Noted]:
    if said.get(OVERCOMMIT.name, 0) > MUCH:
        yield Noted(OVERCOMMIT.name, SWAP_IS_LARGE(times=MUCH))


POSITIONS = ("boot", "swap", "root", "config", "logging", "data", "swap2", "data2")
NAMES = (*POSITIONS, "efi")
MAY_FILL = ("data", "data2")
MAY_BE_NONE = ("data", "data2", "swap2")
OF_APP = ("swap2", "data2")
LEAST_SWAP = 5
SIZE = r"-?[0-9]{1,12}"
TITLES = {"efi": "EFI", "root": "Root", "swap": "Swap", "config": "Config", "logging": "Logging", "data": "Data"}
"""The volumes of HostVG by the name of their setting, as the line has them."""


VOLUME_TWICE = Kind("volume-twice", N_("volume {name} given twice"))
NO_SIZE = Kind("no-volume-size", N_("no size given"))


def volumes(text: str) -> dict[str, int]:
    """Sizes in MiB by position, or with ,NAME."""
    found: dict[str, int] = {}
    for number, field in enumerate(text.split(":"), 1):
        if not field:
            continue
        name, size = _volume(number, field)
        if name in found:
            raise Refused(VOLUME_TWICE(name=name))
        found[name] = _checked(name, size)
    if not found:
        raise Refused(NO_SIZE())
    return found


VOLUME_PARTS = Kind("volume-of-parts", N_("field {number} has more than size,name"))
NOT_MIB = Kind("volume-not-in-mib", N_("field {number} size is not an integer number of MiB"))
NO_VOLUME = Kind("no-such-volume", N_("unknown volume name {name}"))
TOO_MANY_VOLUMES = Kind("too-many-volumes", N_("field {number} beyond the eight positional fields"))


def _volume(number: int, field: str) -> tuple[str, int]:
    size, *names = field.split(",")
    if len(names) > 1:
        raise Refused(VOLUME_PARTS(number=number))
    if not re.fullmatch(SIZE, size):
        raise Refused(NOT_MIB(number=number))
    if names:
        if names[0].lower() not in NAMES:
            raise Refused(NO_VOLUME(name=repr(names[0])))
        return names[0].lower(), int(size)
    if number > len(POSITIONS):
        raise Refused(TOO_MANY_VOLUMES(number=number))
    return POSITIONS[number - 1], int(size)


NOT_OF_SIZE = Kind("volume-not-of-size", N_("{name} may not be {size}"))
SWAP_TOO_SMALL = Kind("swap-too-small", N_("swap below the minimum of {least} MiB"))


def _checked(name: str, size: int) -> int:
    if not (size > 0 or (size == 0 and name in MAY_BE_NONE) or (size == -1 and name in MAY_FILL)):
        raise Refused(NOT_OF_SIZE(name=name, size=size))
    if name == "swap" and size < LEAST_SWAP:
        raise Refused(SWAP_TOO_SMALL(least=LEAST_SWAP))
    return size


VOLUMES = Word(
    name="storage_vol",
    also=("ovirt_vol",),
    subject="storage",
    grammar=volumes,
    form=N_("MIB,NAME[:MIB,NAME]..., or sizes in the order Boot:Swap:Root:Config:Logging:Data:Swap2:Data2"),
    help=N_(
        "Sizes in MiB; NAME is EFI, Root, Swap, Config, Logging or Data, and Swap2 or Data2 on disks of AppVG, which "
        "needs one of the two. Data and Data2: -1 the rest, 0 none."
    ),
    example="4096,Swap:2048,Logging:-1,Data",
    fills=tuple(f"storage.{name}" for name in (*TITLES, *OF_APP)),
    repeat=Repeat.SAME,
)


NO_APP_DISKS = Kind("no-disks-of-app-group", N_("Swap2/Data2 need AppVG disks"))
NO_APP_VOLUMES = Kind("no-volumes-of-app-group", N_("AppVG disks given but storage_vol has no Swap2 or Data2"))


def agree(said: Said) -> Iterator[Wrong | Noted]:
    wanted = any(said.get(VOLUMES.name, {}).get(name) for name in OF_APP)
    app = bool(INIT.name in said and said[INIT.name].app)
    if wanted and INIT.name in said and not app:
        yield Wrong(VOLUMES.name, NO_APP_DISKS())
    if app and not wanted:
        yield Wrong(INIT.name, NO_APP_VOLUMES())


BOOT_IGNORED = Kind("boot-volume-ignored", N_("Boot is ignored: what it held is in the two system slots"))


def later(said: Said) -> Iterator[Noted]:
    if said.get(VOLUMES.name, {}).get("boot"):
        yield Noted(VOLUMES.name, BOOT_IGNORED())


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    for name in TITLES:
        if name in said[VOLUMES.name]:
            yield Put(f"storage.{name}", Size(said[VOLUMES.name][name]))
    if any(name in said[VOLUMES.name] for name in OF_APP):
        for name in OF_APP:  # what such a line does not name is not made
            yield Put(f"storage.{name}", Size(said[VOLUMES.name].get(name, 0)))


def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
    storage = config[Storage]
    sizes = {title: size for name, title in TITLES.items() if (size := getattr(storage, name)) is not None}
    if storage.boot_disk and storage.app_disks:
        sizes |= {name.capitalize(): getattr(storage, name) for name in OF_APP}
    if sizes:
        yield VOLUMES.name, ":".join(f"{size},{title}" for title, size in sizes.items())


PARAMETERS = (
    Parameter(words=(VOLUMES,), agree=agree, later=later, read=read, write=write),
    plain("storage.overcommit", OVERCOMMIT, agree=advice),
)
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
