"""The page of performance, and what it says of the machine as it is now."""

from __future__ import annotations

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.pages import Choice, Field, Heading, Item, Live, Page
from ovirt_tui.system import StepFailed, System

COUNTS = ("nr_hugepages", "free_hugepages")
POOL = "/sys/kernel/mm/hugepages/hugepages-{kib}kB/{count}"
SWAPS = ("swapon", "--show=NAME,SIZE,USED", "--noheadings", "--bytes")
TYPE = "/sys/class/block/{name}/dm/uuid"
MIB = 1024 * 1024
ROOM, LINES = 54, 3  # of what a profile is made for, on the smallest screen


def profiles(facts: Facts) -> tuple[Item, ...]:
    """The profiles of this machine, after the choice of none."""
    none = Item("", (_("none"), _("Nothing is changed.")), ("",))
    return (none, *(Item(each.name, (each.name, each.summary), (each.name,)) for each in facts.profiles))


def about(facts: Facts, name: str) -> tuple[str, ...]:
    """What a profile is made for, whole: its line in the list has no room for that."""
    from textwrap import wrap  # only here, where somebody looks

    if not name:
        return (_("Everything works as the kernel has it."),)
    return tuple(line for each in facts.profiles if each.name == name for line in wrap(each.summary, ROOM))


def reserved(system: System, facts: Facts) -> str:
    """How many huge pages there are now, and how many of them are free: the kernel may not have found them all."""
    found = []
    for mib in facts.huge_pages:
        try:
            pages, free = (int(system.text(POOL.format(kib=mib * 1024, count=each))) for each in COUNTS)
        except (StepFailed, ValueError):
            continue
        if pages:
            found.append(_("{pages} of {mib} MiB, {free} free").format(pages=pages, mib=mib, free=free))
    return "; ".join(found) or _("none")


def swap(system: System, facts: Facts) -> str:
    """What the node swaps to now."""
    try:
        lines = [line.split() for line in system.output(SWAPS).splitlines()]
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    found = []
    for device, size, used in (words for words in lines if len(words) == 3):
        text = _("{mib} MiB encrypted, {used} used") if _is_crypt(system, device) else _("{mib} MiB plain, {used} used")
        found.append(text.format(mib=int(size) // MIB, used=int(used) // MIB))
    return "; ".join(found) or _("none")


def _is_crypt(system: System, device: str) -> bool:
    try:
        name = system.output(("readlink", "-f", "--", device)).strip().rpartition("/")[2]
        return system.text(TYPE.format(name=name)).startswith("CRYPT-")
    except StepFailed:
        return False


PAGE = Page(
    order=38,
    title=N_("Performance"),
    setup=True,
    help=N_(
        "A profile of tuned sets the kernel, disks and processors for one kind of work; virtual-host is made for "
        "running guests, and none leaves everything as the kernel has it. Huge pages are memory that only guests with "
        "huge pages can use, so it is missing everywhere else. A running kernel gives as many as it finds whole, "
        "and the rest after a restart; the line below them says how many there are. Encrypted swap has a key "
        "that nobody knows and that is new at each boot, so that what was in memory cannot be read from a disk. "
        "Turning it on overwrites once what was swapped out before. Without AES-NI, SSH and other services are slower; "
        "it is for those who do not trust these instructions. Nothing is changed before Save."
    ),
    rows=(
        Choice(
            "performance.profile",
            ((N_("Profile"), 24), (N_("Made for"), 0)),
            profiles,
            about,
            lines=LINES,
            height=5,
        ),
        Field("performance.pages_2m"),
        Field("performance.pages_1g"),
        Live(N_("Reserved now"), reserved),
        Heading(N_("Encryption")),
        Field("performance.encrypt_swap"),
        Field("performance.swap_cipher"),
        Live(N_("Swap now"), swap),
        Field("performance.no_aes_ni"),
    ),
)
