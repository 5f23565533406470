"""How the last upgrade stands: what is remembered of it, and what of that the boot menu says otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from bootmenu.environment import STARTS
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.attempt import Attempt, State
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.images import NodeSlots
from ovirt_tui.model.records import replace
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.upgrade import noted
from ovirt_tui.system.disk_steps import BootChoice

NOT_TRIED = N_("it was interrupted before it could be tried, or did not start")


def standing(attempt: Attempt, slots: NodeSlots) -> Attempt:
    """*attempt* as the slot that starts says it: that is written first, and a power cut may come before the note.

    Somebody may also have chosen the other image since, in the boot menu or by a rollback.
    """
    if slots.trial or slots.gave_way:
        return attempt
    starts_new = slots.default == attempt.slot
    if starts_new and attempt.state is State.PREPARED:
        return replace(attempt, state=State.PASSED)
    if starts_new and attempt.state is State.ROLLED_BACK:
        return _turned(attempt)
    if not starts_new and attempt.state is State.PASSED:
        return replace(attempt, state=State.ROLLED_BACK)
    return attempt


def _turned(attempt: Attempt) -> Attempt:
    """The way back from a way back."""
    old = replace(attempt, running=attempt.slot, version=attempt.new_version, signer="", health=Health())
    return replace(old, slot=attempt.running, new_version=attempt.version)


def ended(slots: NodeSlots, attempt: Attempt | None, left: Sequence[str] = ()) -> tuple[Planned, ...]:
    """What a start that is no trial shows of the last upgrade, and is not remembered yet.

    *left* is what upgrade.differs() says.  The slot that runs counts: GRUB may not have been able to write down which
    one it starts.
    """
    if slots.gave_way and slots.running == slots.default:
        return _given_way(slots)
    if attempt is None:
        return ()
    now = standing(attempt, replace(slots, default=slots.running))
    if now.state is State.PREPARED and not slots.tries:
        return noted(now, State.FAILED, _(NOT_TRIED))
    if now == attempt:
        return ()
    return noted(now, now.state, ", ".join(left))


def _given_way(slots: NodeSlots) -> tuple[Planned, ...]:
    """The image in the other slot is not started any more by itself; remembered before GRUB's note of it goes."""
    attempt = Attempt(running=slots.running, version=slots.version, slot=slots.other, new_version=slots.other_version)
    choice = Planned(N_("Having the boot menu start this image from now on"), (BootChoice(slots.running, slots.next),))
    return (*noted(attempt, State.GAVE_WAY, ""), choice)


def told(attempt: Attempt | None, slots: NodeSlots) -> str:
    """How the last upgrade stands, as a sentence; empty where there was none."""
    if attempt is None:
        return ""
    attempt = standing(attempt, slots)
    versions = {"old": attempt.version, "new": attempt.new_version}
    if attempt.state is State.FAILED:
        return _("the upgrade from {old} to {new} failed: {why}").format(**versions, why=attempt.why)
    if attempt.state is State.GAVE_WAY:
        return _("{new} had proven itself, and did not come up {starts} times in a row: {old} starts").format(
            **versions, starts=STARTS
        )
    if attempt.state is State.ROLLED_BACK and attempt.why:
        return _("rolled back from {new} to {old}; saved otherwise there: {names}").format(
            **versions, names=attempt.why
        )
    if attempt.state is State.ROLLED_BACK:
        return _("rolled back from {new} to {old}").format(**versions)
    if attempt.state is State.PASSED and attempt.why:
        return _("upgraded from {old} to {new}; saved otherwise under {old}, and not used now: {names}").format(
            **versions, names=attempt.why
        )
    if attempt.state is State.PASSED:
        return _("upgraded from {old} to {new}").format(**versions)
    if slots.trial:
        return _("{new} is on trial; {old} starts again if it does not prove itself").format(**versions)
    if slots.tries:
        return _("{new} is tried at the next restart, {tries} times at most").format(**versions, tries=slots.tries)
    return _("{new} did not come up").format(**versions)
