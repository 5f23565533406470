"""The scripts of the image that give a node its swap and its huge pages: what they do, in which order, and never do."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node"
GROUP = "Wz2kXo-1Q5a-aaaa-bbbb-cccc-dddd-eeeeee"
OWN = f"LVM-{GROUP.replace('-', '')}0123456789"
MIB = 1 << 20
STUB = """\
#!/bin/sh
name=${{0##*/}}
echo "$name $*" >> {folder}/log
case "$name $1" in
    "blockdev --getsz") echo 1228800 ;;
    "blockdev --getsize64") echo {size} ;;
    "blkid "*) cat {folder}/kind 2> /dev/null || exit 2 ;;
    "dmsetup info") [ ! -e {folder}/open ] || echo ovirt-node-swap ;;
    "dmsetup create") cat > {folder}/table; [ ! -e {folder}/unknown ] && touch {folder}/open ;;
    "dmsetup remove") rm {folder}/open ;;
    "mkswap "*) [ "$4" != {folder}/dev/dm-2 ] || echo swap > {folder}/kind ;;
esac
"""
SIZE = 600 * MIB


class Machine:
    """A folder that looks like a node to the script, and what it called there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin = folder, folder / "bin"
        for name in ("dev/ovirt-node", "dev/mapper", "proc", "sys/class/block/dm-2/dm", "bin"):
            (folder / name).mkdir(parents=True)
        (folder / "dev/dm-2").touch()
        (folder / "dev/dm-5").touch()
        (folder / "dev/ovirt-node/Swap").symlink_to("../dm-2")
        (folder / "dev/mapper/ovirt-node-swap").symlink_to("../dm-5")
        self.put("proc/cmdline", f"root=live:x node.slot=Root node.vg={GROUP} quiet")
        self.put("proc/meminfo", "MemTotal: 4096 kB\nMemAvailable:   2048 kB")
        self.swaps()
        self.known(OWN, "HostVG-Swap")
        for name in ("blkid", "blkdiscard", "blockdev", "dmsetup", "mkswap", "swapon", "swapoff", "systemctl"):
            self.put(f"bin/{name}", STUB.format(folder=folder, size=SIZE)).chmod(0o755)

    def put(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(f"{text}\n")
        return path

    def known(self, uuid: str, name: str) -> None:
        """What device mapper says the volume is."""
        self.put("sys/class/block/dm-2/dm/uuid", uuid)
        self.put("sys/class/block/dm-2/dm/name", name)

    def swaps(self, device: str = "", used: int = 0) -> None:
        line = f"{self.folder}/dev/{device} partition 614396 {used} -2" if device else ""
        self.put("proc/swaps", f"Filename Type Size Used Priority\n{line}")

    def run(self, what: str, cipher: str = "", *, fails: str = "") -> list[str]:
        """What the script called, without the folder; with *fails*, what it must say as it fails."""
        (self.folder / "log").write_text("")
        env = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}", **({"CIPHER": cipher} if cipher else {})}
        argv = ("/bin/sh", PROGRAMS / "swap", what, self.folder)
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode != 0) == bool(fails), done.stderr
        assert fails in done.stderr
        log = (self.folder / "log").read_text().replace(f"{self.folder}/", "/")
        return [line for line in log.splitlines() if not line.startswith(("blkid", "blockdev", "dmsetup info"))]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


WRITES = ("dmsetup create", "mkswap", "blkdiscard")


def written(log: list[str]) -> list[str]:
    return [line for line in log if line.startswith(WRITES)]


@pytest.mark.parametrize(("cipher", "digits"), [("aes-xts-plain64", 128), ("aes-cbc-essiv:sha256", 64)])
def test_a_plain_swap_is_read_back_encrypted_and_overwritten_before_it_is_used(
    machine: Machine, cipher: str, digits: int
) -> None:
    machine.put("kind", "swap")
    machine.swaps("dm-2", 1024)
    assert machine.run("prepare", cipher) == [
        "swapoff /dev/dm-2",
        "dmsetup create ovirt-node-swap --uuid CRYPT-PLAIN-ovirt-node-swap",
    ]
    table = (machine.folder / "table").read_text().replace(f"{machine.folder}/", "/")
    found = re.fullmatch(rf"0 1228800 crypt {cipher} ([0-9a-f]{{{digits}}}) 0 /dev/dm-2 0\n", table)
    assert found and len(set(found[1])) > 8
    log = machine.run("fill", cipher)
    assert log[-2:] == ["mkswap --quiet --label SWAP /dev/mapper/ovirt-node-swap", "swapon /dev/mapper/ovirt-node-swap"]
    assert all(line.startswith("blkdiscard --force --zeroout --offset") for line in log[:-2])
    parts = [(int(line.split()[4]), int(line.split()[6])) for line in log[:-2]]
    assert parts[-1] == (0, 4096), "the signature goes last: without it nobody knows that this was not done"
    parts = [parts[-1], *parts[:-1]]
    assert [start for start, _length in parts] == [0, *(sum(n for _s, n in parts[:i]) for i in range(1, len(parts)))]
    assert sum(length for _start, length in parts) == SIZE and len(parts) == 4


