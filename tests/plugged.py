"""Plug-ins for tests: one that pip installed, and one that is an object."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Entry:
    """A plug-in that an installed package would bring."""

    name: str
    found: object

    def load(self) -> object:
        if isinstance(self.found, BaseException):
            raise self.found
        return self.found


def installed_in(folder: Path, package: Path) -> Path:
    """Have pip install *package* into *folder*, from a copy and from what this machine has."""
    source = folder / "source"
    shutil.copytree(package, source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "image"))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    alone = ["--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, *alone, "--target", folder / "packages", source], check=True, timeout=120)
    return folder / "packages"


def environment(installed: Path, *more: str) -> dict[str, str]:
    """The environment of a program that finds the plug-in which is *installed*."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join((".", *more, str(installed)))}
