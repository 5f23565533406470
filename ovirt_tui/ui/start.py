"""Opens the screen: the installer, or the setup program of an installed node."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

import urwid

from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts, Part
from ovirt_tui.plan.saved import now_called, saved_config
from ovirt_tui.system import System
from ovirt_tui.system.crash import ended_closed, ended_open
from ovirt_tui.system.key_files import key_files
from ovirt_tui.system.lock import alone, saving
from ovirt_tui.system.terminal import console, drop_output, monotonic, shell
from ovirt_tui.system.usb_stick import save
from ovirt_tui.ui.display import Display
from ovirt_tui.ui.door import Door
from ovirt_tui.ui.installer import Installer
from ovirt_tui.ui.leave import ask_leave
from ovirt_tui.ui.paste import PasteFilter
from ovirt_tui.ui.setup import Setup
from ovirt_tui.ui.theme import theme_for
from ovirt_tui.ui.widgets import Button, button_row
from ovirt_tui.ui.window import View, Window
from ovirt_tui.ui.worker import Worker

FINISH = 600  # seconds that work may continue after the terminal is gone
Opens = Callable[[Window, Facts], None]


def install(
    system: System, refusal: str = "", trial: str = "", line: str = "", failure: str = "", ended: str = ""
) -> None:
    """Run the installer until the admin leaves.

    *refusal*, *failure* and *ended* say why an unattended installation was refused, failed, or did not restart the
    machine; *trial* names the recorded machine it runs on; the settings of the kernel *line* are filled in.
    """

    def first(window: Window, facts: Facts) -> None:
        installer = Installer(window, facts, line)
        installer.open(installer.page)
        installer.tell(refusal, failure, ended)
        installer.look_for_carriers()

    sys.excepthook = ended_open
    program = Program(system, first, trial)
    program.begin()
    program.run()


def setup(system: System, trial: str = "") -> None:
    """Run the setup program of an installed node until the admin logs off.

    However it ends, only the login prompt follows: a crash offers no shell, and F2 asks for a password.
    """

    def first(window: Window, facts: Facts) -> None:
        saved = saved_config(system, facts)
        Setup(window, facts, saved, door).propose(now_called(saved, system, facts))

    sys.excepthook = ended_closed
    program = Program(system, first, trial)
    door = Door(program.window)
    program.begin()
    door.watch()
    program.run()


def save_to(part: Part, name: str, text: str) -> str:
    """Write a new file on a partition of a stick, and return its name."""
    return save(part.path, part.kind, name, text)


def keys_on(part: Part) -> tuple[tuple[str, str], ...]:
    """The files with public keys on a partition of a stick."""
    return key_files(part.path, part.kind)


def begin(window: Window, first: Opens) -> None:
    """Probe the machine, then show the first page; a probe that fails can be retried."""

    def opened(facts: Facts) -> None:
        window.product = f"{facts.product} {facts.version}"
        first(window, facts)

    def failed(why: str) -> None:
        ways = [
            Button(_("Try again"), lambda: begin(window, first)),
            Button(_("Shell"), window.ask_shell),
            Button(_("Leave"), lambda: window.leave()),
        ]
        text = _("This machine could not be looked at: {why}").format(why=why)
        parts = [urwid.Text(("error", text)), urwid.Divider(), button_row(ways)]
        window.show(View(urwid.Filler(urwid.Pile(parts, focus_item=2))))

    window.show(View(urwid.Filler(urwid.Text(_("Looking at this machine ..."), align="center"))))
    window.probe_machine(opened, failed)


class Program:
    """The main loop, and the functions of the window that need it."""

    def __init__(self, system: System, first: Opens, trial: str) -> None:
        theme = theme_for(dict(os.environ))
        self.gone = False
        self.display = Display(theme)
        self.worker, self.prober = Worker(self._wake), Worker(self._wake)
        self.window = Window("oVirt Node", system, self.worker, theme, trial)
        self.loop = urwid.MainLoop(
            self.window, screen=self.display, handle_mouse=False, input_filter=PasteFilter().keys
        )
        self.pipe = self.loop.watch_pipe(self._woken)
        os.set_blocking(self.pipe, False)
        self.window.shell, self.window.redraw, self.window.quit = self._shell, self.display.clear, self._quit
        self.window.each_second, self.window.clock = self._each_second, monotonic
        if not trial:
            self.window.alone, self.window.saving = alone, saving
            self.window.save_to, self.window.keys_on = save_to, keys_on
        self.window.probes = self.prober
        self.window.leave = lambda: ask_leave(self.window, _("Leave?"), _("Nothing was changed on this machine."))
        self.window.console, self.window.pressed, self.window.after = console(), monotonic(), self._after
        self.first = first

    def begin(self) -> None:
        """Probe the machine and show the first page."""
        begin(self.window, self.first)

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # full: the loop has not yet come to what is in it, and will
            os.write(self.pipe, b".")

    def _woken(self, _data: bytes) -> None:
        if self.gone:
            raise urwid.ExitMainLoop
        self.worker.take()
        self.prober.take()

    def _quit(self) -> None:
        raise urwid.ExitMainLoop

    def _shell(self) -> None:
        self.window.system.log(_("{console}: shell opened").format(console=self.window.console))
        self.display.stop()
        try:
            shell()
        finally:
            self.window.system.log(_("{console}: shell closed").format(console=self.window.console))
            self.window.pressed = monotonic()
            self.display.start()
            self.display.clear()

    def _after(self, seconds: float, call: Callable[[], None]) -> None:
        self.loop.set_alarm_in(seconds, lambda _loop, _data: call())

    def _each_second(self, again: Callable[[], bool]) -> None:
        def second(loop: urwid.MainLoop, _data: object) -> None:
            if again():
                loop.set_alarm_in(1, second)

        self.loop.set_alarm_in(1, second)

    def run(self) -> None:
        """Run until the admin leaves, the terminal is gone, or a signal ends this process; restores the terminal."""
        with suppress(urwid.ExitMainLoop):
            # A handler of our own, not SIG_IGN: programs started from here must not inherit it.
            signal.signal(signal.SIGINT, lambda _number, _frame: None)
            for number in (signal.SIGHUP, signal.SIGTERM):
                signal.signal(number, self._ended)
            # A signal that comes between Python's last look for one and the wait of the loop would wait with it.
            signal.set_wakeup_fd(self.pipe, warn_on_full_buffer=False)
            try:
                self.loop.run()
            except OSError as error:
                if not self.gone and error.errno != errno.EIO:
                    raise
                self.gone = True
        if self.gone:
            # A new network configuration may just have cut the connection: work that was begun is finished.
            self.worker.finish(FINISH)

    def _ended(self, _number: int, _frame: object) -> None:
        """Leave at once, since a write to the terminal may block; if Python drops the exception, at the next event.

        An exception that a signal handler raises while an object is finalized is printed and not propagated.
        """
        if not self.gone:
            self.gone = True
            drop_output()
            self._wake()
            raise urwid.ExitMainLoop
