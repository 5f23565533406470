"""Prepared disks beside a blank one: the installer, the unattended run and the node believe, follow and run nothing."""

from __future__ import annotations

import re
from pathlib import Path

from bootmenu.entries import SERIAL_WORDS
from guest.console import Console
from guest.person import STEP
from guest.qemu import Disk, Guest
from hostile import DISKS, FORGED
from vm.conftest import BOOT, INSTALL, PASSWORD, Boot, crypted, digest, disk, medium

ORDERS = ("\u202e", "\u009b2J", "\u2028")
"""What labels of the prepared disks hold, and no terminal may see."""
SAVE = "from ovirt_tui.system.stick import save; print('saved', save('{}', 'ext4', 'a.log', 'text'))"


def prepared(folder: Path) -> dict[str, Disk]:
    """Every prepared disk by its name."""
    found = {}
    for name, make in DISKS.items():
        make(folder / f"{name}.img")
        found[name] = Disk(folder / f"{name}.img", name.upper().replace("_", "")[:20])
    return found


def test_prepared_disks_are_named_and_left_alone(folder: Path, boot: Boot) -> None:
    others = prepared(folder)
    before = {name: digest(each) for name, each in others.items()}
    guest = Guest(folder=folder, disks=(disk(folder, "own", 8192), *others.values()))
    paths = {name: f"/dev/vd{'bcdefghijklmnop'[number]}" for number, name in enumerate(others)}
    with boot(medium(guest, "rescue")) as console:
        console.wait(r"root@[^\n]*# ", BOOT, since=0)
        console.run("stty rows 24 columns 500")
        the_probe(console, paths)
        the_stick(console, paths["stick"])
        assert {name: digest(each) for name, each in others.items() if name != "stick"} == {
            name: sum for name, sum in before.items() if name != "stick"
        }
        before["stick"] = digest(others["stick"])
        the_unattended_run(console)
    assert {name: digest(each) for name, each in others.items()} == before
    with boot(guest) as console:
        console.wait(r"login: ", BOOT, since=0)
        assert_clean(console.said)
    assert {name: digest(each) for name, each in others.items()} == before


def assert_clean(said: str) -> None:
    for order in ORDERS:
        assert order not in said


def the_probe(console: Console, paths: dict[str, str]) -> None:
    start = len(console.said)
    facts = console.run("ovirt-tui facts", STEP)
    assert f'"path": "{paths["truncated"]}"' in facts
    assert "\\\\x1b[2J" in facts and "evil.example.com" in facts  # read; what may be taken is decided later
    assert "$6$evil" not in facts
    for reason in ("larger than 65536 bytes", "more than 200 lines"):
        assert reason in facts
    for line in ("", f"storage_init={paths['labels']} BOOTIF=link adminpw={crypted(PASSWORD)} reinstall"):
        for command in ("check", "plan"):
            console.run(f"ovirt-tui {command} --cmdline '{line}'", STEP)
    mounted = console.run("grep -c '^/dev/vd' /proc/self/mounts")
    assert mounted == "0", "looking mounts nothing"
    assert_clean(console.said[start:].replace("\r\n", ""))
    assert not re.search(rf"^{FORGED}", console.said[start:], re.MULTILINE)


def the_stick(console: Console, path: str) -> None:
    said = console.run(f'python3 -P -c "{SAVE.format(path)}"', STEP)
    assert re.search(r"saved a-\d{8}-\d{6}\.log", said), said


def the_unattended_run(console: Console) -> None:
    start = len(console.said)
    words = f"storage_init=virtio:OWN BOOTIF=link adminpw={crypted(PASSWORD)} {' '.join(SERIAL_WORDS)}"
    console.type(f"ovirt-tui autoinstall --cmdline '{words}'\r")
    console.ended(INSTALL)
    said = console.said[start:]
    assert said.count("ovirt-node: installation is complete") >= 1
    assert_clean(said)
