"""Parameters whose grammar is known, but which this version cannot carry out: they are refused by name."""

from __future__ import annotations

from ovirt_tui.autoinstall import network, services, storage
from ovirt_tui.autoinstall.forms import Grammar, choice, flag, host_port, number, port, typed
from ovirt_tui.autoinstall.param import Merge, Param, each, last
from ovirt_tui.i18n import N_
from ovirt_tui.values import Crypted, DomainName, IscsiName, Url

BOOLEAN = N_("yes or no")
HOST_PORT = N_("HOST[:PORT]")
URL = N_("an http or https address")


def _row(
    names: str, grammar: Grammar, form: str, help: str, example: str, *, secret: bool = False, merge: Merge = last
) -> Param:
    name, *also = names.split()
    return Param(
        name=name,
        also=tuple(also),
        subject="services",
        grammar=grammar,
        form=form,
        help=help,
        example=example,
        bare="yes" if form == BOOLEAN else None,
        secret=secret,
        merge=merge,
    )


BEYOND = (
    _row(
        "upgrade ovirt_upgrade local_boot ovirt_local_boot",
        flag("flag.upgrade"),
        BOOLEAN,
        N_("Upgrade the node that is found on the disks."),
        "yes",
    ),
    _row("stateless ovirt_stateless", flag("flag.stateless"), BOOLEAN, N_("Run without local storage."), "yes"),
    _row(
        "runtime_mode",
        choice("runtime.mode", ("none", "ovirt", "managed"), N_("unknown value")),
        N_("none, ovirt or managed"),
        N_("Where a node that is not standalone finds its settings."),
        "none",
    ),
    _row(
        "bond bond_setup",
        network.bond,
        N_("NAME:MEMBER[,MEMBER]...[:OPTION=VALUE[,...][:MTU]]"),
        N_("A bond of interfaces."),
        "bond0:eth0,eth1:mode=4",
    ),
    _row(
        "swap_encrypt ovirt_swap_encrypt",
        storage.swap_encrypt,
        N_("Swap[,CIPHER][;Swap2[,CIPHER]]"),
        N_("Encrypt swap with a key that changes at each boot."),
        "Swap",
    ),
    Param(
        name="rdloaddriver",
        subject="console",
        grammar=storage.rdloaddriver,
        form=N_("a driver"),
        help=N_("Driver to load early; kept for the installed system."),
        example="scsi_dh_alua",
        fills=("boot.words",),
        merge=each,
    ),
    _row(
        "iscsi_name rd.iscsi.initiator",
        typed("iscsi.initiator", IscsiName, N_("not an iSCSI name")),
        N_("iqn.YYYY-MM.DOMAIN[:TEXT], eui. or naa."),
        N_("iSCSI initiator name."),
        "iqn.2001-04.com.example:node1",
    ),
    _row("iscsi_install", flag("iscsi.install"), BOOLEAN, N_("Install on an iSCSI disk."), "yes"),
    _row("iscsi_server", host_port("iscsi.portal", services.ISCSI), HOST_PORT, N_("iSCSI portal."), "192.0.2.10"),
    _row(
        "iscsi_target_name",
        typed("iscsi.target", IscsiName, N_("not an iSCSI name")),
        N_("an iSCSI name"),
        N_("iSCSI target."),
        "iqn.2001-04.com.example:disk1",
    ),
    _row("iscsi_init", services.device("iscsi.disk"), N_("/dev/..."), N_("The iSCSI disk."), "/dev/sdb"),
    _row(
        "use_strong_rng", number("sec.strong_rng_bytes", range(1025)), N_("bytes, 0 to 1024"), N_("Strong RNG."), "24"
    ),
    _row("disable_aes_ni", flag("sec.disable_aes_ni"), BOOLEAN, N_("Do without AES-NI."), "yes"),
    _row("syslog", host_port("log.syslog", 514), HOST_PORT, N_("Remote log server."), "logs.example.com"),
    Param(
        name="netconsole",
        subject="services",
        grammar=services.netconsole,
        form=N_("HOST[:PORT], or the kernel's own form"),
        help=N_("Where kernel messages go. The kernel's own form, with @ or /, is kept for the installed system."),
        example="192.0.2.9:6666",
    ),
    _row("collectd", host_port("mon.collectd", 7634), HOST_PORT, N_("Monitoring server."), "192.0.2.7"),
    _row(
        "logrotate_max_size",
        number("log.logrotate_size_kib", range(2**31)),
        N_("KiB"),
        N_("Log files are rotated at this size."),
        "2048",
    ),
    _row(
        "logrotate_interval",
        choice("log.logrotate_interval", ("daily", "weekly", "monthly"), N_("must be daily, weekly or monthly")),
        N_("daily, weekly or monthly"),
        N_("How often log files are rotated."),
        "daily",
    ),
    _row("snmp_password", services.snmp_password, N_("8 characters or more"), N_("SNMP."), "passphrase", secret=True),
    _row("tuned", services.tuned, N_("a profile, or None"), N_("Performance profile."), "virtual-host"),
    _row("kdump_nfs", services.kdump_nfs, N_("HOST:/PATH"), N_("Crash dumps go to NFS."), "nfs.example.com:/crash"),
    _row("kdump_ssh", services.kdump_ssh, N_("USER@HOST"), N_("Crash dumps go over SSH."), "root@dump.example.com"),
    _row(
        "kdump_ssh_key",
        typed("kdump.ssh_key", Url, N_("not an http(s) URL")),
        URL,
        N_("Where the key for kdump_ssh is fetched."),
        "https://dump.example.com/key",
    ),
    _row("disable_kdump", flag("kdump.disabled"), BOOLEAN, N_("No crash dumps."), "yes"),
    _row(
        "nfsv4_domain rd.nfs.domain",
        typed("remote.nfsv4_domain", DomainName, N_("not a valid domain")),
        N_("a domain"),
        N_("ID mapping domain of NFSv4."),
        "example.com",
    ),
    _row(
        "management_server managment_server ovirt_managment_server",
        services.management_server,
        N_("HOST[:PORT]"),
        N_("The engine to register with."),
        "engine.example.com",
    ),
    _row("management_port management_server_port", port("mgmt.port"), N_("a port"), N_("The engine's port."), "443"),
    _row(
        "management_server_fingerprint",
        services.fingerprint,
        N_("16, 20 or 32 octets separated by colons"),
        N_("Fingerprint of the engine's certificate."),
        ":".join(["AB"] * 32),
    ),
    _row(
        "rhevm_admin_password engine_admin_password",
        typed("mgmt.root_hash", Crypted, N_("not a crypt(3) hash")),
        N_("a hash as made by 'openssl passwd -6'"),
        N_("Password of root for the engine."),
        "$6$salt$hash",
        secret=True,
    ),
    _row("ovirt_vdsm_disable", flag("mgmt.disabled"), BOOLEAN, N_("Do not register."), "yes"),
    _row(
        "local_boot_trigger",
        typed("after.trigger_url", Url, N_("not an http(s) URL")),
        URL,
        N_("Address to call once after the installation; @HOSTNAME@ stands for the name."),
        "https://pxe.example.com/done/@HOSTNAME@",
    ),
    _row("ovirt_early", services.ovirt_early, N_("NAME[,NAME]..."), N_("Hooks to run."), "vendor1,vendor2"),
    _row(
        "node.break",
        services.node_break,
        N_("pre-installer, post-installer or pre-reboot"),
        N_("Stop there. May be repeated."),
        "pre-reboot",
        merge=each,
    ),
    _row(
        "node.log_level",
        choice("debug.log_level", ("debug", "info", "warning", "error"), N_("unknown value")),
        N_("debug, info, warning or error"),
        N_("How much is logged."),
        "debug",
    ),
)

GONE = {
    "rhn_": N_("no longer exists; register by an answer file or a plug-in"),
    "puppet_": N_("no longer exists; use Ansible"),
    "cim_": N_("no longer exists; use SNMP"),
    "enable_cim": N_("no longer exists; use SNMP"),
}
"""Words of services that are gone, by how they begin, with what to use instead."""
