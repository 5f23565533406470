"""The accounts of the image: each has the number that a table gives it, whatever order its packages came in."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from image.stage import BuildError, listed, say
from ovirt_tui.model.records import dataclass

FOLDER = Path("usr/lib/sysusers.d")
TABLE = FOLDER / "00-ovirt-node.conf"
BASE = FOLDER / "basic.conf"
"""Numbers that Debian fixes for all its systems."""
USERS, GROUPS = Path("etc/passwd"), Path("etc/group")


@dataclass(frozen=True)
class Numbers:
    """Numbers of users and of groups, by name."""

    users: dict[str, int]
    groups: dict[str, int]


def settle(tree: Path) -> None:
    """Give every account in *tree* its number of the table; BuildError where it has none there."""
    wanted, found = table(tree), present(tree)
    for kind, known, there in (("user", wanted.users, found.users), ("group", wanted.groups, found.groups)):
        if strange := sorted(set(there) - set(known)):
            raise BuildError(f"{TABLE} has no number for the {kind} {', '.join(strange)}: give it one that is free")
    users = {there: wanted.users[name] for name, there in found.users.items() if wanted.users[name] != there}
    groups = {there: wanted.groups[name] for name, there in found.groups.items() if wanted.groups[name] != there}
    if users or groups:
        say(f"accounts: {len(users)} users and {len(groups)} groups get the numbers of the table")
        _rewrite(tree / USERS, (users, groups))
        _rewrite(tree / GROUPS, (groups,))
        _give(tree, users, groups)


def table(tree: Path) -> Numbers:
    """The numbers that the accounts of *tree* are to have."""
    users, groups = {}, {}
    for words in map(shlex.split, (*listed(tree / BASE), *listed(tree / TABLE))):
        if words[0] in ("u", "u!"):
            user, _colon, group = words[2].partition(":")
            users[words[1]] = int(user)
            if not group:
                groups[words[1]] = int(user)
        elif words[0] == "g":
            groups[words[1]] = int(words[2])
    for kind, numbers in (("users", users), ("groups", groups)):
        if twice := sorted(name for name in numbers if list(numbers.values()).count(numbers[name]) > 1):
            raise BuildError(f"{TABLE} gives one number to several {kind}: {', '.join(twice)}")
    return Numbers(users, groups)


def present(tree: Path) -> Numbers:
    """The numbers that the accounts of *tree* have."""
    return Numbers(*(dict(_entries(tree / name)) for name in (USERS, GROUPS)))


def _entries(path: Path) -> Iterator[tuple[str, int]]:
    for line in path.read_text().splitlines():
        name, _password, number, *_rest = line.split(":")
        yield name, int(number)


def _rewrite(path: Path, numbers: Iterable[dict[int, int]]) -> None:
    """Put other numbers into the fields of *path* that begin with the third, by what these are now."""
    lines = []
    for line in path.read_text().splitlines():
        fields = line.split(":")
        for place, new in enumerate(numbers, start=2):
            fields[place] = str(new.get(int(fields[place]), fields[place]))
        lines.append(":".join(fields))
    path.write_text("".join(f"{line}\n" for line in lines))


def _give(tree: Path, users: dict[int, int], groups: dict[int, int]) -> None:
    """Give what belonged to a number to the other one; a change of owner takes the bits for set-user-id away."""
    for path in tree.rglob("*"):
        known = path.lstat()
        user, group = users.get(known.st_uid, known.st_uid), groups.get(known.st_gid, known.st_gid)
        if (user, group) != (known.st_uid, known.st_gid):
            os.lchown(path, user, group)
            if not stat.S_ISLNK(known.st_mode):
                path.chmod(stat.S_IMODE(known.st_mode))
