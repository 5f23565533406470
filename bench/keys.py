"""The bytes that keys send, by name: "down*3,up*3" is six key presses."""

from __future__ import annotations

NAMED = {
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "home": b"\x1b[1~",
    "end": b"\x1b[4~",
    "f10": b"\x1b[21~",
    "enter": b"\r",
}
"""As the terminal type 'linux' sends them, which is that of the machine's console."""


def presses(text: str) -> tuple[bytes, ...]:
    """What each key press sends; ValueError names a key that is not known."""
    sent: list[bytes] = []
    for item in filter(None, text.split(",")):
        name, _, count = item.partition("*")
        if name not in NAMED:
            raise ValueError(f"no key is called {name!r}; known are {', '.join(NAMED)}")
        sent += [NAMED[name]] * int(count or 1)
    return tuple(sent)
