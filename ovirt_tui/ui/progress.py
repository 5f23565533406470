"""A running plan: each action with its state, the present step, and the log."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import urwid

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.plan.runner import Planned, Progress, run
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.dialogs import Pages
from ovirt_tui.ui.widgets import Button, at_cursor, button_row, dotted
from ovirt_tui.ui.window import View, Window

MIB = 1024 * 1024
MIDDLE, BUTTONS = 2, 5  # parts of the page that can have the focus: the list or the log, and the buttons
Call = Callable[[], None]
Context = Callable[[], AbstractContextManager[None]]
AT_WORK = N_(
    "Each line is something that is done, in this order: [x] is done, [>] is being done. F4 shows the log of it, and "
    "F4 again the list. Nothing has to be pressed until it has ended. What is begun is not broken off by leaving this "
    "text."
)
HAS_FAILED = N_(
    "The line marked [!] could not be done; the reason is below the list. The log, behind F4 or its button, has all "
    "that the programs at work said. What was done before is known and is not done twice. The buttons below are the "
    "ways to go on."
)
IS_DONE = N_(
    "All of it is done, and each part was looked at again to see that it holds. The log, behind F4 or its button, says "
    "what was done and when. The buttons below are the ways to go on."
)


def clock(seconds: int) -> str:
    """Seconds as minutes:seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


@dataclass
class Running:
    """The state of a running plan."""

    planned: tuple[Planned, ...]
    at: Progress | None = None
    done: int = 0
    failure: StepFailed | None = None
    ended: bool = False
    seconds: int = 0
    log: list[str] = field(default_factory=list)

    def record(self, progress: Progress) -> None:
        """Record a report of the runner."""
        started = self.at is None or (self.at.number, self.at.step) != (progress.number, progress.step)
        if progress.finished:
            self.done = progress.number
            title = _("{title}: done").format(title=_(progress.title))
            self.log.append(f"{clock(self.seconds)} ({progress.number}/{progress.count}) {title}")
        elif started:
            self.log.append(f"{clock(self.seconds)} {progress.step}")
        self.at = progress

    def failed(self, failure: StepFailed) -> None:
        """Record that a step failed."""
        self.failure = failure
        self.log.append(_("{time} FAILED: {failure}").format(time=clock(self.seconds), failure=failure))
        self.log += [*failure.output.splitlines(), *failure.left]


def is_alone(window: Window, otherwise: str) -> bool:
    """Take the lock of who writes to disks; where another console has it, or it cannot be had, say so."""
    try:
        alone = window.alone()
    except StepFailed as failure:
        window.tell(otherwise, str(failure))
        return False
    if not alone:
        text = _("An installer on another console of this machine is writing. Only one at a time can.")
        window.tell(_("Another installation is running"), text)
    return alone


def work_on(window: Window, running: Running, changed: Call, ended: Call, within: Context = nullcontext) -> None:
    """Run the plan *within* a lock's context; *changed* and *ended* are called in the main thread."""
    reported = [(0, "", 0, False)]
    begun = window.clock() - running.seconds

    def hear(progress: Progress) -> None:
        running.seconds = int(window.clock() - begun)
        running.record(progress)
        changed()

    def tell(progress: Progress) -> None:
        percent = 100 * progress.bytes_done // progress.bytes_total if progress.bytes_total else 0
        now = (progress.number, progress.step, percent, progress.finished)
        if now != reported[0]:
            reported[0] = now
            window.work.post(lambda: hear(progress))

    def job() -> StepFailed | None:
        try:
            with within():
                run(running.planned, window.system, tell)
        except StepFailed as failure:
            return failure
        return None

    def done(failure: StepFailed | None) -> None:
        running.ended = True
        if failure:
            running.failed(failure)
        ended()

    def second() -> bool:
        running.seconds = int(window.clock() - begun)
        changed()
        return not running.ended

    window.each_second(second)
    window.work.start(job, done)


