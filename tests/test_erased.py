"""Uninstalling that is cut off anywhere leaves nothing that starts, and a node that the medium finds and finishes."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pytest

from machines import disk
from ovirt_tui.machine.facts import NodeState, Part
from ovirt_tui.system import StepFailed, storage
from ovirt_tui.system.disk_steps import Erased
from ovirt_tui.system.partitions import COMPLETE, INSTALLING
from ovirt_tui.system.probe import node_on

IDENTITIES = (("/dev/sdb", "serial b"), ("/dev/sda", "serial a"))
STEP = Erased(("/dev/sdb", "/dev/sda"), (("HostVG", "u1"),), IDENTITIES)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What was written, on two disks whose second partition bears a name of ours on sda only."""
    made: list[tuple[str, ...]] = []
    names = {"/dev/sda": COMPLETE, "/dev/sdb": "EFI system partition"}

    def write(path: str, places: object, *, exclusive: bool) -> None:
        made.append(("write", path, str(tuple(places))))  # type: ignore[arg-type]
        assert not exclusive

    def wipe(path: str, _wanted: object) -> None:
        made.append(("wipe", path))
        raise StepFailed("the power fails")

    def pinned(_disks: object) -> AbstractContextManager[None]:
        made.append(("pin",))
        return nullcontext()

    for name, call in {
        "refuse_replaced": lambda identities, _now: made.append(("look", *(path for path, _known in identities))),
        "held": lambda _disks: nullcontext(),
        "pinned": pinned,
        "release": lambda _disks, _removes, _known: made.append(("release",)),
        "begin": lambda: made.append(("begin",)),
        "partitions": lambda path: {2: f"{path}2"},
        "gpt_name": lambda disk, _number: names[disk],
        "_write": write,
        "_replace_boot_code": lambda path: made.append(("boot code", path)),
        "_wipe": wipe,
    }.items():
        monkeypatch.setattr(storage, name, call)
    monkeypatch.setattr(storage.udev, "settle", lambda: True)
    monkeypatch.setattr(storage.udev, "devices", lambda _subsystem: ())
    return made


@pytest.mark.parametrize("state", [COMPLETE, INSTALLING])
def test_neither_firmware_starts_a_disk_before_the_first_is_wiped(
    done: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setattr(
        storage, "gpt_name", lambda disk, _number: state if disk == "/dev/sda" else "EFI system partition"
    )
    with pytest.raises(StepFailed, match="the power fails"):
        storage.Erasure().make(STEP, lambda done, total: None)
    assert done == [
        ("look", "/dev/sdb", "/dev/sda"),
        ("release",),
        ("pin",),
        ("begin",),
        ("boot code", "/dev/sdb"),
        ("look", "/dev/sda"),
        ("write", "/dev/sda2", f"((0, {storage.ENDS}),)"),
        ("boot code", "/dev/sda"),
        ("wipe", "/dev/sdb"),
    ]


def test_a_node_without_its_boot_partition_is_found() -> None:
    names = (("BIOS boot", ""), (COMPLETE, ""), ("Root 1", "ext4"), ("RootBackup", "ext4"))
    parts = tuple(Part(path=f"/dev/sda{at}", mib=48, name=name, kind=kind) for at, (name, kind) in enumerate(names, 1))
    node = node_on(disk("/dev/sda", 20, parts=parts), (), look=True)
    assert node and (node.disk, node.state, node.version) == ("/dev/sda", NodeState.BROKEN, "1")
