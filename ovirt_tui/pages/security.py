"""Passwords, and who may come in over SSH."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, Strange, content, observed, statements
from ovirt_tui.features.parameter import (
    BOOLEAN,
    CONFLICTS,
    Outcome,
    Parameter,
    Put,
    Repeat,
    Said,
    Word,
    Wrong,
    each,
    flag,
    plain,
    value,
)
from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved, Section, setting
from ovirt_tui.model.problems import Kind, Problem, Reason
from ovirt_tui.model.public_keys import SshKey, plain_keys
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.secrets import BootHash, Crypted
from ovirt_tui.model.values import show
from ovirt_tui.pages import Field, Heading, Page, password
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.system import Reader, Step

USER = "admin"
PASSWORD_KEYWORD = "PasswordAuthentication"
AUTHORIZED_KEYS = f"/home/{USER}/.ssh/authorized_keys"


def root_may_come_in(users: Users) -> bool:
    return not users.root_locked


@dataclass(frozen=True, kw_only=True)
class Users(Section, prefix="users"):
    admin_password: Crypted | None = setting(None, N_("Password of admin"), N_("admin logs in on this console."))
    root_password: Crypted | None = setting(
        None, N_("Password of root"), N_("root may log in with it, as admin may."), when=root_may_come_in
    )
    root_locked: bool = setting(False, N_("Lock root"), N_("Nobody can log in as root with a password."))
    boot_password: BootHash | None = setting(
        None, N_("Password of the boot menu"), N_("Asked for before boot entries are edited; without it, nobody can.")
    )
    expired: bool = setting(False, N_("Ask for a new password at the first login"))
    ssh_password_login: bool = setting(
        False, N_("Allow SSH login with a password"), N_("Without this, SSH accepts keys only.")
    )
    ssh_keys: tuple[SshKey, ...] = setting((), N_("SSH keys of admin"), N_("Each lets its owner log in as admin."))


NO_PASSWORD = Kind("no-admin-password", N_("admin needs a password, or nobody can log in"))


def admin_can_log_in(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if not config[Users].admin_password:
        yield Problem("users.admin_password", NO_PASSWORD())


USUAL_ROUNDS = 5000
"""Of SHA-256 and SHA-512 by crypt(3), where a hash does not say how many it has."""
ROUNDS = r"\$[56]\$rounds=([0-9]+)"
DES = Kind(
    "hash-of-des",
    N_(
        "taken for a DES hash since it has 13 letters, and that is broken in minutes; a plain password, which was "
        "probably meant, must be hashed first, with 'mkpasswd -m yescrypt' or 'openssl passwd -6'"
    ),
)
MD5 = Kind(
    "hash-is-weak",
    N_("an MD5 hash is broken in minutes; make a better one with 'mkpasswd -m yescrypt' or 'openssl passwd -6'"),
)
FEW_ROUNDS = Kind(
    "hash-of-few-rounds",
    N_(
        "a hash of {rounds} rounds is broken faster than one of the usual {usual}; make a better one with "
        "'mkpasswd -m yescrypt' or 'openssl passwd -6'"
    ),
)


def hashes_are_strong(config: Resolved, facts: Facts) -> Iterator[Problem]:
    """Weak kinds are taken, as they always were, and whoever gives one is told what would be better."""
    users = config[Users]
    given = {"users.admin_password": users.admin_password, "users.root_password": users.root_password}
    for path, hashed in given.items():
        if hashed and (weak := _weakness(hashed.reveal())):
            yield Problem(path, weak)


def _weakness(crypted: str) -> Reason | None:
    if not crypted.startswith("$"):
        return DES()
    if crypted.startswith("$1$"):
        return MD5()
    said = re.match(ROUNDS, crypted)
    if said and int(said[1]) < USUAL_ROUNDS:
        return FEW_ROUNDS(rounds=int(said[1]), usual=USUAL_ROUNDS)
    return None


def observe_lock(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    """Of passwords, only whether root has one: a hash is never compared with another."""
    from ovirt_tui.system.steps import Password

    yield Put("users.root_locked", reader.holds(Password("root", None)))


@action(N_("Setting passwords"), observe=observe_lock)
def passwords(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import Password

    users = config[Users]
    if users.admin_password:
        yield Password(USER, users.admin_password, users.expired)
    if users.root_locked:
        yield Password("root", None)
    elif users.root_password:
        yield Password("root", users.root_password, users.expired)


@action(N_("Setting the password of the boot menu"))
def boot_password(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """On an installed node that is the menu of the disk it runs from, whatever disk was chosen when."""
    from ovirt_tui.system.disk_steps import BootPassword

    if hashed := config[Users].boot_password:
        chosen = "" if facts.slot else config[Storage].boot_disk
        disk = disks.find(facts, chosen).path if chosen else ""
        yield BootPassword(disk, hashed)


def observe_ssh(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    """The first word on the matter counts, as sshd reads it; what is under a Match is not for everybody."""
    for line in statements(content(reader, distro.ssh_drop_in) or ""):
        keyword, _equals, value = re.sub(r"[\s=]+", " ", line).partition(" ")
        if keyword.lower() == PASSWORD_KEYWORD.lower():
            yield observed(Users, "ssh_password_login", value, distro.ssh_drop_in)
            return
        if keyword.lower() == "match":
            break
    yield Strange("users.ssh_password_login", distro.ssh_drop_in)


@action(N_("Setting how SSH lets people in"), observe=observe_ssh)
def ssh(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import File, Restart

    allowed = show(config[Users].ssh_password_login)
    yield File(distro.ssh_drop_in, f"{PASSWORD_KEYWORD} {allowed}\nKbdInteractiveAuthentication no\n")
    yield Restart(distro.ssh_service)


def observe_keys(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    yield Put("users.ssh_keys", plain_keys(content(reader, AUTHORIZED_KEYS) or ""))


@action(N_("Setting SSH keys"), observe=observe_keys)
def ssh_keys(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """Without any too: those that are no longer wanted go."""
    from ovirt_tui.system.steps import SshKeys

    yield SshKeys(USER, config[Users].ssh_keys)


SUBJECT = "accounts"
HASH = N_("a hash as made by 'openssl passwd -6'")
NO_HASH = Kind("no-password-hash", N_("not a crypt(3) hash"))
NO_BOOT_HASH = Kind("no-boot-password-hash", N_("not a hash of grub-mkpasswd-pbkdf2"))
ADMIN = Word(
    name="adminpw",
    subject=SUBJECT,
    grammar=value(Crypted, NO_HASH),
    form=HASH,
    help=N_("Password of admin, who must choose a new one at the first login unless password_expired=no."),
    example="$6$salt$hash",
    fills=("users.admin_password", "users.expired"),
    secret=True,
)
ROOT = Word(
    name="rootpw",
    subject=SUBJECT,
    grammar=value(Crypted, NO_HASH),
    form=HASH,
    help=N_("Password of root, and of admin when adminpw is not given. Without it root stays locked."),
    example="$6$salt$hash",
    fills=("users.root_password", "users.admin_password", "users.expired"),
    secret=True,
)
EXPIRED = Word(
    name="password_expired",
    subject=SUBJECT,
    grammar=flag,
    form=BOOLEAN,
    help=N_("Whether adminpw and rootpw must be changed at the first login. Yes when it is not given."),
    example="no",
    fills=("users.expired",),
    bare="yes",
)
LOCKED = Word(
    name="root_locked",
    subject=SUBJECT,
    grammar=flag,
    form=BOOLEAN,
    help=N_("Lock root. A new node's root is locked anyhow, unless rootpw gives it a password."),
    example="yes",
    fills=("users.root_locked",),
    bare="yes",
)


def agree(said: Said) -> Iterator[Wrong]:
    if said.get(LOCKED.name) and ROOT.name in said:
        yield Wrong(LOCKED.name, CONFLICTS(name=ROOT.name))


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    """A password that went over the wire and through a boot menu is only good for one login."""
    admin = said.get(ADMIN.name, said.get(ROOT.name))
    if admin:
        yield Put("users.admin_password", admin)
    if ROOT.name in said:
        yield Put("users.root_password", said[ROOT.name])
    if LOCKED.name in said:
        yield Put("users.root_locked", said[LOCKED.name])
    if admin or EXPIRED.name in said:
        yield Put("users.expired", said.get(EXPIRED.name, True))


def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
    """Whether root is locked; whoever is given the words adds passwords, and says how long they last."""
    if config[Users].root_locked:
        yield LOCKED.name, "yes"


PASSWORDS = Parameter(words=(ADMIN, ROOT, LOCKED, EXPIRED), agree=agree, read=read, write=write)
BOOT_PASSWORD = plain(
    "users.boot_password",
    Word(
        name="bootpw",
        subject=SUBJECT,
        grammar=value(BootHash, NO_BOOT_HASH),
        form=N_("a hash as made by 'grub-mkpasswd-pbkdf2'"),
        help=N_("Password of the boot menu, for the name admin. Without it nobody can edit an entry of a new node."),
        example="grub.pbkdf2.sha512.10000.5A17.0123456789ABCDEF",
        fills=("users.boot_password",),
        secret=True,
    ),
)
SSH_PASSWORD = plain(
    "users.ssh_password_login",
    Word(
        name="ssh_pwauth",
        subject=SUBJECT,
        grammar=flag,
        form=BOOLEAN,
        help=N_("Allow SSH login with a password."),
        example="yes",
        fills=("users.ssh_password_login",),
        bare="yes",
    ),
)
KEY = Word(
    name="sshkey",
    subject=SUBJECT,
    grammar=each(value(SshKey)),
    form=N_('TYPE,BASE64[,NAME], or "TYPE BASE64 NAME" in quotes: a line of a .pub file, without options'),
    help=N_(
        "A public key that lets admin in over SSH, one for each time it is given: Ed25519, ECDSA, RSA of 2048 bits "
        "or more, or one of these on a security key. It is written to authorized_keys of admin."
    ),
    example="ssh-ed25519,AAAAC3NzaC1lZDI1NTE5AAAAICY3JydQhhTfSZun1DmnNlPY7SLOjFCcD9Njb1j7COaa,admin@example.com",
    fills=("users.ssh_keys",),
    repeat=Repeat.EACH,
    secret=True,
)


def read_keys(said: Said, facts: Facts) -> Iterator[Outcome]:
    """Each key once, under its first comment."""
    found: dict[str, SshKey] = {}
    for key in said[KEY.name]:
        found.setdefault(key.encoded, key)
    yield Put("users.ssh_keys", tuple(found.values()))


def write_keys(config: NodeConfig) -> Iterator[tuple[str, str]]:
    for key in config[Users].ssh_keys:
        yield KEY.name, str(key)


KEYS = Parameter(words=(KEY,), read=read_keys, write=write_keys)
PARAMETERS = (PASSWORDS, BOOT_PASSWORD, SSH_PASSWORD, KEYS)

PAGE = Page(
    order=20,
    title=N_("Security"),
    setup=True,
    help=N_(
        "This page sets the passwords, and says whether SSH takes one. An empty password field changes nothing. While "
        "root is locked, nobody can log in as root with a password; unlocking it needs a new one. With the box at the "
        "end, the passwords typed here have to be replaced at the first login. Nothing is changed before Save."
    ),
    rows=(
        Heading(N_("Remote access")),
        Field("users.ssh_password_login"),
        Field("users.ssh_keys"),
        Heading(N_("Passwords (empty: unchanged)")),
        Field("users.admin_password", boot="users.boot_password"),
        Field("users.root_locked"),
        Field("users.root_password"),
        Field("users.expired"),
    ),
)
FEATURE = Feature(
    section=Users,
    parameters=PARAMETERS,
    pages=(password.PAGE, PAGE),
    first=(admin_can_log_in,),
    doubts=(hashes_are_strong,),
    actions=(passwords, boot_password, ssh, ssh_keys),
)
