"""Stages of the build: each is cached by a hash of its inputs, and reports how long it took."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

HOUR = 3600

_STARTED = time.monotonic()


class BuildError(Exception):
    """The image cannot be made; the text says why."""


def say(text: str) -> None:
    """Print one line of progress, with the seconds since the build started."""
    print(f"[{time.monotonic() - _STARTED:6.1f} s] {text}", flush=True)


def run(argv: Sequence[str | Path], *, timeout: int = HOUR, stdin: str | None = None, cwd: Path | None = None) -> str:
    """Run a command and return its output; when it fails, print that and raise BuildError."""
    words = [str(word) for word in argv]
    try:
        done = subprocess.run(
            words, input=stdin, cwd=cwd, timeout=timeout, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", "INITRD": "No"},
        )  # fmt: skip
    except FileNotFoundError as error:
        raise BuildError(f"the command {words[0]} is missing") from error
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{words[0]} did not end within {timeout} seconds") from error
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise BuildError(f"{' '.join(words[:6])} ... ended with status {done.returncode}")
    return done.stdout


def digest(parts: Iterable[str | Path]) -> str:
    """A hash over texts and over files or folders (names, modes and content)."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            total.update(b"text\0" + part.encode() + b"\0")
            continue
        for file in sorted(_files(part)):
            mode = file.lstat().st_mode
            content = str(file.readlink()).encode() if file.is_symlink() else file.read_bytes()
            name = str(file.relative_to(part.parent))
            total.update(f"{name}\0{mode:o}\0".encode() + hashlib.sha256(content).digest())
    return total.hexdigest()[:16]


def cached(cache: Path, name: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder of this stage for *key*: made by *make* unless it exists; those of other keys are removed."""
    folder = cache / f"{name}-{key}"
    if folder.is_dir():
        say(f"{name}: unchanged, taken from {folder}")
        return folder
    for old in cache.glob(f"{name}-*"):
        remove(old)
    part = cache / f"{name}-{key}.part"
    part.mkdir(parents=True)
    say(f"{name}: start")
    began = time.monotonic()
    make(part)
    part.rename(folder)
    say(f"{name}: done in {time.monotonic() - began:.1f} s")
    return folder


def remove(path: Path) -> None:
    """Remove a file or folder; what is mounted in it is unmounted first."""
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    inside = [point for point in mounted if point == str(path) or point.startswith(f"{path}/")]
    for point in sorted(inside, reverse=True):
        run(["umount", point], timeout=60)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.exists() or path.is_symlink():
        path.unlink()


def joined(target: Path, *sources: Path) -> None:
    """Concatenate initrd archives, each on a 4-byte boundary, as the kernel requires."""
    with target.open("wb") as out:
        for source in sources:
            with source.open("rb") as file:
                shutil.copyfileobj(file, out, 8 * 1024 * 1024)
            out.write(b"\0" * (-out.tell() % 4))


def listed(file: Path) -> list[str]:
    """The lines of a list file, without blank lines and # comments."""
    lines = (line.strip() for line in file.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _files(part: Path) -> list[Path]:
    if part.is_symlink() or part.is_file():
        return [part]
    return [
        file for file in part.rglob("*") if (file.is_file() or file.is_symlink()) and "__pycache__" not in file.parts
    ]
