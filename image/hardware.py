"""The hardware that the image must support: its drivers, their dependencies, and their firmware."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from image.modules import Module, Offers, closure, named
from image.stage import BuildError, listed

LISTS = Path(__file__).parent / "drivers"
FIRMWARE = Path("usr/lib/firmware")

_STORAGE = (
    "drivers/ata/",
    "drivers/block/",
    "drivers/message/",
    "drivers/mmc/core/",
    "drivers/mmc/host/",
    "drivers/nvme/host/",
    "drivers/scsi/",
    "drivers/usb/storage/",
)
"""Folders of disk drivers."""

_BUSES = ("pci:", "usb:", "virtio:", "vmbus:", "xen:", "acpi", "pnp:", "platform:", "scsi:t-0x00", "mmc:")
"""Prefixes of the aliases of drivers that are loaded because the machine has such a device."""


def wanted(name: str) -> list[str]:
    """The modules, and folders of modules, in the list *name* of drivers/."""
    words = [line.split()[0] for line in listed(LISTS / f"{name}.list")]
    return [word if word.endswith("/") else named(word) for word in words]


def absent(names: Iterable[str], *places: Iterable[str]) -> list[str]:
    """Those of *names* that are in none of *places*."""
    there = {name for place in places for name in place}
    return sorted(name for name in names if not name.endswith("/") and name not in there)


def of_disks(modules: Mapping[str, Module]) -> set[str]:
    """Every disk driver that is loaded because the machine has such a device."""
    return {
        name
        for name, module in modules.items()
        if _below(module, _STORAGE) and any(alias.startswith(_BUSES) for alias in module.aliases)
    }


def of_initrd(modules: Mapping[str, Module], offers: Offers) -> set[str]:
    """What the initrd must contain: the drivers of every disk that the medium supports, and those of initrd.list."""
    named_ones = [*wanted("storage"), *wanted("initrd")]
    folders = tuple(word for word in named_ones if word.endswith("/"))
    below = {name for name, module in modules.items() if folders and _below(module, folders)}
    return closure({*of_disks(modules), *below, *named_ones}, modules, offers)


def firmware(names: Iterable[str], folder: Path) -> set[Path]:
    """The files in *folder* that modules ask for by *names* (patterns among them), symlinks with their targets."""
    found: set[Path] = set()
    for name in names:
        for path in folder.glob(name) if any(sign in name for sign in "*?[") else [folder / name]:
            while path.is_symlink() and path not in found:
                found.add(path)
                path = Path(path.parent, path.readlink())
            if path.is_file():
                found.add(path.parent.resolve() / path.name)
    return found


def stop_if(lost: list[str], where: str) -> None:
    """End the build when anything is missing."""
    if lost:
        raise BuildError(f"{where}: {'; '.join(lost)}")


def _below(module: Module, folders: tuple[str, ...]) -> bool:
    return module.path.as_posix().partition("/kernel/")[2].startswith(folders)
