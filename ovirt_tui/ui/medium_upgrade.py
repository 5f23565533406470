"""Upgrades from the first page of a medium: the node is looked at, the plan confirmed, and carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from textwrap import wrap

from ovirt_tui.autoinstall.upgrade import opened
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.problems import Reason
from ovirt_tui.plan import medium
from ovirt_tui.plan.settings_trial import REFUSED
from ovirt_tui.plan.upgrade import OLDER, SAME_VERSION, Looked
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.confirm import LABEL, ROOM, Line, PlanView
from ovirt_tui.ui.node_work import NodeWork
from ovirt_tui.ui.widgets import Button
from ovirt_tui.ui.window import Window

BUSY = N_("Looking at the node, and comparing every byte of this medium with its checksums ...")
DEEDS = {OLDER: N_("Downgrade"), SAME_VERSION: N_("Write again"), REFUSED: N_("Upgrade all the same")}
UPGRADE = N_("Upgrade")


class UpgradeView(PlanView):
    """What an upgrade will do."""

    help = N_(
        "This page says what was found on the disk, and all that will be done to it, before anything is done. The "
        "version of this medium is written to the slot that does not start by itself, and read back. The settings are "
        "copied for it, so each version has its own, and both share guests, logs and Data. The next start tries it: "
        "where it does not prove itself, the version of before starts again by itself. Back goes to the first page."
    )


class MediumUpgrade:
    """Upgrades the node that starts from *disk*; *back* goes to the first page."""

    def __init__(self, window: Window, facts: Facts, disk: str, back: Callable[[], None]) -> None:
        self.window, self.facts, self.back = window, facts, back
        self.node = next(node for node in facts.nodes if node.disk == disk)

    def show(self) -> None:
        """Read the node and the medium in the background."""
        system, beside = self.window.system, opened(self.facts, self.node)

        def job() -> Looked | StepFailed:
            try:
                return medium.look(system, beside, self.facts)
            except StepFailed as failure:
                return failure

        self.window.wait(_(BUSY), job, self.judge)

    def judge(self, looked: Looked | StepFailed) -> None:
        """Say what speaks against it, or what will be done; what may be meant all the same has a name of its own."""
        if isinstance(looked, StepFailed):
            self.window.tell(_(UPGRADE), str(looked))
        elif final := [reason for reason in looked.against if reason.kind not in medium.INSISTS]:
            self.window.tell(_(UPGRADE), "\n".join((*map(_sentence, final), _("Nothing was written."))))
        else:
            does = Button(deed(looked), partial(self.begin, looked))
            self.window.show(UpgradeView(list(self.plan(looked)), self.back, does))

    def plan(self, looked: Looked) -> Iterator[Line]:
        """What is there, what is written, what stays, all steps, and the kernel line that does the same."""
        slots, new = looked.slots, looked.candidate.version
        named = _("Nothing is written before '{deed}' is pressed: it writes to this disk, and to no other.")
        yield ("warning", named.format(deed=deed(looked)))
        yield ""
        beside = _(", in place of {version}").format(version=slots.other_version) if slots.other_version else ""
        told = (
            (_("Node"), slots.name or _("it has no name of its own")),
            (_("Disk"), disks.describe(disks.find(self.facts, self.node.disk))),
            (_("It has"), _("{version} in {slot}").format(version=slots.version, slot=slots.running)),
            (_("It gets"), _("{version} in {slot}{beside}").format(version=new, slot=slots.other, beside=beside)),
            *(((_("Also"), _("A boot menu of this version, so that each has settings of its own")),) * slots.earlier),
            (_("Stays"), _("the version that it has, all settings and passwords, guests, logs and Data")),
        )
        for label, text in told:
            for line in wrap(text, ROOM - LABEL):
                yield f"{label:<{LABEL}}{line}"
                label = ""
        for reason in looked.against:
            yield ""
            yield ("error", _sentence(reason))
        yield ""
        yield ("title", _("All steps, in order"))
        for number, each in enumerate(looked.planned, 1):
            yield f"{number:2}. {_(each.title)}"
            for part in each.steps:
                yield ("help", f"      {part}")
        yield ""
        yield ("title", _("The same from the kernel line, where no other node is found"))
        yield " ".join(medium.INSISTS[reason.kind] for reason in looked.against) or "upgrade"

    def begin(self, looked: Looked) -> None:
        """Write, unless another console does."""
        versions = {"old": looked.slots.version, "new": looked.candidate.version}
        title, done = _("From {old} to {new}"), _("Written. Remove the medium and restart: {new} is tried.")
        stays = _("The node on {disk} starts as before, unless all steps are done.")
        NodeWork(
            self.window,
            self.back,
            title=title.format(**versions),
            planned=looked.planned,
            failed=_("Failed, and the node starts as before: {why}"),
            done=done.format(**versions),
            leaving=stays.format(disk=self.node.disk),
        ).begin()


def deed(looked: Looked) -> str:
    """What it is: an upgrade, or what has to be meant."""
    return next((_(DEEDS[reason.kind]) for reason in looked.against if reason.kind in DEEDS), _(UPGRADE))


def _sentence(reason: Reason) -> str:
    text = str(reason)
    return f"{text[:1].upper()}{text[1:]}."
