"""SSH keys of an account: ~/.ssh/authorized_keys.

The account owns the folder and may put anything there: every name is opened relative to its folder and no symlink is
followed, so that no other file is read, written or given to the account.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.model.public_keys import plain_keys
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.steps import SshKeys
from ovirt_tui.system.tree import Tree, file_errors

PASSWD = "/etc/passwd"
FIELDS = 7
FOLDER, NAME = ".ssh", "authorized_keys"
NEW = f".{NAME}.ovirt-node-new"
LARGEST = 1 << 20
FOLDER_MODE, FILE_MODE = 0o700, 0o600
CLOSED = os.O_CLOEXEC | os.O_NOFOLLOW


@dataclass(frozen=True)
class Account:
    """A user in /etc/passwd: UID, GID and home."""

    user: int
    group: int
    home: str


class AuthorizedKeys:
    """SshKeys: sets the plain keys of an account; all other lines stay as they are."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: SshKeys) -> bool:
        try:
            account = self._account(step.user)
            with self._folder(account) as folder:
                content, kept = _read(folder)
                owned = _belongs(os.fstat(folder), account, FOLDER_MODE)
        except FileNotFoundError:
            return not step.keys
        except (OSError, StepFailed):
            return False
        here = {key.encoded for key in plain_keys((content or b"").decode(errors="replace"))}
        safe = owned and (kept is None or _belongs(kept, account, FILE_MODE))
        return here == {key.encoded for key in step.keys} and safe

    def make(self, step: SshKeys, tell: Tell) -> Undo:
        account = self._account(step.user)
        with file_errors(_("the SSH keys of {user} could not be set").format(user=step.user)):
            self._make_folder(account)
            with self._folder(account) as folder:
                was, _kept = _read(folder)
                _put(folder, _changed(was or b"", step), account)

        def undo() -> None:
            with (
                file_errors(_("the SSH keys of {user} could not be restored").format(user=step.user)),
                self._folder(account) as folder,
            ):
                _put(folder, was, account)

        return undo

    def _account(self, user: str) -> Account:
        with file_errors(_("{path} could not be read").format(path=PASSWD)):
            lines = self.tree.path(PASSWD).read_text(errors="replace").split("\n")
        for entry in (line.split(":") for line in lines):
            if entry[0] == user and len(entry) == FIELDS and entry[2].isdecimal() and entry[3].isdecimal():
                return Account(int(entry[2]), int(entry[3]), entry[5])
        raise StepFailed(_("there is no account named {user}").format(user=user))

    def _make_folder(self, account: Account) -> None:
        with _opened(self.tree.path(account.home)) as home:
            with suppress(FileExistsError):
                os.mkdir(FOLDER, FOLDER_MODE, dir_fd=home)
            with _opened(Path(FOLDER), home) as folder:
                os.fchmod(folder, FOLDER_MODE)
                os.fchown(folder, account.user, account.group)
            os.fsync(home)

    @contextmanager
    def _folder(self, account: Account) -> Iterator[int]:
        """The folder of the keys; FileNotFoundError where there is none."""
        with _opened(self.tree.path(account.home)) as home, _opened(Path(FOLDER), home) as folder:
            yield folder


@contextmanager
def _opened(path: Path, below: int | None = None) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | CLOSED, dir_fd=below)
    try:
        yield handle
    finally:
        os.close(handle)


def _belongs(found: os.stat_result, account: Account, mode: int) -> bool:
    return (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (account.user, account.group, mode)


def _read(folder: int) -> tuple[bytes | None, os.stat_result | None]:
    """Content and stat of the file, or None; StepFailed unless it is a regular file of at most LARGEST bytes."""
    try:
        handle = os.open(NAME, os.O_RDONLY | os.O_NONBLOCK | CLOSED, dir_fd=folder)
    except FileNotFoundError:
        return None, None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            raise StepFailed(_("{name} is no file with keys; remove it").format(name=NAME))
        return os.read(handle, LARGEST), found
    finally:
        os.close(handle)


def _changed(was: bytes, step: SshKeys) -> bytes | None:
    """The new content of the file; None where none is needed."""
    text = was.decode(errors="surrogateescape").removesuffix("\n")
    others = [line for line in text.split("\n") if not plain_keys(line)] if text else []  # as sshd cuts it into lines
    lines = [*others, *step.keys]
    return "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape") if lines else None


def _put(folder: int, content: bytes | None, account: Account) -> None:
    """Write *content* durably; None removes the file."""
    with suppress(FileNotFoundError):
        os.unlink(NEW, dir_fd=folder)
    if content is None:
        with suppress(FileNotFoundError):
            os.unlink(NAME, dir_fd=folder)
    else:
        handle = os.open(NEW, os.O_WRONLY | os.O_CREAT | os.O_EXCL | CLOSED, FILE_MODE, dir_fd=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(handle, FILE_MODE)
            os.fchown(handle, account.user, account.group)
            os.fsync(handle)
        os.rename(NEW, NAME, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)
