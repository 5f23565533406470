"""Facts of the real machine.  Read-only, and mounts nothing: the content of a disk may have been prepared."""

from __future__ import annotations

import re
import socket
import sys
from pathlib import Path
from typing import Any

from bootmenu.node_data import GROUP_FILE, group_in
from bootmenu.words import NAME as WORDS
from ovirt_tui.i18n import _
from ovirt_tui.machine.disks import SLOT_LABELS, VOLUME_GROUP
from ovirt_tui.machine.facts import Disk, Facts, Group, Node, NodeState, Part, Virtualization
from ovirt_tui.machine.iscsi import REACHED
from ovirt_tui.machine.untrusted import masked
from ovirt_tui.model.network import IscsiTarget
from ovirt_tui.model.records import dataclass, replace
from ovirt_tui.system import StepFailed, lvm, nics, udev
from ovirt_tui.system.block import MIB, Blocks
from ovirt_tui.system.command import run
from ovirt_tui.system.file_systems import ANSWERS
from ovirt_tui.system.keymap_titles import keymap_titles
from ovirt_tui.system.mounts import mounts
from ovirt_tui.system.partitions import COMPLETE, ESP_LABEL, INSTALLING
from ovirt_tui.system.tree import file_errors
from ovirt_tui.system.tuning import huge_pages, profiles
from ovirt_tui.system.udev import Device

MEDIUM = "run/initramfs/live"
"""The medium tree in every boot, relative to the root."""
IMAGE_FILES = ("vmlinuz", "initrd.img", "LiveOS/squashfs.img")
FOREIGN_KEYBOARDS = {"include", "amiga", "atari", "mac", "sun"}
READER = Path(__file__).with_name("fat.py")
READ_SECONDS = 10
MOST_LINES = 200
"""Most lines of an install.conf; ours have a dozen."""
KEYMAPS = ("usr/share/keymaps", "usr/share/kbd/keymaps", "usr/lib/kbd/keymaps")


