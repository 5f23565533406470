"""The hash tree of dm-verity, as image/verity.py asks for it: no superblock, no salt, SHA-256, blocks of 4096 bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from testbed.offline import Damaged

BLOCK = 4096


def checked(content: bytes, words: Sequence[str]) -> None:
    """Damaged unless *content*, data with its tree behind it, is what the kernel words of its image say."""
    said = dict(word.split("=", 1) for word in words if word.startswith("node.verity"))
    try:
        root, blocks = bytes.fromhex(said["node.verity"]), int(said["node.verity.blocks"])
    except (KeyError, ValueError) as error:
        raise Damaged("the image does not say which root hash it has") from error
    data, behind = content[: blocks * BLOCK], content[blocks * BLOCK :]
    if len(data) != blocks * BLOCK:
        raise Damaged("the image ends too early")
    hashes, found = tree(data)
    if found != root:
        raise Damaged("the image does not have the root hash that its words say")
    if hashes != behind[: len(hashes)]:
        raise Damaged("the hash tree is not that of the image")


def tree(data: bytes) -> tuple[bytes, bytes]:
    """The tree behind *data*, whole blocks, and its root hash."""
    levels = [_hashes(data)]
    while len(levels[0]) > BLOCK:
        levels.insert(0, _hashes(levels[0]))
    return b"".join(levels), hashlib.sha256(levels[0]).digest()


def _hashes(content: bytes) -> bytes:
    """The digests of all blocks, in whole blocks."""
    parts = (content[place : place + BLOCK] for place in range(0, len(content), BLOCK))
    found = b"".join(hashlib.sha256(part).digest() for part in parts)
    return found + bytes(-len(found) % BLOCK)
