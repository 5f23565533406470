"""A folder under an overlay: writes go to a separate layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from image.stage import remove, run


@contextmanager
def layered(lower: Path, work: Path) -> Iterator[Path]:
    """Mount *lower* under an overlay in *work* (emptied before and after) and yield the merged folder."""
    remove(work)
    upper, scratch, merged = work / "upper", work / "scratch", work / "merged"
    for folder in (upper, scratch, merged):
        folder.mkdir(parents=True)
    options = f"lowerdir={lower},upperdir={upper},workdir={scratch}"
    run(["mount", "-t", "overlay", "-o", options, "ovirt-node-build", merged], timeout=60)
    try:
        yield merged
    finally:
        remove(work)


@contextmanager
def kernel_folders(tree: Path) -> Iterator[None]:
    """Mount proc, sys and dev in *tree* for the commands that run inside it."""
    points = [(tree / name, name) for name in ("proc", "sys", "dev")]
    mounted: list[Path] = []
    try:
        for point, name in points:
            run(["mount", "--bind", f"/{name}", point], timeout=60)
            mounted.append(point)
        yield
    finally:
        for point in reversed(mounted):
            run(["umount", point], timeout=60)
