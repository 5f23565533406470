"""Text that comes faster than anybody types: it is pasted.  It is taken at once, and presses nothing."""

from __future__ import annotations

from collections.abc import Sequence

BEGIN, END = "begin paste", "end paste"
RUN = 16  # letters in one piece of input that no fingers typed
WHITE = ("enter", "tab")


class Pasted(str):
    """A run of letters that came at once: a key that only fields of text take."""

    __slots__ = ()


class Typing:
    """Turns what the terminal sent into keys.

    Terminals that know how to say so put a paste between two marks; a line break in it, or a tab, is a blank then,
    and none at its end.  Of others, a long run of letters is taken for a paste.  The mark at the end may never come
    (a line may lose it, or make up the first): so text is handed on as it comes, and any other key ends the paste.
    """

    def __init__(self) -> None:
        self.pasting = False
        self.blanks = ""  # line breaks and tabs of a paste that more text may follow

    def keys(self, keys: Sequence[str], _raw: Sequence[int] = ()) -> list[str]:
        """What *keys* come to.  What is no text stays as it is."""
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
        """Put the letters so far where the keys go: as one piece, or one by one as they were typed."""
        if self.pasting or len(run) >= RUN:
            out += [Pasted("".join(run))] if run else []
        else:
            out += run
        run.clear()
