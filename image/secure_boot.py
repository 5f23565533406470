"""Makes an image that starts with Secure Boot under the keys of whoever builds it, and runs nothing else.

Firmware starts GRUB because of the signature in it, and GRUB is all that firmware looks at but the kernel: the menu is
a part of it, and what the menu reads has an OpenPGP signature beside it.  docs/secure-boot.md says who checks what.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from bootmenu.signed import FIRST
from image.stage import BuildError, remove, run

PROGRAM, FORMAT = "grub-mkimage", "x86_64-efi"
_MODULES = (
    "part_gpt part_msdos fat iso9660 ext2 search search_label search_fs_file normal configfile linux boot loadenv test"
    " true echo ls cat halt reboot regexp chain minicmd sleep probe memdisk tar efi_gop all_video"
    " pgp gcry_rsa gcry_sha256 gcry_sha512"
)
_SBAT = """\
sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md
grub,5,Free Software Foundation,grub,2.12,https://www.gnu.org/software/grub/
ovirt-node,1,oVirt Node,ovirt-node,1,https://www.ovirt.org/
"""
"""Generations of GRUB and of ours, by which a hole in an old one is shut out."""


@dataclass(frozen=True)
class Tools:
    """GRUB's program and modules, as the tree stage kept them, and the root tree whose libraries the program needs."""

    grub: Path
    root: Path


@dataclass(frozen=True)
class Keys:
    """The keys of a site: for the firmware an RSA key and its certificate in PEM, for GRUB a secret OpenPGP key."""

    key: Path
    certificate: Path
    openpgp: Path

    @contextmanager
    def signer(self) -> Iterator[Signer]:
        """Who signs with these keys, for as long as the build needs it."""
        with TemporaryDirectory(prefix="ovirt-node-keys-") as name:
            home = Path(name)
            run([*_GPG, "--homedir", home, "--import", self.openpgp], timeout=60)
            run([*_GPG, "--homedir", home, "--output", home / "public", "--export"], timeout=60)
            try:
                yield Signer(self, home)
            finally:
                run(["gpgconf", "--homedir", home, "--kill", "all"], timeout=60)


_GPG = ("gpg", "--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", "")


def keys_in(folder: Path) -> Keys:
    """The keys in a folder: boot.key, boot.crt and boot.pgp; BuildError names what is missing."""
    found = Keys(folder / "boot.key", folder / "boot.crt", folder / "boot.pgp")
    for path in (found.key, found.certificate, found.openpgp):
        if not path.is_file():
            raise BuildError(f"{folder} has no {path.name}: docs/secure-boot.md says how such keys are made")
    return found


@dataclass(frozen=True)
class Signer:
    """Signs programs for the firmware, and files for GRUB."""

    keys: Keys
    home: Path

    def kernel(self, path: Path) -> None:
        """Give a kernel the signature of the site in place of its own: kexec, and so a dump, takes none with two."""
        run(["sbattach", "--remove", path], timeout=120)
        self.program(path)

    def program(self, path: Path) -> None:
        """Add the signature of the site to an EFI program, in place."""
        signed = path.with_name(f"{path.name}.signed")
        argv: list[str | Path] = [
            "sbsign",
            "--key",
            self.keys.key,
            "--cert",
            self.keys.certificate,
            "--output",
            signed,
            path,
        ]
        run(argv, timeout=120)
        signed.replace(path)

    def file(self, path: Path) -> None:
        """Write path.sig, which GRUB checks."""
        beside = path.with_name(f"{path.name}.sig")
        remove(beside)
        how = ("--digest-algo", "SHA512", "--output", beside, "--detach-sign", path)
        argv: list[str | Path] = [*_GPG, "--homedir", self.home, *how]
        run(argv, timeout=120)

    def loader(self, tools: Tools, menu: str, target: Path) -> None:
        """Make a signed GRUB whose menu is *menu*, and which trusts this key alone."""
        with TemporaryDirectory(prefix="ovirt-node-grub-") as name:
            work = Path(name)
            (work / "first.cfg").write_text(FIRST)
            (work / "sbat.csv").write_text(_SBAT)
            _archive(work / "menu.tar", {"grub/grub.cfg": menu})
            libraries = ":".join(str(tools.root / folder) for folder in ("usr/lib/x86_64-linux-gnu", "usr/lib"))
            start = [tools.root / "usr/lib64/ld-linux-x86-64.so.2", "--library-path", libraries, tools.grub / PROGRAM]
            given = {
                "--directory": tools.grub / FORMAT,
                "--format": FORMAT,
                "--prefix": "(memdisk)/grub",
                "--config": work / "first.cfg",
                "--memdisk": work / "menu.tar",
                "--pubkey": self.home / "public",
                "--sbat": work / "sbat.csv",
                "--output": target,
            }
            options = [word for name, value in given.items() for word in (name, str(value))]
            run([*map(str, start), *options, "--disable-shim-lock", *_MODULES.split()], timeout=120)
        self.program(target)


def keep_tools(modules: Path, program: Path, target: Path) -> None:
    """Keep what loader() needs of a tree that is about to lose it."""
    shutil.copytree(modules, target / FORMAT, ignore=shutil.ignore_patterns("*.efi", "*.img.signed"))
    shutil.copy(program, target / PROGRAM)


def _archive(target: Path, contents: dict[str, str]) -> None:
    """A tar archive without times or owners: the same content has the same bytes."""
    with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, text in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, BytesIO(text.encode()))
