"""The terminal, written to sparingly: a serial line pays for every byte."""

from __future__ import annotations

import urwid
from urwid.display.raw import Screen

from ovirt_tui.ui.look import PALETTE, Look


class Display(Screen):
    """urwid's screen, with the keys Ctrl-C, Ctrl-Z and Ctrl-S given to the program."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        urwid.set_encoding("utf-8" if look.utf8 else "ascii")
        self.set_terminal_properties(colors=look.colours, has_underline=True)
        self.register_palette(PALETTE)

    def _start(self, alternate_buffer: bool = True) -> None:
        super()._start(alternate_buffer)
        self.tty_signal_keys("undefined", "undefined", "undefined", "undefined", "undefined")
