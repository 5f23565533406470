"""Builds the image: `python3 -m image.build iso|pxe [--fast]`, as root, into build/."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from image import cost, initrd, manifest, signing, system, tree, verity
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
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("The image can only be built as root.", file=sys.stderr)
        return 1
    try:
        keys = signing.public_keys(options.sign_key, options.signers)
        build(options.what, "fast" if options.fast else options.compression, keys, options.sign_key)
    except BuildError as error:
        print(f"The image was not built: {error}.", file=sys.stderr)
        return 1
    return 0


def build(what: str, compression: str, keys: signing.Keys, private: Path | None) -> None:
    """Run the stages whose inputs have changed, and write the wanted files."""
    cache, work, release = BUILD / "cache", BUILD / "work", this_release()
    cache.mkdir(parents=True, exist_ok=True)
    work.mkdir(exist_ok=True)
    tree_key = tree.key()
    rooted = cached(cache, "tree", tree_key, tree.make)
    started = cached(cache, "initrd", initrd.key(tree_key), lambda out: initrd.make(rooted, work / "dracut", out))
    squashed = cached(
        cache, "system", system.key(tree_key, release, compression, keys),
        lambda out: system.make(rooted / "root", work / "system", release, compression, keys, out),
    )  # fmt: skip
    squashfs = squashed / "squashfs.img"
    parts = Parts(
        rooted / "vmlinuz", started / "initrd.img", squashfs, rooted / "medium", release, verity.of(squashfs), private
    )
    costs = cost.read(squashed, started)
    manifest.manifest(rooted, squashed, started, family.HERE / "wheels", BUILD / "manifest")
    (BUILD / "manifest" / cost.NAME).write_text(
        "part\tkind\tfiles\tbytes\tstored\n" + "".join(one.row() for one in costs)
    )
    if what == "iso":
        iso(parts, work, BUILD / "ovirt-node.iso")
        _tell([BUILD / "ovirt-node.iso"], parts, costs)
    else:
        pxe(parts, work, BUILD / "pxe")
        _tell([BUILD / "pxe/initrd.img"], parts, costs)


def _tell(results: list[Path], parts: Parts, costs: list[cost.Cost]) -> None:
    say("done")
    for path in (*results, parts.squashfs, parts.initrd, parts.vmlinuz):
        shown = path.relative_to(BUILD) if path in results else path.name
        print(f"  {shown!s:24} {path.stat().st_size / 1e6:8.1f} MB")
    signed = f"signed with {parts.private}" if parts.private else "NOT signed: make iso SIGN_KEY=FILE (image/README.md)"
    print(f"  {signed}")
    for one in costs:
        print(f"  {one.text()}")


if __name__ == "__main__":
    sys.exit(main())
