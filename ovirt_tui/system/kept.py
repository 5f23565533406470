"""Folders of the root that an admin wants to last: 'persist' and 'unpersist'.

A kept folder is an overlay, as the folders are that the image keeps (persistent.py): what differs from the image is in
the upper layer, on Config.  The name of the folder that holds it there *is* the record, so that keeping one, or no
longer keeping it, is one rename; image/dracut/90ovirt-node/kept.sh mounts those that it finds.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.lasting import By, Done, amount
from ovirt_tui.system import StepFailed, copying
from ovirt_tui.system.command import run
from ovirt_tui.system.files import flush
from ovirt_tui.system.layers import Difference, Layers, differences, layers_of, mount_of, within
from ovirt_tui.system.lock import saving
from ovirt_tui.system.mounts import Mount, mounts
from ovirt_tui.system.persistent import PLACES
from ovirt_tui.system.tree import file_errors

CONFIG = Path("/config")
STORE = CONFIG / "persisted"
EMPTY = Path("/run/ovirt-node/empty")
"""The image's part of a folder that the image does not have."""
NEW, OLD = "%new-", "%old-"
"""How a name begins that is being written, and one that goes with the next start; no folder's name does."""
OPTIONS = "index=off,metacopy=off,redirect_dir=off,xino=off"
"""Of every overlay that lasts: what an image brings may change below it with an upgrade."""
LONGEST = 200  # bytes of a name: the kernel takes options of mounts as far as 255
RESERVE = 10  # a tenth of Config stays free, for settings
ENTRIES = 100  # files that Config has room for afterwards
SYNC_SECONDS = 300
TRIES = 3
UNSAID = '\\,:"'
"""Characters that options of mounts have a use for."""
NOT_ROOT = ("/proc", "/sys", "/run", "/dev", "/config", "/data")
PROGRAMS = ("/usr", "/boot")
SITE = "/usr/local"
DISKS = ("ext2", "ext3", "ext4", "xfs", "btrfs", "vfat")
WRONG = {
    "none": N_("{path} does not exist"),
    "link": N_("{path} is a link to {target}; name that, or the folder that the link is in"),
    "special": N_("{path} is a {kind}; files and folders can be kept"),
    "kernel": N_("{path} cannot be kept: {top} is no part of the root that could be"),
    "memory": N_("{path} cannot be kept: {top} is a file system of its own ({kind})"),
    "root": N_("{path} cannot be kept: a file is kept with its folder, and the whole root is none; move it to one"),
    "program": N_(
        "{path} cannot be kept: {folder} belongs to the image, and what is kept there would hide that of the next "
        "version; use /usr/local, /opt or /etc"
    ),
    "mounts": N_("{folder} cannot be kept: {point} in it is kept or mounted for itself; name the folders beside it"),
    "name": N_('{folder} cannot be kept: its name has a character that cannot be seen, or one of \\ , : "'),
    "long": N_("{folder} cannot be kept: its path has more than {longest} bytes"),
    "unmounted": N_("{folder} is kept, but could not be mounted when this node started; the journal says why"),
    "inside": N_("{path} is kept as a part of {folder}; unpersist that, or delete what need not last"),
    "others": N_("{path} is kept with its folder {folder}, and so is more in it; unpersist {folder} to end it for all"),
    "image": N_("{path} lasts, as all of {folder} does; delete what need not last"),
    "volume": N_("{path} is on a volume of its own, {folder}, and stays; delete what need not last"),
    "kept": N_("{path} is not kept"),
}


def encoded(folder: str) -> str:
    """The name that a folder has in the store."""
    return folder.strip("/").replace("%", "%25").replace("/", "%2F")


def decoded(name: str) -> str:
    """The folder that has this name in the store."""
    return "/" + name.replace("%2F", "/").replace("%25", "%")


def _wrong(what: str, **values: object) -> StepFailed:
    return StepFailed(_(WRONG[what]).format(**values))


def keep(path: str) -> Done:
    """Have *path* last; StepFailed, with nothing changed, where it cannot."""
    _only_root()
    with saving():
        real, folder = _meant(path)
        now = mounts()
        if done := _already(path, folder, now):
            return done
        _refuse(real, folder, now)
        return _copied(path, folder, now)


def drop(path: str) -> Done:
    """Have the folder of *path* last no longer than this start; StepFailed where it is not kept for itself."""
    _only_root()
    with saving():
        real, folder = _named(path)
        if _is_kept(real):
            folder = real
        elif not _is_kept(folder):
            raise _why_not(real)
        elif not _alone(folder, Path(real).name):
            raise _wrong("others", path=real, folder=folder)
        with file_errors(_("{path} could not be changed").format(path=STORE)):
            old = STORE / (OLD + encoded(folder))
            if old.exists():
                shutil.rmtree(old)
            (STORE / encoded(folder)).rename(old)
            flush(STORE)
        return Done(path=path, folder=folder, by=By.DROPPED, changed=True)


