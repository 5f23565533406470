"""What the boot menu starts: the environment block, and the script that GRUB runs with it."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootmenu import environment
from bootmenu.entries import SLOTS
from bootmenu.environment import SECTOR, SIZE, Choice, block, other, read
from bootmenu.render import installed_grub

CHOICES = st.builds(
    Choice,
    st.sampled_from(sorted(SLOTS)),
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
    assert listed.splitlines() == ["slot=Root", "next=RootBackup", "tries=xx"]
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
        b"# GRUB Environment Block\nslot=\xff\n",
    ],
)
def test_what_names_no_slot_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"GRUB|slot"):
        read(content)


@pytest.mark.parametrize("choice", [Choice("Rooot"), Choice(""), Choice("Root", "x"), Choice("Root", "Root", 10)])
def test_what_cannot_be_started_is_not_written(choice: Choice) -> None:
    with pytest.raises(ValueError, match=r"slot|start"):
        block(choice)


def test_there_are_two_slots() -> None:
    assert {slot: other(slot) for slot in SLOTS} == {"Root": "RootBackup", "RootBackup": "Root"}


def test_a_try_is_written_down_before_it_is_started() -> None:
    menu = installed_grub(())
    saved, chosen = menu.index("save_env tries"), menu.index("set default=$next")
    assert saved < chosen < menu.index("menuentry")
    assert menu.count("set default=") == 2, "nothing else chooses"


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
