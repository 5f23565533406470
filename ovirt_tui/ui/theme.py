"""The look on this terminal: colours or none, line drawing or plain ASCII."""

from __future__ import annotations

from ovirt_tui.model.records import dataclass

PALETTE = (
    ("bar", "white", "dark blue", "standout"),
    ("title", "bold", "default", "bold"),
    ("help", "dark cyan", "default", "default"),
    ("error", "light red", "default", "bold"),
    ("warning", "yellow", "default", "bold"),
    ("good", "light green", "default", "bold"),
    ("edit", "white", "dark blue", "underline"),
    ("focus", "black", "light gray", "standout"),
    ("off", "dark gray", "default", "default"),
    ("done", "black", "dark cyan", "standout"),
)
"""Name, foreground, background, and the attribute for a terminal without colours."""


@dataclass(frozen=True)
class Glyphs:
    """The characters that are not letters."""

    line: str
    side: str
    corners: tuple[str, str, str, str]  # top left, top right, bottom left, bottom right
    full: str
    rest: str


DRAWN = Glyphs(line="─", side="│", corners=("┌", "┐", "└", "┘"), full="█", rest="░")
PLAIN = Glyphs(line="-", side="|", corners=("+", "+", "+", "+"), full="#", rest=".")
COLOURLESS = ("vt", "dumb", "ansi-m", "xterm-mono")


@dataclass(frozen=True)
class Theme:
    """What this terminal can show."""

    glyphs: Glyphs = DRAWN
    colours: int = 16
    utf8: bool = True


def theme_for(environment: dict[str, str]) -> Theme:
    """Return the Theme for the terminal that *environment* describes.

    A vt terminal is at the end of a serial line, where nobody knows its encoding: it gets ASCII.
    """
    term = environment.get("TERM", "")
    serial = term.startswith("vt") or term in ("", "dumb")
    utf8 = not serial and is_utf8(environment)
    mono = term.startswith(COLOURLESS) or not term or bool(environment.get("NO_COLOR"))
    return Theme(DRAWN if utf8 else PLAIN, 1 if mono else 16, utf8)


def is_utf8(environment: dict[str, str]) -> bool:
    """Whether the locale that *environment* names is a UTF-8 one; the kernel's console has none set."""
    names = [environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)]
    return names[0].casefold().replace("-", "").endswith("utf8") if names else True
