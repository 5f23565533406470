"""PARAMS: what a kernel line can say, one row a parameter."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from ovirt_tui.autoinstall import address, kernel, network, services
from ovirt_tui.autoinstall.beyond import BEYOND
from ovirt_tui.autoinstall.forms import flag, listed, typed, word
from ovirt_tui.autoinstall.param import Param, by_family, each, same
from ovirt_tui.i18n import N_
from ovirt_tui.pages import boot, keyboard, security, storage, volumes
from ovirt_tui.pages import network as network_page
from ovirt_tui.parameter import Parameter, Word
from ovirt_tui.values import Hostname

Row = Param | Word
"""A word of the line, read in the way of old or of new."""

BOOLEAN = N_("yes or no")
SUBJECTS = {
    "mode": N_("What to do"),
    "network": N_("Network"),
    "storage": N_("Storage"),
    "accounts": N_("Accounts"),
    "console": N_("Console and installed kernel line"),
    "after": N_("After the installation"),
    "services": N_("Services"),
}
IPS = tuple(f"network.{name}" for name in ("ipv4", "ipv4_address", "ipv4_gateway", "ipv6", "ipv6_address"))

WITHIN = (
    Param(
        name="install",
        subject="mode",
        grammar=flag("flag.install"),
        form=BOOLEAN,
        help=N_("Marks a boot from the installation medium. The installer opens with or without it."),
        example="yes",
        acts=True,
        bare="yes",
    ),
    Param(
        name="uninstall",
        subject="mode",
        grammar=flag("flag.uninstall"),
        form=BOOLEAN,
        help=N_("Erase the disks that storage_init names, or those of the node that is found, and reboot."),
        example="yes",
        acts=True,
        bare="yes",
    ),
    Param(
        name="rescue",
        subject="mode",
        grammar=flag("flag.rescue"),
        form=BOOLEAN,
        help=N_("Open a shell and do nothing else, whatever else the line says."),
        example="yes",
        acts=True,
        bare="yes",
    ),
    Param(
        name="BOOTIF",
        subject="network",
        grammar=network.bootif,
        form=N_("link, none, an interface, or a hardware address in the forms of PXELINUX, iPXE and GRUB"),
        help=N_(
            "The management interface. With storage_init it makes the installation unattended. "
            "link is the first interface by name that has a carrier; none makes a node without a network."
        ),
        example="01-52-54-00-12-34-56",
        fills=("network.nic",),
    ),
    Param(
        name="ip",
        subject="network",
        grammar=address.ip,
        form=N_("dhcp, off, auto6, dhcp6, ADDRESS, or ADDRESS::GATEWAY:NETMASK[:HOST[:INTERFACE[:none[:DNS[:DNS]]]]]"),
        help=N_("Address of the management interface. An IPv4 and an IPv6 address may be given, each by one ip=."),
        example="192.0.2.7::192.0.2.1:24:node1.example.com",
        fills=(*IPS, "network.ipv6_gateway", "network.hostname", "network.dns"),
        merge=by_family,
    ),
    Param(
        name="netmask",
        subject="network",
        grammar=address.netmask,
        form=N_("255.255.255.0 or 24"),
        help=N_("The mask of an ip= that is an address alone."),
        example="255.255.255.0",
        fills=("network.ipv4_address",),
    ),
    Param(
        name="gateway",
        subject="network",
        grammar=address.gateway,
        form=N_("an address"),
        help=N_("The router of an ip= that names none."),
        example="192.0.2.1",
        fills=("network.ipv4_gateway", "network.ipv6_gateway"),
    ),
    Param(
        name="ipv6",
        subject="network",
        grammar=address.ipv6,
        form=N_("auto, dhcp or off"),
        help=N_("IPv6 of the management interface. A static address is given by ip=[ADDRESS]::[GATEWAY]:PREFIX."),
        example="auto",
        fills=("network.ipv6",),
    ),
    Param(
        name="dns",
        subject="network",
        grammar=listed("net.dns", IPv4Address | IPv6Address, N_("not an IP address")),
        form=N_("ADDRESS[,ADDRESS]..."),
        help=N_("DNS servers."),
        example="192.0.2.53,2001:db8::53",
        fills=("network.dns",),
    ),
    Param(
        name="nameserver",
        subject="network",
        grammar=listed("net.dns", IPv4Address | IPv6Address, N_("not an IP address")),
        form=N_("ADDRESS"),
        help=N_("A DNS server, as dracut spells it. May be repeated; those of dns= follow."),
        example="192.0.2.53",
        fills=("network.dns",),
        merge=each,
    ),
    Param(
        name="hostname",
        subject="network",
        grammar=typed("net.hostname", Hostname, N_("not a valid host name")),
        form=N_("a name of at most 64 characters"),
        help=N_("Host name. It wins over the one inside ip=."),
        example="node1.example.com",
        fills=("network.hostname",),
    ),
    Param(
        name="vlan",
        subject="network",
        grammar=network.vlan,
        form=N_("ID[:INTERFACE], INTERFACE.ID or vlanID:INTERFACE, with ID from 1 to 4094"),
        help=N_("VLAN of the management interface."),
        example="42",
        fills=("network.vlan",),
        merge=same,
    ),
    Param(
        name="console",
        subject="console",
        grammar=word("carry", "console"),
        form=N_("a console as the kernel names it"),
        help=N_("Kept for the installed system. May be repeated."),
        example="ttyS0,115200n8",
        fills=("boot.words",),
        merge=each,
    ),
    Param(
        name="crashkernel",
        subject="console",
        grammar=services.crashkernel,
        form=N_("memory such as 256M, 256M,high or 1G-4G:192M,4G-:256M"),
        help=N_("Memory for a crash kernel. Kept for the installed system."),
        example="256M",
        fills=("boot.words",),
    ),
    Param(
        name=kernel.CARRY,
        subject="console",
        grammar=kernel.carry,
        form=N_("NAME[,NAME]..."),
        help=N_(
            "Words of these names are kept for the installed system although they are not known; everybody can read "
            "them there. May be repeated."
        ),
        example="example.option",
        fills=("boot.words",),
        merge=each,
    ),
    Param(
        name="standalone",
        also=("ovirt_standalone",),
        subject="mode",
        grammar=flag("flag.standalone"),
        form=BOOLEAN,
        help=N_("The node owns its settings. It always does; no is refused."),
        example="yes",
        acts=True,
        bare="yes",
    ),
)

PARAMETERS: tuple[Parameter, ...] = (
    *network_page.PARAMETERS,
    *storage.PARAMETERS,
    *volumes.PARAMETERS,
    *security.PARAMETERS,
    *keyboard.PARAMETERS,
    *boot.PARAMETERS,
)
WORDS = tuple(word for each in PARAMETERS for word in each.words)
ROWS: tuple[Row, ...] = (*WITHIN, *WORDS, *BEYOND)
