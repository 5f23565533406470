"""Every recorded machine opens, in the installer and in the setup program."""

from pathlib import Path

import pytest

from machines import MACHINES
from ovirt_tui.machine.facts import dump, load
from person import at_installer, at_setup

RECORDED = sorted((Path(__file__).parent / "machines").glob("*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_machine_opens(path: Path) -> None:
    facts = load(path.read_text())
    person, _installer = at_installer(facts)
    assert "Welcome" in person.screen()
    person.press("enter", "f10")
    assert person.screen()
    person, setup = at_setup(facts)
    for index in range(len(setup.pages)):
        setup.open(index)
        assert person.screen()


@pytest.mark.parametrize("path", [path for path in RECORDED if path.stem in MACHINES], ids=lambda path: path.stem)
def test_machines_that_are_also_written_by_hand_are_the_same(path: Path) -> None:
    assert path.read_text() == dump(MACHINES[path.stem])
