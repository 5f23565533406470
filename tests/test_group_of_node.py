"""The node's volume group as LVM reports it: told from others by its disks, in one look."""

from __future__ import annotations

import pytest

from ovirt_tui.system import StepFailed, holders

UUID, OTHER = "AAAAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGGGG", "HHHHHH-BBBB-CCCC-DDDD-EEEE-FFFF-GGGGGG"
LV = "IIIIII-JJJJ-KKKK-LLLL-MMMM-NNNN-OOOOOO"


Told = tuple[str, str, str, str]
"""Physical volume, its group and the group's UUID, and the volume that has a piece there."""


def rows(*told: Told) -> list[dict[str, str]]:
    """As pvs says them: one for each piece of a volume, and for what is free."""
    return [
        {"pv_name": pv, "vg_name": name, "vg_uuid": uuid, "vg_free": "152.00"}
        | {"lv_name": volume, "lv_uuid": LV if volume else "", "lv_size": "64.00" if volume else "0"}
        | {"pv_duplicate": ""}
        for pv, name, uuid, volume in told
    ]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What LVM was asked, and of which devices; tests put its answers into `answer`."""
    made: list[tuple[str, ...]] = []

    def report(program: str, _columns: str, devices: tuple[str, ...], *more: str) -> list[dict[str, str]]:
        made.append((program, *devices, *more))
        return answer

    monkeypatch.setattr(holders.lvm, "report", report)
    monkeypatch.setattr(
        holders, "partitions", lambda disk: {1: f"{disk}1", 2: f"{disk}2"} if disk != "/dev/sdb" else {}
    )
    return made


answer: list[dict[str, str]] = []


def test_one_look_at_all_of_it(asked: list[tuple[str, ...]]) -> None:
    own = (("/dev/sda2", "Config"), ("/dev/sdb", "Config"), ("/dev/sdb", ""), ("/dev/sdb", "[inside]"))
    answer[:] = rows(*((pv, "HostVG", UUID, volume) for pv, volume in own), ("/dev/sda1", "guests", OTHER, "theirs"))
    found = holders.find_group(("/dev/sda", "/dev/sdb"))
    assert asked == [("pvs", "/dev/sda1", "/dev/sda2", "/dev/sdb", "--all")]
    assert (found.uuid, found.members, found.free) == (UUID, ("/dev/sda2", "/dev/sdb"), 152.0)
    assert found.sizes == {"Config": 64.0}
    assert found.paths == {"Config": "/dev/disk/by-id/dm-uuid-LVM-" + (UUID + LV).replace("-", "")}


def test_volumes_of_a_member_that_is_not_there_are_known(asked: list[tuple[str, ...]]) -> None:
    answer[:] = rows(("/dev/sda2", "HostVG", UUID, "Config"), ("[unknown]", "HostVG", UUID, "Data"))
    found = holders.find_group(("/dev/sda",))
    assert found.members == ("/dev/sda2",)
    assert set(found.sizes) == {"Config", "Data"}


@pytest.mark.parametrize(
    ("there", "count"),
    [((), 0), ((("/dev/sda1", "HostVG", UUID), ("/dev/sda2", "HostVG", OTHER)), 2), ((("/dev/sda1", "vg0", UUID),), 0)],
)
def test_none_and_two_are_refused(
    asked: list[tuple[str, ...]], there: tuple[tuple[str, str, str], ...], count: int
) -> None:
    answer[:] = rows(*((*each, "Config") for each in there))
    with pytest.raises(StepFailed, match=f"/dev/sda hold {count} volume groups HostVG; there must be one"):
        holders.find_group(("/dev/sda",))
    assert len(asked) == 1


def test_two_disks_with_one_physical_volume_are_never_mixed(asked: list[tuple[str, ...]]) -> None:
    answer[:] = rows(("/dev/sda2", "HostVG", UUID, "Config"), ("/dev/sdb", "", "", ""))
    answer[1]["pv_duplicate"] = "duplicate"
    for look in (holders.find_group, holders.volume_paths, holders.group_on):
        with pytest.raises(StepFailed, match="/dev/sdb holds the same physical volume as another of /dev/sda, /dev/sd"):
            look(("/dev/sda", "/dev/sdb"))
