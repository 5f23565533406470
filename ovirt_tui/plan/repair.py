"""Repair of what starts a node, by the medium that was booted beside it: what is wrong, and what is made anew.

The steps are those that end an installation.  What they write is taken from the node: its words from its boot menu, or
from its settings where the boot partition is lost, and the slot from what was remembered of the last upgrade.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from bootmenu import environment
from bootmenu.entries import NAMING_WORD
from bootmenu.environment import SECTOR, SIZE, Choice, other, starting
from bootmenu.guard import PASSWORD_FILE
from bootmenu.node_data import (
    CRASH_FILE,
    GROUP_FILE,
    OWN_WORDS_FILE,
    crash_file,
    crash_in,
    group_file,
    group_in,
    own_words_file,
)
from bootmenu.render import MENU_FILE, installed_grub, installed_words
from ovirt_tui.autoinstall import answers
from ovirt_tui.distro.registry import distro_for
from ovirt_tui.features.order import defaults
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine import attempt as attempts
from ovirt_tui.machine import disks
from ovirt_tui.machine.attempt import State
from ovirt_tui.machine.boot_parts import BootParts, FileSystem, SlotFound
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.images import compared, key, major
from ovirt_tui.machine.untrusted import masked
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.tokens import split
from ovirt_tui.pages.kdump.feature import crash_memory
from ovirt_tui.plan.actions import APP_WORD, DISK_WORD, MULTIPATH_WORD, OWN_DISK_WORD, SAVED, disk_words
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.upgrade import OTHER_PRODUCT
from ovirt_tui.system import System
from ovirt_tui.system.disk_steps import Bootable, BootLoader, BootPartition, CrashMemory, InstalledNode
from ovirt_tui.system.steps import Step

NO_SETTINGS = Kind(
    "node-without-settings", N_("the node on {disk} has no settings on its volume Config: install it again")
)
NO_WHOLE = Kind(
    "no-whole-image", N_("neither slot of the node on {disk} holds a whole image ({why}): install it again")
)
OLDER_MEDIUM = Kind(
    "medium-older-than-node",
    N_("this medium is version {version}, and may not start {newest}: use one of that version"),
)
OTHER_MAJOR = Kind(
    "medium-of-other-major",
    N_("this medium is version {version}, and the node is version {newest}: use one of {major}.x"),
)
OTHER_MENU = Kind(
    "medium-of-other-menu",
    N_("the images of the node and this medium are not made for the same boot loader, one of which has a signed menu"),
)
NOT_BOUND = Kind(
    "volumes-of-unknown-node",
    N_("nothing on {disk}, or on {others}, says that these volumes are those of the node on {disk}"),
)
OF_DISKS = (OWN_DISK_WORD, MULTIPATH_WORD, DISK_WORD, APP_WORD)
"""Names of the words that tell the node's disks."""


UNSET = N_("it has no settings")


class Origin(Enum):
    """Where the words that the node starts with are taken from."""

    MENU = N_("the boot menu of the node")
    SETTINGS = N_("the settings of the node, {path}")
    NOWHERE = N_("nowhere: neither the boot menu nor the settings of the node can be read")


@dataclass(frozen=True)
class Part:
    """A line of what was found: *text* says how something is, and what becomes of it where it is *written*."""

    label: str
    text: str
    written: bool = False


@dataclass(frozen=True)
class Repair:
    """What was found, what speaks *against* a repair, and what is done; nothing is *due* where all is well."""

    disk: str
    name: str
    against: tuple[Reason, ...]
    parts: tuple[Part, ...] = ()
    planned: tuple[Planned, ...] = ()

    @property
    def due(self) -> bool:
        """Whether anything is written."""
        return any(part.written for part in self.parts)


def look(system: System, beside: InstalledNode, facts: Facts) -> Repair:
    """Read what starts the node, and every byte of its slots; nothing is written.  StepFailed where that fails."""
    distro = distro_for(facts.os_id)
    node = next((each for each in facts.nodes if each.disk == beside.disk), None)
    second = disks.app_group_of(facts, node) if node else None
    app = second.disks if second and not second.copied else ()
    found = system.boot_parts(beside, app, distro.efi_stub)
    if against := tuple(objections(found, beside, facts)):
        return Repair(beside.disk, found.name, against)
    mending = Mending(found, beside, app, facts)
    return Repair(beside.disk, found.name, (), tuple(parts(mending)), steps(mending, distro.efi_stub))


