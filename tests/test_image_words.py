"""The kernel words of an image: the file that GRUB reads, and what it never holds."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootmenu.entries import IMAGE_WORDS
from bootmenu.words import SIZE, words_file, words_in
from image.verity import Verity

WORDS = (*IMAGE_WORDS, *Verity("0" * 64, 39_000).words())


def test_grub_reads_the_words_of_an_image(tmp_path: Path) -> None:
    file = tmp_path / "words"
    file.write_bytes(words_file("0.1.0-20260101.abc", WORDS))
    assert file.stat().st_size == SIZE
    said = subprocess.run(
        ("grub-editenv", str(file), "list"), capture_output=True, text=True, check=True, timeout=30
    ).stdout
    assert said == f"version=0.1.0-20260101.abc\nwords={' '.join(WORDS)}\n"
    assert words_in(file.read_bytes()) == ("0.1.0-20260101.abc", WORDS)


@pytest.mark.parametrize("word", ["two words", "a;reboot", "$x", "a\nslot=RootBackup", "", "a'b", "back\\slash", "#"])
def test_what_grub_would_not_take_as_one_plain_word_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="cannot stand"):
        words_file("1", (word,))


def test_more_than_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="1024 is all there are"):
        words_file("1", ("a" * SIZE,))


GOOD = words_file("1", ("quiet",))


@pytest.mark.parametrize(
    "block",
    [
        b"",
        GOOD[:-1],
        b"x" * SIZE,
        GOOD.replace(b"words=", b"slots="),
        GOOD.replace(b"words=quiet\n", b"words=$quiet\n"[:12] + b"\n"),
        GOOD.replace(b"quiet\n######", b"quiet\nslot=1"),
        GOOD.replace(b"quiet", b"\xff" * 5),
    ],
)
def test_a_block_that_is_not_ours_is_no_list_of_words(block: bytes) -> None:
    with pytest.raises(ValueError, match="this is no"):
        words_in(block)
