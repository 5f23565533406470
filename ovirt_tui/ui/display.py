"""The terminal, with minimal output: on a serial line, a screen of 2 KB takes a sixth of a second."""

from __future__ import annotations

import errno
import os
import select
import sys
from collections.abc import Callable
from typing import Any

import urwid
from urwid.display.raw import Screen
from urwid.util import str_util

from ovirt_tui.ui.key_decoder import keys_of
from ovirt_tui.ui.theme import PALETTE, Theme

Cell = tuple[object, str]  # an attribute of the palette, a character
Line = list[Cell]
Row = list[tuple[object, object, bytes]]  # as a canvas returns it
SMALL_GAP = 5  # unchanged columns that are cheaper to rewrite than to skip
SCROLLS = 3  # lines that must have moved for the terminal to be told to scroll
ESCAPE = 0.25  # seconds after which an Esc is not the start of an escape sequence; slow lines need them
RESET = "\x1b[0m"
REST = "\x1b[K"
BLANK: Cell = (None, " ")
UNSEEN = dict.fromkeys(
    (*range(32), *range(127, 160), *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2066, 0x206A)), "?"
)
"""For typed text: untrusted text was escaped where it entered (untrusted.py)."""
STANDARD = (80, 24)  # a serial line does not know its size
PORTION = 65536  # bytes of input that are read before the screen is drawn again


def cells(row: Row, encoding: str) -> Line | None:
    """A row of a canvas column by column; None when a character is wider or narrower than a column."""
    line: Line = []
    for attribute, _charset, run in row:
        text = run.decode(encoding, "replace").translate(UNSEEN)
        if not text.isascii() and any(str_util.get_char_width(letter) != 1 for letter in text):
            return None
        line += [(attribute, letter) for letter in text]
    return line


def spans(old: Line, new: Line) -> list[tuple[int, int]]:
    """The ranges of columns in which *new* differs from *old*, small gaps merged."""
    found: list[tuple[int, int]] = []
    for column, (was, now) in enumerate(zip(old, new, strict=True)):
        if was != now:
            if found and column - found[-1][1] <= SMALL_GAP:
                found[-1] = (found[-1][0], column + 1)
            else:
                found.append((column, column + 1))
    return found


def scrolled(old: list[Row], new: list[Row]) -> tuple[int, int, int]:
    """The longest block of lines that moved by one line: first, last of *new*, and 1 for up or -1 for down."""
    best = (0, 0, 0)
    for by in (1, -1):
        start = None
        for index in range(len(new) + 1):
            same = index < len(new) and 0 <= index + by < len(old) and new[index] == old[index + by]
            moved = same and new[index] != old[index]
            if moved and start is None:
                start = index
            elif not moved and start is not None:
                if index - start > best[1] - best[0]:
                    best = (start, index, by)
                start = None
    return best if best[1] - best[0] >= SCROLLS else (0, 0, 0)


