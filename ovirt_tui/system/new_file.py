"""Creates a new file in a folder that may have been prepared; a separate process, so that it has a timeout.

Arguments: the folder and the wanted name.  Reads the content from standard input; prints a line with the error, if any,
and then the name of the file.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

TRIES = 100
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def create(folder: str, name: str, content: bytes) -> str:
    """Create a file of this name, or of the next free one, and return the name; OSError when that fails."""
    stem, dot, ending = name.rpartition(".")
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    for number in range(TRIES):
        free = f"{stem}-{number}{dot}{ending}" if number else name
        with suppress(FileExistsError):
            handle = os.open(free, NEW, 0o644, dir_fd=top)
            break
    else:
        raise FileExistsError("every name is taken")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.fsync(top)
    except OSError:
        with suppress(OSError):
            os.unlink(free, dir_fd=top)
        raise
    return free


def main() -> None:
    """Print a line with the error, empty when the file was created; then its name."""
    name, why = "", ""
    try:
        name = create(sys.argv[1], sys.argv[2], sys.stdin.buffer.read())
    except OSError as error:
        why = error.strerror or str(error)
    print(f"{why}\n{name}")


if __name__ == "__main__":
    main()
