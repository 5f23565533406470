"""The password before a shell on an installed node that was started for rescue: `python3 -m ovirt_tui.system.gate`.

sulogin knows only root, who has no password here.  It ends with 0 when the shell may open, and with 1 when not.
"""

from __future__ import annotations

import sys
import syslog
from collections.abc import Callable
from getpass import getpass
from time import sleep

from ovirt_tui.i18n import _
from ovirt_tui.steps import Password
from ovirt_tui.system.accounts import Accounts
from ovirt_tui.system.crash import logged
from ovirt_tui.system.terminal import console
from ovirt_tui.system.tree import Tree

USERS = ("admin", "root")
LONGEST = 60  # seconds that a wrong password costs at most


def opened(accounts: Accounts, ask: Callable[[str], str], wait: Callable[[float], None]) -> bool:
    """Ask until the password of somebody who has one is given; False when nobody asks on.

    Where nobody has one (Config is gone, or none was ever set), there is nothing to ask for.
    """

    def note(text: str) -> None:
        logged(f"{console()}: {text}", syslog.LOG_NOTICE)

    known = [user for user in USERS if not accounts.holds(Password(user, None))]
    if not known:
        note(_("rescue shell opened; nobody has a password here"))
        return True
    wrong = 0
    while True:
        try:
            password = ask(_("Password of {users}: ").format(users=_(" or ").join(known)))
        except (EOFError, KeyboardInterrupt):
            return False
        if user := next((user for user in known if accounts.verify(user, password)), ""):
            note(_("rescue shell opened by {user}").format(user=user))
            return True
        wrong += 1
        note(_("wrong password for the rescue shell, number {number}").format(number=wrong))
        print(_("That is not it."), flush=True)
        wait(min(2**wrong, LONGEST))


if __name__ == "__main__":
    sys.exit(0 if opened(Accounts(Tree()), getpass, sleep) else 1)
