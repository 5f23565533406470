"""Builds the image: `python3 -m image.build iso|pxe [--fast]`, as root, into build/."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import nullcontext
from pathlib import Path

from image import cost, initrd, manifest, secure_boot, signing, system, tree, verity
from image.debian import family
from image.medium import Parts, iso
from image.pxe import pxe
from image.release import REPOSITORY, this_release
from image.stage import BuildError, cached, say

BUILD = REPOSITORY / "build"


def main() -> int:
    """Parse the command line, build, print the sizes; return 0 when the files were built, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python3 -m image.build", description=__doc__)
    parser.add_argument("what", choices=("iso", "pxe"))
    parser.add_argument("--fast", action="store_true", help="compress quickly: a larger image, for development")
    parser.add_argument(
        "--compression",
        choices=system.COMPRESSIONS,
        default="zstd",
        help="of the squashfs: xz is a tenth smaller, and slower to build and to boot",
    )
    parser.add_argument("--sign-key", type=Path, help="private Ed25519 key that signs the image, in OpenSSH's form")
    parser.add_argument("--signers", type=Path, help="folder of further public keys (NAME.pub) that the node trusts")
    parser.add_argument("--secure-boot", type=Path, help="folder of the keys by which it starts with Secure Boot")
    parser.add_argument("--into", type=Path, default=BUILD, help="folder for what is built, in place of build/")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("The image can only be built as root.", file=sys.stderr)
        return 1
    try:
        keys = signing.public_keys(options.sign_key, options.signers)
        site = secure_boot.keys_in(options.secure_boot) if options.secure_boot else None
        with site.signer() if site else nullcontext() as signer:
            compression = "fast" if options.fast else options.compression
            build(options.what, compression, keys, options.sign_key, signer, options.into)
    except BuildError as error:
        print(f"The image was not built: {error}.", file=sys.stderr)
        return 1
    return 0


def build(
    what: str,
    compression: str,
    keys: signing.Keys,
    private: Path | None = None,
    signer: secure_boot.Signer | None = None,
    into: Path = BUILD,
) -> None:
    """Run the stages whose inputs have changed, and write the wanted files."""
    cache, work, release = BUILD / "cache", into / "work", this_release()
    cache.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    tree_key = tree.key()
    rooted = cached(cache, "tree", tree_key, tree.make)
    started = cached(cache, "initrd", initrd.key(tree_key), lambda out: initrd.make(rooted, work / "dracut", out))
    squashed = cached(
        cache, "system", system.key(tree_key, release, compression, keys),
        lambda out: system.make(rooted / "root", work / "system", release, compression, keys, out),
    )  # fmt: skip
    squashfs = squashed / "squashfs.img"
    parts = Parts(
        rooted / "vmlinuz", started / "initrd.img", squashfs, rooted / "medium", release, verity.of(squashfs), private,
        signer, secure_boot.Tools(rooted / "grub", rooted / "root"),
    )  # fmt: skip
    costs = cost.read(squashed, started)
    manifest.manifest(rooted, squashed, started, family.HERE / "wheels", into / "manifest")
    (into / "manifest" / cost.NAME).write_text(
        "part\tkind\tfiles\tbytes\tstored\n" + "".join(one.row() for one in costs)
    )
    if what == "iso":
        iso(parts, work, into / "ovirt-node.iso")
        _tell([into / "ovirt-node.iso"], parts, costs)
    else:
        pxe(parts, work, into / "pxe")
        _tell([into / "pxe/initrd.img"], parts, costs)


def _tell(results: list[Path], parts: Parts, costs: list[cost.Cost]) -> None:
    say("done")
    for path in (*results, parts.squashfs, parts.initrd, parts.vmlinuz):
        shown = path if path in results else path.name
        print(f"  {shown!s:24} {path.stat().st_size / 1e6:8.1f} MB")
    signed = f"signed with {parts.private}" if parts.private else "NOT signed: make iso SIGN_KEY=FILE (image/README.md)"
    print(f"  {signed}")
    if parts.signer:
        print(f"  for Secure Boot under {parts.signer.keys.certificate}: this medium and its nodes start nothing else")
    for one in costs:
        print(f"  {one.text()}")


if __name__ == "__main__":
    sys.exit(main())
