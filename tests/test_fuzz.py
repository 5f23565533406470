"""A sample of what `make fuzz` does."""

from fuzz import Typist, at_lock, fuzz
from ovirt_tui.ui.look import Look
from ovirt_tui.ui.widgets import Entry
from person import at_setup
from test_setup import to_page

SAMPLE = 300


def test_nothing_that_is_typed_ends_the_program_or_opens_a_door() -> None:
    assert fuzz(SAMPLE, seed=6) == SAMPLE


def test_accents_without_letters_are_no_text() -> None:
    person, _setup = at_setup()
    to_page(person, "Network")
    person.press("tab", "\u0301", "\u202e", "\u200b")
    assert "Host name" in person.screen()
    person.press("tab", "a", "\u00e4")


def test_a_password_may_have_every_character() -> None:
    entry = Entry(mask="*")
    for letter in "\u0301a\u202e":
        entry.keypress((10,), letter)
    assert entry.edit_text == "\u0301a\u202e"


def test_the_lock_stays_at_a_mouse_without_numbers() -> None:
    typist = Typist(at_lock, True, Look())
    for codes in (b"\x1b[<M", b"\x1b", b"[", b"<", b"M", b"\x1b[<;;M"):
        typist.type(codes, True)