@dataclass(frozen=True)
class Probe:
    """Reads below *root*, so that a recorded machine can be probed like a real one."""

    root: Path = Path("/")

    def facts(self) -> Facts:
        """Everything, freshly read."""
        settled = udev.settle()
        disks = self.disks(udev.devices("block"))
        groups, group_of = lvm.groups(disks)
        disks = tuple(_with_groups(disk, group_of) for disk in disks)
        found = self.itself()
        return replace(
            found,
            settled=settled,
            disks=disks,
            groups=groups,
            nodes=tuple(
                node for disk in disks if not disk.map_of and (node := node_on(disk, groups, look=not found.slot))
            ),
            nics=nics.nics(udev.devices("net"), self._addresses(), self.root / "sys"),
        )

    def disks(self, known: tuple[Device, ...]) -> tuple[Disk, ...]:
        """The disks among *known*, the block devices of udev."""
        held = mounts(self.root / "proc")
        live = f"/{MEDIUM}"
        found = Blocks(
            known,
            held,
            tuple(line.split()[0] for line in self._read("proc/swaps").splitlines()[1:]),
            self.root / "sys",
            next((mount.number for mount in reversed(held) if mount.point == live), ""),
        ).disks()
        reached = self._read(REACHED.removeprefix("/")).strip()
        return tuple(_with_target(disk, reached) for disk in found) if reached else found

    def version(self) -> str:
        """The version of the running image, and its release."""
        return _version(self._said_version())

    def slot(self) -> str:
        """The slot that this system was started from; empty on a medium."""
        slot = re.search(r"(?:^|\s)node\.slot=(\S+)", self._read("proc/cmdline"))
        return slot[1] if slot else ""

    def _said_version(self) -> dict[str, str]:
        return assignments(self._read(f"{MEDIUM}/version"))

    def itself(self) -> Facts:
        """All facts but disks and network."""
        version = self._said_version()
        release = assignments(self._read("etc/os-release") or self._read("usr/lib/os-release"))
        memory = re.search(r"MemTotal:\s+(\d+)", self._read("proc/meminfo"))
        return Facts(
            os_id=release.get("ID", Facts.os_id),
            product=version.get("PRODUCT", Facts.product),
            version=_version(version),
            slot=self.slot(),
            efi=(self.root / "sys/firmware/efi").is_dir(),
            signed_menu=(self.root / MEDIUM / f"{WORDS}.sig").is_file(),
            memory_mib=int(memory[1]) // 1024 if memory else 0,
            image_mib=self._image_mib(),
            virtualization=self._virtualization(),
            hostname=socket.gethostname() if self.root == Path("/") else self._read("etc/hostname").strip(),
            keymaps=self._keymaps(),
            keymap_titles=keymap_titles(self.root),
            consoles=self._consoles(),
            profiles=profiles(self.root),
            huge_pages=huge_pages(self.root),
        )

    def _image_mib(self) -> int:
        files = (self.root / MEDIUM / name for name in IMAGE_FILES)
        with file_errors(_("the medium cannot be read")):
            return -(-sum(file.stat().st_size for file in files if file.exists()) // MIB)

    def _virtualization(self) -> Virtualization:
        flags = re.search(r"^flags\s*:.*\b(vmx|svm)\b", self._read("proc/cpuinfo"), re.MULTILINE)
        if not flags:
            return Virtualization.ABSENT
        return Virtualization.ENABLED if (self.root / "dev/kvm").exists() else Virtualization.DISABLED

    def _keymaps(self) -> tuple[str, ...]:
        folders = (self.root / name for name in KEYMAPS)
        found = {
            re.sub(r"\.k?map(\.gz)?$", "", path.name)
            for folder in folders
            if folder.is_dir()
            for path in folder.rglob("*map*")
            if re.search(r"\.k?map(\.gz)?$", path.name) and not FOREIGN_KEYBOARDS.intersection(path.parts)
        }
        return tuple(sorted(found))

    def _consoles(self) -> tuple[str, ...]:
        """tty1 and every active console that is no virtual terminal."""
        active = self._read("sys/class/tty/console/active").split()
        return tuple(dict.fromkeys(("tty1", *(name for name in active if not re.fullmatch(r"tty\d+", name)))))

    def _addresses(self) -> str:
        return run(("ip", "-json", "address")) if self.root == Path("/") else self._read("addresses.json")

    def _read(self, path: str) -> str:
        try:
            return (self.root / path).read_text(errors="replace")
        except OSError:
            return ""


def assignments(text: str) -> dict[str, str]:
    """NAME=value lines, quoted or not."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _equal, value in pairs}


def _with_target(disk: Disk, reached: str) -> Disk:
    """*disk* with the target that is its own, where this is the one that was *reached* for the node's disk."""
    try:
        target = IscsiTarget(reached)
    except ValueError:
        return disk
    start = f"/dev/disk/by-path/ip-{target.host}:{target.port}-iscsi-{target.name}-lun-"
    return replace(disk, target=reached) if any(link.startswith(start) for link in disk.links) else disk


def _with_groups(disk: Disk, group_of: dict[str, str]) -> Disk:
    if not any(part.path in group_of for part in disk.parts):
        return disk
    return replace(disk, parts=tuple(replace(part, group=group_of.get(part.path, "")) for part in disk.parts))


def node_on(disk: Disk, groups: tuple[Group, ...], *, look: bool = False) -> Node | None:
    """Our installation that boots from *disk*; its version is in the GPT name of its slot.

    With *look*, its boot partition is read: on the medium, never on an installed node.  An interrupted one has answers
    there, and a complete one says which volume group is its own: others have the same name.
    """
    esp = next((part for part in disk.parts if part.name in (INSTALLING, COMPLETE)), None)
    if not esp:
        return None
    version = next((found for slot in SLOT_LABELS if (found := _slot_version(disk, slot))), "")
    if esp.name == INSTALLING:
        if not _has_slots(disk, esp):
            return None  # just the name: this product never wrote this disk
        node = Node(disk=disk.path, state=NodeState.INSTALLING, version=version)
        return replace(node, **_answers(disk, esp)) if look else node
    named = [group for group in groups if group.name == VOLUME_GROUP]
    own = _own_group(disk, esp) if look and not any(disk.path in group.disks for group in named) else ""
    whole = any(part.label == SLOT_LABELS[0] for part in disk.parts)
    whole &= any(not group.missing and own in ("", group.uuid) for group in named)
    state = NodeState.COMPLETE if whole else NodeState.BROKEN
    return Node(disk=disk.path, state=state, version=version, group=own)


def _has_slots(disk: Disk, esp: Part) -> bool:
    """Say whether the partitions after *esp* are the slots: one table write names them all."""
    names = [part.name.partition(" ")[0] for part in disk.parts[disk.parts.index(esp) + 1 :]]
    return tuple(names[: len(SLOT_LABELS)]) == SLOT_LABELS


def _slot_version(disk: Disk, slot: str) -> str:
    names = (part.name.split(" ", 1) for part in disk.parts)
    return next((words[1] for words in names if words[0] == slot and len(words) > 1), "")


def _answers(disk: Disk, esp: Part) -> dict[str, Any]:
    """The lines of install.conf on *esp*, or why they are not read; none when nothing was written there yet."""
    if disk.live or any(part.uses for part in disk.parts):
        return {"unread": _("{path} is in use").format(path=disk.path)}
    if (esp.kind, esp.label) != ("vfat", ESP_LABEL):
        return {}
    why, content = _on_boot_partition(esp, ANSWERS)
    if why:
        return {"unread": why}
    lines = [line for line in content.split("\n") if line.strip() and not line.startswith("#")]
    if len(lines) > MOST_LINES:
        return {"unread": _("{name} has more than {most} lines").format(name=ANSWERS, most=MOST_LINES)}
    return {"answers": tuple(masked(line.rstrip("\r")) for line in lines)}  # ours contain no hash, and facts never may


def _own_group(disk: Disk, esp: Part) -> str:
    """The UUID of the volume group that the node on *disk* says is its own; empty where that cannot be read."""
    if disk.live or any(part.uses for part in disk.parts) or esp.kind != "vfat":
        return ""
    _why, content = _on_boot_partition(esp, GROUP_FILE)
    return group_in(content)


def _on_boot_partition(esp: Part, name: str) -> tuple[str, str]:
    """Why the file *name* on *esp* cannot be read, and its content."""
    try:
        text = run((sys.executable, "-P", str(READER), esp.path, name), seconds=READ_SECONDS, reads=True)
    except StepFailed as failure:
        return str(failure), ""
    why, _end, content = text.partition("\n")
    return why, content


def _version(said: dict[str, str]) -> str:
    return "-".join(filter(None, (said.get("VERSION"), said.get("RELEASE"))))
