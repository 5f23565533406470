"""The node's system: the root tree with our files and the program on top, squashed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from image import accounts, cost, hardware, plugins, signing, verity
from image.debian import family
from image.initrd import write_places
from image.layers import kernel_folders, layered
from image.ownfiles import MODES, lay, set_modes
from image.release import REPOSITORY, Release
from image.stage import digest, run, say
from ovirt_tui.features.order import defaults
from ovirt_tui.pages.firewall import openings

HERE = Path(__file__).parent
PROGRAM = ("ovirt_tui", "bootmenu")
OVERLAYS = (*(folder for folder in (HERE / "overlay", family.HERE / "overlay") if folder.is_dir()), *plugins.overlays())

_COMPRESSION = {
    "xz": ("-comp", "xz", "-Xbcj", "x86", "-Xdict-size", "100%", "-b", "1M"),
    "zstd": ("-comp", "zstd", "-Xcompression-level", "19", "-b", "1M"),
    "fast": ("-comp", "zstd", "-Xcompression-level", "3", "-b", "256K"),
}
COMPRESSIONS = tuple(_COMPRESSION)


def key(tree_key: str, release: Release, compression: str, keys: signing.Keys) -> str:
    """The cache key of the squashfs: a hash of its inputs."""
    parts: list[str | Path] = [tree_key, release.text(), compression, Path(__file__), HERE / "initrd.py"]
    parts += [*keys, *keys.values(), *(HERE / name for name in ("signing.py", "verity.py", "accounts.py"))]
    parts += [*OVERLAYS, MODES, HERE / "ownfiles.py", HERE / "cost.py", HERE / "plugins.py", *plugins.plugins()]
    parts += [path for name in PROGRAM if (path := REPOSITORY / name).is_dir()]
    return digest(parts)


def make(root: Path, work: Path, release: Release, compression: str, keys: signing.Keys, out: Path) -> None:
    """Make the squashfs of the root tree, with what is told of it beside it.

    out/squashfs.img has its hash tree behind it, out/verity says how to check it; out/files.tsv has size and path of
    every file, out/costs.tsv what kinds of them cost.
    """
    with layered(root, work) as merged:
        for overlay in OVERLAYS:
            lay(overlay, merged)
        _program(merged)
        plugins.install(merged / family.PYTHON_PACKAGES, work.with_name("plugins"))
        write_places(merged)
        _firewall(merged)
        _os_release(merged, release)
        accounts.settle(merged)
        signing.lay(keys, merged)
        with kernel_folders(merged):
            run(["chroot", merged, "systemctl", "preset-all"], timeout=300)
            run(["chroot", merged, "python3", "-m", "compileall", "-q", "-j", "0", "/usr/lib/python3"], timeout=600)
        _up_to_date(merged)
        set_modes(merged)
        for rest in ("dev", "run", "tmp", "var/tmp"):
            run(["find", merged / rest, "-mindepth", "1", "-delete"], timeout=60)
        say(f"squashfs: {compression}")
        argv: list[str | Path] = [
            "mksquashfs",
            merged,
            out / "squashfs.img",
            "-noappend",
            "-no-progress",
            "-no-exports",
        ]
        run(["nice", *argv, *_COMPRESSION[compression]])
        verity.append(out / "squashfs.img")
        parts = {"modules": merged / "usr/lib/modules", "firmware": merged / hardware.FIRMWARE}
        scratch, options = work.with_name("cost"), _COMPRESSION[compression]
        costs = [cost.squashed(what, folder, options, scratch) for what, folder in parts.items()]
        (out / cost.NAME).write_text("".join(one.row() for one in costs))
        (out / "files.tsv").write_text(run(["find", merged, "-type", "f", "-printf", "%s\t/%P\n"], timeout=120))


def _up_to_date(tree: Path) -> None:
    """Mark caches made from /usr (linker, hardware names) as current for systemd: no boot has to rebuild them."""
    now = (tree / "usr").stat().st_mtime_ns
    for name in ("etc/.updated", "var/.updated"):
        (tree / name).write_text(f"TIMESTAMP_NSEC={now}\n")
        os.utime(tree / name, ns=(now, now))


def _program(tree: Path) -> None:
    """Copy our Python packages, as sources; they are compiled with the rest."""
    for name in PROGRAM:
        source = REPOSITORY / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, tree / family.PYTHON_PACKAGES / name, ignore=ignore, dirs_exist_ok=True)


def _firewall(tree: Path) -> None:
    """Write the rules of a node before its first configuration, and those for when rules cannot be loaded."""
    for name, rules in ((openings.FILE, openings.rules(defaults())), (openings.CLOSED_FILE, openings.closed())):
        file = tree / name.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(rules)


def _os_release(tree: Path, release: Release) -> None:
    """Write os-release, with the distribution's ID, by which the program knows how settings are written."""
    file = tree / "usr/lib/os-release"
    ours = {
        "PRETTY_NAME": f'"oVirt Node {release.version}"',
        "VARIANT": '"oVirt Node"',
        "VARIANT_ID": "ovirt-node",
        "IMAGE_ID": release.identifier,
        "IMAGE_VERSION": f"{release.version}-{release.release}",
    }
    kept = [line for line in file.read_text().splitlines() if line.split("=")[0] not in ours]
    file.write_text("\n".join([*(f"{name}={value}" for name, value in ours.items()), *kept]) + "\n")
    issue = f"oVirt Node {release.version} \\n \\l\n\n"
    (tree / "etc/issue").write_text(issue)
    (tree / "etc/issue.net").write_text(f"oVirt Node {release.version}\n")
    (tree / "etc/motd").unlink(missing_ok=True)
