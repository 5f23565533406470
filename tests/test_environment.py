"""What the boot menu starts: the environment block, and the script that GRUB runs with it."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootmenu import environment
from bootmenu.entries import SLOTS
from bootmenu.environment import SECTOR, SIZE, STARTS, Choice, block, other, read
from bootmenu.render import installed_grub

CHOICES = st.builds(
    Choice,
    st.sampled_from(sorted(SLOTS)),
    st.sampled_from(["", *sorted(SLOTS)]),
    st.integers(min_value=0, max_value=9),
    st.sampled_from(["", *sorted(SLOTS)]),
    st.integers(min_value=0, max_value=9),
)


@given(CHOICES)
def test_a_block_says_what_was_chosen_in_its_first_sector(choice: Choice) -> None:
    made = block(choice)
    assert len(made) == SIZE
    assert made[SECTOR:] == b"#" * (SIZE - SECTOR)
    assert read(made) == choice


def test_grub_reads_and_writes_the_same(tmp_path: object) -> None:
    file = f"{tmp_path}/grubenv"
    with open(file, "wb") as out:  # noqa: PTH123
        out.write(block(Choice("Root", "RootBackup", 2)))
    run = ("grub-editenv", file)
    listed = subprocess.run((*run, "list"), check=True, capture_output=True, text=True, timeout=30).stdout
    assert listed.splitlines() == ["slot=Root", "next=RootBackup", "tries=xx", "back=", "starts="]
    subprocess.run((*run, "set", "tries=x"), check=True, timeout=30)
    with open(file, "rb") as made:  # noqa: PTH123
        assert read(made.read()) == Choice("Root", "RootBackup", 1)


def test_a_node_of_the_version_before_has_its_slot_only() -> None:
    old = b"# GRUB Environment Block\nslot=RootBackup\n".ljust(SIZE, b"#")
    assert read(old) == Choice("RootBackup")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"slot=Root\n",
        b"# GRUB Environment Block\n",
        b"# GRUB Environment Block\nslot=Rooot\n",
        b"# GRUB Environment Block\nslot=Root\nnext=other\n",
        b"# GRUB Environment Block\nslot=Root\nnext=RootBackup\ntries=2\n",
        b"# GRUB Environment Block\nslot=Root\nback=other\n",
        b"# GRUB Environment Block\nslot=Root\nback=RootBackup\nstarts=3\n",
        b"# GRUB Environment Block\nslot=\xff\n",
    ],
)
def test_what_names_no_slot_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"GRUB|slot"):
        read(content)


@pytest.mark.parametrize(
    "choice", [Choice("Rooot"), Choice(""), Choice("Root", "x"), Choice("Root", back="x"), Choice("Root", "Root", 10)]
)
def test_what_cannot_be_started_is_not_written(choice: Choice) -> None:
    with pytest.raises(ValueError, match=r"slot|start"):
        block(choice)


def test_there_are_two_slots() -> None:
    assert {slot: other(slot) for slot in SLOTS} == {"Root": "RootBackup", "RootBackup": "Root"}


SHELL = """
regexp() { left=${3#x}; case $3 in x*) [ -n "${3%%*[!x]*}" ] && [ "$3" = "x$left" ] ;; *) false ;; esac; }
load_env() { slot=$SLOT next=$NEXT tries=$TRIES back=$BACK starts=$STARTS; }
save_env() { [ -z "$FULL" ] || return 1; for name; do eval "saved_$name=\\${$name}"; done; }
saved_slot=$SLOT saved_next=$NEXT saved_tries=$TRIES saved_back=$BACK saved_starts=$STARTS
"""
"""What the menu asks of GRUB, in the words of a shell."""


def started(choice: Choice, by_hand: str = "", full: bool = False) -> tuple[str, bool, Choice]:
    """What the menu starts for *choice*, or *by_hand*: the slot, whether on trial, and what is chosen from then on.

    The menu's own text is run, by a shell that takes it for one of its own; *full* where GRUB cannot write.
    """
    menu = installed_grub(())
    head = menu[: menu.index("set superusers")]
    text = f"{SHELL}{head}"
    for slot in SLOTS:
        entry = menu[menu.index(f"--id {slot} ") :]
        body = entry[entry.index("  set panic=") : entry.index("  linux")]
        text += f'if [ "${{BY_HAND:-$default}}" = {slot} ]; then :\n{body}booted={slot}\nfi\n'
    text = re.sub(r"^( *)set (?=\w+=)", r"\1", text, flags=re.MULTILINE)
    text += 'echo "$booted,$trial,$saved_slot,$saved_next,$saved_tries,$saved_back,$saved_starts"\n'
    said = {"SLOT": choice.slot, "NEXT": choice.next, "BACK": choice.back, "BY_HAND": by_hand, "FULL": full and "1"}
    said |= {"TRIES": "x" * choice.tries, "STARTS": "x" * choice.starts}
    env = {name: value or "" for name, value in said.items()}
    done = subprocess.run(
        ("/bin/sh", "-u"), input=text, env=env, capture_output=True, text=True, timeout=30, check=True
    )
    booted, trial, slot, following, tries, back, starts = done.stdout.rstrip("\n").split(",")
    return booted, bool(trial), Choice(slot, following, len(tries), back, len(starts))


def test_an_image_on_trial_is_started_as_often_as_it_says() -> None:
    choice = Choice("Root", "RootBackup", 2)
    for left in (1, 0):
        booted, trial, choice = started(choice)
        assert (booted, trial, choice) == ("RootBackup", True, Choice("Root", "RootBackup", left))
    assert started(choice) == ("Root", False, choice)
    assert started(Choice("Root", "RootBackup", 2), full=True)[:2] == ("Root", False)


def test_an_image_that_does_not_come_up_any_more_gives_way_for_good() -> None:
    choice = Choice("RootBackup", back="Root")
    for count in range(1, STARTS + 1):
        booted, trial, choice = started(choice)
        assert (booted, trial, choice) == ("RootBackup", False, Choice("RootBackup", back="Root", starts=count))
        assert not choice.gave_way
    booted, trial, choice = started(choice)
    assert (booted, trial, choice) == ("Root", False, Choice("Root", "RootBackup", starts=STARTS))
    assert choice.gave_way
    assert started(choice) == ("Root", False, choice), "whatever becomes of that one"
    booted, trial, _same = started(choice, by_hand="RootBackup")
    assert (booted, trial) == ("RootBackup", True)


def test_without_one_that_helps_out_nothing_is_counted() -> None:
    for choice in (Choice("Root"), Choice("Root", "RootBackup"), Choice("RootBackup", starts=STARTS)):
        assert started(choice) == (choice.slot, False, choice)


def test_where_grub_cannot_write_the_other_one_starts_all_the_same() -> None:
    choice = Choice("RootBackup", back="Root", starts=STARTS)
    assert started(choice, full=True) == ("Root", False, choice)


def test_who_goes_back_by_hand_stays_there() -> None:
    for choice in (Choice("RootBackup", back="Root", starts=1), Choice("RootBackup")):
        assert started(choice, by_hand="Root") == ("Root", False, Choice("Root"))


def test_a_try_is_written_down_before_it_is_started() -> None:
    menu = installed_grub(())
    saved, chosen = menu.index("save_env tries"), menu.index("set default=$next")
    assert saved < chosen < menu.index("menuentry")
    assert menu.count("set default=") == 3, "nothing else chooses"


def test_a_trial_ends_by_itself_and_its_words_come_last() -> None:
    menu = installed_grub(("panic=0", "console=tty0"))
    for slot, beside in (("Root", "RootBackup"), ("RootBackup", "Root")):
        entry = menu[menu.index(f"--id {slot} ") :].partition("\n}\n")[0]
        assert (
            f'if [ "$next" = {slot} ]; then\n    set emergency=reboot\n    set trial="node.trial=600 panic=30' in entry
        )
        assert f'elif [ "$slot" != {slot} ]; then\n    set slot={slot}' in entry
        assert f"set slot={beside}\n" not in entry
        (line,) = (each for each in entry.splitlines() if each.startswith("  linux"))
        assert line.endswith(" panic=0 console=tty0 $trial"), "the last of two words counts"
    rescue = menu[menu.index("--id Root-rescue ") :]
    assert "save_env" not in rescue and "node.trial" not in rescue, "a rescue shell changes nothing of what starts"


def test_tries_are_few() -> None:
    assert 1 < environment.TRIES < 5, "one boot may end by a power cut; each costs the time of a failing boot"
