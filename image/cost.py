"""Share of a kind of files in the image: compressed alone, the same way as the whole, so slightly overestimated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from image.stage import remove, run

NAME = "costs.tsv"


@dataclass(frozen=True)
class Cost:
    """One kind of files (*what*) in one part of the image (*where*); bytes uncompressed and as stored."""

    where: str
    what: str
    files: int
    plain: int
    stored: int

    def row(self) -> str:
        """A line of the table that the build keeps."""
        return f"{self.where}\t{self.what}\t{self.files}\t{self.plain}\t{self.stored}\n"

    def text(self) -> str:
        """A line for people."""
        name = f"{self.what} in the {self.where}"
        return f"{name:28} {self.stored / 1e6:8.1f} MB of {self.plain / 1e6:.1f} MB in {self.files} files"


def read(*folders: Path) -> list[Cost]:
    """The costs that the stages of *folders* recorded."""
    rows = [line.split("\t") for folder in folders for line in (folder / NAME).read_text().splitlines()]
    return [Cost(where, what, int(files), int(plain), int(stored)) for where, what, files, plain, stored in rows]


def squashed(what: str, folder: Path, options: Sequence[str], work: Path) -> Cost:
    """The cost of *folder* in a squashfs made with *options*."""
    work.unlink(missing_ok=True)
    run(["nice", "mksquashfs", folder, work, "-noappend", "-no-progress", "-no-exports", *options])
    stored = work.stat().st_size
    remove(work)
    return _cost("system", what, folder.rglob("*"), stored)


def archived(what: str, root: Path, files: Iterable[Path], work: Path) -> Cost:
    """The cost of *files*, paths below *root*, in an archive compressed as the initrd is, but more quickly."""
    paths = sorted(files)
    remove(work)
    names = "".join(f"{path.relative_to(root)}\n" for path in paths)
    run(["tar", "--create", "--file", work, "--directory", root, "--files-from=-"], stdin=names, timeout=300)
    run(["nice", "zstd", "-q", "-12", "-T2", "-f", "--rm", work, "-o", f"{work}.zst"], timeout=600)
    stored = Path(f"{work}.zst").stat().st_size
    remove(Path(f"{work}.zst"))
    return _cost("initrd", what, paths, stored)


def _cost(where: str, what: str, paths: Iterable[Path], stored: int) -> Cost:
    sizes = [path.stat().st_size for path in paths if path.is_file() and not path.is_symlink()]
    return Cost(where, what, len(sizes), sum(sizes), stored)
