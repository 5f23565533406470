"""What a machine offers for tuning: the profiles of tuned, and the sizes of its huge pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ovirt_tui.machine.facts import TuningProfile

FOLDERS = ("usr/lib/tuned/profiles", "etc/tuned/profiles")
"""Where tuned looks; a profile in the later folder is taken in place of one of its name in the earlier."""
PROFILE = "tuned.conf"
SIZES = "sys/kernel/mm/hugepages"
SUMMARY = re.compile(r"^\[main\][^\[]*?^summary[ \t]*=[ \t]*(\S.*?)\s*$", re.MULTILINE)
KIB = 1024


def profiles(root: Path) -> tuple[TuningProfile, ...]:
    """Every profile of tuned, by name."""
    found = {name: TuningProfile(name, summary) for folder in FOLDERS for name, summary in _profiles(root / folder)}
    return tuple(found[name] for name in sorted(found))


def _profiles(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob(f"*/{PROFILE}")):
        try:
            text = path.read_text(errors="replace")
        except OSError:  # tuned cannot read it either
            continue
        said = SUMMARY.search(text)
        yield path.parent.name, said[1] if said else ""


def huge_pages(root: Path) -> tuple[int, ...]:
    """The sizes of huge pages that the kernel can give, in MiB."""
    found = (re.fullmatch(r"hugepages-(\d+)kB", path.name) for path in (root / SIZES).glob("*"))
    return tuple(sorted(int(size[1]) // KIB for size in found if size))
