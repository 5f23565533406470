"""What the line names, found on this machine: the management interface."""

from __future__ import annotations

from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.autoinstall.conflicts import complain_about_parent
from ovirt_tui.facts import Facts, Nic
from ovirt_tui.i18n import _

INFINIBAND_TAIL = 23  # the last 8 octets of an InfiniBand address are the port's own


def resolve(reading: Reading, facts: Facts) -> None:
    """Add resolved.* keys, and complain about what is not there or not unique."""
    if reading.keys.get("net.bootif", {}).get("kind") == "none":
        reading.keys["resolved.net.bootif"] = ""
    elif nic := _management_nic(reading, facts):
        reading.keys["resolved.net.bootif"] = nic
        parent = (reading.keys.get("net.vlan") or {}).get("parent")
        if parent and parent != nic and reading.keys.get("net.bootif", {}).get("kind") != "name":
            complain_about_parent(reading, parent, nic)


def _management_nic(reading: Reading, facts: Facts) -> str:
    """The interface that BOOTIF names, else that of ip=; empty when there is none."""
    bootif = reading.keys.get("net.bootif")
    if not bootif:
        name = str(reading.keys.get("net.ip.interface", ""))
        if name and name not in {nic.name for nic in facts.nics}:
            reading.complain("ip", _("interface {name} does not exist").format(name=name), _nics(facts))
            return ""
        return name
    if bootif["kind"] == "name":
        return _by_name(reading, bootif["name"], facts)
    return _by_link(reading, facts) if bootif["kind"] == "link" else _by_mac(reading, bootif["mac"], facts)


def _by_name(reading: Reading, name: str, facts: Facts) -> str:
    if name == reading.keys.get("net.bond", {}).get("name") or name in {nic.name for nic in facts.nics}:
        return name
    reading.complain("BOOTIF", _("interface {name} does not exist").format(name=name), _nics(facts))
    return ""


def _by_link(reading: Reading, facts: Facts) -> str:
    """The first by name, when several have a carrier."""
    linked = sorted(nic.name for nic in facts.nics if nic.link and nic.kind == "physical")
    if not linked:
        reading.complain("BOOTIF", _("no interface has carrier"), _nics(facts))
        return ""
    if len(linked) > 1:
        text = _("{count} interfaces have a carrier ({names}); the first by name is {nic}")
        reading.note("BOOTIF", text.format(count=len(linked), names=", ".join(linked), nic=linked[0]))
    return linked[0]


def _by_mac(reading: Reading, mac: str, facts: Facts) -> str:
    tail = mac[-INFINIBAND_TAIL:] if len(mac) > INFINIBAND_TAIL else mac
    found = [nic for nic in facts.nics if nic.mac.lower() == mac or (tail != mac and nic.mac.lower().endswith(tail))]
    if not found:
        text = _("no interface has hardware address {mac}").format(mac=mac)
        reading.complain("BOOTIF", text, _nics(facts))
        return ""
    first = min(found, key=lambda nic: (nic.kind != "physical", nic.name))
    alike = sorted(nic.name for nic in found if nic.kind == first.kind)
    if len(alike) > 1:
        text = _("{count} interfaces have this hardware address ({names}); the first by name is {nic}")
        reading.note("BOOTIF", text.format(count=len(alike), names=", ".join(alike), nic=first.name))
    return first.name


def _nics(facts: Facts) -> tuple[str, ...]:
    return tuple(_nic(nic) for nic in facts.nics) if facts.nics else (_("this machine has no network interface"),)


def _nic(nic: Nic) -> str:
    state = _("has a carrier") if nic.link else _("has no carrier")
    return " ".join(part for part in (nic.name, nic.mac, nic.model or nic.driver, state) if part)
