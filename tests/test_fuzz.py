"""A sample of what `make fuzz` does."""

from fuzz import Typist, at_lock, fuzz
from ovirt_tui.ui.look import Look

SAMPLE = 1000


def test_nothing_that_is_typed_ends_the_program_or_opens_a_door() -> None:
    assert fuzz(SAMPLE, seed=6) == SAMPLE


def test_the_lock_stays_at_a_mouse_without_numbers() -> None:
    typist = Typist(at_lock, True, Look())
    for codes in (b"\x1b[<M", b"\x1b", b"[", b"<", b"M", b"\x1b[<;;M"):
        typist.type(codes, True)
