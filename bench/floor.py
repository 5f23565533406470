"""The least an urwid program can be: a list whose focus moves.  The yardstick for start and repaint."""

from __future__ import annotations

import urwid

ROWS = [urwid.AttrMap(urwid.SelectableIcon(f"/dev/vd{letter}  20 GiB", 0), None, "focus") for letter in "abcd"]


def keys(key: str) -> None:
    """End with q."""
    if key == "q":
        raise urwid.ExitMainLoop


if __name__ == "__main__":
    frame = urwid.Frame(urwid.ListBox(urwid.SimpleFocusListWalker(ROWS)), header=urwid.Text("Boot disk"))
    urwid.MainLoop(frame, [("focus", "standout", "")], unhandled_input=keys).run()
