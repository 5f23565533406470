"""Upgrades of a node by the medium that was booted beside it: what has to be true before, and what is done.

As in place (upgrade.py), but for what only a running node has: its hooks and its guests.  How it was, it remembers
since it last ran.  The slot that starts by itself takes the place of the one that runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.autoinstall.request import AGAIN, DESPITE, DOWNGRADE
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.images import Candidate, NodeSlots, compared
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.records import replace
from ovirt_tui.plan import repair, settings_trial
from ovirt_tui.plan.repair import NO_SETTINGS, Repair
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.upgrade import OLDER, SAME_VERSION, Looked, fits, prepared
from ovirt_tui.system import System, Tell, silent
from ovirt_tui.system.disk_steps import Bootable, BootLoader, BootPartition, InstalledNode, SharedPlaces
from ovirt_tui.system.steps import Step

LEAST = Health(active=("NetworkManager.service",), libvirt=True)
"""What every node has: for one that did not remember how it was."""

NO_IMAGE = Kind(
    "node-without-image", N_("the node on {disk} has no whole image in {slot}, which starts: install it again")
)
PENDING = Kind(
    "image-prepared-already",
    N_("{version} is in {slot} already and is tried at the next start from {disk}: take the medium out and restart"),
)
NOT_OLDER = Kind("not-older", N_("it is version {version}, newer than {running}: the word is upgrade"))

BY_WORD = Kind("upgrade-by-word", N_("{reason}; the word {word} does it all the same"))
INSISTS = {OLDER: DOWNGRADE.name, SAME_VERSION: AGAIN.name, settings_trial.REFUSED: DESPITE.name}
"""What may be meant all the same, and the word of the kernel line that says so."""


def look(system: System, beside: InstalledNode, facts: Facts, verified: Tell = silent) -> Looked:
    """Read the node, and every byte of the medium; nothing is written.  StepFailed where one of them is not whole."""
    slots = system.slots(beside)
    candidate = replace(system.candidate("", verified), signer="")  # no key of the node was asked
    against = tuple(objections(candidate, slots, beside.disk))
    if not slots.earlier or any(each.kind not in INSISTS for each in against):
        return Looked(candidate, slots, against, steps(candidate, slots, beside))
    menu = repair.look(system, beside, facts)
    return Looked(candidate, slots, (*against, *menu.against), steps(candidate, slots, beside, tuple(_menu(menu))))


def _menu(mended: Repair) -> Iterator[Planned]:
    """The part of a repair that makes the boot menu of a node one of this version.

    The programs of its boot loader start this menu too: they stay, since a power cut while they are written would keep
    the node from starting, and so does what starts, which is left to the steps after these.
    """
    for each in mended.planned:
        steps = tuple(changed for step in each.steps for changed in _of_menu(step))
        if steps:
            yield replace(each, steps=steps)


def _of_menu(step: Step) -> Iterator[Step]:
    if isinstance(step, BootPartition):
        yield replace(step, mended_only=True)
    elif isinstance(step, BootLoader):
        yield replace(step, menu_only=True)
    elif not isinstance(step, Bootable):
        yield step


def objections(candidate: Candidate, slots: NodeSlots, disk: str) -> Iterator[Reason]:
    """Everything that speaks against the image of the medium on the node on *disk*."""
    if not slots.settings:
        yield NO_SETTINGS(disk=disk)
    if not slots.version:
        yield NO_IMAGE(disk=disk, slot=slots.running)
        return
    if slots.tries and (slots.next, slots.other_version) == (slots.other, candidate.version):
        yield PENDING(version=candidate.version, slot=slots.other, disk=disk)
    yield from fits(candidate, slots, slots.product)
    yield from settings_trial.not_taken(slots.saved, candidate)


def refusals(looked: Looked, insisted: frozenset[str]) -> Iterator[Reason]:
    """What speaks against it, each with the word that would do it all the same and is not among those *insisted* on."""
    for reason in looked.against:
        word = INSISTS.get(reason.kind, "")
        if not word:
            yield reason
        elif word not in insisted:
            yield BY_WORD(reason=reason, word=word)
    if DOWNGRADE.name in insisted and compared(looked.candidate.version, looked.slots.version) > 0:
        yield NOT_OLDER(version=looked.candidate.version, running=looked.slots.version)


def steps(
    candidate: Candidate, slots: NodeSlots, beside: InstalledNode, menu: tuple[Planned, ...] = ()
) -> tuple[Planned, ...]:
    """What is done, in this order.  A node of an image before each slot had settings of its own gets a *menu* first.

    That menu starts the image of before too, which finds its settings where it left them.
    """
    shared = (Planned(N_("Taking over what all images share"), (SharedPlaces(),)),) if slots.earlier else ()
    return (
        *menu,
        Planned(N_("Opening the node"), (beside,)),
        *shared,
        *prepared(candidate, slots, slots.health or LEAST),
    )
