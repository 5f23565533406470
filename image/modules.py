"""Metadata of the kernel's modules: the modules and the firmware that each of them needs."""

from __future__ import annotations

import mmap
import struct
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_MAGIC = b"\x7fELF\x02"
_SECTION = b".modinfo"


@dataclass(frozen=True)
class Module:
    """One .ko file.  Names are the kernel's own: with _ where the file may have -.

    *soft* are modules, or aliases of some, that modprobe loads with it if they exist; *firmware* are names of files
    below /usr/lib/firmware, or patterns.
    """

    name: str
    path: Path
    depends: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    firmware: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


Offers = Mapping[str, Collection[str]]
"""The modules by name or alias."""


def unmet(modules: Mapping[str, Module], builtin: Collection[str], offers: Offers) -> list[str]:
    """Dependencies of *modules* that are neither among them nor built into the kernel, one sentence each.

    A soft dependency counts when *offers*, the package that they were taken from, has a module for it.
    """
    lost = []
    for name, module in sorted(modules.items()):
        for needed in module.depends:
            if needed not in modules and needed not in builtin:
                lost.append(f"{name} needs {needed}")
        for wanted in module.soft:
            answers = offers.get(wanted, ())
            if answers and wanted not in builtin and not any(one in modules or one in builtin for one in answers):
                lost.append(f"{name} is loaded with {wanted}")
    return lost


def chosen(folder: Path, lines: Iterable[str]) -> set[Path]:
    """The module files below *folder* that *lines* name: patterns of folders and .ko files, except those after a !."""

    def files(pattern: str) -> set[Path]:
        found = folder.glob(f"{pattern}*" if pattern.endswith(".ko") else pattern)
        return {file for path in found for file in ([path] if path.is_file() else path.rglob("*.ko*"))}

    gone: set[Path] = set()
    kept: set[Path] = set()
    for line in lines:
        (kept if line.startswith("!") else gone).update(files(line.removeprefix("!")))
    return gone - kept


def closure(names: Iterable[str], modules: Mapping[str, Module], offers: Offers) -> set[str]:
    """*names* and their dependencies among *modules*, soft ones included."""
    found: set[str] = set()
    ahead = list(names)
    while ahead:
        name = ahead.pop()
        if name in found or name not in modules:
            continue
        found.add(name)
        ahead += modules[name].depends
        ahead += [answer for wanted in modules[name].soft for answer in offers.get(wanted, ())]
    return found


def offered(modules: Mapping[str, Module]) -> dict[str, set[str]]:
    """The modules by name, and by their aliases without wildcards."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, module in modules.items():
        for alias in (name, *(named(alias) for alias in module.aliases if "*" not in alias)):
            found[alias].add(name)
    return found


def built_in(folder: Path) -> set[str]:
    """The names of built-in modules, from the modules.builtin in *folder*."""
    return {named(Path(line).name) for line in (folder / "modules.builtin").read_text().split()}


def firmware_of_kernel(folder: Path) -> set[str]:
    """The firmware files that the kernel itself asks for, from the modules.builtin.modinfo in *folder*."""
    said = (folder / "modules.builtin.modinfo").read_bytes().decode(errors="replace").split("\0")
    fields = (item.partition("=") for item in said)
    return {value for name, _, value in fields if name.endswith(".firmware")}


def named(text: str) -> str:
    """A module's name as the kernel writes it."""
    return text.removesuffix(".ko").replace("-", "_")


def read_modules(folder: Path) -> dict[str, Module]:
    """Every module below *folder*, by name."""
    found = (read_module(path) for path in sorted(folder.rglob("*.ko")))
    return {module.name: module for module in found}


def read_module(path: Path) -> Module:
    """The metadata of one unpacked .ko file."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        said = [item.partition("=") for item in _modinfo(data).decode(errors="replace").split("\0") if item]

    def values(key: str) -> list[str]:
        return [value for name, _, value in said if name == key]

    soft = [word for value in values("softdep") for word in value.split() if not word.endswith(":")]
    return Module(
        named(path.name),
        path,
        depends=tuple(named(name) for value in values("depends") for name in value.split(",") if name),
        soft=tuple(named(name) for name in soft),
        firmware=tuple(values("firmware")),
        aliases=tuple(values("alias")),
    )


def _modinfo(data: mmap.mmap) -> bytes:
    """The section .modinfo of a 64-bit little-endian ELF file."""
    (table,) = struct.unpack_from("<Q", data, 40)
    size, count, names = struct.unpack_from("<HHH", data, 58)
    headers = [struct.unpack_from("<IIQQQQ", data, table + index * size) for index in range(count)]
    strings = headers[names][4]
    for name, _, _, _, offset, length in headers:
        begin = strings + name
        if data[begin : data.find(b"\0", begin)] == _SECTION:
            return data[offset : offset + length]
    return b""
