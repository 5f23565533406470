"""The boot menus: what they say, and that GRUB can read it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bootmenu.entries import ENTRIES, LIVE_WORDS, SERIAL_WORDS, SLOTS, TRIAL, Start, leaves, slot_words
from bootmenu.render import installed_core, installed_grub, installed_stub, medium_grub, medium_stub
from bootmenu.signed import installed_signed, medium_signed

MENUS = Path(__file__).parent / "menus"
TEXTS = {
    "medium.cfg": medium_grub(),
    "medium-stub.cfg": medium_stub(),
    "installed.cfg": installed_grub(("console=tty0", "console=ttyS0,115200n8", "crashkernel=256M")),
    "installed-stub.cfg": installed_stub(),
    "installed-core.cfg": installed_core(),
    "medium-signed.cfg": medium_signed(LIVE_WORDS),
    "installed-signed.cfg": installed_signed(),
}


@pytest.mark.parametrize("name", TEXTS)
def test_menus_are_as_they_were_read(name: str, request: pytest.FixtureRequest) -> None:
    golden = MENUS / name
    if request.config.getoption("--accept"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(TEXTS[name])
    assert TEXTS[name] == golden.read_text()


@pytest.mark.parametrize("name", TEXTS)
def test_grub_reads_them(name: str) -> None:
    done = subprocess.run(("grub-script-check",), input=TEXTS[name], text=True, capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr


def test_a_signed_menu_of_a_node_runs_nothing_that_lies_on_a_disk() -> None:
    assert "source $prefix/Root.cfg" in TEXTS["installed.cfg"]
    assert not re.search(r"\b(source|configfile|normal|chainloader|insmod)\b", TEXTS["installed-signed.cfg"])


def test_every_entry_is_in_the_menu_of_the_medium() -> None:
    for entry in leaves():
        line = f"linux /vmlinuz {' '.join((*LIVE_WORDS, *entry.words))}\n"
        body = {Start.KERNEL: line, Start.LOCAL: "chainloader", Start.BACK: "configfile $prefix/grub.cfg"}[entry.start]
        _, found, after = TEXTS["medium.cfg"].partition(f'menuentry "{entry.title}" --id {entry.key} ')
        assert found
        assert body in after


def test_what_erases_without_a_further_question_is_asked_for_twice() -> None:
    assert not any("uninstall" in entry.words for entry in ENTRIES)
    menus = [entry.below for entry in (*ENTRIES, *ENTRIES[-1].below) if entry.key == "uninstall"]
    for back, erase in menus:
        assert back.start is Start.BACK, "the first line is the one that Enter takes"
        assert "uninstall" in erase.words
    assert len(menus) == 2


def test_the_serial_console_can_do_all_that_the_screen_can() -> None:
    said = [entry.words for entry in leaves() if entry.start is Start.KERNEL and "nomodeset" not in entry.words]
    screen = {words for words in said if SERIAL_WORDS[-1] not in words}
    assert screen == {words[: -len(SERIAL_WORDS)] for words in said if SERIAL_WORDS[-1] in words}


def test_one_entry_is_the_default() -> None:
    assert [entry.key for entry in ENTRIES if entry.default] == ["install"]


def test_both_slots_boot_with_the_words_of_the_installation() -> None:
    for slot in SLOTS:
        line = f"linux /vmlinuz {' '.join(slot_words(slot))} console=tty0 console=ttyS0,115200n8 crashkernel=256M"
        assert f"{line} {TRIAL}\n" in TEXTS["installed.cfg"]
        assert f"{line} rescue {TRIAL}\n" in TEXTS["installed.cfg"]


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("a=$x", "'a=$x'"),
        ("dyndbg=file x +p", "'dyndbg=file x +p'"),
        ("a=it's", "'a=it'\\''s'"),
        ("a={1}", "'a={1}'"),
        ("a=1;b", "'a=1;b'"),
        ("console=ttyS0,115200n8", "console=ttyS0,115200n8"),
    ],
)
def test_a_word_reaches_the_kernel_as_it_is(word: str, written: str) -> None:
    assert f" {written} {TRIAL}\n" in installed_grub((word,))
