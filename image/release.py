"""Which image this is: product, version and release."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from ovirt_tui import __version__
from ovirt_tui.machine.facts import Facts

REPOSITORY = Path(__file__).parents[1]
_IN_THE_IMAGE = ("ovirt_tui", "bootmenu", "image", "plugins")


@dataclass(frozen=True)
class Release:
    """The values of the medium's `version` file, which GRUB and the program read.

    *identifier* is the product in one word.
    """

    identifier: str
    version: str
    release: str

    def named(self) -> str:
        """Version and release in one word, as the node names its version."""
        return f"{self.version}-{self.release}"

    def text(self) -> str:
        """The `version` file."""
        return f'PRODUCT="{Facts.product}"\nVERSION={self.version}\nRELEASE={self.release}\n'


def this_release() -> Release:
    """The program's version; the release is the day and the hash of the last commit that changed the image."""
    return Release("ovirt-node", __version__, _commit())


def _commit() -> str:
    """Day and abbreviated hash of the last commit, or today where there is no repository."""
    argv = ("git", "-C", str(REPOSITORY), "-c", f"safe.directory={REPOSITORY}", "log", "-1")
    form = ("--format=%cd.%h", "--date=format:%Y%m%d", "--abbrev=8")
    try:
        done = subprocess.run((*argv, *form, "--", *_IN_THE_IMAGE), capture_output=True, text=True, timeout=30)
    except FileNotFoundError:
        return _today()
    return done.stdout.strip() or _today()


def _today() -> str:
    return time.strftime("%Y%m%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))
