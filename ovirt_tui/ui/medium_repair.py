"""Repair of the boot loader from the first page of a medium: what is wrong is shown, and made anew on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from textwrap import wrap

from ovirt_tui.autoinstall.upgrade import opened
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts
from ovirt_tui.plan import repair
from ovirt_tui.plan.repair import Repair
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.confirm import ROOM, Line, PlanView
from ovirt_tui.ui.node_work import NOTHING_WRITTEN, NodeWork
from ovirt_tui.ui.widgets import Button
from ovirt_tui.ui.window import Window

BUSY = N_("Looking at what starts the node, and comparing every byte of its images with their checksums ...")
REPAIR = N_("Repair")
LABEL = 16
"""Columns of the label of a part."""


class RepairView(PlanView):
    """What a repair will do."""

    help = N_(
        "This page says what starts the node, part by part: what is as it has to be, and what is written anew. Nothing "
        "is written before the button is pressed, and nothing but these parts then: the images in the slots, the "
        "settings, logs and Data stay as they are. What the node starts with, such as the words of its kernel, is "
        "taken from the node itself; the page says from where. All of it is read back from the disk. Back goes to the "
        "first page."
    )


class MediumRepair:
    """Mends what starts the node on *disk*; *back* goes to the first page."""

    def __init__(self, window: Window, facts: Facts, disk: str, back: Callable[[], None]) -> None:
        self.window, self.facts, self.back = window, facts, back
        self.node = next(node for node in facts.nodes if node.disk == disk)

    def show(self) -> None:
        """Read the node in the background."""
        system, beside = self.window.system, opened(self.facts, self.node)

        def job() -> Repair | StepFailed:
            try:
                return repair.look(system, beside, self.facts)
            except StepFailed as failure:
                return failure

        self.window.wait(_(BUSY), job, self.judge)

    def judge(self, looked: Repair | StepFailed) -> None:
        """Say what speaks against it, or what was found; the button is there where something is due."""
        if isinstance(looked, StepFailed):
            self.window.tell(_(REPAIR), str(looked))
        elif looked.against:
            why = (f"{str(reason)[:1].upper()}{str(reason)[1:]}." for reason in looked.against)
            self.window.tell(_(REPAIR), "\n".join((*why, f"{_(NOTHING_WRITTEN)}.")))
        else:
            does = Button(_(REPAIR), partial(self.begin, looked)) if looked.due else None
            self.window.show(RepairView(list(self.plan(looked)), self.back, does))

    def plan(self, looked: Repair) -> Iterator[Line]:
        """What is there and what becomes of it, all steps, and the kernel line that does the same."""
        if looked.due:
            named = _("Nothing is written before '{deed}' is pressed; no slot, volume or table is written at all.")
            yield ("warning", named.format(deed=_(REPAIR)))
        else:
            yield ("warning", _("All that starts this node is as it has to be; there is nothing to repair."))
        yield ""
        told = (
            (_("Node"), looked.name or _("it has no name of its own"), False),
            (_("Disk"), disks.describe(disks.find(self.facts, self.node.disk)), False),
            *((_(part.label), part.text, part.written) for part in looked.parts),
        )
        for label, text, written in told:
            for line in wrap(text, ROOM - LABEL):
                yield ("error" if written else None, f"{label:<{LABEL}}{line}")
                label = ""
        if not looked.due:
            return
        yield ""
        yield ("title", _("All steps, in order"))
        for number, each in enumerate(looked.planned, 1):
            yield f"{number:2}. {_(each.title)}"
            for step in each.steps:
                yield ("help", f"      {step}")
        yield ""
        yield ("title", _("The same from the kernel line, where no other node is found"))
        yield "repair"

    def begin(self, looked: Repair) -> None:
        """Write, unless another console does."""
        NodeWork(
            self.window,
            self.back,
            title=_(REPAIR),
            planned=looked.planned,
            failed=_("Failed; slots, settings and Data are as before: {why}"),
            done=_("Repaired, and read back. Remove the medium and restart: the node starts."),
            leaving=_("The node may not start yet. Its slots, settings and Data are as before."),
        ).begin()