def objections(found: BootParts, beside: InstalledNode, facts: Facts) -> Iterator[Reason]:
    """Why this medium cannot repair that node."""
    if not found.config_unread and not any(each.settings for each in found.slots):
        yield NO_SETTINGS(disk=beside.disk)
        return
    whole = _whole(found)
    if not whole:
        why = "; ".join(f"{each.slot}: {each.why or _(UNSET)}" for each in found.slots)
        yield NO_WHOLE(disk=beside.disk, why=why)
        return
    newest = max((each.version for each in whole), key=key)
    if product := next((each.product for each in whole if each.product != facts.product), ""):
        yield OTHER_PRODUCT(product=facts.product, own=product)
    if major(newest) != major(facts.version):
        yield OTHER_MAJOR(version=facts.version, newest=newest, major=major(newest))
    elif compared(facts.version, newest) < 0:
        yield OLDER_MEDIUM(version=facts.version, newest=newest)
    if any(each.signed_menu != facts.signed_menu for each in whole):
        yield OTHER_MENU()
    if not _bound(found, beside, facts):
        yield NOT_BOUND(disk=beside.disk, others=", ".join(beside.data_disks))


def _bound(found: BootParts, beside: InstalledNode, facts: Facts) -> bool:
    """Say whether the volumes are known as those of the node that starts from this disk.

    By the disk that both are on, by the UUID on the boot partition, or by the settings on the volumes, which name it.
    """
    if beside.disk in beside.data_disks or _own(found):
        return True
    named = (disks.named(facts, str(_said(each).get("storage.boot_disk", ""))) for each in found.slots)
    return any(disk is not None and disk.path == beside.disk for disk in named)


def _own(found: BootParts) -> bool:
    """Say whether the boot partition is this node's: another may have been copied over it."""
    return group_in(found.files.get(GROUP_FILE, b"").decode(errors="replace")) == found.group


def _whole(found: BootParts) -> tuple[SlotFound, ...]:
    """The slots that could start."""
    return tuple(each for each in found.slots if not each.why and (each.settings or found.config_unread))


def _said(slot: SlotFound) -> Mapping[str, object]:
    """What the node's answer file in the settings of *slot* says; nothing where there is none that can be read."""
    return answers.read(SAVED, slot.saved).values if slot.saved else {}


