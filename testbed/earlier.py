"""The medium of the version before each slot of a node had settings of its own, built from a commit of this history."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

COMMIT = "acb3b76f79929dd9803b00fbcea8e1e06d97d149"
"""The last one whose nodes have one /etc for both slots, and a boot menu that knows no trial."""
FOLDER = Path("build/earlier")
LIMIT = 5400  # seconds; nothing of the cache of this version is of use


def iso(folder: Path = FOLDER) -> Path:
    """The ISO, built when it is asked for first; who asks meanwhile waits.  RuntimeError says why it cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    made, stamp = folder / "ovirt-node.iso", folder / "of"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # ends with the build of another test, which has its limit
        if not (stamp.exists() and stamp.read_text() == COMMIT):
            _build(folder / "tree", made)
            stamp.write_text(COMMIT)
    return made


def _build(tree: Path, made: Path) -> None:
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir()
    archive = tree.with_suffix(".tar")
    _run(("git", "archive", "--format=tar", f"--output={archive.resolve()}", COMMIT), Path())
    _run(("tar", "--extract", f"--file={archive.resolve()}"), tree)
    archive.unlink()
    _run(("/usr/bin/python3", "-m", "image.build", "iso", "--fast"), tree)
    (tree / "build/ovirt-node.iso").replace(made)
    shutil.rmtree(tree)


def _run(argv: tuple[str, ...], folder: Path) -> None:
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=LIMIT, check=False)
    if done.returncode:
        raise RuntimeError(f"{argv[0]} failed, status {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
