"""Debian 13: the root tree, by mmdebstrap, and the boot files of its packages."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from image import hardware, plugins
from image.debian.mirrors import sources
from image.layers import kernel_folders
from image.modules import built_in, chosen, firmware_of_kernel, offered, read_modules, unmet
from image.stage import BuildError, listed, run, say

HERE = Path(__file__).parent
SUITE = "trixie"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PYTHON_PACKAGES = Path("usr/lib/python3/dist-packages")

OPTIONAL_LIBRARIES = ("usr/lib/collectd/*.so",)
"""Plug-ins that are removed when a library they need is not in the tree."""


def inputs() -> list[Path]:
    """All inputs of the root tree in this folder."""
    names = ("packages", "dpkg-excludes", "hooks", "removed", "purged", "modules-removed", "wheels", "family.py")
    return [*(HERE / name for name in names), *plugins.lists()]


def install(tree: Path) -> None:
    """Unpack and configure the packages in *tree*, an empty folder."""
    packages = [name for file in sorted((HERE / "packages").glob("*.list")) for name in listed(file)]
    packages += plugins.named("debian/packages")
    argv: list[str | Path] = ["mmdebstrap", "--variant=essential", "--mode=root", f"--include={','.join(packages)}"]
    argv += [f"--keyring={KEYRING}", *(f"--aptopt={option}" for option in _apt_options())]
    argv += [f"--dpkgopt={line}" for line in listed(HERE / "dpkg-excludes")]
    lines = sources(SUITE, os.environ.get("MIRROR", ""))
    argv += ["--skip=output/dev", SUITE, tree, *lines]
    say(f"packages: {len(packages)} named, from {lines[0].split()[1]}")
    run(argv)
    _wheels(tree)


def finish(tree: Path) -> None:
    """Run the hooks inside *tree* and remove what a node does not need."""
    with kernel_folders(tree):
        for hook in sorted((HERE / "hooks").glob("*.sh")):
            say(f"hook {hook.name}")
            run(["chroot", tree, "/bin/sh", "-eu"], stdin=hook.read_text(), timeout=600)
    say("purge and trim")
    kept = plugins.named("debian/kept")
    _purge(tree, [name for name in listed(HERE / "purged") if name not in kept])
    for pattern in (*listed(HERE / "removed"), *plugins.named("debian/removed")):
        for path in tree.glob(pattern):
            run(["rm", "-rf", "--one-file-system", path], timeout=60)


def _purge(tree: Path, names: list[str]) -> None:
    """Purge packages; their maintainer scripts do not run, since what these need may be purged already."""
    for name in names:
        for script in (tree / "var/lib/dpkg/info").glob(f"{name}.p*rm"):
            script.unlink()
    run(["dpkg", f"--root={tree}", "--purge", "--force-all", *names], timeout=600)


def trim_modules(tree: Path) -> None:
    """Remove unused kernel modules, check those that stay, and write a new module index.

    Those that stay are unpacked: squashfs and initrd compress many modules together better than each by itself.
    """
    folder = module_folder(tree)
    run(["find", folder, "-name", "*.ko.xz", "-exec", "xz", "-d", "-T0", "{}", "+"], timeout=600)
    offers = offered(read_modules(folder))
    for path in chosen(folder / "kernel", listed(HERE / "modules-removed")):
        path.unlink()
    run(["find", folder, "-type", "d", "-empty", "-delete"], timeout=60)
    run(["chroot", tree, "depmod", "-a", folder.name], timeout=120)
    there, builtin = read_modules(folder), built_in(folder)
    hardware.stop_if(unmet(there, builtin, offers), "modules that stay need some that are gone")
    named_ones = [*hardware.wanted("storage"), *hardware.wanted("network"), *hardware.wanted("initrd")]
    hardware.stop_if(hardware.absent(named_ones, there, builtin), "modules that image/drivers names are not there")
    say(f"modules: {len(there)}, none without what it needs")


def trim_firmware(tree: Path) -> None:
    """Remove the firmware that nothing in *tree* asks for."""
    kernel = module_folder(tree)
    names = firmware_of_kernel(kernel)
    names |= {name for module in read_modules(kernel).values() for name in module.firmware}
    folder = tree / hardware.FIRMWARE
    kept = hardware.firmware(names, folder)
    for path in [path for path in folder.rglob("*") if (path.is_symlink() or path.is_file()) and path not in kept]:
        path.unlink()
    run(["find", folder, "-type", "d", "-empty", "-delete"], timeout=60)
    say(f"firmware: {len(kept)} files that a module asks for")


def kernel_version(tree: Path) -> str:
    """The one kernel in *tree*."""
    versions = [path.name for path in (tree / "usr/lib/modules").iterdir()]
    if len(versions) != 1:
        raise BuildError(f"the root tree must hold one kernel, it holds {versions}")
    return versions[0]


def module_folder(tree: Path) -> Path:
    """Where the modules of the one kernel in *tree* are."""
    return tree / "usr/lib/modules" / kernel_version(tree)


def packages(tree: Path) -> str:
    """Name, version, architecture, installed size in KiB and source of each package, one a line."""
    form = "${Package}\t${Version}\t${Architecture}\t${Installed-Size}\t${source:Package}\n"
    return run(["dpkg-query", f"--admindir={tree}/var/lib/dpkg", "--show", f"--showformat={form}"], timeout=60)


def grub_module_folder(tree: Path) -> Path:
    """Where the BIOS modules and boot sectors of GRUB are."""
    return tree / "usr/lib/grub/i386-pc"


def grub_efi_folder(tree: Path) -> Path:
    """Where the UEFI modules of GRUB are."""
    return tree / "usr/lib/grub/x86_64-efi"


def efi_files(tree: Path) -> dict[str, Path]:
    """The signed UEFI programs, by the name they get on a disk; grubcdx64.efi is for the medium."""
    grub, shim = tree / "usr/lib/grub/x86_64-efi-signed", tree / "usr/lib/shim"
    return {
        "shimx64.efi": shim / "shimx64.efi.signed",
        "mmx64.efi": shim / "mmx64.efi.signed",
        "grubx64.efi": grub / "grubx64.efi.signed",
        "grubcdx64.efi": grub / "gcdx64.efi.signed",
    }


def _apt_options() -> list[str]:
    """This machine's apt settings for downloads (proxy, date checks), so that the build downloads the same way."""
    dump = subprocess.run(("apt-config", "dump"), capture_output=True, text=True, check=True, timeout=60).stdout
    wanted = re.compile(r'^Acquire::(https?::|Retries|Check-Date|Check-Valid-Until|ForceIPv).* "[^"]+";$')
    own = ['APT::Install-Recommends "false"', 'Acquire::Languages "none"', 'Acquire::Retries "3"']
    return [line.rstrip(";") for line in dump.splitlines() if wanted.match(line)] + own


def _wheels(tree: Path) -> None:
    """Unpack the Python packages that Debian does not have, each pinned by version and hash."""
    pip = ("python3", "-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--no-compile", "--quiet")
    target = (
        "--root-user-action=ignore",
        "--only-binary=:all:",
        "--require-hashes",
        "--target",
        tree / PYTHON_PACKAGES,
    )
    run([*pip, *target, "-r", HERE / "wheels"], timeout=600)
