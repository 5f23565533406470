"""A minimal urwid program: a screen full of lines, and a focus that moves over them.

It does nothing else: no page around the list, no details of the focused line, no marks, no colours of its own.
A list of four is shown for a machine with four disks, and one that fills the screen for all others, so that each
arrow key that is measured moves the focus, as it does in the program.
"""

from __future__ import annotations

import sys

import urwid

FULL = 22  # lines that fit on an 80x24 screen


def keys(key: str) -> None:
    """End with q."""
    if key == "q":
        raise urwid.ExitMainLoop


def main(disks: int) -> None:
    """Show the list until q is pressed."""
    names = [f"/dev/disk{number}  20 GiB" for number in range(min(disks, FULL))]
    rows = [urwid.AttrMap(urwid.SelectableIcon(name, 0), None, "focus") for name in names]
    frame = urwid.Frame(urwid.ListBox(urwid.SimpleFocusListWalker(rows)), header=urwid.Text("Boot disk"))
    urwid.MainLoop(frame, [("focus", "standout", "")], unhandled_input=keys).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
