"""Uninstalling from the first page of a medium: what will be lost is read, and asked about once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.pages.welcome import same_disks
from ovirt_tui.plan import summary
from ovirt_tui.system.disk_steps import Erased
from ovirt_tui.ui.confirm import Line, PlanView
from ovirt_tui.ui.dialogs import Answers
from ovirt_tui.ui.node_work import NOTHING_WRITTEN, NodeWork
from ovirt_tui.ui.widgets import Button
from ovirt_tui.ui.window import Window

UNINSTALL = N_("Uninstall")
SURE = N_("Everything on {disks} is lost, Data too.")


class UninstallView(PlanView):
    """What an uninstallation will do."""

    help = N_(
        "This page says what is on the disks of the node and what becomes of it, before anything is done. All of it is "
        "lost: the system, its settings, its logs, and the volume Data with the guests on it. The partition tables are "
        "erased, so nothing starts from the disks; what was written on them is not overwritten, and who gives them "
        "away has to do that. No other disk is touched. Uninstall asks once more. Back goes to the first page."
    )


class MediumUninstall:
    """Removes the node that starts from *disk*; *back* goes to the first page."""

    def __init__(self, window: Window, facts: Facts, disk: str, back: Callable[[], None]) -> None:
        self.window, self.facts, self.back = window, facts, back
        self.line = line(facts, disk)
        self.found = understand(read(self.line), facts)

    def show(self) -> None:
        """Say what will be lost, or what is in the way: it is judged as from the kernel line."""
        if not self.found.erased:
            why = (_("{what}.").format(what=complaint.message) for complaint in self.found.complaints)
            self.window.tell(_(UNINSTALL), "\n".join((*why, f"{_(NOTHING_WRITTEN)}.")))
            return
        erased = self.found.erased
        does = Button(_(UNINSTALL), partial(self.ask, erased))
        self.window.show(UninstallView(list(plan(erased, self.facts, self.line)), self.back, does))

    def ask(self, erased: Erased) -> None:
        """Ask once more; the answer that has the focus changes nothing."""
        text = _(SURE).format(disks=", ".join(erased.disks))
        ways: Answers = [(_("Back"), lambda: None), (_("Erase"), partial(self.begin, erased))]
        self.window.ask(_("Erase all of it?"), text, ways)

    def begin(self, erased: Erased) -> None:
        """Erase, unless another console writes."""
        gone = _("The node is removed; what was on {disks} is lost, and nothing starts from there.")
        NodeWork(
            self.window,
            self.back,
            title=_(UNINSTALL),
            planned=summary.removal(erased),
            failed=_("Failed, and part of it may be erased: {why}"),
            done=gone.format(disks=", ".join(erased.disks)),
            leaving=_("Part of the node may be erased. The medium finds what is left of it and can go on."),
        ).begin()


def line(facts: Facts, disk: str) -> str:
    """The kernel line that uninstalls the node on *disk*; its disks are named where there is another node."""
    if len(facts.nodes) == 1:
        return "uninstall"
    node = next(node for node in facts.nodes if node.disk == disk)
    own = {setting: names.split(",") for setting, names in same_disks(facts, node) if names}
    second = own.pop("storage.app_disks", [])
    host = dict.fromkeys(name for names in own.values() for name in names)
    return f"uninstall storage_init={','.join(host)}{';' if second else ''}{','.join(second)}"


def plan(erased: Erased, facts: Facts, said: str) -> Iterator[Line]:
    """What is on each disk and what becomes of it, all steps, and the kernel line *said* that does the same."""
    named = _("Nothing is erased before '{deed}' is pressed and confirmed; no other disk is touched.")
    yield ("warning", named.format(deed=_(UNINSTALL)))
    for text in summary.erase_plan(erased, facts):
        if text.startswith(" "):
            yield ("error", text)
        else:
            yield ""
            yield ("title", text)
    yield ""
    yield ("title", _("All steps, in order"))
    for number, each in enumerate(summary.removal(erased), 1):
        yield f"{number:2}. {_(each.title)}"
        for part in each.steps:
            yield ("help", f"      {part}")
    yield ""
    yield ("title", _("The same from the kernel line"))
    yield said
