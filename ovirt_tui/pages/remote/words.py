"""How the kernel line says what the node is to storage on other machines."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Address

from ovirt_tui.features.parameter import (
    BOOLEAN,
    Noted,
    Outcome,
    Parameter,
    Put,
    Said,
    Word,
    Wrong,
    flag,
    listed,
    plain,
    value,
)
from ovirt_tui.features.servers import HOST_PORT, Server, server, written
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import ChapName, DomainName, IscsiName, IscsiTarget
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.secrets import Passphrase
from ovirt_tui.pages.remote.settings import Remote
from ovirt_tui.pages.storage.named import INIT, ISCSI_DISK

SUBJECT = "remote"
NO_ISCSI_NAME = Kind("no-iscsi-name", N_("not an iSCSI name"))
ISCSI_NAME = value(IscsiName, NO_ISCSI_NAME)
NAME = N_("a name without blanks and quotes")
SECRET = N_("letters, digits and signs, without blanks and quotes")
INITIATOR = Word(
    name="iscsi_name",
    also=("rd.iscsi.initiator",),
    subject=SUBJECT,
    grammar=ISCSI_NAME,
    form=N_("iqn.YYYY-MM.DOMAIN[:TEXT], eui. or naa."),
    help=N_("iSCSI initiator name of the node. Without it, the node makes one for itself at its first start."),
    example="iqn.2001-04.com.example:node1",
    fills=("remote.initiator",),
)
TARGETS = Word(
    name="iscsi_targets",
    subject=SUBJECT,
    grammar=listed(IscsiTarget, Kind("no-iscsi-target", N_("not a portal and a target"))),
    form=N_("HOST[:PORT]/NAME[,HOST[:PORT]/NAME]..."),
    help=N_("iSCSI targets that the node logs in to, now and at each start: a portal, and which of its targets."),
    example="192.0.2.10/iqn.2001-04.com.example:disk1",
    fills=("remote.targets",),
)
USER = Word(
    name="iscsi_user",
    subject=SUBJECT,
    grammar=value(ChapName),
    form=NAME,
    help=N_("User by which the node proves to all of iscsi_targets= who it is (CHAP)."),
    example="node1",
    fills=("remote.user",),
)
PASSWORD = Word(
    name="iscsi_password",
    subject=SUBJECT,
    grammar=value(Passphrase),
    form=SECRET,
    help=N_("Password of iscsi_user=. The kernel line is no secret: an answer file is a better place for it."),
    example="12characters",
    fills=("remote.password",),
    secret=True,
)
TARGET_USER = Word(
    name="iscsi_target_user",
    subject=SUBJECT,
    grammar=value(ChapName),
    form=NAME,
    help=N_("User by which all of iscsi_targets= have to prove to the node who they are (mutual CHAP)."),
    example="disks",
    fills=("remote.target_user",),
)
TARGET_PASSWORD = Word(
    name="iscsi_target_password",
    subject=SUBJECT,
    grammar=value(Passphrase),
    form=SECRET,
    help=N_("Password of iscsi_target_user=; another than that of the node."),
    example="another12chars",
    fills=("remote.target_password",),
    secret=True,
)
NFSV4_DOMAIN = Word(
    name="nfsv4_domain",
    also=("rd.nfs.domain",),
    subject=SUBJECT,
    grammar=value(DomainName, Kind("no-domain", N_("not a valid domain"))),
    form=N_("a domain"),
    help=N_("Domain of the names of owners that NFSv4 servers send. Without it, that of the node in the DNS."),
    example="example.com",
    fills=("remote.nfsv4_domain",),
)
INSTALL = Word(
    name="iscsi_install",
    subject=SUBJECT,
    grammar=flag,
    form=BOOLEAN,
    help=N_(
        "Put the volumes of the node on an iSCSI disk. The boot disk stays in the machine; iscsi_server= and "
        "iscsi_target_name= say where the disk is, iscsi_init= or a second disk of storage_init= which one it is."
    ),
    example="yes",
    fills=("remote.on_iscsi",),
    bare="yes",
)
SERVER = Word(
    name="iscsi_server",
    subject=SUBJECT,
    grammar=server(IscsiTarget.usual),
    form=HOST_PORT,
    help=N_("Portal of the node's iSCSI disk, an IPv4 address."),
    example="192.0.2.10",
    fills=("remote.disk",),
)
TARGET = Word(
    name="iscsi_target_name",
    subject=SUBJECT,
    grammar=ISCSI_NAME,
    form=N_("an iSCSI name"),
    help=N_("Target of the node's iSCSI disk."),
    example="iqn.2001-04.com.example:disk1",
    fills=("remote.disk",),
)
REQUIRED = Kind("required-for-iscsi", N_("required with iscsi_install"))
ALONE = Kind("iscsi-without-install", N_("means nothing without iscsi_install"))


def agree(said: Said) -> Iterator[Wrong | Noted]:
    """The words of an installation on an iSCSI disk are there together."""
    if not said.get(INSTALL.name):
        if INSTALL.name not in said:
            yield from (Noted(word.name, ALONE()) for word in (SERVER, TARGET, ISCSI_DISK) if word.name in said)
        return
    one_disk = INIT.name in said and len(said[INIT.name].host) == 1
    for word in (SERVER, TARGET, *((ISCSI_DISK,) if one_disk else ())):
        if word.name not in said.named:
            yield Wrong(word.name, REQUIRED())


def read_disk(said: Said, facts: Facts) -> Iterator[Outcome]:
    portal, name = said.get(SERVER.name), said.get(TARGET.name)
    if isinstance(portal, Server):
        host = f"[{portal.host}]" if ":" in portal.host else portal.host
        yield Put("remote.disk", IscsiTarget(f"{host}:{portal.port}" + (f"/{name}" if name else "")))


def write_disk(config: NodeConfig) -> Iterator[tuple[str, str]]:
    if disk := config[Remote].disk:
        host = IPv6Address(disk.host) if ":" in disk.host else disk.host
        yield SERVER.name, written(host, disk.port, IscsiTarget.usual)
        if disk.name:
            yield TARGET.name, disk.name


PARAMETERS = (
    plain("remote.on_iscsi", INSTALL),
    Parameter(words=(SERVER, TARGET), agree=agree, read=read_disk, write=write_disk),
    plain("remote.initiator", INITIATOR),
    plain("remote.targets", TARGETS),
    plain("remote.user", USER),
    plain("remote.password", PASSWORD),
    plain("remote.target_user", TARGET_USER),
    plain("remote.target_password", TARGET_PASSWORD),
    plain("remote.nfsv4_domain", NFSV4_DOMAIN),
)