def _why_not(path: str) -> StepFailed:
    above = next((folder for folder in kept() if within(path, folder)), "")
    if above:
        return _wrong("inside", path=path, folder=above)
    now = mounts()
    mount = mount_of(path, now)
    if mount.point in PLACES:
        return _wrong("image", path=path, folder=mount.point)
    if mount.kind in DISKS and not within(path, "/run"):
        return _wrong("volume", path=path, folder=mount.point)
    return _wrong("kept", path=path)


def _already(path: str, folder: str, now: tuple[Mount, ...]) -> Done | None:
    """What there is to say where it lasts anyway, or lasts again since nothing was taken away yet."""
    mount = mount_of(folder, now)
    if within(folder, "/run") or within(folder, str(CONFIG)):
        return None
    if mount.kind in DISKS:
        return Done(path=path, folder=mount.point, by=By.VOLUME, changed=False)
    if mount.kind != "overlay" or mount.point == "/":
        return None
    if _is_kept(mount.point):
        return Done(path=path, folder=mount.point, by=By.PERSIST, changed=False)
    old = STORE / (OLD + encoded(mount.point))
    if old.is_dir() and within(mount.option("upperdir"), str(STORE)):
        with file_errors(_("{path} could not be changed").format(path=STORE)):
            old.rename(STORE / encoded(mount.point))
            flush(STORE)
        return Done(path=path, folder=mount.point, by=By.PERSIST, changed=True)
    return Done(path=path, folder=mount.point, by=By.IMAGE, changed=False) if mount.point in PLACES else None


def _copied(path: str, folder: str, now: tuple[Mount, ...]) -> Done:
    """Copy what differs, mount it over the folder, and look whether something was changed in between."""
    root = mount_of(folder, now)
    top = layers_of(root, folder)
    for _again in range(TRIES):
        found = tuple(differences(top))
        if other := copying.special(found):
            raise _wrong("special", path=top.seen / other.path, kind=copying.kind_name(other))
        _room(folder, found)
        store = _stored(top, found, folder)
        try:
            with _behind(folder) as behind:
                _mount(top, store)
                if _marks(found) == _marks(differences(Layers(behind, top.image, top.upper))):
                    size = sum(each.size for each in found)
                    return Done(
                        path=path, folder=folder, by=By.PERSIST, changed=True, size=size, holders=_holders(folder)
                    )
                run(("umount", "--lazy", folder))
        except StepFailed:
            _forget(store)
            raise
        _forget(store)
    text = _("{folder} is being written to all the time; stop what does so, and try again")
    raise StepFailed(text.format(folder=folder))


def _only_root() -> None:
    if os.geteuid():
        raise StepFailed(_("only root may do this; use sudo"))


def _is_kept(folder: str) -> bool:
    return folder in kept()


def kept() -> tuple[str, ...]:
    """The folders that are kept."""
    with suppress(FileNotFoundError):
        return tuple(sorted(decoded(each.name) for each in STORE.iterdir() if not each.name.startswith((NEW, OLD))))
    return ()


def _named(path: str) -> tuple[str, str]:
    """A path without links above its last name, and the folder that the name is in."""
    if not path:  # an empty variable of a script, and not the folder that it is in
        raise _wrong("none", path="''")
    given = Path(path)
    try:
        real = given.resolve() if given.name in ("", "..") else given.parent.resolve() / given.name
    except RuntimeError as error:  # links that lead to each other; from Python 3.13 on they are a name like any other
        raise _wrong("none", path=path) from error
    return str(real), str(real.parent)


def _meant(path: str) -> tuple[str, str]:
    """What is named, and the folder that has to last for it: itself, or that of a file.  See docs/persistence.md."""
    real, folder = _named(path)
    try:
        known = os.lstat(real)
    except OSError as error:
        raise _wrong("none", path=real) from error
    if stat.S_ISLNK(known.st_mode):
        raise _wrong("link", path=real, target=Path(real).readlink())
    if stat.S_ISDIR(known.st_mode):
        return real, real
    if not stat.S_ISREG(known.st_mode):
        raise _wrong("special", path=real, kind=copying.KINDS[stat.S_IFMT(known.st_mode)])
    return real, folder


