"""The plug-ins of the image: each folder of plugins/ is a Python package, and beside it what of the system it needs.

pyproject.toml, ...        the package
image/debian/packages      Debian's packages that it needs
image/debian/kept          of those that are purged from the tree (debian/purged), the ones that stay for it
image/debian/removed       paths of its packages that a node has no use for
image/overlay/             files that are laid over the tree
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from image.release import REPOSITORY
from image.stage import listed, run

FOLDER = REPOSITORY / "plugins"
IMAGE = "image"


def plugins() -> tuple[Path, ...]:
    """The folder of each."""
    return tuple(sorted(path.parent for path in FOLDER.glob("*/pyproject.toml")))


def named(name: str) -> list[str]:
    """The lines of all their lists that are called *name*, a path such as debian/packages."""
    return [line for each in plugins() if (file := each / IMAGE / name).exists() for line in listed(file)]


def lists() -> list[Path]:
    """What of them goes into the root tree."""
    return [folder for each in plugins() if (folder := each / IMAGE / "debian").is_dir()]


def overlays() -> Iterator[Path]:
    """The files that they lay over the tree."""
    return (folder for each in plugins() if (folder := each / IMAGE / "overlay").is_dir())


def install(target: Path, work: Path) -> None:
    """Have pip install the packages into the folder *target*, from copies in *work*: it builds where they are."""
    pip = (
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--root-user-action=ignore",
    )
    alone = ("--no-index", "--no-deps", "--no-build-isolation", "--no-compile")
    for each in plugins():
        copy = work / each.name
        shutil.copytree(each, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build", IMAGE))
        run([*pip, *alone, "--target", target, copy], timeout=600)
        shutil.rmtree(copy)
    for trace in target.glob("*.dist-info/direct_url.json"):
        trace.unlink()  # where this machine built them