class Display(Screen):
    """urwid's screen, but sends only what differs, and gets Ctrl-C, Ctrl-Z and Ctrl-S as keys."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(bracketed_paste_mode=True)
        urwid.set_encoding("utf-8" if theme.utf8 else "ascii")
        self.encoding = "utf-8" if theme.utf8 else "ascii"
        # Input is UTF-8 in any case: else a password with an umlaut would be another one at the next login.
        str_util.set_byte_encoding("utf8")
        self.set_terminal_properties(colors=theme.colours, has_underline=True)
        self.register_palette(PALETTE)
        self.set_input_timeouts(complete_wait=ESCAPE)
        self.cursor_shown = True
        self.cursor_at = (-1, -1)
        self.attribute: object = None
        self.out: list[str] = []
        self._input_timeout: Any = None
        self._resized: bool = False
        self.screen_buf: list[Row] | None = None
        self._screen_buf_canvas: urwid.Canvas | None = None

    def _start(self, alternate_buffer: bool = True) -> None:
        super()._start(alternate_buffer)
        self.cursor_shown = True
        if sys.stdin.isatty():
            self.tty_signal_keys("undefined", "undefined", "undefined", "undefined", "undefined")

    def get_cols_rows(self) -> tuple[int, int]:
        columns, rows = super().get_cols_rows()
        return (columns, rows) if columns > 0 and rows > 0 else STANDARD

    def parse_input(
        self,
        event_loop: Any,
        callback: Callable[[list[str], list[int]], Any] | None,
        codes: Any,
        wait_for_more: bool = True,
    ) -> Any:
        """Decode input into keys for *callback*; an incomplete sequence waits for the rest, at most ESCAPE seconds.

        No input may end the program: it may be locked, or in the middle of an installation.
        """
        if self._input_timeout and event_loop:
            event_loop.remove_alarm(self._input_timeout)
            self._input_timeout = None
        keys, rest = keys_of(bytes(code for code in codes if 0 <= code < 256), wait_for_more)
        self._partial_codes = list(rest)
        if rest and event_loop:

            def no_more() -> None:
                self._input_timeout, self._partial_codes = None, []
                self.parse_input(event_loop, callback, rest, wait_for_more=False)

            self._input_timeout = event_loop.alarm(self.complete_wait, no_more)
        if self._resized:
            keys.append("window resize")
            self._resized = False
        if callback:
            callback(keys, list(codes))
            return None
        return keys, list(codes)

    def _read_raw_input(self, timeout: int) -> bytearray:
        """Read at most PORTION bytes of input.  OSError when the terminal is gone: urwid would read nothing forever."""
        typed = bytearray()
        descriptor = self._input_fileno()
        while descriptor is not None and len(typed) < PORTION:
            if not select.select([descriptor], [], [], 0 if typed else timeout)[0]:
                break
            if not (some := os.read(descriptor, 1024)):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            typed += some
        return typed

    def draw_screen(self, size: tuple[int, int], canvas: urwid.Canvas) -> None:
        """Update the terminal to show *canvas*."""
        if self._resized or (self.screen_buf and canvas is self._screen_buf_canvas):
            return
        columns, _rows = size
        new: list[Row] = [list(row) for row in canvas.content()]
        old = self.screen_buf
        if not old or len(old) != len(new):
            self.out.append(f"{RESET}\x1b[H\x1b[2J")
            old = [[(None, None, b" " * columns)] for _row in new]
        old = self._scroll(old, new, columns)
        for row, (was, now) in enumerate(zip(old, new, strict=True)):
            if was != now:
                self._line(row, was, now, columns - (row == len(new) - 1))
        self._attribute(None)
        self._cursor(canvas.cursor)
        self.write("".join(self.out))
        self.out.clear()
        self.flush()
        self.screen_buf, self._screen_buf_canvas = new, canvas

    def _scroll(self, old: list[Row], new: list[Row], columns: int) -> list[Row]:
        """Make the terminal scroll a block of lines, if one moved; return what it shows then."""
        first, last, by = scrolled(old, new)
        if not by:
            return old
        top, bottom = (first, last) if by == 1 else (first - 1, last - 1)
        move = f"\x1b[{bottom + 1};1H\x1bD" if by == 1 else f"\x1b[{top + 1};1H\x1bM"
        self.out.append(f"\x1b[{top + 1};{bottom + 1}r{move}\x1b[r")
        empty: list[Row] = [[(None, None, b" " * columns)]]
        if by == 1:
            return [*old[:top], *old[top + 1 : bottom + 1], *empty, *old[bottom + 1 :]]
        return [*old[:top], *empty, *old[top:bottom], *old[bottom + 1 :]]

    def _line(self, row: int, was: Row, now: Row, columns: int) -> None:
        """Write the differences in one line.  The last column of the last line is never written: that would scroll."""
        before, after = cells(was, self.encoding), cells(now, self.encoding)
        if after is None:
            self._whole(row, now)
            return
        width = len(after)
        if before is None or len(before) != width:
            before = [("", "")] * width
        end = width
        while end and after[end - 1] == BLANK:
            end -= 1
        for start, stop in spans(before[:columns], after[:columns]):
            self.out.append(f"\x1b[{row + 1};{start + 1}H")
            if stop - max(start, end) > len(REST) and before[end:] != after[end:]:
                self._text(after[start:end])
                self._attribute(None)
                self.out.append(REST)
                break
            self._text(after[start:stop])

    def _whole(self, row: int, now: Row) -> None:
        """Write a whole line, for one with wide characters."""
        self.out.append(f"\x1b[{row + 1};1H{RESET}{REST}")
        self.attribute = None
        for attribute, _charset, run in now:
            self._attribute(attribute)
            self.out.append(run.decode(self.encoding, "replace").translate(UNSEEN))

    def _text(self, line: Line) -> None:
        for attribute, letter in line:
            if attribute != self.attribute:
                self._attribute(attribute)
            self.out.append(letter)

    def _attribute(self, attribute: object) -> None:
        if attribute == self.attribute:
            return
        self.attribute = attribute
        escape = self._pal_escape.get(attribute, RESET) if attribute is not None else RESET
        # Each begins with a reset, so the codes of the default colours are redundant.
        self.out.append(escape.replace(";39", "").replace(";49", ""))

    def _cursor(self, at: tuple[int, int] | None) -> None:
        if at and (self.out or at != self.cursor_at):
            self.out.append(f"\x1b[{at[1] + 1};{at[0] + 1}H")
        self.cursor_at = at or (-1, -1)
        if bool(at) != self.cursor_shown:
            self.cursor_shown = bool(at)
            self.out.append("\x1b[?25h" if at else "\x1b[?25l")
