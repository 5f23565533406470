"""Asks for a password before the rescue shell of an installed node.

`python3 -m ovirt_tui.system.rescue_gate`

sulogin accepts only root, who has no password here.  Exits with 0 when the shell may open, and with 1 when not.
systemd restarts it whenever it exits, so the delay after a wrong password is kept in a file, and no key ends it early.
"""

from __future__ import annotations

import signal
import sys
import syslog
from collections.abc import Callable
from contextlib import suppress
from getpass import getpass
from pathlib import Path
from time import monotonic, sleep

from ovirt_tui.i18n import _
from ovirt_tui.system.accounts import Accounts
from ovirt_tui.system.crash import FOLDER, ended_closed, logged
from ovirt_tui.system.files import write
from ovirt_tui.system.steps import Password
from ovirt_tui.system.terminal import console
from ovirt_tui.system.tree import Tree

USERS = ("admin", "root")
LONGEST = 60  # seconds; the longest delay after a wrong password
DOUBLED = 6  # wrong passwords after which the delay grows no more
KEYS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)
"""What Ctrl-C, Ctrl-backslash and Ctrl-Z send."""


class FailedAttempts:
    """How many passwords were wrong, and when the delay of the last one ends: in *file*, for the next process too."""

    def __init__(self, file: Path, clock: Callable[[], float] = monotonic) -> None:
        self.file, self.clock = file, clock
        self.number, self.until = self._kept()

    def _kept(self) -> tuple[int, float]:
        try:
            number, until = self.file.read_text().split()
            return int(number), float(until)
        except FileNotFoundError:
            return 0, 0.0
        except (OSError, ValueError):
            return DOUBLED, self.clock() + LONGEST

    def left(self) -> float:
        """The seconds that are left of the delay."""
        return min(max(self.until - self.clock(), 0.0), LONGEST)

    def add(self) -> None:
        """Count one more.  Where *file* cannot be written, the count lasts as long as this program."""
        self.number += 1
        self.until = self.clock() + min(2 ** min(self.number, DOUBLED), LONGEST)
        try:
            write(self.file, f"{self.number} {self.until}\n".encode(), 0o600)
        except OSError as error:
            logged(f"{self.file}: {error}")

    def forget(self) -> None:
        """Reset the count, after the right password."""
        with suppress(OSError):
            self.file.unlink(missing_ok=True)


def opened(
    accounts: Accounts, ask: Callable[[str], str], wait: Callable[[float], None], failures: FailedAttempts
) -> bool:
    """Ask until the password of one of USERS is given; False at the end of input.

    Where none of them has a password (Config is missing, or none was ever set), there is nothing to ask for.
    """

    def note(text: str) -> None:
        logged(f"{console()}: {text}", syslog.LOG_NOTICE)

    known = [user for user in USERS if not accounts.holds(Password(user, None))]
    if not known:
        note(_("rescue shell opened; nobody has a password here"))
        return True
    while True:
        if left := failures.left():
            print(_("The next one can be given in {seconds} seconds.").format(seconds=int(left) + 1), flush=True)
            wait(left)
        try:
            password = ask(_("Password of {users}: ").format(users=_(" or ").join(known)))
            user = next((user for user in known if accounts.verify(user, password)), "")
        except UnicodeError:
            user = ""  # not UTF-8, so not a password
        except (EOFError, KeyboardInterrupt):
            return False
        if user:
            failures.forget()
            note(_("rescue shell opened by {user}").format(user=user))
            return True
        failures.add()
        note(_("wrong password for the rescue shell, number {number}").format(number=failures.number))
        print(_("That is not it."), flush=True)


def main(tree: Tree, folder: Path = FOLDER) -> int:
    """Ask on this console; an uncaught exception goes to the journal, and the shell stays closed."""
    sys.excepthook = ended_closed
    for key in KEYS:
        signal.signal(key, signal.SIG_IGN)
    failures = FailedAttempts(folder / f"gate-{console().replace('/', '-')}")
    return 0 if opened(Accounts(tree), getpass, sleep, failures) else 1


if __name__ == "__main__":
    sys.exit(main(Tree()))
