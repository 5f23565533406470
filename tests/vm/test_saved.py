"""The saved node is a complete one: it resumes where it was, admin can log in, and no test sees another's writes."""

from __future__ import annotations

import time
from pathlib import Path

from testbed.person import log_in
from testbed.saved import HOST, PASSWORD, Node, at_login
from vm.conftest import Boot

AT_ONCE = 20  # seconds; one or two on an idle machine


def test_it_is_there_at_once_and_again_as_it_was(folder: Path, boot: Boot, node: Node) -> None:
    guest = node.guest(folder)
    for _ in range(2):
        began = time.monotonic()
        with boot(guest) as console:
            at_login(console)
            seconds = time.monotonic() - began
            print(f"login prompt after {seconds:.1f} s")
            assert seconds < AT_ONCE, "a restored node is not at its prompt at once"
            shell = console.root_shell()
            assert shell.run("hostname") == HOST
            assert shell.run("cat /config/mark") != "somebody was here"
            shell.run("echo somebody was here > /config/mark; sync")
            log_in(console, PASSWORD)
            print(f"setup program after {time.monotonic() - began:.1f} s")
