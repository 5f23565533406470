"""Logs this node in to its iSCSI targets, and out of those that are its own no more.

Runs as a program of its own: "login" at a boot and whenever the targets were set, "logout" when the machine goes down,
and "record" on a node whose own disk is at a target, before iscsid takes over the session that the initrd has opened.
Which targets there are stands in SETTINGS, which holds passwords: they go into the records of open-iscsi, which are
files that only root reads, and never into the arguments of a program.  What went wrong is said in a sentence for each
target on standard error, and the status is 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

from ovirt_tui.i18n import _
from ovirt_tui.machine.iscsi import REACHED, reason
from ovirt_tui.machine.untrusted import escaped
from ovirt_tui.model.network import IscsiTarget
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import run
from ovirt_tui.system.files import write
from ovirt_tui.system.open_devices import users

LOGIN_SECONDS = 60
LOGOUT_SECONDS = 30
END_SECONDS = 20
SESSION_EXISTS = 15
"""What iscsiadm ends with where it is to open one that is open."""
AUTH = {
    "user": "node.session.auth.username",
    "password": "node.session.auth.password",
    "target_user": "node.session.auth.username_in",
    "target_password": "node.session.auth.password_in",
}
"""What SETTINGS calls them, and a record."""
ALGORITHMS = "SHA3-256,SHA1,MD5"
"""The first that the target knows is taken; a record of itself offers MD5 alone.  Image hook 50-iscsi.sh has the same.

SHA-256 is left out: its number, 7, was SHA-1 once, and targets that still take it for that (tgt) refuse the answer.
"""
FIXED = {
    "node.startup": "manual",  # this program logs in, with limits, and nobody else
    "node.session.initial_login_retry_max": "1",  # the unit tries again after a minute
    "node.conn[0].timeo.login_timeout": "15",
}
PATIENT = {"node.session.timeo.replacement_timeout": "86400"}
"""Of the node's own disk: seconds until what waits for it fails, and Config, which is on it, becomes read-only."""


@dataclass(frozen=True)
class Places:
    """Where things are; tests have others."""

    settings: Path = Path("/etc/ovirt-node/iscsi")
    known: Path = Path("/var/lib/ovirt-node/iscsi")  # the targets whose records are made here, one a line
    records: Path = Path("/var/lib/iscsi/nodes")
    sysfs: Path = Path("/sys")
    reached: Path = Path(REACHED)

    def record(self, target: IscsiTarget) -> Path:
        """The record that open-iscsi keeps of a target whose portal group is not said."""
        return self.records / target.name / f"{target.host},{target.port}"


@dataclass(frozen=True)
class Session:
    """An open session: its number, and whose it is."""

    number: int
    name: str
    host: str
    port: int

    def is_of(self, target: IscsiTarget) -> bool:
        return (self.name, self.host, self.port) == (target.name, target.host, target.port)


def wanted(text: str) -> tuple[tuple[IscsiTarget, ...], dict[str, str]]:
    """The targets that SETTINGS names, and how the node and they prove who they are.  ValueError when it is damaged."""
    pairs = [line.partition("=")[::2] for line in text.splitlines() if line and not line.startswith("#")]
    targets = tuple(IscsiTarget(value) for key, value in pairs if key == "target")
    if not targets and not any(key == "disk" for key, _value in pairs):
        raise ValueError(text)  # without targets, there is no such file
    return targets, {AUTH[key]: value for key, value in pairs if key in AUTH and value}


def settings(places: Places) -> tuple[tuple[IscsiTarget, ...], dict[str, str]]:
    """What SETTINGS says; nothing where there is no such file.  ValueError when it is damaged."""
    return wanted(places.settings.read_text()) if places.settings.is_file() else ((), {})


def sessions(places: Places) -> Iterator[Session]:
    """The open sessions, as the kernel has them."""
    for folder in sorted((places.sysfs / "class/iscsi_session").glob("session*")):
        number = folder.name.removeprefix("session")
        connection = places.sysfs / f"class/iscsi_connection/connection{number}:0"
        try:
            name = (folder / "targetname").read_text().strip()
            host = (connection / "persistent_address").read_text().strip()
            port = int((connection / "persistent_port").read_text())
        except (OSError, ValueError):
            continue  # it is just going away
        yield Session(int(number), name, host, port)


def patched(record: str, auth: Mapping[str, str], more: Mapping[str, str] | None = None) -> str:
    """A *record* of open-iscsi with our own values in it, and *more* of them."""
    said = {**FIXED, **(more or {})}
    said["node.session.auth.authmethod"] = "CHAP" if auth else "None"
    if auth:
        said |= {"node.session.auth.chap_algs": ALGORITHMS, **auth}
    ours = {*said, *AUTH.values()}
    lines = [line for line in record.splitlines() if line.partition(" = ")[0] not in ours]
    end = next((number for number, line in enumerate(lines) if line.startswith("# END")), len(lines))
    return "".join(f"{line}\n" for line in (*lines[:end], *(f"{key} = {said[key]}" for key in said), *lines[end:]))


def _iscsiadm(*words: str, seconds: int) -> None:
    """Run iscsiadm; StepFailed with a sentence, but where there is a session already."""
    try:
        run(("iscsiadm", *words), seconds=seconds, good=(0, SESSION_EXISTS))
    except StepFailed as failure:
        raise StepFailed(reason(str(failure), failure.output)) from failure


def _of(target: IscsiTarget) -> tuple[str, ...]:
    return ("-m", "node", "-T", target.name, "-p", target.portal)


def fresh(target: IscsiTarget) -> str:
    """A record that only says whose it is; what it does not say is as open-iscsi has it.

    Not made by iscsiadm, which first asks iscsid, and that may wait for this record.
    """
    return f"node.name = {target.name}\nnode.conn[0].address = {target.host}\nnode.conn[0].port = {target.port}\n"


