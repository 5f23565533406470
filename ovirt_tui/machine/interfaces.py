"""Which network interface a selector means.  The only place that resolves one."""

from __future__ import annotations

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts, Nic
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.selectors import NicSelector

INFINIBAND_TAIL = 23  # characters: the last 8 octets of an InfiniBand address are the port's own
NO_NAME = Kind("no-such-interface", N_("interface {name} does not exist"))
NO_CARRIER = Kind("no-carrier", N_("no interface has carrier"))
NO_ADDRESS = Kind("no-interface-with-address", N_("no interface has hardware address {mac}"))
SEVERAL_CARRIERS = Kind(
    "several-carriers", N_("{count} interfaces have a carrier ({names}); the first by name is {nic}")
)
SEVERAL_ALIKE = Kind(
    "several-interfaces-with-address",
    N_("{count} interfaces have this hardware address ({names}); the first by name is {nic}"),
)


class NoInterface(Exception):
    """A selector that matches no interface.  *details* has a line about each interface."""

    def __init__(self, reason: Reason, details: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.reason, self.details = reason, details


def select(facts: Facts, selector: NicSelector) -> tuple[Nic, Reason | None]:
    """Return the interface that *selector* means, and a remark on the choice, if any; NoInterface when none matches."""
    if selector.link:
        found = [nic for nic in facts.nics if nic.link and nic.kind == "physical"]
        none, several = NO_CARRIER(), SEVERAL_CARRIERS
    elif selector.mac:
        found = _by_address(facts, selector.mac)
        none, several = NO_ADDRESS(mac=selector.mac), SEVERAL_ALIKE
    else:
        found = [nic for nic in facts.nics if nic.name == selector.name]
        none, several = NO_NAME(name=selector.name), SEVERAL_ALIKE
    if not found:
        raise NoInterface(none, described(facts))
    first, *others = sorted(found, key=lambda nic: nic.name)
    names = ", ".join(nic.name for nic in (first, *others))
    return first, several(count=len(found), names=names, nic=first.name) if others else None


def _by_address(facts: Facts, mac: str) -> list[Nic]:
    """Interfaces with this address: physical ones before bonds, bridges and VLANs on top, which have the same."""
    tail = mac[-INFINIBAND_TAIL:] if len(mac) > INFINIBAND_TAIL else mac
    found = [nic for nic in facts.nics if nic.mac.lower() == mac or (tail != mac and nic.mac.lower().endswith(tail))]
    physical = [nic for nic in found if nic.kind == "physical"]
    first = min(found, key=lambda nic: nic.name, default=None)
    return physical or [nic for nic in found if first and nic.kind == first.kind]


def described(facts: Facts) -> tuple[str, ...]:
    """One line about each interface."""
    return tuple(map(_nic, facts.nics)) or (_("this machine has no network interface"),)


def _nic(nic: Nic) -> str:
    state = _("has a carrier") if nic.link else _("has no carrier")
    return " ".join(part for part in (nic.name, nic.mac, nic.model or nic.driver, state) if part)
