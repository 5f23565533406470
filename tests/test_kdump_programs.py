"""The programs of the image that load the kernel for a crash, and save a dump, with stand-ins for what they call."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from ovirt_tui.pages.kdump.state import NOTE
from ovirt_tui.system.command import SECONDS

PROGRAMS = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node"


def program(folder: Path, name: str, text: str) -> None:
    """A stand-in for a program of the image, which is found first."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / name).write_text(f"#!/bin/bash\n{text}\n")
    (folder / "bin" / name).chmod(0o755)


def started(folder: Path, *argv: str | Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}", "SAY": "/bin/echo", "HERE": str(folder)}
    return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60)


def loading(folder: Path, action: str, size: int = 1 << 28, loaded: int = 0) -> subprocess.CompletedProcess[str]:
    """The unit's program, on a machine that set *size* bytes aside; what it does with kexec is in *folder*/did."""
    for name in ("slot", "state", "run"):
        (folder / name).mkdir(exist_ok=True)
    words = "root=live:PARTUUID=5d1b rd.shell=0 rd.emergency=halt node.slot=Root node.vg=x crashkernel=2G-:256M"
    (folder / "line").write_text(f'{words} console=ttyS0 dyndbg="file a +p" hugepages=512 mem=4G quiet\n')
    microcode = b"070701" + b"\x28\xb5\x2f\xfd" * 9 + b"TRAILER!!!" + bytes(134)
    (folder / "slot/initrd.img").write_bytes(microcode + b"\x28\xb5\x2f\xfdthe rest TRAILER!!! of it\n")
    (folder / "state/kexec_crash_size").write_text(f"{size}\n")
    (folder / "state/kexec_crash_loaded").write_text(f"{loaded}\n")
    program(folder, "kexec", 'echo "$@" >> "$HERE/did"; cp "$HERE/run/kdump-initrd" "$HERE/initrd" 2> /dev/null || :')
    here = (folder / "line", folder / "slot", folder / "state", folder / "run", folder / "oops")
    return started(folder, PROGRAMS / "kdump", action, *here)


def test_the_second_kernel_starts_the_same_slot_with_the_words_that_lead_there(tmp_path: Path) -> None:
    assert loading(tmp_path, "load").returncode == 0
    assert (tmp_path / "oops").read_text() == "1\n", "a fault of the kernel is a crash"
    did = (tmp_path / "did").read_text()
    assert did.startswith("-p -s --initrd=") and did.endswith(f" {tmp_path}/slot/vmlinuz\n")
    (line,) = re.findall("--command-line=(.*) /", did)
    words = line.split()
    assert {"root=live:PARTUUID=5d1b", "node.slot=Root", "node.vg=x", "console=ttyS0", "rd.shell=0"} <= set(words)
    assert 'dyndbg="file a +p"' in line
    assert {"node.dump", "nr_cpus=1", "rd.emergency=reboot", "panic=10"} <= set(words)
    assert not {word.partition("=")[0] for word in words} & {"crashkernel", "hugepages", "mem", "quiet"}
    assert "rd.emergency=halt" not in words
    content = (tmp_path / "initrd").read_bytes()
    assert content.lstrip(b"\0") == b"\x28\xb5\x2f\xfdthe rest TRAILER!!! of it\n"
    assert not list((tmp_path / "run").iterdir()), "it takes no memory once it was loaded"


def test_without_memory_nothing_is_loaded_and_nothing_fails(tmp_path: Path) -> None:
    done = loading(tmp_path, "load", size=0)
    assert done.returncode == 0 and "no memory is set aside" in done.stdout and not (tmp_path / "oops").exists()
    assert not (tmp_path / "did").exists()


def test_what_was_loaded_is_unloaded_once(tmp_path: Path) -> None:
    assert loading(tmp_path, "unload").returncode == 0 and not (tmp_path / "did").exists()
    assert loading(tmp_path, "unload", loaded=1).returncode == 0
    assert (tmp_path / "did").read_text() == "-p -u\n" and (tmp_path / "oops").read_text() == "0\n"


def test_a_kernel_that_cannot_be_loaded_fails_the_unit(tmp_path: Path) -> None:
    program(tmp_path, "tail", "exit 1")
    assert loading(tmp_path, "load").returncode != 0


