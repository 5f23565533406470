"""Which image this is: product, version and release."""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
_FIRST_VERSION = "0.1.0"


@dataclass(frozen=True)
class Release:
    """The values of the medium's `version` file; none holds a blank."""

    product: str
    version: str
    release: str

    def text(self) -> str:
        """The `version` file."""
        return f"PRODUCT={self.product}\nVERSION={self.version}\nRELEASE={self.release}\n"


def this_release() -> Release:
    """Version from pyproject.toml, release from the time and name of the last commit."""
    project = REPOSITORY / "pyproject.toml"
    found = re.search(r'^version\s*=\s*"([^"\s]+)"', project.read_text(), re.M) if project.exists() else None
    return Release("ovirt-node", found[1] if found else _FIRST_VERSION, _commit())


def _commit() -> str:
    """Day and name of the last commit, or of today where there is no repository."""
    argv = ("git", "-C", str(REPOSITORY), "-c", f"safe.directory={REPOSITORY}", "log", "-1")
    form = ("--format=%cd.%h", "--date=format:%Y%m%d", "--abbrev=8")
    try:
        done = subprocess.run((*argv, *form), capture_output=True, text=True, timeout=30)
    except FileNotFoundError:
        return _today()
    return done.stdout.strip() if done.returncode == 0 else _today()


def _today() -> str:
    return time.strftime("%Y%m%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))
