"""An SNMPv3 agent: who may ask it, on the page, on the kernel line and on a running node.

There is one user, who reads and changes nothing; without a passphrase nobody is answered, and what goes over the
network is encrypted.  The ancestors had the same plug-in, with the user 'root' and one passphrase for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Self

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, Strange, content, observed
from ovirt_tui.features.opening import Opening
from ovirt_tui.features.parameter import BOOLEAN, Outcome, Parameter, Put, Said, Word, flag, plain, value
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved, Section, setting
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.records import dataclass, replace
from ovirt_tui.model.secrets import Confidential, Passphrase
from ovirt_tui.model.values import Text
from ovirt_tui.pages import Field, Page
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.system import Reader
from ovirt_tui.system.steps import File, Restart, Step

FILE = "/etc/ovirt-node/snmpd.conf"
"""The agent runs while this file is there."""
UNIT = "ovirt-node-snmp.service"
AGENT = """\
# Made by ovirt-tui from the settings of this node; a change by hand is lost with the next save.
agentAddress udp:161,udp6:161
createUser {user} SHA "{{password}}" AES "{{privacy}}"
rouser {user} priv -V node
# what nodes, their hosts and networks are asked for, and the load, but not with what arguments programs run
view node included .1.3.6.1.2.1
view node excluded .1.3.6.1.2.1.25.4.2.1.5
view node included .1.3.6.1.4.1.2021
# more of an admin's own, such as sysLocation
includeDir /etc/snmp/snmpd.conf.d
"""
CREATED = re.compile(r'(?m)^createUser (\S+) SHA "([^"]*)" AES "([^"]*)"$')


class UserName(Text):
    wanted = "a name of 1 to 32 letters, digits and . _ -"
    longest = 32  # RFC 3414
    pattern = r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}"


class SnmpPassphrase(Passphrase):
    """At least as long as RFC 3414 has it."""

    wanted = "8 to 64 letters, digits and signs, without blanks, quotes and backslashes"
    pattern = r"[!#-&(-\[\]-~]{8,64}"
    __slots__ = ()


def is_on(snmp: Snmp) -> bool:
    return snmp.enabled


@dataclass(frozen=True, kw_only=True)
class Snmp(Section, prefix="snmp"):
    enabled: bool = setting(False, "Answer by SNMPv3")
    user: UserName = setting(UserName("root"), "User", "Of SNMP only; no account of this node.", when=is_on)
    password: SnmpPassphrase | None = setting(
        None, "Passphrase", "8 characters or more. SHA: proves who asks.", when=is_on
    )
    privacy: SnmpPassphrase | None = setting(None, "Privacy", "AES: encrypts. Without one, the same.", when=is_on)

    def normal(self) -> Self:
        """The same passphrase twice is one."""
        return replace(self, privacy=None) if self.privacy == self.password else self


NO_PASSPHRASE = Kind("snmp-without-passphrase", "the agent answers nobody without a passphrase: give one")
NO_NETWORK = Kind("snmp-without-network", "this node has no management interface to be asked by")
BAD_PASSPHRASE = Kind("bad-snmp-passphrase", "shorter than 8 characters, longer than 64, or with blanks, quotes or \\")


def who_may_ask_is_known(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if config[Snmp].enabled and config[Snmp].password is None:
        yield Problem("snmp.password", NO_PASSPHRASE())


def can_be_asked(config: Resolved, facts: Facts) -> Iterator[Problem]:
    if config[Snmp].enabled and config[Network].nic is None:
        yield Problem("snmp.enabled", NO_NETWORK())


def observe(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    text = content(reader, FILE)
    yield Put("snmp.enabled", text is not None)
    if text is None:
        return
    if found := CREATED.search(text):
        user, password, privacy = found.groups()
        seen = {"user": user, "password": password, "privacy": "" if privacy == password else privacy}
        yield from (observed(Snmp, name, said, FILE) for name, said in seen.items())
    else:
        yield Strange("snmp.user", FILE)


@action("Setting the SNMP agent", observe=observe)
def agent(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    snmp = config[Snmp]
    if snmp.enabled and snmp.password:
        text = AGENT.format(user=snmp.user)
        secrets = {"password": snmp.password, "privacy": snmp.privacy or snmp.password}
        yield File(FILE, Confidential(text, **secrets), mode=0o600)
        yield Restart(UNIT)


ENABLED = Word(
    name="snmp",
    subject="services",
    grammar=flag,
    form=BOOLEAN,
    help="Answer who asks by SNMPv3; snmp_password= alone says yes too.",
    example="yes",
    fills=("snmp.enabled",),
    bare="yes",
)
PASSWORD = Word(
    name="snmp_password",
    subject="services",
    grammar=value(SnmpPassphrase, BAD_PASSPHRASE),
    form=SnmpPassphrase.wanted,
    help="Passphrase of the user of SNMPv3, which everybody can read on the line: an answer file keeps it better.",
    example="correct-horse-9",
    fills=("snmp.password", "snmp.enabled"),
    secret=True,
)


def read(said: Said, facts: Facts) -> Iterator[Outcome]:
    if PASSWORD.name in said:
        yield Put("snmp.password", said[PASSWORD.name])
    yield Put("snmp.enabled", said.get(ENABLED.name, True))


def write(config: NodeConfig) -> Iterator[tuple[str, str]]:
    if config[Snmp].enabled:
        yield ENABLED.name, "yes"


PARAMETERS = (
    Parameter(words=(ENABLED, PASSWORD), read=read, write=write),
    plain(
        "snmp.user",
        Word(
            name="snmp_user",
            subject="services",
            grammar=value(UserName),
            form=UserName.wanted,
            help="Who may ask by SNMPv3; root unless another is named.",
            example="monitor",
            fills=("snmp.user",),
        ),
    ),
    plain(
        "snmp.privacy",
        Word(
            name="snmp_privacy_password",
            subject="services",
            grammar=value(SnmpPassphrase, BAD_PASSPHRASE),
            form=SnmpPassphrase.wanted,
            help="What SNMPv3 is encrypted with; snmp_password= unless another is given.",
            example="correct-horse-10",
            fills=("snmp.privacy",),
            secret=True,
        ),
    ),
)
PAGE = Page(
    order=40,
    title="SNMP",
    setup=True,
    help=(
        "An SNMP agent answers who asks by version 3 with the name and the passphrases given here, and nobody else. "
        "Who asks proves it by SHA, and all is encrypted by AES (128 bits). It tells of this node: its name, "
        "interfaces, disks, memory, load and processes; nothing can be changed by it. While it is on, the firewall "
        "lets UDP port 161 in. The passphrases stay on this node, for root alone to read; without one for privacy, "
        "the first serves for both. A file in /etc/snmp/snmpd.conf.d can say more, such as sysLocation. Nothing is "
        "changed before Save."
    ),
    rows=(Field("snmp.enabled"), Field("snmp.user"), Field("snmp.password"), Field("snmp.privacy")),
)
FEATURE = Feature(
    section=Snmp,
    parameters=PARAMETERS,
    pages=(PAGE,),
    rules=(who_may_ask_is_known,),
    doubts=(can_be_asked,),
    actions=(agent,),
    openings=(Opening("SNMP", ("udp dport 161",), lambda config: config[Snmp].enabled),),
)
