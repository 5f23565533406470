"""Upgrades of a node by the medium that was booted beside it: what has to be true before, and what is done.

As in place (upgrade.py), but for what only a running node has: its hooks, its guests, and how well it was.  The slot
that starts by itself takes the place of the one that runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.autoinstall.request import AGAIN, DOWNGRADE
from ovirt_tui.i18n import N_
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.images import Candidate, NodeSlots, compared
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.records import replace
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.upgrade import OLDER, SAME_VERSION, Looked, fits, prepared
from ovirt_tui.system import System, Tell, silent
from ovirt_tui.system.disk_steps import InstalledNode

LEAST = Health(active=("NetworkManager.service",), libvirt=True)
"""What every node has: how this one was before nobody can tell while it does not run."""

NO_IMAGE = Kind(
    "node-without-image", N_("the node on {disk} has no whole image in {slot}, which starts: install it again")
)
OLD_LAYOUT = Kind(
    "node-of-old-layout",
    N_("the node on {disk} is of a version before each image had settings of its own: install it again and keep Data"),
)
PENDING = Kind(
    "image-prepared-already",
    N_("{version} is in {slot} already and is tried at the next start from {disk}: take the medium out and restart"),
)
NOT_OLDER = Kind("not-older", N_("it is version {version}, newer than {running}: the word is upgrade"))

BY_WORD = Kind("upgrade-by-word", N_("{reason}; the word {word} does it all the same"))
INSISTS = {OLDER: DOWNGRADE.name, SAME_VERSION: AGAIN.name}
"""What may be meant all the same, and the word of the kernel line that says so."""


def look(system: System, beside: InstalledNode, verified: Tell = silent) -> Looked:
    """Read the node, and every byte of the medium; nothing is written.  StepFailed where one of them is not whole."""
    slots = system.slots(beside)
    candidate = replace(system.candidate("", verified), signer="")  # no key of the node was asked
    return Looked(candidate, slots, tuple(objections(candidate, slots, beside.disk)), steps(candidate, slots, beside))


def objections(candidate: Candidate, slots: NodeSlots, disk: str) -> Iterator[Reason]:
    """Everything that speaks against the image of the medium on the node on *disk*."""
    if not slots.settings:
        yield OLD_LAYOUT(disk=disk)
    if not slots.version:
        yield NO_IMAGE(disk=disk, slot=slots.running)
        return
    if slots.tries and (slots.next, slots.other_version) == (slots.other, candidate.version):
        yield PENDING(version=candidate.version, slot=slots.other, disk=disk)
    yield from fits(candidate, slots, slots.product)


def refusals(looked: Looked, asked: str) -> Iterator[Reason]:
    """What speaks against doing what the word *asked* says, each with the word that would do it all the same."""
    for reason in looked.against:
        word = INSISTS.get(reason.kind, "")
        if not word:
            yield reason
        elif word != asked:
            yield BY_WORD(reason=reason, word=word)
    if asked == DOWNGRADE.name and compared(looked.candidate.version, looked.slots.version) > 0:
        yield NOT_OLDER(version=looked.candidate.version, running=looked.slots.version)


def steps(candidate: Candidate, slots: NodeSlots, beside: InstalledNode) -> tuple[Planned, ...]:
    """What is done, in this order."""
    return (Planned(N_("Opening the node"), (beside,)), *prepared(candidate, slots, LEAST))
