"""Steps about disks, slots, and what starts from them.  Plain data, as all steps are."""

from __future__ import annotations

from ovirt_tui.model.records import dataclass, field
from ovirt_tui.model.secrets import BootHash


@dataclass(frozen=True)
class Volumes:
    """The disks hold the partitions and volumes of docs/architecture.md, formatted.  All sizes in MiB.

    *volumes* are (name, size) in order of creation; size -1 takes the rest but *spare*; at most one has it.
    *app_volumes* are those of AppVG, on *app_disks*; both may be empty.  *keep* names volumes whose contents stay; then
    partitions and volumes must exist already and only file systems are created again.  *removes* are the volume groups
    (name, uuid) that are removed.  *answers* are the lines of install.conf on the ESP.  *identities* are (path,
    identity) of the disks when they were chosen; a path that names another disk by now is not written.
    """

    boot_disk: str
    data_disks: tuple[str, ...]
    efi: int
    root: int
    volumes: tuple[tuple[str, int], ...]
    keep: tuple[str, ...] = ()
    removes: tuple[tuple[str, str], ...] = ()
    spare: int = 0
    app_disks: tuple[str, ...] = ()
    app_volumes: tuple[tuple[str, int], ...] = ()
    answers: tuple[str, ...] = field(default=(), compare=False)
    identities: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def disks(self) -> tuple[str, ...]:
        """Every disk that is written to."""
        return tuple(dict.fromkeys((self.boot_disk, *self.data_disks, *self.app_disks)))

    def __str__(self) -> str:
        volumes, second = (
            ", ".join(f"{name} {size if size >= 0 else 'rest'}" for name, size in each)
            for each in (self.volumes, self.app_volumes)
        )
        app = f"; AppVG on {', '.join(self.app_disks)}: {second}" if self.app_disks else ""
        kept = f"; keep the contents of {', '.join(self.keep)}" if self.keep else ""
        spare = f"; leave {self.spare} free" if self.spare else ""
        return (
            f"partition {', '.join(self.disks)}: boot partition {self.efi}, Root {self.root}, "
            f"RootBackup {self.root}, HostVG on {', '.join(self.data_disks)}: {volumes}{spare}{app}{kept}"
        )


@dataclass(frozen=True)
class Medium:
    """Every byte of the medium that this system was started from is as its checksums say; nothing is written."""

    version: str

    def __str__(self) -> str:
        return f"read the medium with {self.version}, and compare it with its checksums"


@dataclass(frozen=True)
class Image:
    """The slot holds the image of the running medium, or of the ISO file *source*, verified by its checksums.

    A node's own slots are on the disk that it runs from; on a medium, on the disk of the step Volumes or InstalledNode.
    *digest* is the SHA-256 of the file with the checksums, where that was verified before.
    """

    slot: str
    version: str
    source: str = ""
    digest: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"copy the image {self.version} to {self.slot}"


@dataclass(frozen=True)
class SlotSettings:
    """The slot has settings of its own, which are those of the slot beside it now."""

    slot: str

    def __str__(self) -> str:
        return f"copy the settings of this node to {self.slot}"


@dataclass(frozen=True)
class SharedPlaces:
    """What all images share is apart from the settings of an image that had it among these, and is what it was there.

    Such an image is one before each slot had settings of its own.
    """

    def __str__(self) -> str:
        return "take guests, networks and storage pools out of the settings, so that all images share them"


@dataclass(frozen=True)
class BootChoice:
    """The boot menu of this node starts *slot*; before that it tries *next*, at most *tries* times.

    *next* without tries is what nothing starts by itself, since it is not whole, or has failed.  The slot *back* helps
    out where *slot* does not come up any more.
    """

    slot: str
    next: str = ""
    tries: int = 0
    back: str = ""

    def __str__(self) -> str:
        if self.tries:
            return f"have the boot menu try {self.next}, {self.tries} times at most, and otherwise start {self.slot}"
        rest = f", and {self.next} by hand only" if self.next else f", and {self.back} in need" if self.back else ""
        return f"have the boot menu start {self.slot}{rest}"


@dataclass(frozen=True)
class InstalledNode:
    """A node on the disks of this machine is open: its slots and its Config are what the steps after this one mean.

    *disk* is the one that it starts from, *data_disks* those of its volume group.  *identities* are as in Volumes.
    """

    disk: str
    data_disks: tuple[str, ...]
    identities: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"open the node on {self.disk}"


@dataclass(frozen=True)
class Target:
    """The new system is mounted, so that the steps after this one write into it."""

    slot: str

    def __str__(self) -> str:
        return f"mount the new system in {self.slot}"


@dataclass(frozen=True)
class BootLoader:
    """The ESP holds the boot loader with this menu and environment block, but nothing starts it yet.

    What it starts finds its volumes by the UUID of the volume group on *data_disks*, and of that on *app_disks* where
    there are any.
    *stub* is where the signed GRUB looks for its menu, relative to the root of the ESP.  *words* are those of this
    installation, which a menu that is signed itself reads from a file of their own; *identities* as in Volumes.
    With *menu_only*, the programs and what starts are left as they are.
    """

    disk: str
    data_disks: tuple[str, ...]
    menu: str = field(repr=False)
    environment: str = field(repr=False)
    stub: str
    app_disks: tuple[str, ...] = ()
    identities: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    words: tuple[str, ...] = field(default=(), repr=False)
    menu_only: bool = False

    def __str__(self) -> str:
        return f"write the boot menu to the boot partition of {self.disk}"


@dataclass(frozen=True)
class BootPassword:
    """The boot menu of *disk* asks for this password before an entry is edited.

    An empty *disk* is the one that this node runs from.
    """

    disk: str
    hashed: BootHash = field(repr=False)

    def __str__(self) -> str:
        return f"set the password of the boot menu{f' of {self.disk}' if self.disk else ''}"


@dataclass(frozen=True)
class CrashMemory:
    """The boot menu of *disk* has the kernel set memory aside for a dump by this *word*; an empty one: it does not.

    An empty *disk* is the one that this node runs from.
    """

    disk: str
    word: str

    def __str__(self) -> str:
        where = f" of {self.disk}" if self.disk else ""
        if not self.word:
            return f"have the boot menu{where} set no memory aside for a dump"
        return f"have the boot menu{where} set memory aside for a dump: {self.word}"


@dataclass(frozen=True)
class BootPartition:
    """The boot partition of the node on *disk* has a file system that is whole; else it is mended, or made *anew*.

    *mended_only*, it is never made anew.  *identities* are as in Volumes.
    """

    disk: str
    anew: bool = False
    identities: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    mended_only: bool = False

    def __str__(self) -> str:
        if self.anew:
            return f"make a new file system on the boot partition of {self.disk}"
        return f"have a whole file system on the boot partition of {self.disk}"


@dataclass(frozen=True)
class Bootable:
    """The disk boots, by BIOS and by UEFI, and is marked as a complete installation.

    A node that is made to boot *again* is marked, and knows what is in its slots: nothing of its table is written then,
    and the firmware gets an entry only where it has none.  *identities* are as in Volumes.
    """

    disk: str
    again: bool = False
    identities: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"make {self.disk} bootable"


@dataclass(frozen=True)
class Erased:
    """The disks have no partition table, no volume group and no boot record of ours, the firmware no entry for them.

    They are erased in this order.  *removes* and *identities* are as in Volumes.
    """

    disks: tuple[str, ...]
    removes: tuple[tuple[str, str], ...] = ()
    identities: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"erase the partition tables of {', '.join(self.disks)}"
