"""A disk may be overwritten in spite of what is on it only while it is chosen, by whatever names it is called."""

import pytest

from machines import MACHINES
from ovirt_tui.ui.overrides import remaining_overrides

LINK = "/dev/disk/by-id/virtio-a0001"


@pytest.mark.parametrize("name", ["/dev/vda", LINK])
@pytest.mark.parametrize(
    ("chosen", "left", "kept"),
    [
        (("/dev/vda",), set(), True),
        (("/dev/vda",), {"/dev/vdb"}, True),
        (("/dev/vda",), {"/dev/vda"}, False),
        (("/dev/vda",), {LINK}, False),
        (("/dev/vdb",), set(), False),
        ((), set(), False),
    ],
)
def test_as_long_as_it_is_chosen(name: str, chosen: tuple[str, ...], left: set[str], kept: bool) -> None:
    assert list(remaining_overrides(MACHINES["foreign-group"], [name], chosen, left)) == ([name] if kept else [])


def test_a_disk_that_is_gone_is_not_insisted_on() -> None:
    assert list(remaining_overrides(MACHINES["foreign-group"], ["/dev/sdz"], ("/dev/sdz",), set())) == []
