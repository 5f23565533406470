"""The initrd: dracut, run inside the root tree, with the node's own module."""

from __future__ import annotations

import shutil
from pathlib import Path

from image.debian import family
from image.layers import kernel_folders, layered
from image.stage import digest, run, say
from ovirt_tui.places import PLACES

HERE = Path(__file__).parent
LISTING = "usr/share/ovirt-node/places"
MULTIPATH = HERE / "overlay/etc/multipath.conf"
"""One file for the initrd and the system: both must see the same disks as one."""


def key(tree_key: str) -> str:
    """Changes when the initrd has to be made anew."""
    return digest([tree_key, "\n".join(PLACES), HERE / "dracut", MULTIPATH, Path(__file__)])


def make(root: Path, work: Path, out: Path) -> None:
    """Make out/initrd.img from the root tree, which stays as it is."""
    with layered(root, work) as merged:
        shutil.copytree(HERE / "dracut/90ovirt-node", merged / "usr/lib/dracut/modules.d/90ovirt-node")
        shutil.copy(HERE / "dracut/dracut.conf", merged / "ovirt-node-dracut.conf")
        shutil.copy(MULTIPATH, merged / "etc/multipath.conf")
        write_places(merged)
        version = family.kernel_version(root)
        options = ["--conf", "/ovirt-node-dracut.conf", "--confdir", "/var/empty", "--force", "--kver", version]
        (merged / "var/empty").mkdir(exist_ok=True)
        with kernel_folders(merged):
            report = run(["chroot", merged, "dracut", *options, "/ovirt-node-initrd.img"], timeout=1800)
            content = run(["chroot", merged, "lsinitrd", "/ovirt-node-initrd.img"], timeout=300)
        (out / "dracut.log").write_text(report)
        (out / "files.txt").write_text(content)
        shutil.move(merged / "ovirt-node-initrd.img", out / "initrd.img")
    (out / "initrd.img").chmod(0o644)
    say(f"initrd: {(out / 'initrd.img').stat().st_size / 1e6:.1f} MB")


def write_places(tree: Path) -> None:
    """The list that the initrd reads, and the folders themselves."""
    listing = tree / LISTING
    listing.parent.mkdir(parents=True, exist_ok=True)
    listing.write_text("".join(f"{folder}\n" for folder in PLACES))
    for folder in PLACES:
        (tree / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
