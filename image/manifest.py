"""What is in the image: packages, files with their sizes, licences."""

from __future__ import annotations

from pathlib import Path

from image.stage import listed, remove


def manifest(tree: Path, system: Path, initrd: Path, wheels: Path, target: Path) -> None:
    """Fill the folder *target* with packages.tsv, files.tsv, initrd-files.txt and licences.tsv."""
    remove(target)
    target.mkdir(parents=True)
    head = "package\tversion\tarchitecture\tinstalled KiB\tsource\n"
    pinned = [line.split()[0].split("==") for line in listed(wheels)]
    from_pypi = "".join(f"{name}\t{version}\tall\t\t{name} (PyPI)\n" for name, version in pinned)
    (target / "packages.tsv").write_text(head + (tree / "packages.tsv").read_text() + from_pypi)
    files = sorted((system / "files.tsv").read_text().splitlines(), key=lambda line: -int(line.split("\t")[0]))
    (target / "files.tsv").write_text("bytes\tpath\n" + "\n".join(files) + "\n")
    (target / "initrd-files.txt").write_text((initrd / "files.txt").read_text())
    (target / "licences.tsv").write_text(_licences(tree / "root/usr/share/doc"))


def _licences(documents: Path) -> str:
    """Licence names of each package, from its machine-readable copyright file, else the path of the file."""
    lines = ["package\tlicences\n"]
    for file in sorted(documents.glob("*/copyright")):
        text = file.read_text(errors="replace")
        names = sorted({line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("License:")})
        shown = "; ".join(name for name in names if name) or f"see /usr/share/doc/{file.parent.name}/copyright"
        lines.append(f"{file.parent.name}\t{shown}\n")
    return "".join(lines)
