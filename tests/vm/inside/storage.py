"""Runs inside a virtual machine with blank disks: installs on them and prints a PASS or FAIL line for each claim.

    python3 storage.py BOOT_DISK DATA_DISK OTHER_DISK

OTHER_DISK must be left alone; every disk named is overwritten or compared.  Needs the medium tree, and the programs
of the image.  Prints 'N passed, M failed' at the end; the exit status is M.
"""

from __future__ import annotations

import hashlib
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ovirt_tui.features.order import defaults
from ovirt_tui.machine.disks import KEEP
from ovirt_tui.machine.facts import Facts, NodeState
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.model.selectors import DiskSelector
from ovirt_tui.pages.storage.settings import Found
from ovirt_tui.plan import actions
from ovirt_tui.plan.runner import plan, run
from ovirt_tui.system import StepFailed, storage, tables
from ovirt_tui.system.boot_code import CODE_END, NOTHING
from ovirt_tui.system.disk_steps import Bootable, Erased, Image, Target, Volumes
from ovirt_tui.system.holders import activate, find_group, members, volume_paths
from ovirt_tui.system.machine import Machine
from ovirt_tui.system.partitions import SLOT_NUMBERS, esp, signature
from ovirt_tui.system.steps import File, Step

results: list[bool] = []
MARK = "kept by the reinstallation\n"


def claim(text: str, holds: bool) -> None:
    """Print one result."""
    results.append(holds)
    print(f"{'PASS' if holds else 'FAIL'} {text}", flush=True)


