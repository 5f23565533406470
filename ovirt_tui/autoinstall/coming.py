"""Words whose meaning is known, but which this version does not carry out: each is read, and refused by its name.

One that never will be says what takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.autoinstall import services
from ovirt_tui.autoinstall.request import OWNS_SETTINGS
from ovirt_tui.features.parameter import (
    BOOLEAN,
    NOT_YET,
    UNKNOWN_VALUE,
    Agree,
    Grammar,
    Noted,
    Parameter,
    Repeat,
    Said,
    Word,
    Wrong,
    each,
    nothing,
    number,
    option,
    value,
)
from ovirt_tui.i18n import N_
from ovirt_tui.model.network import Url
from ovirt_tui.model.problems import Kind, Reason

URL = N_("an http or https address")
NO_URL = Kind("no-url", N_("not an http(s) URL"))


def _word(
    names: str,
    grammar: Grammar,
    form: str,
    help: str,
    example: str,
    *,
    secret: bool = False,
    repeat: Repeat = Repeat.LAST,
) -> Word:
    name, *also = names.split()
    return Word(
        name=name,
        also=tuple(also),
        subject="services",
        grammar=grammar,
        form=form,
        help=help,
        example=example,
        bare="yes" if form == BOOLEAN else None,
        secret=secret,
        repeat=repeat,
        coming=True,
    )


def _coming(*words: Word, agree: Agree = nothing, why: Reason = NOT_YET()) -> Parameter:  # noqa: B008
    """Words that are refused, because of *why*, when they ask for something; a flag that says no, 0 and none do not."""

    def later(said: Said) -> Iterator[Wrong]:
        for word in words:
            if said.get(word.name) not in (None, False, "none"):
                yield Wrong(word.name, why)

    return Parameter(words=words, agree=agree, later=later)


BOND = _word(
    "bond bond_setup",
    services.bond,
    N_("NAME:MEMBER[,MEMBER]...[:OPTION=VALUE[,...][:MTU]]"),
    N_("A bond of interfaces."),
    "bond0:eth0,eth1:mode=4",
)
STRONG_RNG = _word(
    "use_strong_rng",
    number(range(1025)),
    N_("bytes, 0 to 1024"),
    N_("0 only: the kernel's generator, from which SSH and TLS draw, is strong on every node."),
    "24",
)
NO_STRONG_RNG = Kind(
    "no-strong-rng",
    N_("no longer needed, leave it out: SSH and TLS draw from the kernel's generator, which waits until it is seeded"),
)


MEMBER_OF_BOND = Kind("member-of-bond", N_("{nic} is a member of {bond}"))


def of_bond(said: Said) -> Iterator[Wrong | Noted]:
    nic = said["BOOTIF"].name if "BOOTIF" in said else ""
    if BOND.name in said and nic in said[BOND.name].members:
        yield Wrong("BOOTIF", MEMBER_OF_BOND(nic=nic, bond=said[BOND.name].name))


NO_TRIGGER = Kind(
    "no-trigger",
    N_(
        "cannot be called: nothing is on the network while this installs; have the firmware start the disk before the "
        "network, and a server that is to know of new nodes be told by node.register"
    ),
)
NO_HOOKS = Kind("no-hooks", N_("no longer exists; what such a hook did is for a plug-in, which has words and steps"))
NO_BREAKS = Kind(
    "no-break-points",
    N_(
        "no longer exists; F2 opens a shell in the installer, the word rescue opens one in its place, and reboot_delay "
        "waits before the restart"
    ),
)
NO_LEVELS = Kind("no-log-levels", N_("no longer needed, leave it out: the journal has every step, at every level"))

PARAMETERS = (
    _coming(
        _word(
            "runtime_mode",
            option(("none", "ovirt", "managed"), UNKNOWN_VALUE),
            N_("none, ovirt or managed"),
            N_("none only: a node owns its settings. See management_server, and 'ovirt-tui apply'."),
            "managed",
        ),
        why=OWNS_SETTINGS(),
    ),
    _coming(BOND, agree=of_bond),
    _coming(STRONG_RNG, why=NO_STRONG_RNG()),
    _coming(
        _word(
            "local_boot_trigger",
            value(Url, NO_URL),
            URL,
            N_("An address that was called after the installation. See node.register."),
            "https://pxe.example.com/done/@HOSTNAME@",
        ),
        why=NO_TRIGGER(),
    ),
    _coming(
        _word("ovirt_early", services.hooks, N_("NAME[,NAME]..."), N_("Hooks. Plug-ins do this."), "vendor1,vendor2"),
        why=NO_HOOKS(),
    ),
    _coming(
        _word(
            "node.break",
            each(
                option(
                    ("pre-installer", "post-installer", "pre-reboot"), Kind("no-break-point", N_("unknown break point"))
                )
            ),
            N_("pre-installer, post-installer or pre-reboot"),
            N_("Where to stop. See rescue, reboot_delay, and the shell on F2."),
            "pre-reboot",
            repeat=Repeat.EACH,
        ),
        why=NO_BREAKS(),
    ),
    _coming(
        _word(
            "node.log_level",
            option(("debug", "info", "warning", "error"), UNKNOWN_VALUE),
            N_("debug, info, warning or error"),
            N_("How much is logged. The journal has all of it."),
            "debug",
        ),
        why=NO_LEVELS(),
    ),
)

GONE = {
    "rhn_": Kind("gone-for-answers", N_("no longer exists; register by an answer file or a plug-in")),
    "puppet_": Kind("gone-for-ansible", N_("no longer exists; use Ansible")),
    **dict.fromkeys(("cim_", "enable_cim"), Kind("gone-for-snmp", N_("no longer exists; use SNMP"))),
}
"""Words of services that are gone, by how they begin, with what to use instead."""
GONE_STARTS = tuple(GONE)
BROUGHT = {"snmp_password": Kind("brought-by-snmp", N_("belongs to the plug-in snmp, which is not installed here"))}
"""Words of the ancestors that a plug-in understands now, where it is installed."""
