"""A copy of the tree, in which somebody follows a recipe of CONTRIBUTING.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
SAMPLES = Path(__file__).parent / "recipes"
SECONDS = 900
"""How long a command may take, on a machine with other things to do."""


@dataclass(frozen=True)
class House:
    """The tree at *root*, with the tools of this one."""

    root: Path

    @classmethod
    def copied(cls, root: Path) -> House:
        """Copy what is not ignored by git; the link to the tools is one of those."""
        ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()]
        shutil.copytree(ROOT, root, symlinks=True, ignore=shutil.ignore_patterns(".git", *ignored))
        (root / ".venv").symlink_to(sys.prefix)
        return cls(root)

    def recipe(self, name: str) -> str:
        """What CONTRIBUTING.md says of a subject, which must name each of the places that are touched."""
        found = re.search(rf"^\*\*{re.escape(name)}\*\*.*$", (self.root / "CONTRIBUTING.md").read_text(), re.MULTILINE)
        assert found, f"there is no recipe for: {name}"
        return found[0]

    def add(self, path: str, text: str) -> None:
        """Write a new file."""
        assert not (self.root / path).exists()
        (self.root / path).write_text(text)

    def insert(self, path: str, before: str, *lines: str, after: str = "") -> None:
        """Put *lines* before the line that begins with *before*, of those behind the one that begins with *after*."""
        old = (self.root / path).read_text().splitlines()
        start = next(number for number, line in enumerate(old) if line.startswith(after))
        at = next(number for number, line in enumerate(old) if number >= start and line.startswith(before))
        (self.root / path).write_text("\n".join((*old[:at], *lines, *old[at:])) + "\n")

    def change(self, path: str, old: str, new: str) -> None:
        """Put *new* in the place of *old*, which must be there once."""
        text = (self.root / path).read_text()
        assert text.count(old) == 1, f"{path} has {text.count(old)} times: {old}"
        (self.root / path).write_text(text.replace(old, new))

    def text(self, path: str) -> str:
        return (self.root / path).read_text()

    @property
    def installed(self) -> Path:
        """Where packages are installed: beside the tree, since plug-ins are no part of it."""
        return self.root.parent / "installed"

    def install(self, files: dict[str, str]) -> None:
        """Have pip install a package that is these *files*, from what this machine has."""
        pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
        with TemporaryDirectory() as source:
            for name, text in files.items():
                (Path(source) / name).write_text(text)
            self.run(*pip, "--no-index", "--no-deps", "--no-build-isolation", "--target", str(self.installed), source)

    def run(self, *argv: str, status: int = 0, plugged: bool = False) -> str:
        """What a command prints that ends with *status*; only with *plugged*, it finds what was installed."""
        path = {"PYTHONPATH": os.pathsep.join((".", str(self.installed)))} if plugged else {}
        quiet = {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider"}
        environment = {**os.environ, **quiet, **path}
        done = subprocess.run(argv, cwd=self.root, capture_output=True, text=True, timeout=SECONDS, env=environment)
        assert done.returncode == status, f"{' '.join(argv)}\n{done.stdout[-4000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    def accept(self) -> None:
        """'make accept', with the tools that are there."""
        self.run("make", "-o", ".venv/ready", "accept")

    def test(self, *names: str) -> None:
        """Run the linter on formatted files, and what *names* says of the tests that 'make accept' has not run."""
        self.run(".venv/bin/ruff", "format", "--no-cache", ".")
        self.run(".venv/bin/ruff", "check", "--no-cache", ".")
        self.run(".venv/bin/python", "-m", "pytest", "-n0", *(f"tests/test_{name}" for name in names))

    def check(self, line: str, status: int = 0, plugged: bool = False) -> dict[str, Any]:
        """What 'ovirt-tui check --json' answers of *line* on a recorded machine."""
        machine = ("--machine", "tests/machines/one-disk.json")
        argv = (".venv/bin/python", "-m", "ovirt_tui", "check", "--json", *machine, "--cmdline", line)
        answer: dict[str, Any] = json.loads(self.run(*argv, status=status, plugged=plugged))
        return answer

    def touched(self) -> set[str]:
        """The files that are not as they are in this tree."""
        found = {path for path in self.root.rglob("*") if path.is_file() and not path.is_symlink()}
        names = {str(path.relative_to(self.root)) for path in found if "__pycache__" not in path.parts}
        return {name for name in names if not same(self.root / name, ROOT / name)}


def same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()
