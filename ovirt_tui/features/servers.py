"""A server as the kernel line names it: a host, and one of its ports, which are two settings."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from ovirt_tui.features.parameter import Grammar, Parameter, Put, Refused, Said, Word, is_a
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Section
from ovirt_tui.model.network import Hostname, Port
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.values import parse

HOST_PORT = N_("HOST[:PORT]")
PORTS = range(1, 65536)
NO_SERVER = Kind("no-host-or-address", N_("not a host name or address"))
BAD_IPV6 = Kind("bad-ipv6-address", N_("bad IPv6 address"))
COLONS = Kind("too-many-colons", N_("too many colons"))
BAD_PORT = Kind("bad-port", N_("bad port"))


@dataclass(frozen=True)
class Server:
    """A host and one of its ports; 0 where none was said and none is usual."""

    host: str
    port: int


def server(default: int) -> Grammar:
    """HOST, HOST:PORT, [IPV6]:PORT or IPV6; without a port, *default*."""

    def grammar(text: str) -> Server:
        host, port = text, ""
        if text.startswith("["):
            host, closed, port = text[1:].partition("]")
            if not closed or not is_a(IPv6Address, host) or (port and not port.startswith(":")):
                raise Refused(BAD_IPV6())
            return Server(host, number_of_port(port[1:]) if port else default)
        if text.count(":") > 1:
            if is_a(IPv6Address, text):
                return Server(text, default)
            raise Refused(COLONS())
        host, colon, port = text.partition(":")
        if not is_a(IPv4Address | Hostname, host):
            raise Refused(NO_SERVER())
        return Server(host, number_of_port(port) if colon else default)

    return grammar


def number_of_port(text: str, ports: range = PORTS) -> int:
    """A port number, of *ports*."""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) in ports):
        raise Refused(BAD_PORT())
    return int(text)


def written(host: object, port: int, usual: int) -> str:
    """HOST, or with a port that is not the *usual* one HOST:PORT; an IPv6 address in brackets then."""
    if port == usual:
        return str(host)
    return f"[{host}]:{port}" if isinstance(host, IPv6Address) else f"{host}:{port}"


def where(word: Word, said: Said, section: type[Section], usual: Port) -> Iterator[Put]:
    """What *word* says, if it is a server: the settings of *section* that it fills are the host, then the port."""
    host, port = word.fills
    if isinstance(found := said.get(word.name), Server):
        kind = next(each.type for each in section.settings() if each.path == host)
        yield Put(host, parse(kind, found.host))
        yield Put(port, Port(found.port or usual))


def located(word: Word, section: type[Section], usual: Port) -> Parameter:
    """A server that *word* says alone, without its port where that is the *usual* one."""
    host, port = word.fills

    def read(said: Said, facts: Facts) -> Iterator[Put]:
        yield from where(word, said, section, usual)

    def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
        if found := config.get(host):
            yield word.name, written(found, config.get(port), usual)

    return Parameter(words=(word,), read=read, write=write)
