"""The initrd: dracut, run inside the root tree, with the node's own module."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from image import cost, hardware
from image.debian import family
from image.layers import kernel_folders, layered
from image.modules import Module, built_in, named, offered, read_modules, unmet
from image.stage import digest, joined, run, say
from ovirt_tui.system.persistent import PLACES, listing

HERE = Path(__file__).parent
LISTING = "usr/share/ovirt-node/places"
MULTIPATH = HERE / "overlay/etc/multipath.conf"
"""One file for the initrd and the system: both must build the same multipath maps."""


def key(tree_key: str) -> str:
    """The cache key of the initrd: a hash of its inputs."""
    own = [HERE / name for name in ("dracut", "drivers", "hardware.py", "modules.py", "initrd.py", "cost.py")]
    return digest([tree_key, "\n".join(PLACES), MULTIPATH, *own])


def make(tree: Path, work: Path, out: Path) -> None:
    """Make out/initrd.img (microcode first) from *tree*/root, which stays as it is, and *tree*/microcode.cpio."""
    root = tree / "root"
    modules = read_modules(family.module_folder(root))
    wanted = hardware.of_initrd(modules, offered(modules))
    with layered(root, work) as merged:
        shutil.copytree(HERE / "dracut/90ovirt-node", merged / "usr/lib/dracut/modules.d/90ovirt-node")
        settings = (HERE / "dracut/dracut.conf").read_text() + f'drivers+=" {" ".join(sorted(wanted))} "\n'
        (merged / "ovirt-node-dracut.conf").write_text(settings)
        shutil.copy(MULTIPATH, merged / "etc/multipath.conf")
        (merged / "etc/multipath").mkdir(exist_ok=True)
        (merged / "etc/multipath/bindings").write_bytes(_no_names(merged))
        write_places(merged)
        version = family.kernel_version(root)
        options = ["--conf", "/ovirt-node-dracut.conf", "--confdir", "/var/empty", "--force", "--kver", version]
        (merged / "var/empty").mkdir(exist_ok=True)
        with kernel_folders(merged):
            report = run(["chroot", merged, "dracut", *options, "/ovirt-node-initrd.img"], timeout=1800)
            content = run(["chroot", merged, "lsinitrd", "/ovirt-node-initrd.img"], timeout=300)
        (out / "dracut.log").write_text(report)
        (out / "files.txt").write_text(content)
        joined(out / "initrd.img", tree / "microcode.cpio", merged / "ovirt-node-initrd.img")
    files = {line.split()[8] for line in content.splitlines() if len(line.split()) >= 9}
    _check(root, modules, wanted, files)
    _costs(tree, files, work, out)
    (out / "initrd.img").chmod(0o644)
    say(f"initrd: {(out / 'initrd.img').stat().st_size / 1e6:.1f} MB")


def _no_names(root: Path) -> bytes:
    """An empty bindings file of multipathd; the maps of a node are named by their WWIDs.

    In dracut, multipathd never writes this file, and it exits at once unless the header is exactly the one that is
    compiled into its library.
    """
    library = next(root.glob("usr/lib/**/libmultipath.so.0")).read_bytes()
    start = library.index(b"# Multipath bindings, Version")
    return library[start : library.index(b"\0", start)]


def _check(root: Path, modules: Mapping[str, Module], wanted: set[str], files: set[str]) -> None:
    """Check that the initrd has every module it must have, their dependencies, and their firmware."""
    there = {name: modules[name] for name in (named(Path(file).name) for file in files if file.endswith(".ko"))}
    builtin = built_in(family.module_folder(root))
    hardware.stop_if(hardware.absent(wanted, there, builtin), "the initrd lacks modules")
    hardware.stop_if(unmet(there, builtin, offered(modules)), "modules of the initrd need others")
    names = {name for module in there.values() for name in module.firmware}
    needed = {str(path.relative_to(root)) for path in hardware.firmware(names, root / hardware.FIRMWARE)}
    hardware.stop_if(sorted(needed - files), "the initrd lacks firmware")
    say(f"initrd: {len(there)} modules and {len(needed)} files of firmware, none without what it needs")


def _costs(tree: Path, files: set[str], work: Path, out: Path) -> None:
    """Record the costs of modules, firmware and microcode in the initrd."""
    root, microcode = tree / "root", (tree / "microcode.cpio").stat().st_size
    kinds = {"modules": [root / name for name in files if name.endswith(".ko")]}
    kinds["firmware"] = [root / name for name in files if name.startswith(f"{hardware.FIRMWARE}/")]
    kinds["firmware"] = [path for path in kinds["firmware"] if path.is_file()]
    costs = [cost.archived(what, root, paths, work.with_name("cost")) for what, paths in kinds.items()]
    costs.append(cost.Cost("initrd", "microcode", 2, microcode, microcode))
    (out / cost.NAME).write_text("".join(one.row() for one in costs))


def write_places(tree: Path) -> None:
    """Write the list that the initrd reads, and create the folders."""
    target = tree / LISTING
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(listing())
    for folder in PLACES:
        (tree / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
