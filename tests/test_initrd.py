"""How the initrd tells a node's own disks from others: its scripts on folders like /sys and udev's database."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent.parent / "image/dracut/90ovirt-node"
UUID, GROUP, PV = "7d1c8a4e-0003", "Zq1b-VG", "pvA-1"


def test_no_script_takes_the_names_of_another() -> None:
    """dracut reads all of them into one shell: what one sets, the next finds set."""
    functions: dict[str, str] = {}
    settings: dict[str, tuple[str, str]] = {}
    for script in sorted(SCRIPTS.glob("*.sh")):
        text = script.read_text()
        for name in re.findall(r"^(\w+)\(\)", text, re.MULTILINE):
            assert functions.setdefault(name, script.name) == script.name, name
        for name, value in re.findall(r"^(\w+)=(.*)", text, re.MULTILINE):
            first, there = settings.setdefault(name, (value, script.name))
            assert first == value, f"{name} is {first} in {there} and {value} in {script.name}"


class Machine:
    """Disks of a machine without one."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.disks = folder, 0
        for name in ("udev", "sys/dev/block", "run", "bin"):
            (folder / name).mkdir(parents=True)
        (folder / "lvm").touch()

    def disk(self, name: str, slot: str = "", pv: str = "", group: str = "", **known: str) -> None:
        """Attach a disk with one partition: a slot with this UUID, or a physical volume."""
        self.disks += 1
        whole = self._device(f"{8 * self.disks}:0", f"devices/{name}", f"DEVNAME={name}", known)
        inside = {"ID_PART_ENTRY_UUID": slot} if slot else {"ID_FS_TYPE": "LVM2_member", "ID_FS_UUID": pv}
        part = self._device(f"{8 * self.disks}:3", f"devices/{name}/{name}3", f"DEVNAME={name}3", inside)
        (part / "partition").write_text("3\n")
        self.whole = whole
        if pv:
            with (self.folder / "lvm").open("a") as known_to_lvm:
                known_to_lvm.write(f"/dev/{name}3 {group}\n")

    def map_of(self, name: str, wwid: str, slot: str) -> None:
        """Make the disk attached last a path of a multipath map, which has the partition too."""
        for number, uuid, inside in (("253:0", f"mpath-{wwid}", {}), ("253:1", f"part3-mpath-{wwid}", {"a": slot})):
            known = {"ID_PART_ENTRY_UUID": slot} if inside else {}
            device = self._device(number, f"devices/virtual/dm-{number[-1]}", f"DEVNAME=dm-{number[-1]}", known)
            (device / "dm").mkdir()
            (device / "dm/uuid").write_text(f"{uuid}\n")
            (device / "dm/name").write_text(f"{name}{'-part3' if inside else ''}\n")
        (device / "slaves").mkdir()
        (device / "slaves/dm-0").symlink_to(self.folder / "sys/devices/virtual/dm-0")
        (self.whole / "holders").mkdir()
        (self.whole / "holders/dm-0").symlink_to(self.folder / "sys/devices/virtual/dm-0")

    def _device(self, number: str, path: str, uevent: str, known: dict[str, str]) -> Path:
        device = self.folder / "sys" / path
        device.mkdir(parents=True)
        (device / "dev").write_text(f"{number}\n")
        (device / "uevent").write_text(f"{uevent}\n")
        (self.folder / "sys/dev/block" / number).symlink_to(device)
        lines = "".join(f"E:{key}={value}\n" for key, value in known.items())
        (self.folder / "udev" / f"b{number}").write_text(f"I:1\n{lines}")
        return device

    def run(self, code: str, script: str = "", line: str = "", late: bool = False) -> str:
        """What *code* prints behind the functions of identity.sh and of *script*."""
        lvm = self.folder / "bin/lvm"
        lvm.write_text(LVM.format(known=self.folder / "lvm"))
        lvm.chmod(0o755)
        body = (SCRIPTS / script).read_text() if script else ""
        body = body.replace(". /lib/ovirt-node-identity.sh", "").rpartition("\nif getarg node.slot=")[0]
        text = (
            f"node_udev={self.folder}/udev node_sys={self.folder}/sys node_run={self.folder}/run\n"
            f"node_patience={0 if late else 3600} node_pause={0 if late else 3600}\n"
            f"{(SCRIPTS / 'identity.sh').read_text()}{body}\n{FAKES.format(line=line)}\n{code}\n"
        )
        environment = {"PATH": f"{self.folder}/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
        done = subprocess.run(
            ("/bin/sh",), input=text, env=environment, capture_output=True, text=True, timeout=30, check=False
        )
        assert not done.stderr, done.stderr
        return done.stdout.strip()


FAKES = """
node_say() {{ echo "says: $1"; }}
node_stop() {{ echo "stopped: $1"; exit; }}
udevadm() {{ :; }}
sleep() {{ :; }}
getargs() {{
    for word in {line}; do
        case $word in "$1"*) echo "${{word#"$1"}}" ;; esac
    done
}}
"""

# pvs tells the group of the only device it is shown, or the UUIDs that are missing; vgs counts those.
LVM = """#!/bin/sh
devices=""
kind=$1
case "$*" in *pv_missing=1*) kind=missing ;; esac
while [ $# -gt 0 ]; do
    [ "$1" = --devices ] && devices="$devices $2"
    shift
done
case $kind in
    pvs) for device in $devices; do sed -n "s|^$device ||p" {known}; done ;;
    missing) sed -n 's/^missing //p' {known} ;;
    vgs) sed -n 's/^missing //p' {known} | while read -r uuid; do
        echo "$uuid"; done | grep -c . || true ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def chosen(machine: Machine, recorded: str, late: bool = False, pause: int | None = None) -> str:
    """What is chosen on this look, or why nothing; *pause* is the time between two looks."""
    code = f'node_choose {UUID} {recorded} && node_path "$node_chosen" || echo "none: $node_refused"'
    return machine.run(f"node_pause={pause}; {code}" if pause is not None else code, late=late)


def test_the_slot_on_the_disk_it_was_installed_on(machine: Machine) -> None:
    machine.disk("sda", slot="another", ID_SERIAL="A")
    machine.disk("sdb", slot=UUID, ID_SERIAL="B")
    assert chosen(machine, "serial-B") == "/dev/sdb3"


@pytest.mark.parametrize("own_first", [True, False])
def test_a_copy_of_the_disk_is_never_taken_for_it(machine: Machine, own_first: bool) -> None:
    for name, serial in (("sda", "B"), ("sdb", "C")) if own_first else (("sda", "C"), ("sdb", "B")):
        machine.disk(name, slot=UUID, ID_SERIAL=serial)
    assert chosen(machine, "serial-B") == ("/dev/sda3" if own_first else "/dev/sdb3")


def test_a_disk_that_was_copied_to_another_starts_once_its_own_had_time_to_come(machine: Machine) -> None:
    machine.disk("sda", slot=UUID, ID_SERIAL="NEW")
    assert chosen(machine, "serial-OLD") == "none:"
    (machine.folder / "run/since-slot").unlink()
    assert chosen(machine, "serial-OLD", late=True) == "/dev/sda3"


@pytest.mark.parametrize(
    ("serials", "said"),
    [
        (("X", "Y"), "/dev/sda3 /dev/sdb3 are copies of this node's slot, none on the disk it was installed on"),
        (("B", "B"), "/dev/sda3 /dev/sdb3 are copies of this node's slot on disks that cannot be told apart"),
    ],
)
def test_nothing_starts_where_it_would_have_to_guess(machine: Machine, serials: tuple[str, ...], said: str) -> None:
    for name, serial in zip(("sda", "sdb"), serials, strict=True):
        machine.disk(name, slot=UUID, ID_SERIAL=serial)
    assert chosen(machine, "serial-B") == "none:", "another may still come, or a multipath map"
    (machine.folder / "run/since-slot").unlink()
    assert chosen(machine, "serial-B", late=True) == f"none: {said} (serial-B)"


@pytest.mark.parametrize("recorded", ["none", "''"])
def test_a_disk_that_says_nothing_of_itself_is_looked_at_twice(machine: Machine, recorded: str) -> None:
    """A copy of it says as little, and may come later."""
    machine.disk("sda", slot=UUID)
    assert chosen(machine, recorded) == "none:"
    (machine.folder / "run/since-only-slot").write_text("0\n")
    assert chosen(machine, recorded, pause=1) == "/dev/sda3", "without the time that a known disk is given to come"


@pytest.mark.parametrize("known", [{}, {"ID_SERIAL": "X"}], ids=["as little", "more"])
def test_a_copy_beside_a_disk_that_says_nothing_of_itself_stops_the_boot(
    machine: Machine, known: dict[str, str]
) -> None:
    machine.disk("sda", slot=UUID)
    assert chosen(machine, "none") == "none:"
    machine.disk("sdb", slot=UUID, **known)
    (machine.folder / "run/since-only-slot").write_text("0\n")
    assert chosen(machine, "none", pause=1) == "none:"
    (machine.folder / "run/since-slot").unlink()
    why = "are copies of this node's slot on disks that cannot be told apart (none)"
    assert chosen(machine, "none", late=True) == f"none: /dev/sda3 /dev/sdb3 {why}"


def test_another_disk_that_says_nothing_of_itself_is_a_new_first_look(machine: Machine) -> None:
    machine.disk("sda", slot=UUID)
    assert chosen(machine, "none") == "none:"
    (machine.folder / "run/since-only-slot").write_text("0\n")
    (machine.folder / "udev/b8:3").unlink()
    machine.disk("sdb", slot=UUID)
    assert chosen(machine, "none", pause=1) == "none:"


def test_the_choice_is_linked_and_remembered_for_the_volumes(machine: Machine) -> None:
    machine.disk("sda", slot=UUID, ID_SERIAL="A")
    (machine.folder / "run").rmdir()
    fakes = f'getarg() {{ echo "live:PARTUUID={UUID}"; }}; node_link() {{ echo "links $*"; }}'
    code = f'{fakes}; node_slot; cat "$node_run/slot"'
    assert machine.run(code, "slot.sh", "node.disk=serial-A node.disk=serial-B").splitlines() == [
        "links 8:3 slot",
        "8:3",
    ]


def test_a_slot_that_udev_did_not_link_is_linked_again(machine: Machine) -> None:
    """A partition may be gone for the moment in which its rule is written; then no event of udev ever matches it."""
    machine.disk("sda", slot=UUID, ID_SERIAL="A")
    (machine.folder / "sys/class/block").mkdir(parents=True)
    for name in ("sda3", "sda4"):
        (machine.folder / "sys/class/block" / name).symlink_to(machine.folder / "sys/devices/sda/sda3")
    (machine.folder / "dev").mkdir()
    fakes = (
        f'node_dev={machine.folder}/dev; getarg() {{ echo "live:PARTUUID={UUID}"; }}; node_link() {{ echo "links"; }}'
    )
    hook = 'node_hook() { node_leads slot "$(cat "$node_run/slot" 2> /dev/null)" || node_slot; }'
    linked = 'ln -sfn ../sda3 "$node_dev/slot"; node_hook; ln -sfn ../sdz3 "$node_dev/slot"; node_hook'
    code = f"{fakes}; {hook}; node_hook; node_hook; node_hook; {linked}"
    again = "says: udev has not linked this node's slot; asking it again"
    assert machine.run(code, "slot.sh", "node.disk=serial-A").splitlines() == [
        "links",
        again,
        "links",
        "links",
        "links",
    ]


def test_the_link_is_that_of_this_very_disk(machine: Machine) -> None:
    """By what comes with every event; what udev found out itself is not all there is."""
    machine.disk("sda", slot=UUID, ID_SERIAL="A")
    with (machine.folder / "sys/devices/sda/sda3/uevent").open("a") as uevent:
        uevent.write("DISKSEQ=9\n")
    same = 'ENV{MAJOR}=="8", ENV{MINOR}=="3", ENV{DISKSEQ}=="9"'
    assert machine.run("node_rule 8:3 slot") == f'SUBSYSTEM=="block", {same}, SYMLINK+="ovirt-node/slot"'
    machine.map_of("35", "35", UUID)
    known = 'ENV{DM_UUID}=="part3-mpath-35"'
    assert machine.run("node_rule 253:1 slot") == f'SUBSYSTEM=="block", {known}, SYMLINK+="ovirt-node/slot"'


def test_a_multipath_disk_is_one_and_its_paths_are_none(machine: Machine) -> None:
    machine.disk("sda", slot=UUID, ID_WWN="0x5", ID_SERIAL="35")
    machine.map_of("35", "35", UUID)
    assert chosen(machine, "mpath-35") == "/dev/mapper/35-part3"
    assert machine.run(f"node_devices ID_PART_ENTRY_UUID {UUID}") == "253:1"


@pytest.mark.parametrize(
    ("known", "word"),
    [
        ({"ID_WWN": "0x5", "ID_WWN_WITH_EXTENSION": "0x56", "ID_SERIAL": "S"}, "wwn-0x56"),
        ({"ID_WWN": "0x5", "ID_SERIAL": "S"}, "wwn-0x5"),
        ({"ID_SERIAL": "a b'$(x)/\u00e9"}, "serial-a_b___x____"),
        ({}, "none"),
    ],
)
def test_disks_are_recorded_as_the_installer_writes_them(machine: Machine, known: dict[str, str], word: str) -> None:
    machine.disk("sda", slot=UUID, **known)
    assert machine.run("node_identity 8:0") == word


def test_what_a_disk_says_of_itself_is_never_a_pattern_or_a_command(machine: Machine) -> None:
    machine.disk("sda", slot="x-0003", ID_SERIAL="$(touch /tmp/x)")
    assert machine.run("node_devices ID_PART_ENTRY_UUID '.*'") == ""
    assert machine.run("node_choose '*' 'serial-*' || echo none") == "none"


def members(machine: Machine, line: str, late: bool = False) -> str:
    (machine.folder / "run/slot").write_text("8:3\n")
    code = 'node_find_group; echo $?; node_paths $node_own; node_confine; cat "$node_run/lvmlocal.conf"'
    return machine.run(f"node_group={GROUP}; node_host_group; {code}", "places.sh", line, late)


def test_volumes_come_from_the_nodes_disks_only(machine: Machine) -> None:
    machine.disk("sda", slot=UUID, ID_SERIAL="A")
    machine.disk("sdb", pv="pvB", group="another HostVG", ID_SERIAL="G")
    machine.disk("sdc", pv=PV, group=GROUP, ID_SERIAL="CLONE")
    machine.disk("sdd", pv=PV, group=GROUP, ID_SERIAL="D")
    said = members(machine, "node.disk=serial-A node.disk=serial-D")
    assert said.splitlines()[:2] == ["0", "/dev/sdd3 devices {"]
    assert 'global_filter = [ "a|^/dev/sdd3$|", "r|.*|" ]' in said


def test_copies_that_cannot_be_told_apart_stop_the_boot(machine: Machine) -> None:
    machine.disk("sda", slot=UUID, ID_SERIAL="A")
    for name in ("sdb", "sdc"):
        machine.disk(name, pv=PV, group=GROUP, ID_SERIAL="D")
    said = members(machine, "node.disk=serial-A node.disk=serial-D", late=True)
    assert said.startswith("stopped: /dev/sdb3 /dev/sdc3 hold copies of this node's volumes")


def test_a_data_disk_that_was_moved_is_found_by_its_uuid(machine: Machine) -> None:
    machine.disk("sda", slot=UUID, ID_SERIAL="A")
    machine.disk("sdb", pv=PV, group=GROUP, ID_SERIAL="MOVED")
    said = members(machine, "node.disk=serial-A node.disk=serial-D", late=True)
    assert said.splitlines()[:2] == ["0", "/dev/sdb3 devices {"]


def test_two_copies_of_a_data_disk_that_was_moved_stop_the_boot(machine: Machine) -> None:
    machine.disk("sda", slot=UUID, ID_SERIAL="A")
    for name in ("sdb", "sdc"):
        machine.disk(name, pv=PV, group=GROUP, ID_SERIAL=name)
    said = members(machine, "node.disk=serial-A node.disk=serial-D", late=True)
    assert said.startswith("stopped: /dev/sdb3 /dev/sdc3 hold copies")


# What comes while the group is looked for: one second goes by in a pause.
COMES = (
    "node_patience=2; node_pause=1; sleep() {{ command sleep 0.2; mv {folder}/later/* {folder}/udev 2> /dev/null; }}"
)


@pytest.mark.parametrize("line", ["node.disk=serial-A node.disk=none", ""], ids=["recorded as none", "not recorded"])
@pytest.mark.parametrize("copy", [False, True], ids=["alone", "with a copy"])
def test_a_data_disk_that_says_nothing_of_itself_is_taken_only_where_it_is_alone(
    machine: Machine, line: str, copy: bool
) -> None:
    machine.disk("sda", slot=UUID, ID_SERIAL="A")
    machine.disk("sdb", pv=PV, group=GROUP)
    (machine.folder / "later").mkdir()
    if copy:
        machine.disk("sdc", pv=PV, group=GROUP)
        (machine.folder / "udev/b24:3").rename(machine.folder / "later/b24:3")
    (machine.folder / "run/slot").write_text("8:3\n")
    comes = COMES.format(folder=machine.folder)
    code = f"node_group={GROUP}; node_host_group; {comes}; node_find_group; echo $?; node_paths $node_own"
    said = machine.run(code, "places.sh", line)
    if copy:
        assert said.startswith("stopped: /dev/sdb3 /dev/sdc3 hold copies of this node's volumes and cannot be told")
    else:
        assert said.splitlines() == ["0", "/dev/sdb3"]
        assert (machine.folder / "run/only-group").read_text() == "16:3\n", "looked at twice"


def test_without_volumes_lvm_sees_nothing(machine: Machine) -> None:
    machine.disk("sda", slot=UUID, ID_SERIAL="A")
    machine.disk("sdb", pv="pvB", group="another HostVG", ID_SERIAL="G")
    said = members(machine, "node.disk=serial-A", late=True)
    assert said.startswith("1")
    assert 'global_filter = [ "r|.*|" ]' in said


def test_an_upper_folder_begins_as_the_image_has_it(machine: Machine, tmp_path: Path) -> None:
    lower, store = tmp_path / "lower", tmp_path / "store"
    lower.mkdir()
    lower.chmod(0o2710)
    (store / "upper.new").mkdir(parents=True)
    code = f"umask 022; node_upper {lower} {store} && stat -c %a {store}/upper && ls {store}"
    assert machine.run(code, "places.sh") == "2710\nupper"
    (store / "upper").chmod(0o755)
    assert machine.run(code, "places.sh") == "755\nupper", "what an admin changed since stays"