CORE = "the memory of the kernel"
MAKEDUMPFILE = f"""\
if [ "$1" = --dump-dmesg ]; then echo last words > "$3"; exit; fi
file="${{@: -1}}"
case $file in *.incomplete) ;; *) exit 9 ;; esac
echo "{CORE}" > "$file"
if [ -e "$HERE/fails" ]; then echo "Can't write." >&2; exit 1; fi
"""


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """A machine whose kernel crashed, with 5,000 MiB free on Data and 800 on Logging."""
    for name in ("data", "var/log", "proc", "run/ovirt-node"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "proc/vmcore").write_text("x")
    program(tmp_path, "makedumpfile", MAKEDUMPFILE)
    program(tmp_path, "mountpoint", '[ ! -e "$HERE/no-${2##*/}" ]')
    program(tmp_path, "df", 'case "${@: -1}" in */data) echo 5000 ;; *) echo 800 ;; esac')
    program(tmp_path, "sync", "")
    return tmp_path


def dumped(folder: Path, status: int = 0) -> list[str]:
    """What the consoles are told."""
    done = started(folder, PROGRAMS / "dump", folder)
    assert done.returncode == status, done.stderr
    said = done.stdout.replace(str(folder), "").splitlines()
    assert said[-1] == (folder / NOTE[1:]).read_text().replace(str(folder), "").strip(), "what is remembered"
    return said


def dumps(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


def test_a_dump_is_whole_before_it_has_its_name(crashed: Path) -> None:
    said = dumped(crashed)
    (made,) = dumps(crashed / "data/crash")
    assert {file.name: file.read_text().strip() for file in made.iterdir()} == {
        "dmesg.txt": "last words",
        "vmcore": CORE,
    }
    assert re.fullmatch(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9]{2}-[0-9]{2}-[0-9]{2}Z", made.name)
    assert f"/data/crash/{made.name}" in said[0] and f"its memory is in /data/crash/{made.name}, " in said[-1]
    assert made.stat().st_mode & 0o777 == 0o700 and (made / "vmcore").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("missing", "place"), [("no-data", "var/log/crash"), ("no-log", "data/crash")])
def test_the_other_volume_takes_it_where_one_is_missing(crashed: Path, missing: str, place: str) -> None:
    (crashed / missing).touch()
    dumped(crashed)
    assert len(dumps(crashed / place)) == 1


def test_the_volume_with_more_room_takes_it(crashed: Path) -> None:
    program(crashed, "df", 'case "${@: -1}" in */data) echo 200 ;; *) echo 800 ;; esac')
    dumped(crashed)
    assert len(dumps(crashed / "var/log/crash")) == 1 and not (crashed / "data/crash").exists()


def test_without_a_volume_it_says_so(crashed: Path) -> None:
    for name in ("no-data", "no-log"):
        (crashed / name).touch()
    assert dumped(crashed, 1) == ["the kernel crashed; no dump: neither Data nor Logging is there"]


def test_half_a_dump_has_another_name_and_its_reason_is_said(crashed: Path) -> None:
    (crashed / "fails").touch()
    said = dumped(crashed, 1)
    (made,) = dumps(crashed / "data/crash")
    assert sorted(file.name for file in made.iterdir()) == ["dmesg.txt", "vmcore.incomplete"]
    assert said[-1].endswith("its memory is not: Can't write.")


def test_a_dump_that_was_ended_says_by_what(crashed: Path) -> None:
    program(crashed, "makedumpfile", "kill -9 $$")
    assert "makedumpfile was ended by signal 9" in dumped(crashed, 1)[-1]


def test_a_full_disk_keeps_the_last_words_and_is_free_again(crashed: Path) -> None:
    (crashed / "fails").touch()
    program(crashed, "df", "echo 3")
    said = dumped(crashed, 1)
    (made,) = dumps(crashed / "data/crash")
    assert [file.name for file in made.iterdir()] == ["dmesg.txt"]
    assert said[-1].endswith("its memory is not: /data is full")


def test_the_last_three_are_kept_and_what_is_not_ours_stays(crashed: Path) -> None:
    folder = crashed / "data/crash"
    old = [folder / f"2019-0{month}-01T00-00-00Z" for month in (1, 2, 3, 4)]
    for each in (*old, folder / "mine"):
        each.mkdir(parents=True)
        (each / "vmcore").write_text(each.name)
    (old[0] / "notes").write_text("by hand")
    dumped(crashed)
    left = dumps(folder)
    assert set(left) - {old[0]} == {old[2], old[3], folder / "mine", *(set(left) - {*old, folder / "mine"})}
    assert len(left) == 5 and [file.name for file in old[0].iterdir()] == ["notes"]
    assert (old[2] / "vmcore").read_text() == old[2].name


