"""Grammar of the parameters of services: logging, kdump, iSCSI, management, and what runs after the installation."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address

from ovirt_tui.autoinstall.forms import Grammar, Keys, Refused, host_and_port, host_port, is_a
from ovirt_tui.i18n import _
from ovirt_tui.values import Hostname

HOOK = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")
OCTETS = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*")
MEMORY = "(0x[0-9A-Fa-f]+|[0-9]+)[KkMmGgTt]?"
RANGE = f"{MEMORY}-({MEMORY})?:{MEMORY}"
CRASHKERNEL = re.compile(f"{MEMORY}(@{MEMORY})?|{MEMORY},(high|low|cma)|{RANGE}(,{RANGE})*(@{MEMORY})?")
FINGERPRINTS = (16, 20, 32)
SHORTEST_PASSPHRASE = 8
NETCONSOLE, ISCSI = 6666, 3260


def matching(key: str, pattern: re.Pattern[str], reason: str) -> Grammar:
    """Text that matches *pattern* as a whole."""

    def grammar(text: str) -> Keys:
        if not pattern.fullmatch(text):
            raise Refused(_(reason))
        return {key: text}

    return grammar


def netconsole(text: str) -> Keys:
    """HOST[:PORT]; the kernel's own parameter of this name has @ or / in it and is carried."""
    if "@" in text or "/" in text:
        return {"carry": [f"netconsole={text}"]}
    return host_port("log.netconsole", NETCONSOLE)(text)


def snmp_password(text: str) -> Keys:
    """An SNMPv3 passphrase."""
    if len(text) < SHORTEST_PASSPHRASE or any(char.isspace() for char in text):
        raise Refused(_("shorter than {least} characters, or with blanks").format(least=SHORTEST_PASSPHRASE))
    return {"snmp.password": text}


def tuned(text: str) -> Keys:
    """A profile; None or off switches tuned off."""
    if not HOOK.fullmatch(text):
        raise Refused(_("not the name of a profile"))
    return {"tuned.profile": "off" if text in ("None", "off") else text}


def _host(text: str) -> bool:
    if text.startswith("[") and text.endswith("]"):
        return is_a(IPv6Address, text[1:-1])
    return is_a(IPv4Address | Hostname, text)


def kdump_nfs(text: str) -> Keys:
    """HOST:/PATH."""
    host, _colon, path = text.partition("]:") if text.startswith("[") else text.partition(":")
    host += "]" * text.startswith("[")
    if not (re.fullmatch(r"/[^\s:]*", path) and _host(host)):
        raise Refused(_("not host:/path"))
    return {"kdump.nfs": text}


def user_at_host(text: str, *, ipv6: bool = False) -> bool:
    """Say whether *text* is USER@HOST; with *ipv6*, the host may be an address without brackets."""
    user, _at, host = text.partition("@")
    return bool(HOOK.fullmatch(user)) and (_host(host) or (ipv6 and is_a(IPv6Address, host)))


def kdump_ssh(text: str) -> Keys:
    """USER@HOST."""
    if not user_at_host(text):
        raise Refused(_("not user@host"))
    return {"kdump.ssh": text}


def device(key: str) -> Grammar:
    """A path of a device."""
    return matching(key, re.compile(r"/dev/\S+"), "not a /dev path")


def management_server(text: str) -> Keys:
    """A host with optional scheme, port and closing slash."""
    bare = text.partition("://")[2] if text.startswith(("http://", "https://")) else text
    host, port = host_and_port(bare.removesuffix("/"), 0)
    return {"mgmt.server": host, **({"mgmt.port": port} if port else {})}


def fingerprint(text: str) -> Keys:
    """The fingerprint of a certificate: MD5, SHA-1 or SHA-256."""
    if not OCTETS.fullmatch(text) or text.count(":") + 1 not in FINGERPRINTS:
        raise Refused(_("not 16, 20 or 32 octets separated by colons"))
    return {"mgmt.fingerprint": text.upper()}


def crashkernel(text: str) -> Keys:
    """What the kernel's own parser takes; what it does not, it passes over, and there is no crash kernel."""
    if not CRASHKERNEL.fullmatch(text):
        raise Refused(_("not memory as the kernel wants it"))
    return {"carry": [f"crashkernel={text}"]}


def ovirt_early(text: str) -> Keys:
    """Names of hooks."""
    names = re.split("[,:;]", text)
    for name in names:
        if not HOOK.fullmatch(name):
            raise Refused(_("bad hook name {name}").format(name=repr(name)))
    return {"hooks.early": names}


def node_break(text: str) -> Keys:
    """A point at which the installation stops."""
    if text not in ("pre-installer", "post-installer", "pre-reboot"):
        raise Refused(_("unknown break point"))
    return {"debug.break": [text]}
