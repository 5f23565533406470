"""The hash tree of dm-verity behind the squashfs, by which the kernel checks each block that it reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from image.stage import BuildError, run

BLOCK = 4096
"""Bytes of a block of data and of hashes, here and in dracut/90ovirt-node/verity.sh."""

NAME = "verity"
"""Beside the squashfs in the cache: root hash and number of blocks of data."""

_ROOT = re.compile(r"^Root hash:\s+([0-9a-f]{64})$", re.MULTILINE)


@dataclass(frozen=True)
class Verity:
    """What has to be known to check an image: everything else about its tree is fixed."""

    root: str
    blocks: int

    def words(self) -> tuple[str, ...]:
        """The kernel words with which the initrd checks the image."""
        return f"node.verity={self.root}", f"node.verity.blocks={self.blocks}"


def append(squashfs: Path) -> Verity:
    """Append the tree to *squashfs*, and write NAME beside it.

    Without a superblock and a salt, both of which would be of chance: the same image has the same tree.
    """
    size = squashfs.stat().st_size
    if not size or size % BLOCK:
        raise BuildError(f"{squashfs.name} has {size} bytes, which are no blocks of {BLOCK}")
    fixed = ["--no-superblock", "--hash=sha256", "--salt=-", f"--data-block-size={BLOCK}", f"--hash-block-size={BLOCK}"]
    said = run(["veritysetup", "format", *fixed, f"--hash-offset={size}", squashfs, squashfs], timeout=600)
    found = _ROOT.search(said)
    if not found:
        raise BuildError("veritysetup told no root hash")
    made = Verity(found[1], size // BLOCK)
    squashfs.with_name(NAME).write_text(f"{made.root} {made.blocks}\n")
    return made


def of(squashfs: Path) -> Verity:
    """What append() made of *squashfs*."""
    root, blocks = squashfs.with_name(NAME).read_text().split()
    return Verity(root, int(blocks))
