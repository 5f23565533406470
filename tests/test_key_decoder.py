"""What a terminal sends becomes keys, and whatever else arrives becomes nothing."""

import pytest

from ovirt_tui.ui.display import Display
from ovirt_tui.ui.key_decoder import NAMES, WHOLE, keys_of
from ovirt_tui.ui.theme import Theme


@pytest.fixture(autouse=True)
def utf8() -> None:
    """Keys are read as UTF-8 once there is a screen."""
    Display(Theme())


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (b"\x1b[<M", []),
        (b"\x1b[<1;2;3;4Mx", ["x"]),
        (b"\x1b[<0;1;2Mx", ["x"]),
        (b"\x1b[M   x", ["x"]),
        (b"\x1b[32;10;10Mx", ["x"]),
        (b"\x00\x80\x9b\xff\xc2\x9bx", ["x"]),
        (b"\xed\xa0\x80\xc0\xaf\xf4\x90\x80\x80x", ["x"]),
        (b"\x1b]0;a title\x07x", ["x"]),
        (b"\x1bP1$r0m\x1b\\x", ["x"]),
        (b"\x1bPnoise\x1b[A", ["up"]),
        (b"\x1b[12\x1b[A", ["up"]),
        (b"\x1b[12\rx", ["enter", "x"]),
        (b"\x1b[24;80Rx", ["x"]),
        (b"\x1b\x1b[A", ["esc", "up"]),
        (b"\x1b" * 5000, ["esc"] * 5000),
        (b"\x1bOQ\x1b[21~\x1b[[A\x1b1", ["f2", "f10", "f1", "meta 1"]),
        ("pä€\x7f\t\r\x03".encode(), ["p", "ä", "€", "backspace", "tab", "enter", "ctrl c"]),
        (b"\x1b", ["esc"]),
        (b"\x1b]", ["meta ]"]),
        (b"\x1b[1;", []),
        (b"\xe2\x82", []),
    ],
)
def test_keys(typed: bytes, keys: list[str]) -> None:
    assert keys_of(typed, False) == (keys, b"")


def test_every_key_that_the_toolkit_knows_is_one() -> None:
    for sequence, name in NAMES.items():
        assert WHOLE.fullmatch(sequence), sequence
        assert keys_of(sequence + b"x", True) == ([name, "x"], b""), sequence


PIECES = (b"\x1b[<0;1;2M", b"\x1b[21~", b"\x1bOQ", "€".encode(), "\x1bä".encode(), b"\x1b[M  !")


@pytest.mark.parametrize("typed", PIECES)
def test_a_key_may_come_in_pieces(typed: bytes) -> None:
    for cut in range(1, len(typed)):
        keys, rest = keys_of(typed[:cut], True)
        assert (keys, rest) == ([], typed[:cut])
    assert keys_of(typed, True)[1] == b""


@pytest.mark.parametrize("start", [b"\x1b[", b"\x1b[<", b"\x1b]", b"\x1bP"])
def test_what_never_ends_takes_no_room(start: bytes) -> None:
    rest = start
    for _ in range(300):
        keys, rest = keys_of(rest + b"1;" * 500, True)
        assert keys == [] and len(rest) < 6000


def test_a_large_paste_is_read_at_once() -> None:
    assert len(keys_of(b"x" * 1_000_000, True)[0]) == 1_000_000
