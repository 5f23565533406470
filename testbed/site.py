"""A site with keys of its own for Secure Boot, made for one test: its ISO, and a firmware that trusts it alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from testbed.qemu import FIRMWARE

LIMIT = 1800  # seconds; the stages of the image are there, so only the medium is made
SIZE = "rsa2048"


class Site:
    """Keys in *folder*, as image/README.md says that they are made."""

    def __init__(self, folder: Path, name: str = "site") -> None:
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self._key, self.certificate = self.folder / "boot.key", self.folder / "boot.crt"
        made = ("-keyout", self._key, "-out", self.certificate, "-subj", f"/CN={name}/")
        _run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "3650", *made)
        self._make_openpgp(name)

    def _make_openpgp(self, name: str) -> None:
        home = self.folder / "gnupg"
        home.mkdir(mode=0o700)
        gpg = ("gpg", "--batch", "--quiet", "--homedir", home, "--passphrase", "")
        _run(*gpg, "--quick-generate-key", name, SIZE, "sign", "never")
        _run(*gpg, "--output", self.folder / "boot.pgp", "--export-secret-keys")
        _run("gpgconf", "--homedir", home, "--kill", "all")

    def iso(self) -> Path:
        """The image that was built, with what it starts from signed by this site."""
        given = ("--secure-boot", self.folder, "--into", self.folder / "build")
        _run("/usr/bin/python3", "-m", "image.build", "iso", *given)
        return self.folder / "build/ovirt-node.iso"

    def sign(self, program: Path) -> None:
        """Sign an EFI program as the image's are."""
        _run("sbsign", "--key", self._key, "--cert", self.certificate, "--output", program, program)

    def variables(self) -> Path:
        """The variables of a firmware that enforces Secure Boot by the certificate of this site, and by no other."""
        made = self.folder / "variables.fd"
        owner = str(uuid4())
        trusted = [word for kind in ("--set-pk", "--add-kek", "--add-db") for word in (kind, owner, self.certificate)]
        program = Path(sys.executable).with_name("virt-fw-vars")
        _run(program, "--input", FIRMWARE / "OVMF_VARS_4M.fd", "--output", made, *trusted, "--sb")
        return made


def _run(*argv: str | Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GNUPG")}
    done = subprocess.run(argv, capture_output=True, text=True, timeout=LIMIT, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"{argv[0]} ended with status {done.returncode}:\n{done.stdout}{done.stderr}")
