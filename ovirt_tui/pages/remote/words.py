"""How the kernel line says what the node is to storage on other machines."""

from __future__ import annotations

from ovirt_tui.features.parameter import Word, listed, plain, value
from ovirt_tui.i18n import N_
from ovirt_tui.model.network import ChapName, DomainName, IscsiName, IscsiTarget
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.secrets import Passphrase

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
PARAMETERS = (
    plain("remote.initiator", INITIATOR),
    plain("remote.targets", TARGETS),
    plain("remote.user", USER),
    plain("remote.password", PASSWORD),
    plain("remote.target_user", TARGET_USER),
    plain("remote.target_password", TARGET_PASSWORD),
    plain("remote.nfsv4_domain", NFSV4_DOMAIN),
)
