"""A running plan: each action with its state, the present step, and the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import urwid

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.plan.runner import Planned, Progress, run
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.dialogs import Pages
from ovirt_tui.ui.widgets import Button, at_cursor, button_row, dotted, scroll_hint
from ovirt_tui.ui.window import View, Window

MIB = 1024 * 1024
MIDDLE, BUTTONS = 2, 5  # parts of the page that can have the focus: the list or the log, and the buttons
SCROLLS = ("up", "down", "page up", "page down", "home", "end")
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


class Actions(urwid.ListBox):
    """The list of actions, to scroll.  The present one comes into sight as it begins: there are more than rows."""

    def __init__(self) -> None:
        self.present = -1
        super().__init__(urwid.SimpleFocusListWalker([]))

    def put(self, lines: Sequence[object], present: int) -> None:
        """Show *lines*, of which one is *present*; what was scrolled stays until the next one is."""
        if len(lines) != len(self.body):
            self.body[:] = [urwid.Text("") for _line in lines]
        for text, line in zip(self.body, lines, strict=True):
            text.set_text(line)
        if lines and present != self.present:
            self.present = present
            self.set_focus(present)

    def row(self, size: tuple[int, int]) -> int:
        """The row of the present action, or of the line that somebody scrolled to."""
        middle, _above, _below = self.calculate_visible(size, focus=False)
        return int(middle[0]) if middle else 0


class ProgressView(View):
    """The list of actions, each with a mark, or the log instead; below it the progress, or the outcome."""

    def __init__(self, window: Window, title: str, running: Running) -> None:
        self.window, self.heading, self.running = window, title, running
        self.title = _("At work")
        self.now, self.bar = dotted(), urwid.Text("", wrap="clip")
        self.head, self.more = urwid.Text(""), urwid.Text("", wrap="clip")
        self.verdict: object = ""
        self.pages = Pages([])
        self.buttons = urwid.WidgetPlaceholder(urwid.Divider())
        self.actions = Actions()
        self.middle = urwid.WidgetPlaceholder(self.actions)
        above = [("pack", self.head), ("pack", self.more), ("weight", 1, self.middle)]
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
        """Say whether there is more to scroll, and put the cursor on the present action while no button has it."""
        rows = self.outer.get_item_rows(size, focus)
        room, above = (size[0], rows[MIDDLE]), sum(rows[:MIDDLE])
        reads = focus and self.outer.focus_position == MIDDLE
        self.more.set_text(self._more(room, reads))
        canvas = super().render(size, focus)
        if not focus or canvas.cursor is not None:
            return canvas
        return at_cursor(canvas, 2, min(above + self.actions.row(room), size[1] - 1))

    def _more(self, room: tuple[int, int], reads: bool) -> object:
        """Which way there is more; an arrow where the keys go there although there are buttons."""
        more = scroll_hint(self.middle.original_widget, room, reads)
        keys = _("   Page Up, Page Down: scroll") if more else ""
        if reads and self.buttons.selectable():
            more = more or _("all is shown")
            return ("title", f"> {more}{keys}")
        return ("help", f"  {more}{keys}" if more else "")

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
        if key in SCROLLS:
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
        lines = [[self._mark(number), f" {_(each.title)}"] for number, each in enumerate(running.planned, 1)]
        self.actions.put(lines, self._present())
        elapsed = _("elapsed {time}").format(time=clock(running.seconds))
        self.head.set_text([("title", self.heading), f"   {elapsed}"])
        self.now.set_text(self.verdict or (("help", f" {running.at.step}") if running.at else ""))
        self.bar.set_text(self._bar())
        if self.log_shown:
            self.pages.grow(running.log)

    def _present(self) -> int:
        """The index of the action that is being done, has failed, or was the last one."""
        at = self.running.at.number if self.running.at else 1
        return min(max(at, self.running.done + 1), len(self.running.planned)) - 1

    def _mark(self, number: int) -> object:
        running = self.running
        if number <= running.done:
            return ("good", " [x]")
        if running.at and number == self._present() + 1:
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
