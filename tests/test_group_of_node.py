"""The node's volume group as LVM reports it: told from others by its disks, in two looks and not one for each part."""

from __future__ import annotations

import pytest

from ovirt_tui.system import StepFailed, occupants

UUID, OTHER = "AAAAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGGGG", "HHHHHH-BBBB-CCCC-DDDD-EEEE-FFFF-GGGGGG"
LV = "IIIIII-JJJJ-KKKK-LLLL-MMMM-NNNN-OOOOOO"


def rows(*volumes: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"pv_name": pv, "vg_name": name, "vg_uuid": uuid, "vg_free": "152.00"} for pv, name, uuid in volumes]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What LVM was asked, and of which devices; tests put the answers of pvs into `answer`."""
    made: list[tuple[str, ...]] = []

    def report(program: str, _columns: str, devices: tuple[str, ...]) -> list[dict[str, str]]:
        made.append((program, *devices))
        if program == "pvs":
            return answer
        mine = {"vg_uuid": UUID, "lv_uuid": LV, "lv_name": "Config", "lv_size": "64.00"}
        return [mine, {**mine, "vg_uuid": OTHER, "lv_name": "theirs"}]

    monkeypatch.setattr(occupants.lvm, "report", report)
    monkeypatch.setattr(
        occupants, "partitions", lambda disk: {1: f"{disk}1", 2: f"{disk}2"} if disk != "/dev/sdb" else {}
    )
    return made


answer: list[dict[str, str]] = []


def test_one_look_at_the_members_and_one_at_the_volumes(asked: list[tuple[str, ...]]) -> None:
    answer[:] = rows(("/dev/sda2", "HostVG", UUID), ("/dev/sdb", "HostVG", UUID), ("/dev/sda1", "guests", OTHER))
    found = occupants.ours(("/dev/sda", "/dev/sdb"))
    assert asked == [("pvs", "/dev/sda1", "/dev/sda2", "/dev/sdb"), ("lvs", "/dev/sda2", "/dev/sdb")]
    assert (found.uuid, found.members, found.free) == (UUID, ("/dev/sda2", "/dev/sdb"), 152.0)
    assert found.sizes == {"Config": 64.0}
    assert found.paths == {"Config": "/dev/disk/by-id/dm-uuid-LVM-" + (UUID + LV).replace("-", "")}


def test_a_member_that_is_not_there_is_not_asked(asked: list[tuple[str, ...]]) -> None:
    answer[:] = rows(("/dev/sda2", "HostVG", UUID), ("[unknown]", "HostVG", UUID))
    assert occupants.ours(("/dev/sda",)).members == ("/dev/sda2",)
    assert asked[-1] == ("lvs", "/dev/sda2")


@pytest.mark.parametrize(
    ("there", "count"),
    [((), 0), ((("/dev/sda1", "HostVG", UUID), ("/dev/sda2", "HostVG", OTHER)), 2), ((("/dev/sda1", "vg0", UUID),), 0)],
)
def test_none_and_two_are_refused(
    asked: list[tuple[str, ...]], there: tuple[tuple[str, str, str], ...], count: int
) -> None:
    answer[:] = rows(*there)
    with pytest.raises(StepFailed, match=f"/dev/sda hold {count} volume groups HostVG; there must be one"):
        occupants.ours(("/dev/sda",))
    assert len(asked) == 1
