"""What the screen needs of the process it runs in: the terminal given away, and a clock that never jumps."""

from __future__ import annotations

import subprocess
from time import monotonic as monotonic

SHELL = ("/bin/bash", "--login")


def shell() -> None:
    """Give the terminal to a shell until the admin leaves it.  There is no limit: a person sits there."""
    print("\nType 'exit' to come back.\n", flush=True)
    subprocess.run(SHELL, check=False)
