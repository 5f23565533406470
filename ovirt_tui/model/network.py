"""Values of the network: the names of hosts and interfaces, addresses of hardware, numbers that the wire knows."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address

from ovirt_tui.i18n import N_
from ovirt_tui.model.typed import ClassVar, Self
from ovirt_tui.model.values import Number, Text, parse

LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"


class Hostname(Text):
    """A host name of at most 64 characters that cannot be taken for an address (spec/pages.md 10)."""

    wanted = N_("a host name such as node1.example.com")
    longest = 65
    pattern = rf"(?![0-9.]+$)(?=.{{1,64}}$){LABEL}(\.{LABEL})*\.?"


class DomainName(Text):
    """A name of the DNS of at most 255 characters that cannot be taken for an address."""

    wanted = N_("a name such as example.com")
    longest = 256
    pattern = rf"(?![0-9.]+$)(?=.{{1,255}}$){LABEL}(\.{LABEL})*\.?"


class Url(Text):
    """A web address whose host is a name or an address."""

    wanted = N_("an http or https address")
    longest = 2048
    pattern = r"(?i:https?)://(?![^\s/?#]*@)(\[[0-9A-Fa-f:.]+\]|[^\s/?#:\[\]]+)(:[0-9]{1,5})?([/?#]\S*)?"

    def __new__(cls, text: str) -> Self:
        made = super().__new__(cls, text)
        host, port = re.fullmatch(cls.pattern, text).group(1, 2)  # type: ignore[union-attr]  # it has just matched
        if port and not 1 <= int(port[1:]) <= 65535:
            raise ValueError(text)
        if re.search(r"(?<!^xn)(?<!\.xn)--", host):
            raise ValueError(text)
        # brackets are for IPv6 alone: whoever takes the address apart refuses anything else in them
        parse(IPv6Address if host.startswith("[") else IPv4Address | DomainName, host.strip("[]"))
        return made


class HttpsUrl(Url):
    """The same, by https only, and of no letters that a kernel line or a boot menu takes for anything else."""

    wanted = N_("an https address such as https://inventory.example.com/nodes")
    longest = 512
    pattern = (
        r"(?i:https)://(?![^\s/?#]*@)(\[[0-9A-Fa-f:.]+\]|[^\s/?#:\[\]]+)(:[0-9]{1,5})?([/?][A-Za-z0-9._~*+,=:@%/?&-]*)?"
    )


HOST = r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+"
"""A name or an address, an IPv6 address in brackets; which of them, machine() says."""


def machine(host: str) -> str:
    """The name or the address that *host*, of the form HOST, means; ValueError where it is neither."""
    bare = host.strip("[]")
    parse(IPv6Address if host.startswith("[") else IPv4Address | Hostname, bare)
    return bare


class Account(Text):
    """An account on another machine, as SSH has it; its name is no option of a program."""

    wanted = N_("an account on another machine such as crash@dump.example.com")
    longest = 289
    pattern = rf"[A-Za-z0-9_][A-Za-z0-9_.-]{{0,31}}@({HOST})"

    def __new__(cls, text: str) -> Self:
        made = super().__new__(cls, text)
        machine(text.partition("@")[2])
        return made


class Export(Text):
    """A folder that a server exports by NFS; nothing in it means something to a shell."""

    wanted = N_("an NFS export such as nfs.example.com:/dumps")
    longest = 512
    pattern = rf"({HOST}):/[A-Za-z0-9._/+@%=,-]{{0,255}}"

    def __new__(cls, text: str) -> Self:
        made = super().__new__(cls, text)
        machine(text.partition(":/")[0])
        return made


class IscsiName(Text):
    """The name of an iSCSI initiator or target, RFC 3720."""

    wanted = N_("an iSCSI name such as iqn.2001-04.com.example:disk1")
    longest = 223
    pattern = (
        r"iqn\.[0-9]{4}-(0[1-9]|1[0-2])(\.(?![0-9])(?!-)[A-Za-z0-9-]+(?<!-))+(:[^\s!$%^&*()+<>?/;\"@]*)?"
        r"|eui\.[0-9A-Fa-f]{16}|naa\.([0-9A-Fa-f]{16}|[0-9A-Fa-f]{32})"
    )


class IscsiTarget(Text):
    """A portal, and behind a slash the one that is meant of the targets that it offers; the usual port is left out."""

    wanted = N_("a portal and a target such as 192.0.2.10/iqn.2001-04.com.example:disk1")
    longest = 300
    pattern = r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,64})(:[0-9]{1,5})?(/[^\s,/{}]{1,223})?"
    usual: ClassVar[int] = 3260

    def __new__(cls, text: str) -> Self:
        found = re.fullmatch(cls.pattern, text)
        if not found:
            raise ValueError(text)
        host, port, name = found.groups(default="")
        if host.startswith("["):
            host = f"[{parse(IPv6Address, host[1:-1])}]"
        else:
            parse(IPv4Address | Hostname, host)
        if port and Port(port[1:]) == cls.usual:
            port = ""
        if name:
            IscsiName(name[1:])
        return super().__new__(cls, f"{host}{port}{name}")

    @property
    def host(self) -> str:
        """The portal's name or address, without brackets."""
        return self._parts()[0].strip("[]")

    @property
    def port(self) -> int:
        """The port of the portal."""
        return int(self._parts()[1].lstrip(":") or self.usual)

    @property
    def portal(self) -> str:
        """HOST:PORT, as other programs take it."""
        return f"{self._parts()[0]}:{self.port}"

    @property
    def name(self) -> str:
        """The name of the target; empty where only a portal is named."""
        return self._parts()[2].removeprefix("/")

    def _parts(self) -> tuple[str, ...]:
        found = re.fullmatch(self.pattern, self)
        assert found
        return found.groups(default="")


