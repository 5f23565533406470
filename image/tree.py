"""The root tree: the distribution's packages, trimmed; and the boot files, beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

from bootmenu import render
from image import hardware, microcode
from image.debian import family
from image.layers import kernel_folders
from image.linkage import drop_unlinkable
from image.secure_boot import keep_tools
from image.stage import digest, remove, run, say

BOOT = Path("usr/share/ovirt-node/boot")
"""What the installer needs to make a disk bootable, inside the tree."""

_FILES = "biosdisk part_gpt part_msdos fat iso9660 ext2 search search_label search_fs_file"
_MENU = (
    "normal configfile linux boot loadenv test true echo serial terminal ls cat halt reboot regexp chain minicmd sleep"
    " source probe password_pbkdf2"
)


def key() -> str:
    """The cache key of the root tree: a hash of its inputs."""
    return digest(
        [
            *family.inputs(),
            Path(__file__),
            *(Path(__file__).with_name(name) for name in ("linkage.py", "modules.py", "hardware.py", "microcode.py")),
            "GRUB's program and modules are kept",
            hardware.LISTS,
            render.installed_core(),
            render.medium_stub(),
        ]
    )


def make(out: Path) -> None:
    """Make out/root, out/vmlinuz, out/microcode.cpio, out/packages.tsv, out/medium (its boot files) and out/grub."""
    root = out / "root"
    root.mkdir()
    family.install(root)
    shutil.copy(root / "boot" / f"vmlinuz-{family.kernel_version(root)}", out / "vmlinuz")
    _boot_files(root, out / "medium")
    (out / "packages-built.tsv").write_text(family.packages(root))
    family.finish(root)
    family.trim_modules(root)
    microcode.archive(root / hardware.FIRMWARE, out / "microcode", out / "microcode.cpio")
    family.trim_firmware(root)
    drop_unlinkable(root, family.OPTIONAL_LIBRARIES)
    _blank_identity(root)
    (out / "packages.tsv").write_text(family.packages(root))


def _boot_files(root: Path, medium: Path) -> None:
    """Copy or make what firmware boots: for installed disks inside the tree, for the medium beside it."""
    say("boot files")
    modules = family.grub_module_folder(root)
    inside = root / BOOT
    (inside / "i386-pc").mkdir(parents=True)
    (inside / "efi").mkdir()
    medium.mkdir()
    shutil.copy(modules / "boot.img", inside / "i386-pc/boot.img")
    shutil.copy(modules / "grub-bios-setup", root / "usr/sbin/grub-bios-setup")
    shutil.copy(modules / "boot_hybrid.img", medium / "boot_hybrid.img")
    for name, source in family.efi_files(root).items():
        shutil.copy(source, medium / name)
        if name != "grubcdx64.efi":
            shutil.copy(source, inside / "efi" / name)
    keep_tools(family.grub_efi_folder(root), root / "usr/bin/grub-mkimage", medium.with_name("grub"))
    _core(root, "i386-pc", render.installed_core(), inside / "i386-pc/core.img", "/grub")
    _core(root, "i386-pc-eltorito", render.medium_stub(), medium / "eltorito.img", "/boot/grub")


def _core(root: Path, kind: str, first: str, target: Path, prefix: str) -> None:
    """Make a GRUB image with its modules and the commands it runs first."""
    scratch = root / "ovirt-node-core"
    scratch.mkdir()
    (scratch / "first.cfg").write_text(first)
    known = {path.stem for path in family.grub_module_folder(root).glob("*.mod")}
    argv = ["grub-mkimage", "--format", kind, "--prefix", prefix, "--config", "/ovirt-node-core/first.cfg"]
    with kernel_folders(root):
        named = [name for name in f"{_FILES} {_MENU}".split() if name in known]
        run(["chroot", root, *argv, "--output", "/ovirt-node-core/core.img", *named], timeout=120)
    shutil.copy(scratch / "core.img", target)
    remove(scratch)


def _blank_identity(root: Path) -> None:
    """Write an empty machine-id: the node makes its own at its first boot, and then runs no first-boot presets."""
    (root / "etc/machine-id").touch(mode=0o444)
    (root / "etc/hostname").write_text("localhost\n")
    (root / "etc/fstab").write_text("# written by the installation\n")
