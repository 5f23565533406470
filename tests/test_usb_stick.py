"""A file on a stick; the lock that two installers share.  What needs a mounted stick is proven in a machine."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hostile import MOMENT
from hostile import stick as prepared
from ovirt_tui.system import StepFailed
from ovirt_tui.system import usb_stick as stick_of_system
from ovirt_tui.system.key_files import key_files
from ovirt_tui.system.key_files import read as read_keys
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.new_file import create
from ovirt_tui.system.usb_stick import LONGEST, OPTIONS, save, write


def test_a_new_file_is_made_each_time_and_nothing_there_is_touched(tmp_path: Path) -> None:
    first = write(tmp_path, "a.log", "text\n")
    assert re.fullmatch(r"a-\d{8}-\d{6}\.log", first)
    assert (tmp_path / first).read_text() == "text\n"
    names = [create(str(tmp_path), "b.log", b"x") for _number in range(3)]
    assert names == ["b.log", "b-1.log", "b-2.log"]


@pytest.mark.parametrize("made", ["link", "dangling", "fifo", "folder"])
def test_what_stands_in_place_of_the_file_stays_what_it_is(tmp_path: Path, made: str) -> None:
    victim, trap = tmp_path / "victim", tmp_path / "a.log"
    if made == "fifo":
        os.mkfifo(trap)
    elif made == "folder":
        trap.mkdir()
    else:
        trap.symlink_to(victim)
        if made == "link":
            victim.write_text("precious")
    assert create(str(tmp_path), "a.log", b"x") == "a-1.log"
    assert victim.exists() == (made == "link") and (made != "link" or victim.read_text() == "precious")


def test_the_name_of_a_file_of_keys_is_no_order_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "\x1b[2J\n\u202e.pub").write_text("ssh-ed25519 x")
    (tmp_path / os.fsdecode(b"\x9b2J.pub")).write_text("ssh-ed25519 x")
    os.mkfifo(tmp_path / "fifo.pub")
    assert {name for name, _text in read_keys(tmp_path)} == {r"\x1b[2J\x0a\u202e.pub", r"\udc9b2J.pub"}


def test_what_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match=r"^a.log could not be written: No such file or directory$"):
        write(tmp_path / "missing", "a.log", "text\n")
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(StepFailed, match=r"^a.log could not be written: Not a directory$"):
        write(tmp_path / "link", "a.log", "text\n")


def test_what_is_written_is_escaped_and_of_too_much_the_end(tmp_path: Path) -> None:
    name = write(tmp_path, "a.log", "x" * LONGEST + "\x1b[2J\nthe reason\n")
    content = (tmp_path / name).read_text()
    assert len(content) == LONGEST and content.endswith("\\x1b[2J\nthe reason\n")


def test_the_lock_is_held_until_its_program_ends(tmp_path: Path) -> None:
    path = tmp_path / "run" / "lock"
    take = f"from ovirt_tui.system.lock import alone; from pathlib import Path; print(alone(Path({str(path)!r})))"
    hold = f"{take}; import sys; sys.stdout.flush(); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout and first.stdout.readline() == "True\n"
        second = subprocess.run([sys.executable, "-c", take], capture_output=True, text=True, timeout=30, check=True)
        assert second.stdout == "False\n"
    third = subprocess.run([sys.executable, "-c", take], capture_output=True, text=True, timeout=30, check=True)
    assert third.stdout == "True\n"


@contextmanager
def attached(image: Path) -> Iterator[str]:
    argv = ("losetup", "--find", "--show", str(image))
    device = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    try:
        yield device
    finally:
        subprocess.run(("losetup", "--detach", device), check=True, timeout=60)


def stick(folder: Path, mib: int = 16, *options: str) -> Path:
    """A stick with an ext4 that holds what is in *folder*."""
    image = folder.with_suffix(".img")
    image.write_bytes(bytes(mib << 20))
    subprocess.run(("mkfs.ext4", "-q", *options, "-d", str(folder), str(image)), check=True, timeout=60)
    return image


@pytest.mark.root
def test_a_file_reaches_a_stick_and_nothing_stays_mounted(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    with attached(stick(tmp_path / "stick")) as device:
        name = save(device, "ext4", "install.log", "what happened\n")
        assert device not in Path("/proc/self/mounts").read_text()
        with mounted("ext4", device, "stick-again") as folder:
            assert (folder / name).read_text() == "what happened\n"
        with pytest.raises(StepFailed):
            save(device, "vfat", "install.log", "what happened\n")


@pytest.mark.root
def test_a_prepared_stick_leads_nowhere(tmp_path: Path) -> None:
    """Links under every name that could be next, FIFOs, and a device file where one can be made."""
    folder = tmp_path / "stick"
    folder.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    now = datetime.now()
    for second in range(20):
        moment = (now + timedelta(seconds=second)).strftime("%Y%m%d-%H%M%S")
        trap = folder / f"install-{moment}.log"
        if second % 2:
            os.mkfifo(trap)
        else:
            trap.symlink_to(victim)
    with attached(stick(folder)) as device:
        name = save(device, "ext4", "install.log", "x")
        assert name.endswith("-1.log")
    assert victim.read_text() == "precious"


@pytest.mark.root
def test_the_names_that_a_prepared_stick_has_taken_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stick_of_system, "strftime", lambda *_when: MOMENT)
    prepared(tmp_path / "stick.img")
    with attached(tmp_path / "stick.img") as device:
        assert save(device, "ext4", "ovirt-node-install.log", "text\n") == f"ovirt-node-install{MOMENT}-2.log"


@pytest.mark.root
def test_a_full_stick_says_so_and_keeps_no_half_of_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    with attached(stick(folder, 2, "-O", "^has_journal")) as device:
        with pytest.raises(StepFailed, match=r"^install.log could not be written: No space left on device$"):
            save(device, "ext4", "install.log", "x" * LONGEST)
        with mounted("ext4", device, "stick-again") as found:
            assert [path.name for path in found.iterdir()] == ["lost+found"]


@pytest.mark.root
def test_an_error_on_a_stick_does_not_stop_the_machine(tmp_path: Path) -> None:
    """What the superblock says about errors is overruled."""
    (tmp_path / "stick").mkdir()
    image = stick(tmp_path / "stick")
    subprocess.run(("tune2fs", "-e", "panic", str(image)), check=True, capture_output=True, timeout=60)
    with attached(image) as device, mounted("ext4", device, "stick", OPTIONS):
        line = next(line for line in Path("/proc/self/mounts").read_text().splitlines() if line.startswith(device))
        options = line.split()[3].split(",")
        assert {"nosuid", "nodev", "noexec", "nosymfollow"} <= set(options)
        assert "errors=panic" not in options


@pytest.mark.root
def test_keys_are_read_from_a_prepared_stick(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "a.pub").write_text("ssh-ed25519 x")
    (folder / "shadow.pub").symlink_to("/etc/shadow")
    os.mkfifo(folder / "fifo.pub")
    with attached(stick(folder, 16, "-e", "panic")) as device:
        assert key_files(device, "ext4") == (("a.pub", "ssh-ed25519 x"),)