class Mending:
    """All that is decided of a repair, from what was found."""

    def __init__(self, found: BootParts, beside: InstalledNode, app: tuple[str, ...], facts: Facts) -> None:
        self.found, self.beside, self.app = found, beside, app
        self.asked = _read(found)
        self.choice = chosen(found)
        self.environment = environment.block(self.choice)
        if self.asked == self.choice and _of_our_form(found.files[environment.FILE]):
            self.environment = found.files[environment.FILE]
        self.slot = next(each for each in found.slots if each.slot == starting(self.choice))
        self.origin, self.words = self._words()
        host = (disks.find(facts, path) for path in (beside.disk, *beside.data_disks))
        known = self._known(disk_words(host, (disks.find(facts, path) for path in app)))
        self.line = (*known, *self.words)
        self.menu = installed_grub(self.line)
        self.signed_menu = facts.signed_menu
        self.group = group_file(found.group, found.second)[1]
        self.crash = self._crash()

    def _words(self) -> tuple[Origin, tuple[str, ...]]:
        """The words of the admin, and the one by which interfaces are named; and where they are from."""
        there = _in_menu(self.found)
        if there is not None and _own(self.found):
            return Origin.MENU, there
        if self.settings is not None:
            return Origin.SETTINGS, (NAMING_WORD, *_admins(self.settings))
        if there is not None and GROUP_FILE not in self.found.files:
            return Origin.MENU, there
        return Origin.NOWHERE, (NAMING_WORD,)

    @property
    def settings(self) -> Mapping[str, object] | None:
        """What the slot that starts was last brought to, else the other one; None where neither can be read."""
        both = (self.slot, *(each for each in self.found.slots if each != self.slot))
        return next((said for each in both if (said := _said(each))), None)

    def _known(self, now: tuple[str, ...]) -> tuple[str, ...]:
        """The words that tell the disks: in the order that the menu has, where it names the same."""
        words = installed_words(self.found.files.get(MENU_FILE, b"").decode(errors="replace")) or ()
        there = tuple(word for word in words if word.partition("=")[0] in OF_DISKS)
        first = [next((word for word in each if word.startswith(f"{DISK_WORD}=")), "") for each in (there, now)]
        return there if sorted(there) == sorted(now) and first[0] == first[1] else now

    def _crash(self) -> CrashMemory | None:
        """The memory for a dump, where the boot partition does not say it any more, or as images before these did."""
        there = self.found.files.get(CRASH_FILE, b"")
        if there and _own(self.found):
            word = crash_in(there.decode(errors="replace"))
            same = not word or crash_file(word)[1].encode() == there
            return None if same else CrashMemory(self.beside.disk, word)
        if self.settings is None:
            return None
        target = self.settings.get("kdump.target", defaults().get("kdump.target"))
        return CrashMemory(self.beside.disk, crash_memory(target, self.words))  # type: ignore[arg-type]

    @property
    def changed(self) -> tuple[str, ...]:
        """The files that are written."""
        wanted = {MENU_FILE: self.menu.encode(), environment.FILE: self.environment, GROUP_FILE: self.group.encode()}
        if self.signed_menu:
            wanted[OWN_WORDS_FILE] = own_words_file(self.line)[1].encode()
        own = (name for name, content in wanted.items() if self.found.files.get(name) != content)
        return (*own, *self.found.changed)


def _in_menu(found: BootParts) -> tuple[str, ...] | None:
    """The words of the boot menu that do not tell disks; None where there is no menu that says any."""
    words = installed_words(found.files.get(MENU_FILE, b"").decode(errors="replace"))
    return None if words is None else tuple(word for word in words if word.partition("=")[0] not in OF_DISKS)


