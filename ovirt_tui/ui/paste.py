"""Detects pasted text.  It goes into a field as one piece, and presses no button."""

from __future__ import annotations

from collections.abc import Sequence

BEGIN, END = "begin paste", "end paste"
RUN = 16  # letters in one chunk of input from which on it counts as pasted
WHITE = ("enter", "tab")


class Pasted(str):
    """A run of letters that came at once: a key that only text fields accept."""

    __slots__ = ()


class PasteFilter:
    """Filters the decoded keys for pastes.

    Terminals with bracketed paste put two marks around it; a line break or tab in it becomes a blank, and none at its
    end.  On others, a long run of letters counts as a paste.  The end mark may never come (a line may lose it, or make
    up the start mark): so text is passed on as it comes, and any other key ends the paste.
    """

    def __init__(self) -> None:
        self.pasting = False
        self.blanks = ""  # pending line breaks and tabs of a paste, dropped unless text follows

    def keys(self, keys: Sequence[str], _raw: Sequence[int] = ()) -> list[str]:
        """Return *keys* with runs of text merged.  Other keys stay as they are."""
        out: list[str] = []
        run: list[str] = []
        for key in keys:
            if key == BEGIN:
                self._end(run, out)
                self.pasting, self.blanks = True, ""
            elif key == END:
                self._end(run, out)
            elif len(key) == 1 and key.isprintable():
                run.append(self.blanks + key)
                self.blanks = ""
            elif self.pasting and key in WHITE:
                self.blanks += " "
            else:
                self._end(run, out)
                out.append(key)
        self._hand_on(run, out)
        return out

    def _end(self, run: list[str], out: list[str]) -> None:
        self._hand_on(run, out)
        self.pasting, self.blanks = False, ""

    def _hand_on(self, run: list[str], out: list[str]) -> None:
        """Move *run* to *out*: as one piece if pasted, else letter by letter."""
        if self.pasting or len(run) >= RUN:
            out += [Pasted("".join(run))] if run else []
        else:
            out += run
        run.clear()
