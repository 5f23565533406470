"""Accounts: password hashes in /etc/shadow, and password strength.

The file is written here, under the lock that all password programs take, and not by one of them: no hash appears in
an argument list, the write survives a power cut, and a mounted system is handled like the running one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pwquality

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.crypt import matches
from ovirt_tui.system.files import before, write
from ovirt_tui.system.steps import Password
from ovirt_tui.system.tree import Tree, file_errors

SHADOW = "/etc/shadow"
LOCK = "/etc/.pwd.lock"
LOCK_SECONDS = 15
LOCKED = "!*"
FIELDS = 9
DAY = 86400
LEAST_LENGTH = 8
DICTIONARY = Path("/var/cache/cracklib/cracklib_dict.pwd")
DICTIONARIES = (DICTIONARY, Path("/usr/share/cracklib/pw_dict.pwd"))


class Accounts:
    """Password: the hash of an account, or its lock."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: Password) -> bool:
        try:
            entry = _entry(self._lines(), step.user)
        except (OSError, StepFailed):
            return False
        if step.crypted is None:
            return entry[1][:1] in {"!", "*"}
        return entry[1] == step.crypted.reveal() and (entry[2] == "0") == step.expired

    def make(self, step: Password, tell: Tell) -> Undo:
        wanted = LOCKED if step.crypted is None else step.crypted.reveal()
        changed = "0" if step.expired else str(int(datetime.now(UTC).timestamp()) // DAY)
        old = self._change(step.user, wanted, changed)

        def undo() -> None:
            self._change(step.user, *old)

        return undo

    def verify(self, user: str, password: str) -> bool:
        """Say whether *password* is that of *user*."""
        try:
            return matches(password, _entry(self._lines(), user)[1])
        except (OSError, StepFailed):
            return False

    def _lines(self) -> list[str]:
        return self.tree.path(SHADOW).read_text(errors="surrogateescape").removesuffix("\n").split("\n")

    def _change(self, user: str, wanted: str, changed: str) -> tuple[str, str]:
        """Set hash and day of the last change; return what they were."""
        path = self.tree.path(SHADOW)
        with file_errors(_("the password of {user} could not be set").format(user=user)), self._locked():
            was = before(path)
            lines = self._lines()
            entry = _entry(lines, user)
            old = (entry[1], entry[2])
            lines[lines.index(":".join(entry))] = ":".join((entry[0], wanted, changed, *entry[3:]))
            write(path, ("\n".join(lines) + "\n").encode(errors="surrogateescape"), was.mode, (was.owner, was.group))
        return old

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock of lckpwdf(3)."""
        handle = os.open(self.tree.path(LOCK), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            end = monotonic() + LOCK_SECONDS
            while True:
                try:
                    fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if monotonic() > end:
                        text = _("another program has held the lock of the password file for {seconds} seconds")
                        raise StepFailed(text.format(seconds=LOCK_SECONDS)) from error
                    sleep(0.1)
            yield
        finally:
            os.close(handle)


def _entry(lines: list[str], user: str) -> tuple[str, ...]:
    for line in lines:
        entry = line.split(":")
        if entry[0] == user and len(entry) == FIELDS:
            return tuple(entry)
    raise StepFailed(_("there is no account named {user}").format(user=user))


def weakness(password: str) -> str:
    """Say in one sentence why *password* is weak; empty when it is not."""
    if len(password) < LEAST_LENGTH:
        return _("it is shorter than {length} characters").format(length=LEAST_LENGTH)
    settings = pwquality.PWQSettings()
    settings.minlen = LEAST_LENGTH
    settings.dictcheck = int(any(path.exists() for path in DICTIONARIES))
    try:
        settings.check(password, None, "admin")
    except pwquality.PWQError as error:
        return str(error.args[1])
    return ""
