"""Signs the image, and puts the public keys by which a node knows such images into it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from image.stage import BuildError, run
from ovirt_tui.machine.signers import FOLDERS, NAMESPACE, SUFFIX, signer

Keys = Mapping[str, str]
"""Public keys by the name of their file, each as a line of allowed signers."""


def public_keys(private: Path | None, folder: Path | None) -> Keys:
    """The keys for the image: that of the key it is signed with, and those in *folder*."""
    texts = {path.name: path.read_text() for path in sorted(folder.glob(f"*{SUFFIX}"))} if folder else {}
    if folder and not texts:
        raise BuildError(f"{folder} has no public key: SIGNERS= names a folder of files NAME{SUFFIX}")
    if private:
        name = f"{private.stem}{SUFFIX}"
        texts[name] = run(["ssh-keygen", "-y", "-f", private], timeout=300)
    found: dict[str, str] = {}
    for name, text in texts.items():
        each = signer(name, text)
        if not each:
            raise BuildError(f"{name} is not the name and the text of one Ed25519 public key")
        found[name] = each.allowed()
    return found


def lay(keys: Keys, tree: Path) -> None:
    """Write the keys where a node looks for them."""
    if not keys:
        return
    folder = tree / FOLDERS[0].lstrip("/")
    folder.mkdir(parents=True, mode=0o755)
    for name, line in sorted(keys.items()):
        (folder / name).write_text(line)
        (folder / name).chmod(0o644)


def sign(file: Path, private: Path) -> None:
    """Write *file*.sig.  Signatures of Ed25519 have nothing of chance: the same file has the same one."""
    run(["ssh-keygen", "-Y", "sign", "-q", "-f", private, "-n", NAMESPACE, file], timeout=300)