def _refuse(path: str, folder: str, now: tuple[Mount, ...]) -> None:
    """Refuse a folder that cannot be kept, or that should not be."""
    mount = mount_of(folder, now)
    for top in NOT_ROOT:
        if within(folder, top):
            raise _wrong("kernel", path=path, top=top)
    if mount.point != "/" or mount.kind != "overlay":
        raise _wrong("memory", path=path, top=mount.point, kind=mount.kind)
    if folder == "/":
        raise _wrong("root", path=path)
    image = layers_of(mount, folder).image
    if any(within(folder, top) for top in PROGRAMS) and not within(folder, SITE) and image.is_dir():
        raise _wrong("program", path=path, folder=folder)
    if point := next((each.point for each in now if within(each.point, folder)), ""):
        raise _wrong("mounts", folder=folder, point=point)
    if not folder.isprintable() or set(folder) & set(UNSAID):
        raise _wrong("name", folder=folder)
    if len(os.fsencode(encoded(folder))) > LONGEST:
        raise _wrong("long", folder=folder, longest=LONGEST)
    if _is_kept(folder):
        raise _wrong("unmounted", folder=folder)
    if not any(each.point == str(CONFIG) for each in now):
        raise StepFailed(_("nothing can be kept: the volume Config is not mounted; the consoles said why"))


def _room(folder: str, found: tuple[Difference, ...]) -> None:
    """Refuse what does not fit on Config, and leaves a part of it free."""
    with file_errors(_("{path} could not be looked at").format(path=CONFIG)):
        there = os.statvfs(CONFIG)
    free = max(0, there.f_bavail - there.f_blocks // RESERVE) * there.f_frsize
    needed = sum(each.room for each in found)
    if needed > free:
        text = _("{folder} needs {needed} on Config, where there is room for {free}; nothing was kept")
        raise StepFailed(text.format(folder=folder, needed=amount(needed), free=amount(free, free=True)))
    if len(found) + ENTRIES > there.f_favail:
        text = _("{folder} has {count} files, and Config has room for {free}; nothing was kept")
        raise StepFailed(text.format(folder=folder, count=len(found), free=max(0, there.f_favail - ENTRIES)))


def _stored(top: Layers, found: tuple[Difference, ...], folder: str) -> Path:
    """Copy to a new name, write all of it to the disk, and rename it; the folder in the store."""
    new, store = STORE / (NEW + encoded(folder)), STORE / encoded(folder)
    try:
        with file_errors(_("{folder} could not be copied to Config").format(folder=folder)):
            STORE.mkdir(mode=0o700, exist_ok=True)
            for left in (new, STORE / (OLD + encoded(folder))):
                if left.exists():
                    shutil.rmtree(left)
            new.mkdir(mode=0o700)
            (new / "work").mkdir()
            copying.copy(top, found, new / "upper")
            run(("sync", "--file-system", str(new)), seconds=SYNC_SECONDS)
            new.rename(store)
            flush(STORE)
    except StepFailed:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return store


def _forget(store: Path) -> None:
    """Take back what was stored."""
    with file_errors(_("{path} could not be removed").format(path=store)):
        gone = store.with_name(NEW + store.name)
        store.rename(gone)
        flush(STORE)
        shutil.rmtree(gone)


@contextmanager
def _behind(folder: str) -> Iterator[Path]:
    """A folder as it is below what gets mounted on it: by a descriptor, which leads there whatever covers the path."""
    with file_errors(_("{path} could not be opened").format(path=folder)):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield Path(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)


def _mount(top: Layers, store: Path) -> None:
    """Mount the overlay as the initrd will."""
    lower = top.image if top.image.is_dir() else EMPTY
    with file_errors(_("{path} could not be made").format(path=EMPTY)):
        EMPTY.mkdir(parents=True, exist_ok=True)
    layers = f"lowerdir={lower},upperdir={store}/upper,workdir={store}/work,{OPTIONS}"
    run(("mount", "-t", "overlay", "-o", layers, "ovirt-node", str(top.seen)))


def _marks(found: Iterable[Difference]) -> list[tuple[object, ...]]:
    """What tells whether something was changed since."""
    return [(each.path, each.way, each.stat.st_ctime_ns, each.stat.st_size) for each in found]


def _alone(folder: str, name: str) -> bool:
    """Say whether *name* is all that a kept folder has of its own."""
    with suppress(OSError):
        return {each.name for each in (STORE / encoded(folder) / "upper").iterdir()} <= {name}
    return False


def _holders(folder: str) -> tuple[str, ...]:
    """Programs that have a file below *folder* open: that is the one of before."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and process.name != str(os.getpid()):
            with suppress(OSError):
                links = (process / "cwd", *(process / "fd").iterdir())
                if any(within(str(link.readlink()), folder) for link in links):
                    found.append(f"{(process / 'comm').read_text(errors='replace').strip()} ({process.name})")
    return tuple(found)
