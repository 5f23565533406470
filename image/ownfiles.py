"""Our own files, which are copied over those of the packages, and their modes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from image.stage import BuildError, listed

MODES = Path(__file__).parent / "modes"
"""Paths with other modes than the default: git only records the executable bit."""

_STRICT = {"etc/sudoers.d/*": 0o440, "etc/NetworkManager/system-connections": 0o700}
"""Modes that programs require, whoever created the file."""


def lay(overlay: Path, tree: Path) -> None:
    """Copy *overlay* over *tree*: files get 0644, programs 0755; existing folders stay as they are."""
    for source in sorted(overlay.rglob("*")):
        target = tree / source.relative_to(overlay)
        if source.is_symlink():
            target.unlink(missing_ok=True)
            target.symlink_to(source.readlink())
        elif source.is_dir():
            if not target.is_dir():
                target.mkdir()
                target.chmod(0o755)
        else:
            target.unlink(missing_ok=True)
            shutil.copyfile(source, target)
            target.chmod(0o755 if source.stat().st_mode & 0o100 else 0o644)


def set_modes(tree: Path) -> None:
    """Set the modes of the paths in the list; BuildError when any mode in the tree is wrong."""
    for line in listed(MODES):
        mode, name = line.split()
        if not (tree / name).exists():
            raise BuildError(f"{MODES.name} names {name}, which is not in the tree")
        (tree / name).chmod(int(mode, 8))
    if wrong := list(wrong_modes(tree)):
        raise BuildError(f"modes in the tree are wrong: {'; '.join(wrong)}")


def wrong_modes(tree: Path) -> Iterator[str]:
    """Paths in *tree*/etc and *tree*/usr that anybody may write, or whose mode their program refuses."""
    for top in ("etc", "usr"):
        for path in (tree / top).rglob("*"):
            if not path.is_symlink() and path.stat().st_mode & 0o002 and not path.stat().st_mode & 0o1000:
                yield f"anybody may change {path.relative_to(tree)}"
    for pattern, mode in _STRICT.items():
        for path in tree.glob(pattern):
            if (there := path.stat().st_mode & 0o7777) != mode:
                yield f"{path.relative_to(tree)} has {there:04o} and not {mode:04o}"
