"""What only a kernel line can say of a boot, and of those of the installed system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ovirt_tui.features.feature import Feature
from ovirt_tui.features.kernel_words import CARRY, carry, never_kept
from ovirt_tui.features.parameter import Parameter, Refused, Repeat, Word, each, plain, value
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.untrusted import masked
from ovirt_tui.model.config import NodeConfig, Section, setting
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.tokens import split
from ovirt_tui.model.values import KernelWords, Seconds


@dataclass(frozen=True, kw_only=True)
class Boot(Section, prefix="boot"):
    """What only a kernel line can say."""

    reboot_delay: Seconds = setting(Seconds(0), N_("Seconds to wait before the reboot"))
    words: KernelWords = setting(KernelWords(""), N_("Kernel words of the installed system"))


NEVER_KEPT = Kind("words-never-kept", N_("{names} cannot be kept for the installed system"))


def words_can_be_kept(config: NodeConfig, facts: Facts) -> Iterator[Problem]:
    """A line leaves none of these; an answer file could name them."""
    if names := tuple(never_kept(config[Boot].words)):
        yield Problem("boot.words", NEVER_KEPT(names=", ".join(map(masked, names))))


HELD_BACK = Kind(
    "words-held-back",
    N_("the boot menu of this image is signed, and does not let {names} through; leave it out, or start by a BIOS"),
)


def words_pass_a_signed_menu(config: NodeConfig, facts: Facts) -> Iterator[Problem]:
    """A menu that nobody can change lets through only the words that it knows."""
    if not (facts.signed_menu and facts.efi and config[Boot].words):
        return
    from bootmenu.signed import held_back

    if names := held_back(word.text for word in split(str(config[Boot].words))):
        yield Problem("boot.words", HELD_BACK(names=", ".join(map(masked, names))))


MEMORY = "(0x[0-9A-Fa-f]+|[0-9]+)[KkMmGgTt]?"
RANGE = f"{MEMORY}-({MEMORY})?:{MEMORY}"
CRASHKERNEL = f"{MEMORY}(@{MEMORY})?|{MEMORY},(high|low|cma)|{RANGE}(,{RANGE})*(@{MEMORY})?"
NO_MEMORY = Kind("no-memory-of-the-kernel", N_("not memory as the kernel wants it"))
NO_SECONDS = Kind("no-seconds", N_("not a number from 0 to 86400"))
OF_NODE = "scsi_dh_alua"
"""A driver that the node's word of old named; every other is for dracut as it is."""


def crashkernel(text: str) -> str:
    """What the kernel's own parser takes; what it does not, it passes over, and there is no crash kernel."""
    if not re.fullmatch(CRASHKERNEL, text):
        raise Refused(NO_MEMORY())
    return text


def early_driver(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"rd.driver.pre={name}" if name == OF_NODE else f"rdloaddriver={name}" for name in names)


WORDS = (
    Word(
        name="console",
        subject="console",
        grammar=each(str),
        form=N_("a console as the kernel names it"),
        help=N_("Kept for the installed system. May be repeated."),
        example="ttyS0,115200n8",
        fills=("boot.words",),
        repeat=Repeat.EACH,
        keeps=lambda said: tuple(f"console={each}" for each in said),
    ),
    Word(
        name="crashkernel",
        subject="console",
        grammar=crashkernel,
        form=N_("memory such as 256M, 256M,high or 1G-4G:192M,4G-:256M"),
        help=N_("Memory for a crash kernel. Kept for the installed system."),
        example="256M",
        fills=("boot.words",),
        keeps=lambda said: (f"crashkernel={said}",),
    ),
    Word(
        name="rdloaddriver",
        subject="console",
        grammar=each(str),
        form=N_("a driver"),
        help=N_("Driver to load early; kept for the installed system."),
        example="scsi_dh_alua",
        fills=("boot.words",),
        repeat=Repeat.EACH,
        keeps=early_driver,
    ),
    Word(
        name=CARRY,
        subject="console",
        grammar=carry,
        form=N_("NAME[,NAME]..."),
        help=N_(
            "Words of these names are kept for the installed system although they are not known; everybody can read "
            "them there. May be repeated."
        ),
        example="example.option",
        fills=("boot.words",),
        repeat=Repeat.EACH,
    ),
)

PARAMETERS = (
    Parameter(words=WORDS),
    plain(
        "boot.reboot_delay",
        Word(
            name="reboot_delay",
            subject="after",
            grammar=value(Seconds, NO_SECONDS),
            form=N_("seconds from 0 to 86400"),
            help=N_("Seconds to wait between the end of the installation and the reboot."),
            example="5",
            fills=("boot.reboot_delay",),
        ),
    ),
)
FEATURE = Feature(section=Boot, parameters=PARAMETERS, rules=(words_can_be_kept, words_pass_a_signed_menu))