def _admins(said: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(word.text for word in split(str(said.get("boot.words", ""))))


def _read(found: BootParts) -> Choice | None:
    """What the boot menu is told to start; None where GRUB could not follow it."""
    try:
        return environment.read(found.files.get(environment.FILE, b""))
    except ValueError:
        return None


def _of_our_form(block: bytes) -> bool:
    """Say whether GRUB and a node can write *block* in place: all of it that matters in its first sector."""
    return len(block) == SIZE and block.isascii() and not block[SECTOR:].strip(b"#")


def chosen(found: BootParts) -> Choice:
    """What the boot menu is to start: as it is told now, if that is a slot that can, else the slot that was kept last.

    One of them at least can start.
    """
    whole = [each.slot for each in _whole(found)]
    now = _read(found) if _own(found) or GROUP_FILE not in found.files else None
    if now and starting(now) in whole:
        now = now._replace(tries=0) if now.tries and now.next not in whole else now
        return now._replace(back="", starts=0) if now.back and now.back not in whole else now
    if now:
        return Choice(other(starting(now)), starting(now))
    return _kept(found, whole)


def _kept(found: BootParts, whole: list[str]) -> Choice:
    """What is to start where nothing says so any more: as the last upgrade ended, else the newest."""
    last = attempts.read(found.attempt.decode(errors="replace")) if found.attempt else None
    if last and {last.running, last.slot} == {each.slot for each in found.slots}:
        slot, beside = (last.slot, last.running) if last.state is State.PASSED else (last.running, last.slot)
        if slot in whole:
            if last.state is State.ROLLED_BACK and beside in whole:
                return Choice(slot)  # the other one has proven itself, too
            kept = last.state is State.PASSED and beside in whole
            return Choice(slot, back=beside) if kept else Choice(slot, beside)
    versions = {each.slot: key(each.version) for each in found.slots}
    return Choice(max(whole, key=lambda slot: versions[slot]))


def steps(mending: Mending, stub: str) -> tuple[Planned, ...]:
    """What is done, in this order; a step that holds is passed over."""
    found, beside = mending.found, mending.beside
    loader = BootLoader(
        beside.disk,
        beside.data_disks,
        mending.menu,
        mending.environment.decode(),
        stub,
        mending.app,
        identities=beside.identities,
        words=mending.line,
    )
    crash: tuple[Step, ...] = (mending.crash,) if mending.crash else ()
    anew = found.file_system is FileSystem.UNREADABLE
    return (
        Planned(N_("Opening the boot partition"), (BootPartition(beside.disk, anew, beside.identities),)),
        Planned(N_("Writing the boot menu"), (*crash, loader)),  # the menu last: it needs all else
        Planned(
            N_("Proving every step and making the disk bootable"),
            (Bootable(beside.disk, again=True, identities=beside.identities),),
            proves=True,
        ),
    )


def parts(mending: Mending) -> Iterator[Part]:
    """What was found, part by part, and what becomes of it."""
    found = mending.found
    yield _boot_record(found)
    yield _boot_partition(found)
    fine = _("all as they have to be")
    changed = mending.changed
    yield Part(
        N_("Files"), _("written anew: {names}").format(names=", ".join(changed)) if changed else fine, bool(changed)
    )
    yield from _crash_and_password(mending)
    yield _starts(mending)
    yield Part(N_("Kernel words"), " ".join(masked(word) for word in mending.words))
    yield Part(N_("Words from"), _(mending.origin.value).format(path=SAVED))
    if not found.entry:
        yield Part(N_("Firmware"), _("has no entry for this disk, and gets one"), True)
    yield Part(N_("Left alone"), _("both slots, settings, logs, Data, all tables, and every other disk"))


def _boot_record(found: BootParts) -> Part:
    if found.record:
        return Part(N_("Boot record"), _("as it has to be, GRUB's core too"))
    return Part(N_("Boot record"), _("damaged: written anew, with GRUB's core in the BIOS boot partition"), True)


def _boot_partition(found: BootParts) -> Part:
    label = N_("Boot partition")
    if found.file_system is FileSystem.UNREADABLE:
        return Part(label, _("cannot be read, and is made anew: {why}").format(why=found.unread), True)
    if found.file_system is FileSystem.DAMAGED:
        return Part(
            label, _("its file system has errors, which are mended; where they cannot be, it is made anew"), True
        )
    return Part(label, _("its file system is whole"))


def _crash_and_password(mending: Mending) -> Iterator[Part]:
    found = mending.found
    if mending.crash and CRASH_FILE in found.files and _own(found):
        yield Part(N_("Kernel dump"), _("memory as before: {word}").format(word=mending.crash.word), True)
    elif mending.crash and (mending.crash.word or CRASH_FILE in found.files):
        yield Part(
            N_("Kernel dump"),
            _("memory as the settings have it: {word}").format(word=mending.crash.word or _("none")),
            True,
        )
    label = N_("Menu password")
    if PASSWORD_FILE in found.files:
        yield Part(label, _("stays"))
    elif found.file_system is FileSystem.UNREADABLE:
        yield Part(label, _("is lost, if there was one: no entry can be edited until the page Security sets one"))
    else:
        yield Part(label, _("there is none, so no entry can be edited"))


def _starts(mending: Mending) -> Part:
    slot = _("{version} in {slot}").format(version=mending.slot.version, slot=mending.slot.slot)
    if mending.asked == mending.choice:
        return Part(N_("Starts"), slot)
    broken = [
        each for each in mending.found.slots if each.why and mending.asked and each.slot == starting(mending.asked)
    ]
    if broken:
        why = _("{slot} does not: {why}").format(slot=broken[0].slot, why=broken[0].why)
        return Part(N_("Starts"), _("{slot}; {why}").format(slot=slot, why=why), True)
    return Part(N_("Starts"), _("{slot}, which was lost and is set again").format(slot=slot), True)


def in_words(repair: Repair) -> Iterator[str]:
    """What was found and what becomes of it, a line a part."""
    yield _("{name} on {disk}").format(name=repair.name or _("the node"), disk=repair.disk)
    for part in repair.parts:
        mark = _("to do") if part.written else _("as it is")
        yield f"  {_(part.label)} ({mark}): {part.text}"