class ChapName(Text):
    """What one side of a session calls itself when it proves who it is; often its iSCSI name."""

    wanted = N_("a name without blanks, quotes, braces and backslashes")
    longest = 223
    pattern = r"[!#-&(-\[\]-z|~]{1,223}"


class Netmask(Text):
    """An IPv4 mask in dots whose ones come first."""

    wanted = N_("a netmask such as 255.255.255.0")
    longest = 15
    pattern = r"[0-9.]{7,15}"

    def __new__(cls, text: str) -> Self:
        made = super().__new__(cls, text)
        bits = f"{int(IPv4Address(text)):032b}"
        if "01" in bits or "1" not in bits:
            raise ValueError(text)
        return made


class NicName(Text):
    """The kernel's rule for interface names: 15 bytes, no blank, slash or colon."""

    wanted = N_("a network interface such as eth0")
    longest = 15
    pattern = r"(?!\.{1,2}$)[^\s/:]{1,15}"


class Mac(Text):
    """The hardware address of one Ethernet interface, with colons and in small letters."""

    wanted = N_("a hardware address of one interface such as 52:54:00:12:34:56")
    longest = 17
    pattern = "[0-9A-Fa-f][02468ACEace](([:-])[0-9A-Fa-f]{2})(\\2[0-9A-Fa-f]{2}){4}"

    def __new__(cls, text: str) -> Self:
        made = super().__new__(cls, text.replace("-", ":").lower())
        if not re.fullmatch(cls.pattern, text) or not made.strip("0:"):
            raise ValueError(text)
        return made


class Mtu(Number):
    """The longest packet of a link in bytes; 68 is the least that IPv4 asks for (RFC 791)."""

    wanted = N_("a packet size from 68 to 65535 bytes")
    longest = 5
    pattern = "[0-9]{1,5}"
    least, most = 68, 65535


class VlanId(Number):
    """An IEEE 802.1Q VLAN number, 1 to 4094."""

    wanted = N_("a VLAN number from 1 to 4094")
    longest = 12
    least, most = 1, 4094


class Port(Number):
    """A port of TCP or UDP."""

    wanted = N_("a port from 1 to 65535")
    longest = 5
    pattern = "[0-9]{1,5}"
    least, most = 1, 65535


class PrefixLength(Number):
    """The length of an IPv6 prefix, 0 to 128."""

    wanted = N_("a prefix length from 0 to 128")
    longest = 3
    pattern = "0|[1-9][0-9]{0,2}"
    most = 128