class ProgressView(View):
    """The list of actions, each with a mark, or the log instead; below it the progress, or the outcome."""

    def __init__(self, window: Window, title: str, running: Running) -> None:
        self.window, self.heading, self.running = window, title, running
        self.title = _("At work")
        self.list, self.now, self.bar = urwid.Text(""), dotted(), urwid.Text("", wrap="clip")
        self.head = urwid.Text("")
        self.verdict: object = ""
        self.pages = Pages([])
        self.buttons = urwid.WidgetPlaceholder(urwid.Divider())
        self.actions = urwid.ListBox(urwid.SimpleListWalker([self.list]))
        self.middle = urwid.WidgetPlaceholder(self.actions)
        above = [("pack", self.head), ("pack", urwid.Divider()), ("weight", 1, self.middle)]
        self.outer = urwid.Pile([*above, ("pack", self.now), ("pack", self.bar), ("pack", self.buttons)])
        super().__init__(self.outer)
        self.follow()

    @property
    def hints(self) -> str:  # type: ignore[override]
        """What F4 shows, and Tab where there are buttons."""
        log = N_("F4 Back to the list") if self.log_shown else N_("F4 Log")
        tab = _("Tab Next")
        return f"{tab}  {_(log)}" if self.buttons.selectable() else _(log)

    @property
    def help(self) -> str:  # type: ignore[override]
        """The help text: while the plan runs, when it has failed, and when it is done."""
        if not self.running.ended:
            return _(AT_WORK)
        return _(HAS_FAILED) if self.running.failure else _(IS_DONE)

    def render(self, size: tuple[int, int], focus: bool = False) -> urwid.Canvas:
        """Put the cursor on the present action while there is no button to have it."""
        canvas = super().render(size, focus)
        if not focus or canvas.cursor is not None:
            return canvas
        row = 2 + (self.running.at.number - 1 if self.running.at else 0)
        return at_cursor(canvas, 2, min(row, size[1] - 1))

    @property
    def log_shown(self) -> bool:
        """Whether the log is shown instead of the list."""
        return self.middle.original_widget is self.pages

    def hotkey(self, key: str) -> bool:
        if key in ("f4", "l", "L"):
            self.show_log(not self.log_shown)
            return True
        if key in ("tab", "shift tab"):
            self.next_button(1 if key == "tab" else -1)
            return True
        if self.log_shown and key in ("up", "down", "page up", "page down", "home", "end"):
            self.outer.focus_position = MIDDLE
        return False

    def next_button(self, by: int) -> None:
        """Give the focus to the next or the previous button, around the ends."""
        bar = self.buttons.original_widget
        if isinstance(bar, urwid.Columns):
            if self.outer.focus_position == BUTTONS:
                bar.focus_position = (bar.focus_position + by) % len(bar.contents)
            self.outer.focus_position = BUTTONS

    def show_log(self, wanted: bool) -> None:
        """Show the log, or the list again."""
        if wanted:
            self.pages.put(self.running.log)
            if self.running.log:
                self.pages.set_focus(len(self.running.log) - 1)
        self.middle.original_widget = self.pages if wanted else self.actions
        if self.buttons.selectable():
            self.outer.focus_position = BUTTONS

    def put_buttons(self, buttons: list[Button]) -> None:
        """Show *buttons* below the progress."""
        self.buttons.original_widget = button_row(buttons)
        self.outer.focus_position = BUTTONS

    def end(self, good: bool, text: str) -> None:
        """Show how it ended."""
        self.verdict = ("good" if good else "error", f" {text}")
        self.now.set_layout("left", "space")
        self.follow()

    def follow(self) -> None:
        """Show the present state."""
        running = self.running
        lines: list[object] = []
        for number, each in enumerate(running.planned, 1):
            lines += [self._mark(number), f" {_(each.title)}\n"]
        self.list.set_text(lines or "")
        elapsed = _("elapsed {time}").format(time=clock(running.seconds))
        self.head.set_text([("title", self.heading), f"   {elapsed}"])
        self.now.set_text(self.verdict or (("help", f" {running.at.step}") if running.at else ""))
        self.bar.set_text(self._bar())
        if self.log_shown:
            self.pages.grow(running.log)

    def _mark(self, number: int) -> object:
        running = self.running
        if number <= running.done:
            return ("good", " [x]")
        if running.at and number == max(running.at.number, running.done + 1):
            return ("error", " [!]") if running.failure else ("warning", " [>]")
        return " [ ]"

    def _bar(self) -> object:
        running, glyphs = self.running, self.window.theme.glyphs
        at, count = running.at, len(running.planned)
        if not at or not count:
            return ""
        part = at.bytes_done / at.bytes_total if at.bytes_total and not at.finished else 0.0
        share = min(1.0, (running.done + part) / count)
        width = 50
        full = int(width * share)
        copied = f"  {at.bytes_done // MIB} / {at.bytes_total // MIB} MiB, {int(100 * part)} %" if part else ""
        return f" {glyphs.full * full}{glyphs.rest * (width - full)} {running.done}/{count}{copied}"
