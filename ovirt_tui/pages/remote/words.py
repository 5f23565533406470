"""How the kernel line says what the node is to storage on other machines."""

from __future__ import annotations

from ovirt_tui.features.parameter import Word, plain, value
from ovirt_tui.i18n import N_
from ovirt_tui.model.network import DomainName, IscsiName
from ovirt_tui.model.problems import Kind

SUBJECT = "remote"
NO_ISCSI_NAME = Kind("no-iscsi-name", N_("not an iSCSI name"))
ISCSI_NAME = value(IscsiName, NO_ISCSI_NAME)
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
    plain("remote.nfsv4_domain", NFSV4_DOMAIN),
)
