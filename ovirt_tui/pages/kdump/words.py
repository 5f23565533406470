"""How the kernel line says where a dump goes."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.features.parameter import (
    BOOLEAN,
    CONFLICTS,
    Noted,
    Outcome,
    Parameter,
    Put,
    Refused,
    Said,
    Word,
    Wrong,
    flag,
    is_a,
    value,
)
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Account, Export, Url
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.values import show
from ovirt_tui.pages.kdump.settings import PUBLIC_KEY, Kdump, Target

SUBJECT = "kdump"
NO_NFS_PATH = Kind("no-nfs-path", N_("not host:/path"))
NO_USER_AT_HOST = Kind("no-user-at-host", N_("not user@host"))
NEEDS_SSH = Kind("host-key-without-ssh", N_("needs kdump_ssh"))
TOGETHER = Kind("kdump-together", N_("kdump_ssh and kdump_ssh_key must be given together"))
NO_URL = Kind("no-key-url", N_("not an http(s) URL, and not own"))
NO_SECRET = Kind(
    "key-at-an-address",
    N_(
        "a private key at an address is known to all who can ask for it: say own, and let in at the server what the "
        "node shows in {file} and on its page Kernel dump"
    ),
)
OWN = "own"
"""Of kdump_ssh_key: the key that the node makes for itself, and shows."""


def key(text: str) -> str:
    """Where the key for kdump_ssh comes from."""
    if text != OWN and not is_a(Url, text):
        raise Refused(NO_URL())
    return text


OFF = Word(
    name="disable_kdump",
    subject=SUBJECT,
    grammar=flag,
    form=BOOLEAN,
    help=N_("No dump is saved when the kernel crashes, and no memory set aside for it."),
    example="yes",
    fills=("kdump.target",),
    bare="yes",
)
SSH = Word(
    name="kdump_ssh",
    subject=SUBJECT,
    grammar=value(Account, NO_USER_AT_HOST),
    form=N_("USER@HOST"),
    help=N_(
        "Dumps of the kernel go there over SSH, into crash/ of that account; the node shows the key that must let it "
        "in, so kdump_ssh_key=own stands beside it. Without this and kdump_nfs, they go to the disks of the node."
    ),
    example="crash@dump.example.com",
    fills=("kdump.target", "kdump.ssh"),
)
KEY = Word(
    name="kdump_ssh_key",
    subject=SUBJECT,
    grammar=key,
    form=N_("the word own"),
    help=N_(
        "The key that kdump_ssh lets in: the node makes it at its first start, and shows the public half in "
        "/etc/ovirt-node/kdump-key.pub and on the page Kernel dump. A private key at an http(s) address is refused."
    ),
    example=OWN,
)
HOST_KEY = Word(
    name="kdump_ssh_host_key",
    subject=SUBJECT,
    grammar=value(SshKey),
    form=N_("TYPE,BASE64: a line of ssh-keyscan without the name of the host"),
    help=N_("The host key of kdump_ssh. Without it, the key of the first contact is kept, and no other taken later."),
    example="ssh-ed25519,AAAAC3NzaC1lZDI1NTE5AAAAICY3JydQhhTfSZun1DmnNlPY7SLOjFCcD9Njb1j7COaa",
    fills=("kdump.host_key",),
    secret=True,  # a private key may have been given in its place
)
NFS = Word(
    name="kdump_nfs",
    subject=SUBJECT,
    grammar=value(Export, NO_NFS_PATH),
    form=N_("HOST:/PATH"),
    help=N_("Dumps of the kernel go into the folder crash of this NFS export."),
    example="nfs.example.com:/dumps",
    fills=("kdump.target", "kdump.nfs"),
)


def agree(said: Said) -> Iterator[Wrong | Noted]:
    given = [word.name for word in (NFS, SSH) if word.name in said]
    if len(given) > 1:
        yield Wrong(NFS.name, CONFLICTS(name=SSH.name))
    if said.get(OFF.name) and given:
        yield Wrong(OFF.name, CONFLICTS(name=given[0]))
    if HOST_KEY.name in said and SSH.name not in said:
        yield Wrong(HOST_KEY.name, NEEDS_SSH())
    if (KEY.name in said) != (SSH.name in said):
        yield Wrong(SSH.name if SSH.name in said else KEY.name, TOGETHER())


def later(said: Said) -> Iterator[Wrong]:
    """The line is public, TLS proves the server and not who asks, and one key for all is withdrawn for all."""
    if said.get(KEY.name, OWN) != OWN:
        yield Wrong(KEY.name, NO_SECRET(file=PUBLIC_KEY))


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    if SSH.name in said:
        yield Put("kdump.target", Target.SSH)
        yield Put("kdump.ssh", said[SSH.name])
    elif NFS.name in said:
        yield Put("kdump.target", Target.NFS)
        yield Put("kdump.nfs", said[NFS.name])
    elif OFF.name in said:
        yield Put("kdump.target", Target.OFF if said[OFF.name] else Target.LOCAL)
    if HOST_KEY.name in said:
        yield Put("kdump.host_key", said[HOST_KEY.name])


def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
    kdump = config[Kdump]
    if kdump.target is Target.OFF:
        yield OFF.name, "yes"
    if kdump.target is Target.NFS and kdump.nfs:
        yield NFS.name, show(kdump.nfs)
    if kdump.target is Target.SSH and kdump.ssh:
        yield SSH.name, show(kdump.ssh)
        yield KEY.name, OWN
        if kdump.host_key:
            yield HOST_KEY.name, show(kdump.host_key)


PARAMETERS = (Parameter(words=(OFF, NFS, SSH, KEY, HOST_KEY), agree=agree, read=read, write=write, later=later),)