def figure(text: str, since: float) -> None:
    """Print how long something took and the peak memory of this process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"FIGURE {text}: {time.monotonic() - since:.1f} s, peak {peak} MiB", flush=True)


def digest(path: str) -> str:
    """The SHA-256 of a whole disk, read from the disk."""
    subprocess.run(("blockdev", "--flushbufs", path), check=True, timeout=60)
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def first(path: str) -> bytes:
    """The first 4096 bytes of a disk."""
    with Path(path).open("rb") as file:
        return file.read(4096)


def written(*paths: str) -> list[str]:
    """How many sectors were written to each disk so far."""
    subprocess.run(("sync",), check=True, timeout=60)
    return [Path(f"/sys/class/block/{Path(path).name}/stat").read_text().split()[6] for path in paths]


def fails(machine: Machine, step: Step, text: str) -> bool:
    """Say whether making *step* is refused with *text* in the reason."""
    try:
        machine.make(step)
    except StepFailed as failure:
        print(f"  refused: {failure}")
        return text in str(failure)
    return False


def settings(boot: str, *data: str) -> NodeConfig:
    """The configuration to install."""
    config = defaults().put("storage.boot_disk", DiskSelector(boot))
    config = config.put("storage.data_disks", tuple(DiskSelector(path) for path in data))
    config = config.put("users.admin_password", Crypted("$6$salt$hash"))
    return config.put("network.hostname", Hostname("node1.example.org"))


def install(machine: Machine, config: NodeConfig, facts: Facts, text: str) -> None:
    """Run the whole installation."""
    start = time.monotonic()
    last = ""

    def tell(progress: object) -> None:
        nonlocal last
        title = getattr(progress, "title", "")
        if title != last:
            print(f"  {time.monotonic() - start:6.1f} s {title}", flush=True)
            last = title

    try:
        run(plan(actions.INSTALL, config, facts), machine, tell)
        claim(text, True)
    except StepFailed as failure:
        print(failure, failure.output, sep="\n")
        claim(text, False)
    figure(text, start)


def steps(config: NodeConfig, facts: Facts, kind: type) -> list[Step]:
    """The steps of one kind in the installation."""
    return [step for each in plan(actions.INSTALL, config, facts) for step in each.steps if isinstance(step, kind)]


def partitioning(machine: Machine, boot: str, data: str) -> Volumes:
    """Make tables and volumes on two disks."""
    config, facts = settings(boot, data), machine.facts()
    volumes = actions.volumes_step(config, facts)
    claim("a blank disk does not hold the volumes", not machine.holds(volumes))
    start = time.monotonic()
    machine.make(volumes)
    figure("partitioning two disks", start)
    claim("volumes hold once made", machine.holds(volumes))
    claim("the boot partition is FAT32", signature(esp(boot)).get("ID_FS_VERSION") == "FAT32")
    active = [first(path)[446] for path in (boot, data)]
    starts = [path for path in (boot, data) if first(path)[:CODE_END] != NOTHING]
    claim("a BIOS starts nothing, and says so", not starts)
    claim("the protective MBR is active on the disk that boots, and on no other", active == [0x80, 0])
    claim("room stays free in the group", 0 < volumes.spare <= find_group((data,)).free < volumes.spare + 4)
    claim("volumes hold for another process", Machine().holds(volumes))
    node = machine.facts().nodes[0]
    claim(
        "an interrupted installation is seen, with its answers",
        node.state is NodeState.INSTALLING and bool(node.answers),
    )
    claim("other sizes do not hold", not machine.holds(Volumes(**{**volumes.__dict__, "efi": volumes.efi + 1})))
    logging = volume_paths((data,))["Logging"]
    subprocess.run(("mkfs.ext4", "-q", "-F", "-L", "OTHER", logging), check=True, timeout=60)
    claim("a volume without its label does not hold", not machine.holds(volumes))
    machine.make(volumes)
    claim("a second attempt of the same plan goes through", machine.holds(volumes))
    return volumes


def whole(machine: Machine, boot: str, data: str) -> None:
    """Install on two disks, from blank to bootable."""
    config, facts = settings(boot, data), machine.facts()
    install(machine, config, facts, "an installation over an interrupted one")
    after = machine.facts()
    claim("the node is complete", [node.state for node in after.nodes] == [NodeState.COMPLETE])
    claim("its version is seen without mounting", after.nodes[0].version == facts.version)
    claim("its volume group is seen", [group.name for group in after.groups] == ["HostVG"])
    claim("nothing is left mounted", "/run/ovirt-node" not in Path("/proc/self/mountinfo").read_text())
    again = Machine()
    claim("a complete node is partitioned anew", not again.holds(actions.volumes_step(config, after)))
    claim("the image holds when read back", all(again.holds(step) for step in steps(config, facts, Image)))
    claim("the disk is bootable", all(again.holds(step) for step in steps(config, facts, Bootable)))


def reinstalled(machine: Machine, boot: str, data: str) -> None:
    """Reinstall: Data is kept, Config is not."""
    point = Path("/run/kept")
    point.mkdir(exist_ok=True)
    subprocess.run(("mount", volume_paths((data,))["Data"], str(point)), check=True, timeout=60)
    (point / "mark").write_text(MARK)
    volumes = actions.volumes_step(settings(boot, data).put("storage.found", Found.KEEP_DATA), machine.facts())
    claim("a mounted volume is refused", fails(machine, volumes, "is mounted on /run/kept"))
    subprocess.run(("umount", str(point)), check=True, timeout=60)
    tables.rename(boot, {SLOT_NUMBERS["RootBackup"]: "Basic data partition"})
    claim("a partition of others is not formatted", fails(machine, volumes, "is not a partition of a node"))
    tables.rename(boot, {SLOT_NUMBERS["RootBackup"]: "RootBackup"})
    storage._mark_installing(volumes)
    node = machine.facts().nodes[0]
    claim("cut off then, it is an interrupted installation", node.state is NodeState.INSTALLING)
    claim("and its answers say that Data is kept", KEEP in node.answers)
    config = settings(boot, data).put("storage.found", Found.KEEP_DATA)
    config = config.put("network.hostname", Hostname("node2.example.org"))
    facts = machine.facts()
    install(machine, config, facts, "a reinstallation that keeps Data")
    subprocess.run(("mount", volume_paths((data,))["Data"], str(point)), check=True, timeout=60)
    claim("Data is kept", (point / "mark").read_text() == MARK)
    subprocess.run(("umount", str(point)), check=True, timeout=60)
    target = next(iter(steps(config, facts, Target)))
    machine.make(target)
    claim("the host name is the new one", machine.holds(File("/etc/hostname", "node2.example.org\n")))
    claim("it is on Config", "node2" in Path("/run/ovirt-node/target/config/slots/Root/etc/upper/hostname").read_text())
    machine.close()


def refusals(machine: Machine, boot: str, data: str, other: str) -> None:
    """Check that what is not in the plan is not touched."""
    volumes = actions.volumes_step(settings(boot, data), machine.facts())
    unnamed = Volumes(**{**volumes.__dict__, "removes": ()})
    claim("a group the plan does not name is refused", fails(Machine(), unnamed, "which the plan does not name"))


def left_alone(machine: Machine, boot: str, data: str) -> None:
    """Check that the medium auto-activates nothing, and that a disk that was replaced is not written."""
    subprocess.run(("vgchange", "--activate", "n", "HostVG"), check=True, timeout=60)
    (member,) = members((data,))
    subprocess.run(("udevadm", "trigger", "--action=add", "--settle", member), check=True, timeout=60)
    time.sleep(5)
    claim("a volume group that appears is not activated", not list(Path("/dev/mapper").glob("HostVG-*")))
    was = written(boot, data)
    volumes = actions.volumes_step(settings(boot, data), machine.facts())
    others = tuple((path, f"not {known}") for path, known in volumes.identities)
    exchanged = Volumes(**{**volumes.__dict__, "identities": others})
    claim("another disk by the same name is refused", fails(machine, exchanged, "is not the disk that was chosen"))
    exchanged = Volumes(**{**exchanged.__dict__, "keep": ("Data",)})
    claim("also where Data is kept", fails(machine, exchanged, "is not the disk that was chosen"))
    erasing = Erased((data, boot), volumes.removes, others)
    claim("nor is it erased", fails(machine, erasing, "is not the disk that was chosen"))
    claim("nothing was written to either", written(boot, data) == was)
    activate((data,))


def erased(machine: Machine, boot: str, data: str) -> None:
    """Uninstall."""
    groups = tuple((group.name, group.uuid) for group in machine.facts().groups)
    step = Erased((data, boot), groups)
    claim("an installed disk is not erased", not machine.holds(step))
    machine.make(step)
    claim("disks are erased", machine.holds(step))
    after = machine.facts()
    claim("no node and no group is left", not after.nodes and not after.groups)


def main(boot: str, data: str, other: str) -> int:
    """Run everything; return the number of failed claims."""
    before = digest(other)
    machine = Machine()
    parts: tuple[Callable[[], object], ...] = (
        lambda: partitioning(machine, boot, data),
        lambda: whole(machine, boot, data),
        lambda: refusals(machine, boot, data, other),
        lambda: left_alone(machine, boot, data),
        lambda: reinstalled(machine, boot, data),
        lambda: claim("the other disk is as it was, byte for byte", digest(other) == before),
        lambda: erased(machine, boot, data),
    )
    for part in parts:
        try:
            part()
        except StepFailed as failure:
            claim(f"{failure}\n{failure.output}", False)
    claim("the other disk is as it was at the end", digest(other) == before)
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return results.count(False)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