def test_a_key_is_another_one_each_time_and_no_argument(machine: Machine) -> None:
    keys = set()
    for _ in range(3):
        log = machine.run("prepare", "aes-xts-plain64")
        key = (machine.folder / "table").read_text().split()[4]
        assert not any(key in line for line in log)
        keys.add(key)
    assert len(keys) == 3


def test_what_was_encrypted_before_is_not_overwritten_again(machine: Machine) -> None:
    machine.run("prepare", "aes-xts-plain64")
    assert not [line for line in machine.run("fill", "aes-xts-plain64") if line.startswith("blkdiscard")]


def test_it_becomes_plain_again_and_the_line_of_fstab_counts(machine: Machine) -> None:
    machine.run("prepare", "aes-xts-plain64")
    machine.swaps("dm-5", 1024)
    assert machine.run("stop") == ["swapoff /dev/dm-5", "dmsetup remove --retry ovirt-node-swap"]
    machine.swaps()
    assert machine.run("prepare") == ["mkswap --quiet --label SWAP /dev/dm-2"]
    assert machine.run("prepare") == [], "and only once"
    assert machine.run("fill") == [r"systemctl --no-block start dev-ovirt\x2dnode-Swap.swap"]


@pytest.mark.parametrize(
    ("uuid", "name"),
    [
        ("LVM-AnotherGroupOfAnotherNode0123456789", "HostVG-Swap"),
        (OWN, "HostVG-Data"),
        ("CRYPT-PLAIN-ovirt-node-swap", "ovirt-node-swap"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("cipher", ["aes-xts-plain64", ""])
@pytest.mark.parametrize("what", ["prepare", "fill"])
def test_no_other_device_is_ever_written(machine: Machine, uuid: str, name: str, cipher: str, what: str) -> None:
    machine.put("kind", "swap")
    machine.known(uuid, name)
    assert machine.run(what, cipher, fails="no volume Swap of this node's") == []


def test_without_a_group_on_the_kernel_line_nothing_is_written(machine: Machine) -> None:
    machine.put("proc/cmdline", "node.slot=Root")
    assert machine.run("prepare", "aes-xts-plain64", fails="no volume Swap") == []


@pytest.mark.parametrize("cipher", ["aes-xts-plain64", ""])
def test_what_holds_something_else_is_left_alone(machine: Machine, cipher: str) -> None:
    machine.put("kind", "ext4")
    assert machine.run("prepare", cipher, fails="holds ext4, which is not overwritten") == []


def test_more_than_the_memory_takes_is_not_read_back(machine: Machine) -> None:
    machine.put("kind", "swap")
    machine.swaps("dm-2", 4096)
    assert machine.run("prepare", "aes-xts-plain64", fails="4 MiB are swapped out, and only 2 MiB of memory") == []
    machine.swaps("dm-5", 4096)
    machine.put("open", "")
    assert machine.run("stop", fails="only 2 MiB of memory are free") == []


def test_a_cipher_that_the_kernel_has_not_is_said(machine: Machine) -> None:
    machine.put("kind", "swap")
    machine.put("unknown", "")
    log = machine.run("prepare", "rot13-cbc-essiv:sha256", fails="does not encrypt /")
    assert [line for line in written(log) if not line.startswith("dmsetup")] == []


def pages(folder: Path, found: dict[int, int], **wanted: str) -> tuple[str, dict[int, str]]:
    """What the script of huge pages prints, and how many of each size, in KiB, there are then."""
    for size, count in found.items():
        (folder / f"pools/hugepages-{size}kB").mkdir(parents=True, exist_ok=True)
        (folder / f"pools/hugepages-{size}kB/nr_hugepages").write_text(f"{count}\n")
    argv = ("/bin/sh", PROGRAMS / "hugepages", folder / "pools", folder / "run")
    env = {**os.environ, **wanted}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60, check=True)
    there = {
        int(path.parent.name[10:-2]): path.read_text().strip() for path in (folder / "pools").glob("*/nr_hugepages")
    }
    return done.stdout, there


def test_pages_are_reserved_and_let_go_but_not_those_of_the_kernel_line(tmp_path: Path) -> None:
    said, there = pages(tmp_path, {2048: 0, 1048576: 4}, PAGES_2M="40")
    assert (said, there) == ("", {2048: "40", 1048576: "4"})
    assert pages(tmp_path, {}, PAGES_1G="2")[1] == {2048: "0", 1048576: "2"}
    assert pages(tmp_path, {})[1] == {2048: "0", 1048576: "0"}
    assert pages(tmp_path, {1048576: 4})[1] == {2048: "0", 1048576: "4"}


def test_pages_that_are_missing_are_told(tmp_path: Path) -> None:
    missing = tmp_path / "run/hugepages-missing"
    assert pages(tmp_path, {2048: 0}, PAGES_2M="7", PAGES_1G="2")[0] == "0 of 2 of 1048576 KiB\n"
    assert missing.read_text() == "0 of 2 of 1048576 KiB\n"
    assert pages(tmp_path, {2048: 0}, PAGES_2M="7")[0] == "" and not missing.exists()
