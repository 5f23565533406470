"""A sample of what `make fuzz` does."""

from ast import literal_eval
from dataclasses import replace

import pytest

import fuzz_lines
from fuzz import Typist, at_lock, fuzz
from machines import MACHINES
from named_disks import meant, unnamed
from ovirt_tui.machine import selection
from ovirt_tui.machine.facts import Disk
from ovirt_tui.ui.theme import Theme
from ovirt_tui.ui.widgets import Entry
from person import at_setup
from test_setup import to_page

SAMPLE = 300
LINES = 4000
BOOT, DATA = "/dev/vda", "/dev/vdb"
TWO = MACHINES["two-disks"]


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
    typist = Typist(at_lock, True, Theme())
    for codes in (b"\x1b[<M", b"\x1b", b"[", b"<", b"M", b"\x1b[<;;M"):
        typist.type(codes, True)


def test_no_line_writes_a_disk_that_its_words_do_not_name() -> None:
    assert fuzz_lines.fuzz(LINES, seed=7) > LINES // 25, "of too few lines there was a plan to judge"


@pytest.mark.parametrize(
    ("criterion", "careless"),
    [
        ("serial", lambda disk, value: "" if disk.serial.startswith(value[:2]) else "another"),
        ("bus", lambda disk, value: "" if disk.bus != "usb" else "another"),
        ("size", lambda disk, value: ""),
        ("model", lambda disk, value: "" if disk.model else "another"),
    ],
)
def test_a_careless_comparison_is_found_and_its_line_made_small(
    criterion: str, careless: selection.Misfit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(selection.MISFITS, criterion, careless)
    with pytest.raises(AssertionError):
        fuzz_lines.fuzz(20 * LINES, seed=8)
    said = capsys.readouterr().err
    assert "seed 8, on " in said
    small = said.partition("smallest ")[2]
    # The disk, the interface, a password or what goes, and what may be overwritten where something is in the way.
    words = literal_eval(small.partition(": ")[2]).split()
    assert 2 <= len(words) <= (7 if "answer file" in small else 4), small


@pytest.mark.parametrize(
    ("line", "written", "wrong"),
    [
        ("storage_init=/dev/vda BOOTIF=link", {BOOT}, ""),
        ("ovirt-init=/dev/vda,/dev/vdb", {BOOT, DATA}, ""),
        ("storage_init=/dev/vda", {BOOT, DATA}, "only ['/dev/vda'] are named"),
        ("storage_init=/dev/vda", {"/dev/vdz"}, "/dev/vdz is not there"),
        ("storage_init=virtio:a0001", {BOOT}, ""),
        ("storage_init=virtio:A0001", {BOOT}, "'virtio:A0001' means nothing"),
        ("storage_init=virtio:ALL", {BOOT, DATA}, ""),
        ("storage_init=virtio", {BOOT}, "'virtio' means ['/dev/vda', '/dev/vdb']"),
        ("storage_init=size=50G-", {DATA}, ""),
        ("storage_init", {BOOT}, "'' means ['/dev/vda', '/dev/vdb']"),
        ("BOOTIF=link", {BOOT}, "no word names a disk"),
        ("-- storage_init=/dev/vda", {BOOT}, "no word names a disk"),
        ("hostname=storage_init=/dev/vda", {BOOT}, "no word names a disk"),
        ('"storage_init=/dev/vda"', {BOOT}, ""),
    ],
)
def test_what_the_words_name(line: str, written: set[str], wrong: str) -> None:
    assert unnamed(TWO, line, written) == wrong


def test_the_medium_is_never_named_rightly() -> None:
    disks: tuple[Disk, ...] = (replace(TWO.disks[0], live=True), TWO.disks[1])
    assert unnamed(replace(TWO, disks=disks), "storage_init=/dev/vda", {BOOT}) == "/dev/vda is the medium"


def test_one_name_of_several_disks_means_them_all() -> None:
    assert meant(fuzz_lines.HOSTS["twins"], "/dev/disk/by-id/ata-TWIN") == ({"/dev/sda", "/dev/sdb"}, False)
    assert meant(MACHINES["multipath"], "scsi:ALL") == ({"/dev/mapper/mpatha"}, True)