def test_a_clock_that_is_wrong_costs_no_new_dump(crashed: Path) -> None:
    folder = crashed / "data/crash"
    program(crashed, "date", "echo 2001-01-01T00-00-00Z")
    for number in range(1, 6):
        (named,) = re.findall(r"/data/crash/(\S+),", dumped(crashed)[-1])
        assert (folder / named / "vmcore").exists()
        assert len(dumps(folder)) == min(number, 3)


def test_the_watch_of_the_initrd_ends_when_the_dump_begins(crashed: Path) -> None:
    watch = subprocess.Popen(("sleep", "60"))
    (crashed / "run/ovirt-node/watch").write_text(f"{watch.pid}\n")
    dumped(crashed)
    assert watch.wait(10) == -15


SSH = {"TARGET": "ssh", "ACCOUNT": "crash", "HOST": "dump.example.com"}
THERE = """\
echo "$@" >> "$HERE/asked"
[ ! -e "$HERE/away" ] || { echo "no route to host" >&2; exit 255; }
cd "$HERE/server" && exec bash -c "${@: -1}"
"""


@pytest.fixture
def served(crashed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose kernel crashed, and a server of dumps, whose account is the folder *server*."""
    for name in ("server", "proc/sys/kernel"):
        (crashed / name).mkdir(parents=True)
    (crashed / "proc/sys/kernel/hostname").write_text("node1.example.com\n")
    program(
        crashed, "makedumpfile", MAKEDUMPFILE.replace("file=", f'[ "$1" != -F ] || {{ echo "{CORE}"; exit; }}\nfile=')
    )
    program(crashed, "ssh", THERE)
    for name in ("systemctl", "nm-online"):
        program(crashed, name, f"echo {name} >> $HERE/network")
    for name, text in {**SSH, "PAUSE": "0"}.items():
        monkeypatch.setenv(name, text)
    return crashed


def test_a_dump_by_ssh_is_whole_before_it_has_its_name(served: Path) -> None:
    said = dumped(served)
    (made,) = dumps(served / "server/crash")
    assert made.name.startswith("node1.example.com-20")
    assert {file.name: file.read_text().strip() for file in made.iterdir()} == {
        "dmesg.txt": "last words",
        "vmcore.flat": CORE,
    }
    assert said[-1] == f"the kernel crashed; its memory is in crash/{made.name} of crash on dump.example.com"
    assert (served / "network").read_text().split() == ["systemctl", "nm-online"]
    assert not (served / "data/crash").exists()


def test_what_a_try_left_that_was_cut_off_or_that_another_node_makes_now_is_not_in_the_way(served: Path) -> None:
    """The connection, or the power, went between the two programs of a try, for each name that this node may give."""
    for name in (".try", ".try-node1.example.com", ".try-node2.example.com"):
        (served / "server/crash" / name).mkdir(parents=True)
    said = dumped(served)
    assert said[-1].startswith("the kernel crashed; its memory is in crash/node1.example.com-20")
    left = [path.name for path in dumps(served / "server/crash") if path.name.startswith(".")]
    assert left == [".try", ".try-node2.example.com"], "those of others, which may be at it"


def test_the_first_host_key_is_kept_unless_one_is_pinned(served: Path) -> None:
    dumped(served)
    assert "StrictHostKeyChecking=accept-new" in (served / "asked").read_text()
    (served / "asked").unlink()
    (served / "etc/ovirt-node").mkdir(parents=True)
    (served / "etc/ovirt-node/kdump-host").write_text("dump.example.com ssh-ed25519 AAAA\n")
    dumped(served)
    asked = (served / "asked").read_text()
    assert "StrictHostKeyChecking=yes" in asked and "accept-new" not in asked
    assert f"UserKnownHostsFile={served}/etc/ovirt-node/kdump-host" in asked


def test_a_server_that_is_away_leaves_the_dump_to_the_node(served: Path) -> None:
    (served / "away").touch()
    said = dumped(served)
    assert "dump.example.com cannot have the dump: no route to host" in said
    assert len(dumps(served / "data/crash")) == 1


def test_a_dump_that_breaks_off_on_the_way_is_named_so_and_saved_on_the_node(served: Path) -> None:
    program(
        served,
        "makedumpfile",
        MAKEDUMPFILE.replace("file=", '[ "$1" != -F ] || { echo half; echo "broken pipe" >&2; exit 1; }\nfile='),
    )
    said = dumped(served)
    (made,) = dumps(served / "server/crash")
    assert sorted(file.name for file in made.iterdir()) == ["dmesg.txt", "vmcore.flat.incomplete"]
    assert "dump.example.com cannot have the dump: broken pipe" in said
    assert len(dumps(served / "data/crash")) == 1


def test_a_dump_by_nfs_keeps_three_of_this_node(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARGET", "nfs")
    monkeypatch.setenv("SHARE", "nfs.example.com:/dumps")
    share = served / "run/ovirt-node/dump/crash"
    other = share / "node2.example.com-2026-01-01T00-00-00Z"
    for year in range(2019, 2023):
        (share / f"node1.example.com-{year}-01-01T00-00-00Z").mkdir(parents=True)
    other.mkdir()
    before = set(dumps(share))
    for name in ("mount", "umount"):
        program(served, name, f'echo {name} "$@" >> $HERE/mounts')
    program(served, "dd", 'cat > "${1#of=}"')  # a file system in memory may not know O_DIRECT
    said = dumped(served)
    (made,) = set(dumps(share)) - before
    assert {file.name: file.read_text().strip() for file in made.iterdir()} == {
        "dmesg.txt": "last words",
        "vmcore.flat": CORE,
    }
    assert re.search(r"its memory is in nfs\.example\.com:/dumps/crash/node1\.example\.com-20\S+, ", said[-1])
    assert other in dumps(share) and len(dumps(share)) == 4
    mounts = (served / "mounts").read_text().splitlines()
    assert [line.split()[0] for line in mounts] == ["mount", "umount"] * 2, "tried, and then written"
    assert "soft" in mounts[0] and mounts[0].endswith(f"nfs.example.com:/dumps {served}/run/ovirt-node/dump")


def test_a_share_that_refuses_a_write_leaves_the_dump_to_the_node(
    served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TARGET", "nfs")
    monkeypatch.setenv("SHARE", "nfs.example.com:/dumps")
    for name in ("mount", "umount"):
        program(served, name, "")
    program(served, "dd", 'cat > "${1#of=}"; echo "Input/output error" >&2; exit 1')
    said = dumped(served)
    (made,) = dumps(served / "run/ovirt-node/dump/crash")
    assert sorted(file.name for file in made.iterdir()) == ["dmesg.txt", "vmcore.flat.incomplete"]
    assert any(line.endswith("its memory is not: Input/output error") for line in said)
    assert len(dumps(served / "data/crash")) == 1


@pytest.mark.parametrize("target", ["ssh", "nfs"])
def test_what_a_try_that_was_cut_off_left_is_in_nobodys_way(
    served: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    """Many nodes share one account, or one export."""
    for name, text in {"TARGET": target, "SHARE": "nfs.example.com:/dumps"}.items():
        monkeypatch.setenv(name, text)
    for name in ("mount", "umount"):
        program(served, name, "")
    program(served, "dd", 'cat > "${1#of=}"')
    where = served / ("server/crash" if target == "ssh" else "run/ovirt-node/dump/crash")
    (where / ".try").mkdir(parents=True)
    dumped(served)
    assert len(dumps(where)) == 2 and not (served / "data/crash").exists()


def test_an_export_that_does_not_answer_is_said_before_a_save_gives_up(
    served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (served / "settings").write_text("TARGET=nfs\nSHARE=nfs.example.com:/dumps\n")
    monkeypatch.setenv("SETTINGS", str(served / "settings"))
    program(served, "timeout", 'echo "$@" > "$HERE/limit"; exit 124')
    program(served, "mkdir", "exit 0")
    done = started(served, PROGRAMS / "kdump", "test")
    after, limit, *_mount = (served / "limit").read_text().removeprefix("--kill-after=").split()
    assert int(after) + int(limit) < SECONDS - 10
    assert done.returncode and done.stderr == f"nfs.example.com:/dumps does not answer within {limit} seconds\n"


@pytest.mark.parametrize(("away", "status"), [(False, 0), (True, 255)])
def test_the_server_is_tried_before_it_is_relied_upon(
    served: Path, monkeypatch: pytest.MonkeyPatch, away: bool, status: int
) -> None:
    (served / "settings").write_text("".join(f"{name}={text}\n" for name, text in SSH.items()))
    monkeypatch.setenv("SETTINGS", str(served / "settings"))
    if away:
        (served / "away").touch()
    done = started(served, PROGRAMS / "kdump", "test")
    assert done.returncode == status and done.stderr == ("no route to host\n" if away else "")
    assert not dumps(served / "server/crash")
