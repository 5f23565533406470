"""The images of a node and how an upgrade stands: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable

from ovirt_tui.cli import documents, streams
from ovirt_tui.cli.json_report import remark
from ovirt_tui.cli.plan_report import step_plans
from ovirt_tui.i18n import _
from ovirt_tui.machine.attempt import Attempt
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.model.problems import Reason
from ovirt_tui.plan import runner
from ovirt_tui.plan.outcome import standing, told
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.upgrade import INSISTS

PORTION = 20  # percent between two lines


class Progress:
    """Says what is being done, line by line on standard error: what is printed at the end is the answer."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet, self.last = quiet, ""

    def fetched(self, done: int, total: int) -> None:
        """So many bytes of the image have arrived; *total* is 0 where the server does not say how many there are."""
        self._say(_("Fetching the image"), done, total)

    def verified(self, done: int, total: int) -> None:
        """So many bytes of the image were read and compared."""
        self._say(_("Verifying the image"), done, total)

    def step(self, progress: runner.Progress) -> None:
        """An action, and how far its copy is."""
        title = f"({progress.number}/{progress.count}) {_(progress.title)}"
        self._say(title, progress.bytes_done, progress.bytes_total)

    def _say(self, title: str, done: int, total: int) -> None:
        part = done * 100 // total // PORTION * PORTION if total > 1 else 0
        line = f"{title} {part} %" if part else title
        if not self.quiet and line != self.last:
            streams.remark([line])
            self.last = line


def status(slots: NodeSlots, attempt: Attempt | None) -> str:
    """Which image runs, what is beside it, and how the last upgrade stands."""
    beside = slots.other_version or _("no image")
    trial = _(" (on trial)") if slots.trial else ""
    lines = [
        _("running   {version} in {slot}{trial}").format(version=slots.version, slot=slots.running, trial=trial),
        _("beside it {version} in {slot}").format(version=beside, slot=slots.other),
        _("starts    {slot}").format(slot=slots.default),
    ]
    if text := told(attempt, slots):
        lines.append(_("upgrade   {text}").format(text=text))
    return "".join(f"{line}\n" for line in lines)


def document(slots: NodeSlots, attempt: Attempt | None) -> documents.Status:
    """What status answers with."""
    return documents.Status(
        version=slots.version,
        slot=slots.running,
        other_version=slots.other_version,
        other_slot=slots.other,
        starts=slots.default,
        tries=slots.tries,
        trial=slots.trial,
        upgrade=str(standing(attempt, slots).state) if attempt else "",
        text=told(attempt, slots),
        problems=(),
    )


def signed(candidate: Candidate) -> str:
    """By whom an image is signed."""
    if not candidate.signer:
        return _("signed by nobody this node trusts")
    return _("signed by {signer}").format(signer=candidate.signer)


def upgraded(candidate: Candidate, slots: NodeSlots, planned: tuple[Planned, ...], *, made: bool) -> str:
    """What was done, or would be."""
    versions = {"version": f"{candidate.version} ({signed(candidate)})", "slot": slots.other}
    if not made:
        plan = "".join(f"{each}\n" for each in planned)
        return plan + _("{version} would be written to {slot}; nothing was written").format(**versions) + "\n"
    text = _("{version} is in {slot}; the next restart tries it, and {running} stays as it is")
    return text.format(**versions, running=slots.running) + "\n"


def upgrade(candidate: Candidate, slots: NodeSlots, planned: tuple[Planned, ...], *, made: bool) -> documents.Upgrade:
    """What upgrade answers with; *made* says whether the steps were made, or would be."""
    return documents.Upgrade(
        version=candidate.version,
        signer=candidate.signer,
        slot=slots.other,
        steps=step_plans(planned),
        made=made,
        problems=(),
    )


def sentence(reason: Reason) -> str:
    """What speaks against an image, and the option that says that it is meant."""
    if option := INSISTS.get(reason.kind):
        return _("{reason}; --{option} goes on all the same").format(reason=reason, option=option)
    return str(reason)


def refused(wrong: Iterable[Reason]) -> documents.Upgrade:
    """What upgrade answers with where something speaks against it."""
    problems = tuple(remark("", reason) for reason in wrong)
    return documents.Upgrade(version="", signer="", slot="", steps=(), made=False, problems=problems)
