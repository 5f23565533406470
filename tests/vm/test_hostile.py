"""Prepared disks beside a blank one: installer, unattended run and node trust, follow and run nothing on them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bootmenu.entries import SERIAL_WORDS
from hostile import DISKS, FORGED, MOMENT, ON_PAGE, UNREAD
from testbed.console import Console
from testbed.person import STEP, focused, go_to, open_shell
from testbed.qemu import Disk, Guest
from vm.conftest import BOOT, INSTALL, PASSWORD, Boot, crypted, digest, disk, medium

ORDERS = ("\u202e", "\u009b2J", "\u2028")
"""Control characters in labels of the prepared disks, which must not reach a terminal."""
OVER = re.compile(r"[^\r\n]\r[^\r\n]")
"""A carriage return within a line, which overwrites its beginning."""
FORGERY = re.compile(rf"(?:^|[\r\n]){FORGED}")
LOG = "ovirt-node-install"
SAVE = (
    f"from ovirt_tui.system import usb_stick as stick; stick.strftime = lambda *when: '{MOMENT}'; "
    f"print('saved', stick.save('{{}}', 'ext4', '{LOG}.log', 'text'))"
)


def prepared(folder: Path) -> dict[str, Disk]:
    """Every prepared disk by its name."""
    found = {}
    for name, make in DISKS.items():
        make(folder / f"{name}.img")
        found[name] = Disk(folder / f"{name}.img", name.upper().replace("_", "")[:20])
    return found


@pytest.mark.long
def test_prepared_disks_are_named_and_left_alone(folder: Path, boot: Boot) -> None:
    others = prepared(folder)
    before = {name: digest(each) for name, each in others.items()}
    guest = Guest(folder=folder, disks=(disk(folder, "own", 8192), *others.values()))
    paths = {name: f"/dev/vd{'bcdefghijklmnop'[number]}" for number, name in enumerate(others)}
    with boot(medium(guest, "rescue")) as console:
        console.wait(r"root@[^\n]*# ", BOOT, since=0)
        console.run("stty rows 24 columns 500; dmesg -n 1")
        the_probe(console, paths)
        the_stick(console, paths["stick"])
        assert {name: digest(each) for name, each in others.items() if name != "stick"} == {
            name: sum for name, sum in before.items() if name != "stick"
        }
        before["stick"] = digest(others["stick"])
        the_screen(console, paths)
        the_unattended_run(console)
    assert {name: digest(each) for name, each in others.items()} == before
    with boot(guest) as console:
        console.wait(r"login: ", BOOT, since=0)
        assert_clean(console.said)
    assert {name: digest(each) for name, each in others.items()} == before


def assert_clean(said: str) -> None:
    for order in ORDERS:
        assert order not in said


def printed(console: Console, command: str) -> str:
    """The exact output of *command*, after checking that it has no control sequence and no forged line."""
    start = len(console.said)
    console.run(command, STEP)
    said = console.said[start:].rpartition(f"HERE-{start}\r\n")[2].partition(f"DONE-{start} ")[0]
    assert_clean(said)
    assert "\x1b" not in said and not OVER.search(said) and not FORGERY.search(said)
    return said.replace("\r\n", "\n")


def the_probe(console: Console, paths: dict[str, str]) -> None:
    facts = printed(console, "ovirt-tui facts")
    assert f'"path": "{paths["truncated"]}"' in facts
    assert "\\\\x1b[2J" in facts and "evil.example.com" in facts  # read; what is accepted is decided later
    assert "$6$evil" not in facts
    for name, reason in UNREAD.items():
        (node,) = [each for each in json.loads(facts)["nodes"] if each["disk"] == paths[name]]
        assert reason in node["unread"] and bool(node["unread"]) == bool(reason)
    listed = printed(console, "ovirt-tui disks")
    for path in paths.values():
        assert re.search(rf"^{path} .*: cannot be used: it has \d+ MiB", listed, re.MULTILINE)
    for line in ("", f"storage_init={paths['labels']} BOOTIF=link adminpw={crypted(PASSWORD)} reinstall"):
        for command in ("check", "plan"):
            printed(console, f"ovirt-tui {command} --cmdline '{line}'")
    mounted = console.run("grep -c '^/dev/vd' /proc/self/mounts")
    assert mounted == "0", "looking mounts nothing"


def the_stick(console: Console, path: str) -> None:
    """The names that the log would get exist as links and pipes: it gets another one, and nothing else is written."""
    said = printed(console, f'python3 -P -c "{SAVE.format(path)}"')
    assert f"saved {LOG}{MOMENT}-2.log" in said, said
    assert console.run("cmp -n 1048576 /dev/vda /dev/zero && echo untouched", STEP) == "untouched"


def the_screen(console: Console, paths: dict[str, str]) -> None:
    """The page of disks shows for each what is on it, escaped; the installer is left through its shell."""
    console.run("stty rows 24 columns 80")
    start = len(console.said)
    console.type("ovirt-tui install\r")
    console.wait(r"Welcome +1 of", STEP)
    go_to(console, "Install on another disk")
    console.press("enter")
    console.wait(r"Keyboard +2 of", STEP)
    console.press("f10")
    console.wait(r"Boot disk +3 of", STEP)
    shown: dict[str, str] = {}
    for _ in range(len(paths) + 4):  # also the blank disk, and the medium
        if found := re.search(r"/dev/vd[a-z]\b", focused(console)):
            shown[found[0]] = console.text()
        console.press("down")
    for name, path in paths.items():
        assert re.search(ON_PAGE[name], shown[path]), shown[path]
        assert not FORGERY.search(shown[path])
    assert_clean(console.said[start:])
    open_shell(console)


def the_unattended_run(console: Console) -> None:
    start = len(console.said)
    words = f"storage_init=virtio:OWN BOOTIF=link adminpw={crypted(PASSWORD)} {' '.join(SERIAL_WORDS)}"
    console.type(f"ovirt-tui autoinstall --cmdline '{words}'\r")
    console.ended(INSTALL)
    said = console.said[start:]
    before, _first_step, _after = said.partition("ovirt-node: (1/")
    assert not FORGERY.search(before) and FORGERY.search(said), "it is complete once, at the end"
    assert not any("\x1b" in line for line in re.findall(r"ovirt-node: [^\r\n]*", said))
    assert_clean(said)