def keep(target: IscsiTarget, auth: Mapping[str, str], places: Places, more: Mapping[str, str] | None = None) -> bool:
    """There is a record of *target* with all of this in it; return whether it said something else."""
    here = places.record(target)
    before = here.read_text() if here.is_file() else ""
    made = patched(before or fresh(target), auth, more)
    if made != before:
        write(here, made.encode(), 0o600)
    return bool(before) and made != before


def log_in(target: IscsiTarget, auth: Mapping[str, str], places: Places, more: Mapping[str, str] | None = None) -> None:
    """There is a record of *target*, and a session; StepFailed where it is refused.

    A session that is open stays, unless the way to prove who is who is another by now and nobody uses its disks.
    """
    changed = keep(target, auth, places, more)
    open_now = [each for each in sessions(places) if each.is_of(target)]
    if open_now and changed and not any(users(places.sysfs, each.number) for each in open_now):
        _iscsiadm(*_of(target), "--logout", seconds=LOGOUT_SECONDS)
        open_now = []
    if not open_now:
        _iscsiadm(*_of(target), "--login", seconds=LOGIN_SECONDS)


def in_use(by: tuple[str, ...]) -> str:
    """Why a session stays."""
    return _("its disk is in use: {by}").format(by=", ".join(by))


def forget(target: IscsiTarget, places: Places) -> None:
    """There is neither a session of *target* nor a record; StepFailed while one of its disks is used."""
    for each in (each for each in sessions(places) if each.is_of(target)):
        if by := users(places.sysfs, each.number):
            raise StepFailed(in_use(by))
        _iscsiadm(*_of(target), "--logout", seconds=LOGOUT_SECONDS)
    if places.record(target).exists():
        _iscsiadm(*_of(target), "-o", "delete", seconds=LOGOUT_SECONDS)


def _each(targets: Iterable[IscsiTarget], do: Callable[[IscsiTarget], None]) -> list[str]:
    """Do it to all at once, since each may wait for a portal that is gone; return what went wrong."""

    def attempt(target: IscsiTarget) -> str:
        try:
            do(target)
        except StepFailed as failure:
            return f"{target}: {failure}"
        except OSError as error:
            return f"{target}: {error}"
        return ""

    with ThreadPoolExecutor(16) as pool:
        return [wrong for wrong in pool.map(attempt, targets) if wrong]


def known(places: Places) -> tuple[IscsiTarget, ...]:
    """The targets that this program has made records of."""
    found = []
    for line in places.known.read_text().splitlines() if places.known.is_file() else ():
        try:
            found.append(IscsiTarget(line))
        except ValueError:
            continue  # a power cut
    return tuple(found)


def remember(targets: Iterable[IscsiTarget], places: Places) -> None:
    """Keep which targets there are records of, before they are made."""
    text = "".join(f"{target}\n" for target in dict.fromkeys(targets))
    if text:
        write(places.known, text.encode(), 0o600)
    else:
        places.known.unlink(missing_ok=True)


def login(places: Places) -> list[str]:
    """This node is logged in to the targets of SETTINGS and to no other of its own; return what went wrong.

    Nothing is changed where a target that has to go is in use.
    """
    targets, auth = settings(places)
    old = known(places)
    remember((*old, *targets), places)
    wrong = _each((each for each in old if each not in targets), lambda each: forget(each, places))
    if wrong:
        return wrong
    remember(targets, places)
    wrong = _each(targets, lambda each: log_in(each, auth, places))
    if own := own_target(places):  # it is open and stays so; what its record says may be another by now
        wrong += _each((own,), lambda each: log_in(each, auth, places, PATIENT))
    return wrong


def record(places: Places) -> list[str]:
    """There is a record of the node's own disk, by which iscsid keeps its session; return what went wrong.

    Without one, what waits for that disk would fail after the two minutes that others wait.
    """
    if own := own_target(places):
        keep(own, settings(places)[1], places, PATIENT)
    return []


def own_target(places: Places) -> IscsiTarget | None:
    """The target of the node's own disk, whose session the initrd has opened and nobody closes."""
    try:
        return IscsiTarget(places.reached.read_text().strip())
    except (OSError, ValueError):
        return None


def logout(places: Places, seconds: float = END_SECONDS) -> list[str]:
    """No session is open whose disks nobody uses: the network goes next, and a disk without it waits for minutes.

    Guests are ended at the same time, so those that use a disk are given *seconds*.
    """
    wrong = []
    own = own_target(places)
    for each in sessions(places):
        if own and each.is_of(own):
            continue  # Config is on it, which is let go after all else
        if by := _free(places, each, seconds):
            wrong.append(f"{each.name}: {in_use(by)}")
            continue
        try:
            _iscsiadm("-m", "session", "-r", str(each.number), "--logout", seconds=LOGOUT_SECONDS)
        except StepFailed as failure:
            wrong.append(f"{each.name}: {failure}")
    return wrong


def _free(places: Places, session: Session, seconds: float) -> tuple[str, ...]:
    """What uses a disk of *session*, once nothing does or *seconds* have passed."""
    end = monotonic() + seconds
    while (by := users(places.sysfs, session.number)) and monotonic() < end:
        sleep(0.5)
    return by


DOES: dict[str, Callable[[Places], list[str]]] = {"login": login, "logout": logout, "record": record}


def main(argv: list[str], places: Places) -> int:
    """Do what the one argument says."""
    (word,) = argv
    try:
        wrong = DOES[word](places)
    except ValueError:
        wrong = [_("{file} names no target, or what is none").format(file=places.settings)]
    except OSError as error:
        wrong = [str(error)]
    for line in wrong:
        print(escaped(line), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(sys.argv[1:], Places()))
