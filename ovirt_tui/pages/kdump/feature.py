"""The kernel dump as a feature: where it goes, and the memory that is set aside for it at each start."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, content, observed, statements
from ovirt_tui.features.parameter import Put
from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.tokens import split
from ovirt_tui.pages import Field, Heading, Live, Page
from ovirt_tui.pages.boot import Boot
from ovirt_tui.pages.kdump.settings import Kdump, Target
from ovirt_tui.pages.kdump.state import SETTINGS, kept, last, ready
from ovirt_tui.pages.kdump.words import PARAMETERS
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.system import Reader
from ovirt_tui.system.steps import CrashMemory, File, Restart, Step

SERVICE = "ovirt-node-kdump.service"
RESERVED = "crashkernel=2G-8G:256M,8G-64G:384M,64G-:512M"
"""What the kernel sets aside, by the memory of the machine; nothing below 2 GiB, where guests need all of it."""


def observe_target(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    """The memory that is set aside follows from it."""
    text = content(reader, SETTINGS)
    if text is None:
        yield Put("kdump.target", Target.OFF)
    else:
        said = dict(line.partition("=")[::2] for line in statements(text))
        yield observed(Kdump, "target", said.get("TARGET", ""), SETTINGS)


@action(N_("Setting where a kernel dump goes"), observe=observe_target)
def target(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """A word crashkernel= that an admin gave to the installation decides alone how much memory is set aside."""
    chosen = config[Kdump].target
    own = any(word.key == "crashkernel" for word in split(str(config[Boot].words)))
    disk = "" if facts.slot else config[Storage].boot_disk
    wanted = "" if own or chosen is Target.OFF else RESERVED
    yield CrashMemory(disks.find(facts, disk).path if disk else "", wanted)
    if chosen is not Target.OFF:
        yield File(SETTINGS, f"TARGET={chosen.value}\n")
        yield Restart(SERVICE)


PAGE = Page(
    order=35,
    title=N_("Kernel dump"),
    setup=True,
    help=N_(
        "When the kernel of this node crashes, a second kernel takes over, saves the memory that the first one used "
        "for itself, and starts the node again; guests and cached files are left out. With local, the dump is a "
        "folder below /data/crash or /var/log/crash, on the volume with more room, and the last three are kept. "
        "It is read with 'crash', on a machine that has the symbols of the same kernel. The second kernel needs "
        "memory of its own, which only a start can set aside: 256 MiB from 2 GiB on, 384 from 8, 512 from 64. A "
        "machine with less than 2 GiB saves no dump, unless crashkernel= was given to its installation. Dumps hold "
        "what was in memory, passwords too: only root reads them."
    ),
    rows=(
        Field("kdump.target"),
        Heading(N_("Now")),
        Live(N_("Ready for a crash"), ready),
        Live(N_("Last crash"), last),
        Live(N_("Kept dumps"), kept),
    ),
)
FEATURE = Feature(section=Kdump, parameters=PARAMETERS, pages=(PAGE,), actions=(target,))
