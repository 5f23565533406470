"""The program that makes volume groups, started ahead: one process an order, and none that outlives its installer."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ovirt_tui.model.records import replace
from ovirt_tui.system import StepFailed, blivet_process, storage, volume_groups
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.steps import Volumes
from ovirt_tui.system.volume_groups import GroupMaker

SAYS_ITS_NUMBER = """
import os, sys, pathlib
pathlib.Path(sys.argv[1], str(os.getpid())).touch()
order = sys.stdin.read()
pathlib.Path(sys.argv[1], f"{os.getpid()}.order").write_text(order)
"""


@pytest.fixture
def program(tmp_path: Path) -> tuple[str, ...]:
    return (sys.executable, "-c", SAYS_ITS_NUMBER, str(tmp_path))


def test_what_was_warmed_up_is_what_makes_the_group_and_the_next_one_is_another(
    program: tuple[str, ...], tmp_path: Path
) -> None:
    blivet_process = GroupMaker(program)
    blivet_process.warm_up()
    blivet_process.warm_up()
    blivet_process.make("HostVG", ["/dev/sda5"], [("Swap", 16), ("Data", -1)], 0)
    blivet_process.make("HostVG", ["/dev/sda5"], [], 0)
    orders = sorted(tmp_path.glob("*.order"), key=lambda path: path.stat().st_mtime_ns)
    assert [json.loads(order.read_text())["volumes"] for order in orders] == [[["Swap", 16], ["Data", -1]], []]
    assert len(list(tmp_path.iterdir())) == 4, "one process each"


def test_what_cannot_be_loaded_is_found_before_it_is_needed_and_tried_again_then() -> None:
    broken = GroupMaker((sys.executable, "-c", "import no_such_module"))
    broken.warm_up()
    for _turn in range(2):
        with pytest.raises(StepFailed, match=r"what makes volume groups could not be loaded: .* No module named"):
            broken.load()


def test_what_has_loaded_is_what_makes_the_group(tmp_path: Path) -> None:
    loading = GroupMaker((sys.executable, "-c", f"print('loaded', flush=True){SAYS_ITS_NUMBER}", str(tmp_path)))
    loading.load()
    loading.make("HostVG", ["/dev/sda5"], [], 0)
    assert len(list(tmp_path.iterdir())) == 2, "one process, and its order"


def test_a_failure_names_the_group(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match=r"the volume group HostVG could not be made: .* exit status 4"):
        GroupMaker((sys.executable, "-c", "raise SystemExit(4)")).make("HostVG", [], [], 0)


def test_without_an_order_it_ends_with_who_started_it(tmp_path: Path) -> None:
    """The program itself, with a blivet that only says that it began; its parent is killed, as a power cut would."""
    loaded = tmp_path / "loaded"
    for name in blivet_process.LOADED:
        module = tmp_path / name.replace(".", "/")
        module.mkdir(parents=True)
        (module / "__init__.py").touch()
    (tmp_path / "blivet/flags").mkdir()
    (tmp_path / "blivet/flags/__init__.py").write_text("class flags: pass")
    says = f"def Blivet(): open({str(loaded)!r}, 'w').write(str(__import__('os').getpid()))"
    (tmp_path / "blivet/__init__.py").write_text(says)
    (tmp_path / "blivet_process.py").write_text(Path(volume_groups.PROGRAM[-1]).read_text())
    start = "import time; from ovirt_tui.system.volume_groups import GroupMaker; import sys;"
    start += "group = GroupMaker((sys.executable, sys.argv[1])); group.warm_up(); time.sleep(60)"
    parent = subprocess.Popen((sys.executable, "-c", start, str(tmp_path / "blivet_process.py")))
    end = time.monotonic() + 30
    while not (tmp_path / "loaded").exists() or not (tmp_path / "loaded").read_text():
        assert time.monotonic() < end, "it does not load"
        time.sleep(0.05)
    child = int((tmp_path / "loaded").read_text())
    parent.kill()
    parent.wait(30)
    while Path(f"/proc/{child}").exists() and " Z " not in Path(f"/proc/{child}/stat").read_text():
        assert time.monotonic() < end, "it outlives its installer"
        time.sleep(0.05)


def test_what_partitions_is_loaded_before_a_disk_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    disks = storage.Storage(Slots())
    monkeypatch.setattr(storage, "load_parted", lambda: loaded.append("parted"))
    monkeypatch.setattr(disks.maker, "load", lambda: loaded.append("blivet"))
    wanted = Volumes("/dev/vda", ("/dev/vda",), 48, 271, (("Data", -1),))
    disks.prepare(wanted)
    assert loaded == ["parted", "blivet"]
    disks.prepare(replace(wanted, keep=("Data",)))
    assert loaded == ["parted", "blivet", "parted"], "no group is made where one is kept"
