"""The medium: its tree of files, and the hybrid ISO that boots by BIOS and UEFI, from CD and from a USB stick."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from bootmenu import signed, words
from bootmenu.entries import IMAGE_WORDS, LIVE_WORDS, MEDIUM_LABEL
from bootmenu.render import medium_grub, medium_stub
from image import secure_boot, signing
from image.release import Release
from image.stage import remove, run, say
from image.verity import Verity

TREE = ("vmlinuz", "initrd.img", "LiveOS/squashfs.img", "version", words.NAME)
"""The files of the medium tree that sha256sums covers."""

_EFI_PARTITION_TYPE = "28732ac11ff8d211ba4b00a0c93ec93b"
_ISO_PARTITION_TYPE = "a2a0d0ebe5b9334487c068b6b72699c7"
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Parts:
    """The parts of a medium, as the stages left them."""

    vmlinuz: Path
    initrd: Path
    squashfs: Path
    boot: Path
    release: Release
    verity: Verity
    private: Path | None = None  # the key that signs; without one the image is not signed
    signer: secure_boot.Signer | None = None  # for Secure Boot under the keys of a site
    tools: secure_boot.Tools | None = None

    def words(self) -> tuple[str, ...]:
        """The kernel words that belong to the image, wherever it is started from."""
        return (*IMAGE_WORDS, *self.verity.words())

    def live_words(self) -> tuple[str, ...]:
        """What starts the image from the medium."""
        return (*LIVE_WORDS, *self.verity.words())


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def medium_tree(parts: Parts, folder: Path) -> None:
    """Create the medium tree in *folder*, as every boot finds it at /run/initramfs/live."""
    remove(folder)
    (folder / "LiveOS").mkdir(parents=True)
    sources = {"vmlinuz": parts.vmlinuz, "initrd.img": parts.initrd, "LiveOS/squashfs.img": parts.squashfs}
    for name, source in sources.items():
        shutil.copyfile(source, folder / name)
    (folder / "version").write_text(parts.release.text())
    (folder / words.NAME).write_bytes(words.words_file(parts.release.named(), parts.words()))
    if parts.signer and parts.tools:
        _sign_boot(parts.signer, parts.tools, folder)
    names = (*TREE, signed.LOADER) if parts.signer else TREE
    sums = "".join(f"{file_sha256(folder / name)}  {name}\n" for name in names)
    (folder / "sha256sums").write_text(sums)
    if parts.private:
        signing.sign(folder / "sha256sums", parts.private)


def _sign_boot(signer: secure_boot.Signer, tools: secure_boot.Tools, folder: Path) -> None:
    """Sign what firmware and GRUB check of a medium tree, and lay the GRUB of installed nodes into it."""
    signer.kernel(folder / "vmlinuz")
    for name in signed.SIGNED:
        signer.file(folder / name)
    signer.loader(tools, signed.installed_signed(), folder / signed.LOADER)


def iso(parts: Parts, work: Path, target: Path) -> None:
    """Write the ISO and its .sha256."""
    folder = work / "medium"
    medium_tree(parts, folder)
    _menu(parts, folder)
    efi = _efi_image(parts, work / "efi.img")
    say("ISO")
    target.unlink(missing_ok=True)
    run(_xorriso(parts.boot, folder, efi, target))
    target.with_name(f"{target.name}.sha256").write_text(f"{file_sha256(target)}  {target.name}\n")
    remove(folder)


def _menu(parts: Parts, folder: Path) -> None:
    grub = folder / "boot/grub"
    grub.mkdir(parents=True)
    (grub / "grub.cfg").write_text(medium_grub(live_words=parts.live_words()))
    shutil.copyfile(parts.boot / "eltorito.img", grub / "eltorito.img")
    # The signed GRUB for media looks for this file when it finds no menu beside itself.
    (folder / ".disk").mkdir()
    (folder / ".disk/info").write_text(f"oVirt Node {parts.release.version} {parts.release.release}\n")


def _efi_programs(parts: Parts, work: Path) -> dict[str, Path]:
    """What firmware starts: GRUB of the site alone, or shim with what it starts."""
    boot = parts.boot
    if parts.signer and parts.tools:
        target = work / "medium.efi"
        parts.signer.loader(parts.tools, signed.medium_signed(parts.live_words()), target)
        return {"BOOTX64.EFI": target}
    return {
        "BOOTX64.EFI": boot / "shimx64.efi",
        "grubx64.efi": boot / "grubcdx64.efi",
        "mmx64.efi": boot / "mmx64.efi",
    }


def _efi_image(parts: Parts, image: Path) -> Path:
    """A FAT file system with the signed programs and a menu stub; El Torito image of a CD, ESP of a stick."""
    programs = _efi_programs(parts, image.parent)
    size = sum(path.stat().st_size for path in programs.values()) + _MIB
    image.unlink(missing_ok=True)
    run(["truncate", "-s", str(-(-size // _MIB) * _MIB), image], timeout=60)
    run(["mkfs.fat", "-n", "NODE-MEDIUM", "-i", "4F564E44", image], timeout=60)
    run(["mmd", "-i", image, "::/EFI", "::/EFI/BOOT", "::/boot", "::/boot/grub"], timeout=60)
    for name, path in programs.items():
        run(["mcopy", "-i", image, path, f"::/EFI/BOOT/{name}"], timeout=60)
    stub = image.with_name("efi-grub.cfg")
    stub.write_text(f"{medium_stub()}configfile $prefix/grub.cfg\n")
    run(["mcopy", "-i", image, stub, "::/boot/grub/grub.cfg"], timeout=60)
    return image


def _xorriso(boot: Path, folder: Path, efi: Path, target: Path) -> list[str | Path]:
    """One image with an El Torito entry for each firmware, an MBR that starts GRUB, and a GPT that shows the ESP."""
    sectors = efi.stat().st_size // 512
    return [
        "xorriso", "-as", "mkisofs", "-quiet", "-r", "-J", "-joliet-long", "-V", MEDIUM_LABEL, "-o", target,
        "--grub2-mbr", boot / "boot_hybrid.img", "--protective-msdos-label", "-partition_cyl_align", "off",
        "-partition_offset", "16", "--mbr-force-bootable", "-append_partition", "2", _EFI_PARTITION_TYPE, efi,
        "-appended_part_as_gpt", "-iso_mbr_part_type", _ISO_PARTITION_TYPE, "-c", "/boot/boot.catalog",
        "-b", "/boot/grub/eltorito.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
        "--grub2-boot-info", "-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot",
        "-boot-load-size", str(sectors), folder,
    ]  # fmt: skip
