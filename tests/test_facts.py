"""Facts survive the trip to JSON, and a wrong file says what is wrong."""

import pytest

from machines import MACHINES
from ovirt_tui.machine.facts import dump, load


@pytest.mark.parametrize("name", MACHINES)
def test_round_trip(name: str) -> None:
    assert load(dump(MACHINES[name])) == MACHINES[name]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"disk": []}', "machine: unknown key 'disk'"),
        ('{"disks": [{"path": "/dev/sda", "mib": "20"}]}', r"machine.disks\[0\].mib: expected int, got '20'"),
        ('{"disks": {}}', "machine.disks: expected a list"),
    ],
)
def test_a_wrong_file_is_refused_by_key(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(text)
