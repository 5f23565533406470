"""Says where files are in an ISO 9660 image, in user space; runs as a separate process.

The kernel is not asked to mount what nobody has verified yet.  The library trusts numbers of the image in places, so
its process has a limit of time and of memory, and what it finds is checked again by who asked.  Arguments: the image,
and names of files; prints a JSON object: the offset and the length in bytes of each, or "error".
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

import pycdlib

SECTOR = 2048  # bytes
MEMORY = 256 << 20  # bytes


def extents(path: str, names: list[str]) -> dict[str, object]:
    """Offset and length of each of *names*, as Rock Ridge spells them; those that are not there are left out."""
    found: dict[str, object] = {}
    image = pycdlib.PyCdlib()
    image.open(path)
    try:
        for folder in {name.rpartition("/")[0] for name in names}:
            for record in _files(image, folder):
                name = f"{folder}/{record.rock_ridge.name().decode()}".lstrip("/")
                if name in names:
                    found[name] = [record.extent_location() * SECTOR, record.get_data_length()]
    finally:
        image.close()
    return found


def _files(image: Any, folder: str) -> list[Any]:
    """The files in a folder of the image; none where there is no such folder.

    Folders are listed: a look for a name that is not there ends in an IndexError in some versions of the library.
    """
    path = ""
    for part in folder.split("/") if folder else ():
        children = image.list_children(rr_path=path or "/")
        if not any(_named(child, part) and child.is_dir() for child in children):
            return []
        path += f"/{part}"
    return [child for child in image.list_children(rr_path=path or "/") if _named(child) and _plain(child)]


def _named(record: Any, name: str = "") -> bool:
    """Whether a record has this name, or any; the two for a folder and the one above it have none."""
    known = record.rock_ridge.name() if record.rock_ridge and not record.is_dot() and not record.is_dotdot() else b""
    return bool(known == name.encode() if name else known)


def _plain(record: Any) -> bool:
    return bool(record.is_file() and not record.rock_ridge.is_symlink())


def main() -> None:
    """Print what there is.  Whatever the library trips over, the image is damaged, or none of ours."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        found = extents(sys.argv[1], sys.argv[2:])
    except OSError as error:
        found = {"error": error.strerror or str(error)}
    except Exception as error:  # noqa: BLE001 (it raises struct.error, IndexError and others at a damaged image)
        found = {"error": f"it is no ISO 9660 image that can be read ({type(error).__name__}: {error})"[:300]}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
