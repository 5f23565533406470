"""What a line says, in the names of the vectors: their keys are of another program, and nothing of ours needs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ovirt_tui.autoinstall import request
from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.autoinstall.services import Bond
from ovirt_tui.autoinstall.understand import DISKS, parameter_of, put
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.parameter import Said
from ovirt_tui.features.resolution import resolve
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.selectors import ONLY, DiskSelector
from ovirt_tui.pages.network.interface import address_of
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.storage.settings import Storage

Case = dict[str, Any]
ENGINE = 443


def normal(value: Any) -> Any:
    """A value of ours in the words of the vectors."""
    if isinstance(value, list):
        return [normal(each) for each in value]
    if isinstance(value, DiskSelector):
        said = {each.key: each.value for each in value.criteria}
        by = "first" if ONLY in said else "serial" if "serial" in said else next(iter(said))
        return {"by": by, **({"all": True} if value.every else {}), **{key: said[key] for key in said if key != ONLY}}
    return value


def _addresses(said: Said) -> Case:
    """What the cluster of addresses says."""
    found: Case = {}
    for family, each in (("net.ipv4", address_of(said, 4)), ("net.ipv6", address_of(said, 6))):
        if each:
            named = {"method": each.method, "address": each.address, "netmask": each.mask, "gateway": each.gateway}
            found.update({f"{family}.{key}": value for key, value in named.items() if value})
    hosts = [said.get("hostname"), *(each.hostname for each in said.get("ip", ()))]
    servers = [*said.get("nameserver", ()), *said.get("dns", ()), *(s for each in said.get("ip", ()) for s in each.dns)]
    mtus = [each.mtu for each in said.get("ip", ()) if each.mtu]
    host = next(filter(None, hosts), None)
    found.update({"net.hostname": host} if host else {})
    found.update({"net.dns": list(dict.fromkeys(map(str, servers)))} if servers else {})
    return {**found, "net.mtu": mtus[-1]} if mtus else found


def _bootif(value: Any) -> Case:
    kind = "link" if value.link else "mac" if value.mac else "name" if value.name else "none"
    known = {"mac": value.mac, "name": value.name}.get(kind)
    hardware = {} if value.hardware is None else {"hwtype": value.hardware}
    return {"net.bootif": {"kind": kind, **({kind: known} if known else {}), **hardware}}


def flag(name: str) -> Callable[[Any], Case]:
    return lambda value: {f"flag.{name}": value}


def _bond(value: Bond) -> Case:
    return {"name": value.name, "members": list(value.members), "options": value.options, "mtu": value.mtu}


def _kdump(said: Said) -> str:
    if "kdump_ssh" in said:
        return "ssh"
    if "kdump_nfs" in said or "kdump_ssh_key" in said:
        return "nfs"
    return "disabled" if said.get("disable_kdump") else "local"


SAID: dict[str, Callable[[Any], Case]] = {
    "adminpw": lambda value: {"auth.admin_hash": value.reveal()},
    "rootpw": lambda value: {"auth.root_hash": value.reveal()},
    "storage_init": lambda value: {
        "storage.host": normal(list(value.host)),
        **({"storage.app": normal(list(value.app))} if value.app else {}),
    },
    "storage_vol": lambda value: {"storage.volumes": value},
    "reinstall": lambda value: {"flag.firstboot": value},
    **{name: flag(name) for name in ("install", "upgrade", "uninstall", "standalone", "stateless", "rescue")},
    "wipe_fakeraid": flag("wipe_fakeraid"),
    "swap_encrypt": lambda value: {"storage.swap_encrypt": value},
    "bond": lambda value: {"net.bond": {key: part for key, part in _bond(value).items() if part}},
    "use_strong_rng": lambda value: {"sec.strong_rng_bytes": value},
    "disable_aes_ni": lambda value: {"sec.disable_aes_ni": value},
    "syslog": lambda value: {"log.syslog": {**vars(value), "port": value.port or 514}},
    "netconsole": lambda value: {} if isinstance(value, str) else {"log.netconsole": vars(value)},
    "logrotate_max_size": lambda value: {"log.logrotate_size_kib": value},
    "disable_kdump": lambda value: {"kdump.disabled": value},
    "iscsi_name": lambda value: {"iscsi.initiator": value},
    "iscsi_server": lambda value: {"iscsi.portal": vars(value)},
    "iscsi_install": lambda value: {"iscsi.install": value},
    "iscsi_target_name": lambda value: {"iscsi.target": value},
    "iscsi_init": lambda value: {"iscsi.disk": str(value)},
    "nfsv4_domain": lambda value: {"remote.nfsv4_domain": value},
    "tuned": lambda value: {"tuned.profile": value},
    "ovirt_early": lambda value: {"hooks.early": list(value)},
    "management_server": lambda value: {"mgmt.server": value.host, "mgmt.port": value.port or ENGINE},
    "management_port": lambda value: {"mgmt.port": value},
    "rhevm_admin_password": lambda value: {"mgmt.root_hash": value.reveal()},
    "local_boot_trigger": lambda value: {"after.trigger_url": value},
    "BOOTIF": _bootif,
    "vlan": lambda value: {"net.vlan": {"id": value.number, "parent": value.parent or None}},
    "ntp": lambda value: {
        "net.ntp_enabled": value != "off",
        **({} if value == "off" else {"net.ntp": list(map(str, value))}),
    },
    "keyboard": lambda value: {"keyboard.layout": value},
    "mem_overcommit": lambda value: {"storage.overcommit": value},
    "reboot_delay": lambda value: {"after.reboot_delay": value},
    "ssh_pwauth": lambda value: {"auth.ssh_password": value},
}
"""What the vectors call the value of a word."""


def keys(reading: Reading) -> Case:
    """What the line says, in the names of the vectors."""
    said: Case = {"action": request.intent(reading.said).value, "kdump.target": _kdump(reading.said)}
    if reading.kept:
        said["carry"] = reading.kept
    for name, found in reading.said.items():
        said.update(SAID[name](found) if name in SAID else {})
    said.update(_addresses(reading.said))
    if "auth.root_hash" in said:
        said.setdefault("auth.admin_hash", said["auth.root_hash"])
    return said


def resolved(reading: Reading, facts: Facts) -> Case:
    """The disks that the line means on a machine, in the names of the vectors; what is wrong goes to *reading*."""
    draft = Draft(facts)
    put(draft, reading)
    found = resolve(draft.config, facts)
    for each in found.problems:
        if each.path != "network.nic" or "bond" not in reading.said:
            reading.complain(parameter_of(each.path, reading), each.reason)
    unknown = {each.path for each in found.problems}
    storage, nic = found.config[Storage], found.config[Network].nic
    disks = () if unknown & {*DISKS} else (storage.boot_disk, *storage.data_disks)
    known = {"resolved.storage.host": [str(disk) for disk in disks if disk]}
    bond = "bond" in reading.said and reading.said["bond"].name == nic
    return {**known, "resolved.net.bootif": str(nic or "") if bond or "network.nic" not in unknown else ""}
