"""The screen: a header, the present page, dialogs over it, and the keys at the bottom."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import urwid

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts, Part
from ovirt_tui.system import StepFailed, System
from ovirt_tui.ui.dialogs import WIDTH, Answers, Ask, Dialog, DialogText, Line, Lines, Pick, Reader, SmallDialog
from ovirt_tui.ui.table import shortened
from ovirt_tui.ui.theme import Theme
from ovirt_tui.ui.worker import Work

T = TypeVar("T")

SMALLEST = (80, 23)
KEYS = (N_("F1 Help"), N_("F2 Shell"), N_("F12 Redraw"))
ALWAYS = ("esc", "f2", "f12", "ctrl l")
"""Keys that work however small the window is."""
WITHOUT_FUNCTION_KEYS = {f"meta {number % 10}": f"f{number}" for number in range(1, 11)}
"""Alt and a digit, or Esc and quickly a digit, for terminals that send no function keys."""
ALL_KEYS = (
    N_("Tab, Shift-Tab    the next, the previous field or button"),
    N_("Arrow keys        through a list, a page, a row of buttons"),
    N_("Enter, space bar  choose, tick, press; Enter in a field goes to the next"),
    N_("Letters           in a list: show only the lines with these letters"),
    N_("Ctrl-U            empty a field, or show all lines of a list"),
    N_("Esc               close a question, or leave (asks first)"),
    N_("F1                this text"),
    N_("F2                a shell (asks first)"),
    N_("F4                the log, while something is being done"),
    N_("F5                look at the machine again"),
    N_("F9                the page before, in the installer"),
    N_("F10               continue, or save"),
    N_("F12, Ctrl-L       draw the screen anew"),
    "",
    N_("Without function keys: Alt and the digit, or Esc and at once the digit (0 for F10)."),
)


def no_keys(part: Part) -> tuple[tuple[str, str], ...]:
    """Stand-in for reading keys from a stick, where there is no real machine."""
    raise StepFailed(_("{part} is not here").format(part=part.path))


def no_stick(part: Part, name: str, text: str) -> str:
    """Stand-in for writing to a stick, where there is no real machine."""
    raise StepFailed(_("{part} is not here").format(part=part.path))


class View(urwid.WidgetWrap):
    """A page on the screen: *hints* name its own keys, *escape* what Esc does, and *help* is its part of F1."""

    title = ""
    hints = ""
    escape = N_("Leave")
    help = ""

    def hotkey(self, key: str) -> bool:
        """Handle a *key* of this page; False when it has no meaning here."""
        return False


class Window(urwid.WidgetWrap):
    """The screen.  *work* runs in one worker thread, *probes* of the machine in another.

    *leave* asks whether to leave; *allow* asks for the password that a shell needs and *shell* runs one; *redraw*
    repaints everything; *console* is the name of the terminal, and *pressed* the time of the last key.
    """

    no_cache = ("render",)  # what a small window shows depends on widgets that are not its children

    def __init__(self, product: str, system: System, work: Work, theme: Theme, trial: str = "") -> None:
        self.product, self.system, self.work, self.theme, self.trial = product, system, work, theme, trial
        self.probes = work  # probes may take long and must not delay work
        self.leave: Callable[[], None] = lambda: None
        self.allow: Callable[[Callable[[], None]], None] = lambda then: then()
        self.shell: Callable[[], None] = lambda: None
        self.redraw: Callable[[], None] = lambda: None
        self.quit: Callable[[], None] = lambda: None
        self.clock: Callable[[], float] = lambda: 0.0
        self.alone: Callable[[], bool] = lambda: True
        self.saving: Callable[[], AbstractContextManager[None]] = nullcontext
        self.save_to: Callable[[Part, str, str], str] = no_stick
        self.keys_on: Callable[[Part], tuple[tuple[str, str], ...]] = no_keys
        self.each_second: Callable[[Callable[[], bool]], None] = lambda again: None
        self.after: Callable[[float, Callable[[], None]], None] = lambda seconds, call: None
        self.console, self.pressed = "", 0.0
        self.dialogs: list[Dialog] = []
        self.covered: list[urwid.Widget] = []
        self.waiting: list[Dialog] = []
        self.postponed: list[Callable[[], None]] = []
        self.busy = ""  # what the page waits for
        self.view = View(urwid.SolidFill(" "))
        self.left, self.right = urwid.Text("", wrap="clip"), urwid.Text("", align="right", wrap="clip")
        self.footer = urwid.Text("", wrap="clip")
        header = urwid.AttrMap(urwid.Columns([self.left, ("pack", self.right)], dividechars=1), "bar")
        self.place = urwid.WidgetPlaceholder(self.view)
        inner = urwid.Padding(self.place, left=1, right=1)
        top = urwid.Pile([header, urwid.Divider()])
        self.frame = urwid.Frame(inner, top, urwid.AttrMap(self.footer, "bar"))
        super().__init__(urwid.WidgetPlaceholder(self.frame))

    def show(self, view: View) -> None:
        """Show *view* as the present page."""
        self.view = view
        self.place.original_widget = view
        self.name(view.title)

    def name(self, title: str) -> None:
        """Write *title* into the header."""
        left = f" {self.product}" + (f"   {self.trial}" if self.trial else "")
        self.left.set_text(left)
        self.right.set_text(f"{shortened(title, SMALLEST[0] - len(left) - 2)} ")  # a column without room is not drawn

    def keys(self) -> str:
        """The keys that work now, for the bottom line."""
        if self.dialogs:
            return self.dialogs[-1].hints()
        if self.busy:
            return self.busy
        escape = _("Esc {what}").format(what=_(self.view.escape)) if self.view.escape else ""
        keys = [_(self.view.hints) if self.view.hints else "", escape, *map(_, KEYS)]
        while len("  ".join(filter(None, keys))) > SMALLEST[0] - 2:
            keys.pop()  # F1 lists them all
        return "  ".join(filter(None, keys))

    def follow(self) -> None:
        """Update texts that depend on the present state."""
        for dialog in self.dialogs:
            dialog.follow()
        keys = f" {self.keys()}"
        if keys != self.footer.text:
            self.footer.set_text(keys)

    def render(self, size: tuple[int, int], focus: bool = False) -> urwid.Canvas:
        self.follow()
        if self.too_small(size):
            return self._small(size).render(size, focus)
        return super().render(size, focus)

    def _small(self, size: tuple[int, int]) -> urwid.Widget:
        """What is shown in a window of *size*, which is too small: the size it needs, or a dialog as far as it fits."""
        if not self.dialogs:
            has = _("This window is too small: it has {columns} columns and {rows} rows.")
            text = _("{columns} columns and {rows} rows are needed.\n{keys}")
            keys = _("Esc Leave  F2 Shell  F12 Redraw")
            has = has.format(columns=size[0], rows=size[1])
            text = f"{has}\n{text.format(columns=SMALLEST[0], rows=SMALLEST[1], keys=keys)}"
            return urwid.Filler(urwid.Text(("error", text)), "top")
        return SmallDialog(self.dialogs[-1])

    def too_small(self, size: tuple[int, int]) -> bool:
        """Whether *size* is too small for a page."""
        return size[0] < SMALLEST[0] or size[1] < SMALLEST[1]

    def keypress(self, size: tuple[int, int], key: str) -> str | None:
        key = WITHOUT_FUNCTION_KEYS.get(key, key)
        self.pressed = self.clock()
        small = self.too_small(size)
        if key == "ctrl c" or (small and not self.dialogs and key not in ALWAYS):
            return None
        if key in ("f12", "ctrl l"):
            self.redraw()
        elif self.dialogs and small:
            self.dialogs[-1].keypress((min(size[0], WIDTH),), key)
        elif self.dialogs:
            super().keypress(size, key)
        elif self.busy:
            return None
        elif key == "f2":
            self.ask_shell()
        elif key == "f1":
            self.read(_("Help"), self.help, from_end=False)
        elif key == "esc":
            self.leave()
        elif not self.view.hotkey(key):
            super().keypress(size, key)
        if not self.dialogs:
            postponed, self.postponed = self.postponed, []
            for job in postponed:
                job()
        return None

    def help(self) -> list[str]:
        """The help text: of this page, then of the keys."""
        of_this = [_(self.view.help), ""] if self.view.help else []
        return [*of_this, *(_(line) for line in ALL_KEYS)]

    def open(self, dialog: Dialog) -> None:
        """Show *dialog* over the rest; a required one hides what is behind it, and postpones later dialogs."""
        if self.dialogs and self.dialogs[-1].required:
            self.waiting.append(dialog)
            return
        self.dialogs.append(dialog)
        self.covered.append(self._w.original_widget)
        self._w.original_widget = dialog.over(urwid.SolidFill(" ") if dialog.required else self._w.original_widget)

    def close(self) -> None:
        """Remove the top dialog."""
        self.dialogs.pop()
        self._w.original_widget = self.covered.pop()
        waiting, self.waiting = self.waiting, []
        for dialog in waiting:
            self.open(dialog)

    def when_no_dialog(self, job: Callable[[], None]) -> None:
        """Run *job*, which changes the page, as soon as no dialog is open."""
        if self.dialogs:
            self.postponed.append(job)
        else:
            job()

    def ask(self, title: str, text: DialogText, answers: Answers, focus: int = 0) -> None:
        """Ask a question with buttons; Esc presses the first."""
        self.open(Dialog(title, text, answers, self.theme, self.close, focus))

    def tell(self, title: str, text: DialogText) -> None:
        """Show a message that must be closed."""
        self.ask(title, text, [(_("Close"), lambda: None)])

    def read(self, title: str, lines: Lines, close: str = "", from_end: bool = True) -> None:
        """Show a long text, at its end or at its beginning; *close* is the title of the button."""
        self.open(Reader(title, lines, self.theme, self.close, close or _("Close"), from_end))

    def pick(self, title: str, text: str, choices: Answers) -> None:
        """Ask for one of several choices, one a line."""
        self.open(Pick(title, text, choices, self.theme, self.close))

    def ask_text(self, title: str, text: str, wanted: Line) -> None:
        """Ask for a line of text."""
        self.open(Ask(title, text, wanted, self.theme, self.close))

    def ask_shell(self) -> None:
        """Warn, then run a shell on the terminal."""
        text = _(
            "A shell as root. What is changed there by hand is not known to this program, may be lost at the "
            "next start, and can damage this machine. 'exit' comes back here."
        )
        opens = (_("Open the shell"), lambda: self.allow(lambda: self.shell()))
        self.ask(_("Open a shell?"), text, [(_("Back"), lambda: None), opens])

    def probe_machine(
        self, found: Callable[[Facts], None], failed: Callable[[str], None] | None = None, busy: str = ""
    ) -> None:
        """Probe the machine in a worker thread; *found* gets the facts, *failed* the reason why there are none.

        Meanwhile, if the page waits for that, it takes no keys, and the bottom line is *busy*.
        """

        def job() -> Facts | StepFailed:
            try:
                return self.system.facts()
            except StepFailed as failure:
                return failure

        def done(seen: Facts | StepFailed) -> None:
            self.busy = "" if busy else self.busy
            if not isinstance(seen, StepFailed):
                found(seen)
            elif failed:
                failed(str(seen))
            else:
                self.tell(_("This machine could not be looked at"), str(seen))

        self.busy = busy or self.busy
        self.probes.start(job, done)

    def wait(self, what: str, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """Run *job* in the worker thread, then *done*.  Meanwhile the page takes no keys; the bottom line is *what*."""

        def ended(result: T) -> None:
            self.busy = ""
            done(result)

        self.busy = what
        self.work.start(job, ended)

    def restart(self) -> None:
        """Restart the machine."""
        self.act(self.system.restart)

    def power_off(self) -> None:
        """Power the machine off."""
        self.act(self.system.power_off)

    def act(self, action: Callable[[], None]) -> None:
        """Call *action* in a worker thread, whatever else is running; show an error when it fails."""

        def job() -> str:
            try:
                action()
            except StepFailed as failure:
                return str(failure)
            return ""

        def done(failure: str) -> None:
            if failure:
                self.tell(_("That did not work"), failure)

        self.probes.start(job, done)
