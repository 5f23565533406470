"""The page Confirm: what will be done, in words, disk by disk and step by step, and the equivalent kernel line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from textwrap import wrap

import urwid

from ovirt_tui.autoinstall.lens import offered
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.resolution import lasting
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.problems import Problem
from ovirt_tui.plan.actions import INSTALL, volumes_step
from ovirt_tui.plan.runner import plan
from ovirt_tui.plan.summary import in_words, write_plan
from ovirt_tui.ui.dialogs import Pages
from ovirt_tui.ui.widgets import Button, button_row, doubted, scroll_hint
from ovirt_tui.ui.window import View

Line = str | tuple[str | None, str]
LABEL = 14  # columns of the label of a line of the summary
ROOM = 77  # columns of text on the smallest screen


def obstacles(config: NodeConfig, problems: list[Problem]) -> Iterator[Line]:
    """Yield why this configuration cannot be installed."""
    yield ("error", _("This cannot be installed yet. Go back and change it:"))
    for problem in problems:
        yield ("error", f"  {_(config.setting(problem.path).label)}: {problem.text}")


def confirm(config: Resolved, facts: Facts, doubts: Iterable[Problem] = ()) -> Iterator[Line]:
    """Yield the write plan, and *doubts* about what was chosen.  *config* must be free of problems."""
    yield ("warning", _("Nothing is written before 'Install' is pressed: it writes to these disks, and to no other."))
    yield ""
    for doubt in doubts:
        said = doubted(f"{_(config.setting(doubt.path).label)}: {doubt.text}")
        yield from (("warning", line) for line in wrap(said, ROOM, subsequent_indent="  "))
    for words in in_words(config, facts):
        label = _(words.label)
        for line in wrap(words.text, ROOM - LABEL):
            yield ("error" if words.grave else None, f"{label:<{LABEL}}{line}")
            label = ""
    written = [disks.find(facts, path) for path in volumes_step(config, facts).disks]
    lost = {line for disk in written for line in disks.contents(facts, disk)}
    for line in write_plan(config, facts):
        if line.startswith(" "):
            yield ("error", line) if line.strip() in lost else line
        else:
            yield ""
            yield ("title", line)
    yield ""
    yield ("title", _("All steps, in order"))
    for number, each in enumerate(plan(INSTALL, config, facts), 1):
        yield f"{number:2}. {_(each.title)}"
        for part in each.steps:
            yield ("help", f"      {part}")
    yield ""
    yield ("title", _("The same from the kernel line (add adminpw= with a hash)"))
    yield " ".join(offered(lasting(config, facts)))


SCROLLS = ("up", "down", "page up", "page down", "home", "end")


class PlanView(View):
    """A plan, to scroll; the focus does not start on the button *does*, so it is not pressed by accident."""

    hints = N_("Up/Down Scroll  Tab Buttons  F9 Back")

    def __init__(self, lines: list[Line], back: Callable[[], None], does: Button | None) -> None:
        self.title, self.back = _("Confirm"), back
        self.text, self.where = Pages(lines), urwid.Text("", wrap="clip")
        self.bar = button_row([Button(_("Back"), back)] + ([does] if does else []))
        self.pile = urwid.Pile([("weight", 1, self.text), ("pack", self.where), ("pack", self.bar)])
        super().__init__(self.pile)

    def render(self, size: tuple[int, int], focus: bool = False) -> urwid.Canvas:
        """Show whether there is more above and below, since scrolling shows no cursor."""
        text = scroll_hint(self.text, (size[0], size[1] - 2), focus) or _("all is shown")
        here = focus and self.pile.focus_position == 0
        self.where.set_text([("focus" if here else "help", f"{'>' if here else ' '} {text} ")])
        return super().render(size, focus)

    def hotkey(self, key: str) -> bool:
        if key == "f9":
            self.back()
            return True
        if key in SCROLLS:
            self.pile.focus_position = 0  # the footer says that these keys scroll, so they do from the buttons too
        if key in ("tab", "shift tab"):
            at = self.bar.focus_position if self.pile.focus_position == 2 else -1
            after = at + (1 if key == "tab" else -1)
            count = len(self.bar.contents)
            after = count - 1 if after == -2 else after
            self.pile.focus_position = 2 if 0 <= after < count else 0
            if 0 <= after < count:
                self.bar.focus_position = after
            return True
        return False


class ConfirmView(PlanView):
    """What an installation will do."""

    help = N_(
        "This page says all that an installation will do, before anything is done. First what was chosen, then each "
        "disk that is written, with what is on it now, which is lost; no other disk is touched. Below that are all "
        "steps in their order, and the kernel line that would do the same without questions. Scroll with the arrow "
        "keys and Page Up and Down. Back goes to the pages, and what was chosen there stays. Install begins at once."
    )

    def __init__(self, draft: Draft, back: Callable[[], None], install: Callable[[], None]) -> None:
        problems = draft.problems()
        wrong = obstacles(draft.config, problems)
        lines = list(wrong if problems else confirm(draft.resolved, draft.facts, draft.doubts()))
        super().__init__(lines, back, None if problems else Button(_("Install"), install))
