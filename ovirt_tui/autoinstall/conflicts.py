"""Checks over several parameters, and what the line wants to happen.  Still without looking at the machine."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from ovirt_tui.autoinstall.cmdline import Reading
from ovirt_tui.i18n import _

ENGINE_PORT = 443
KDUMP = ("kdump_nfs", "kdump_ssh", "kdump_ssh_key")
ISCSI = ("iscsi_server", "iscsi_target_name", "iscsi_init")


class Intent(StrEnum):
    """What a boot with this line is for."""

    RESCUE = "rescue"
    UNINSTALL = "uninstall"
    STATELESS = "stateless"
    INSTALL_OR_UPGRADE = "install-or-upgrade"
    UPGRADE = "upgrade"
    INSTALL = "auto-install"
    INTERACTIVE = "interactive"


def intent(reading: Reading) -> Intent:
    """Decide what the line wants; the first word in this order wins.  Disks that are wrong are still wanted."""
    keys, disks = reading.keys, "storage_init" in reading.named
    if keys.get("flag.rescue"):
        return Intent.RESCUE
    if keys.get("flag.uninstall"):
        return Intent.UNINSTALL
    if keys.get("flag.stateless"):
        return Intent.STATELESS
    if keys.get("flag.upgrade"):
        return Intent.INSTALL_OR_UPGRADE if disks else Intent.UPGRADE
    return Intent.INSTALL if disks else Intent.INTERACTIVE


def check(reading: Reading) -> None:
    """Add what is wrong between parameters, and what follows from several of them."""
    for rule in RULES:
        rule(reading)
    reading.keys["action"] = intent(reading).value


def _modes(reading: Reading) -> None:
    keys = reading.keys
    asked = {"upgrade": keys.get("flag.upgrade"), "reinstall": reading.said.get("reinstall")}
    if all(asked.values()):
        reading.complain("upgrade", _("conflicts with {name}").format(name=reading.spelled["reinstall"]))
    for other, wanted in asked.items():
        if keys.get("flag.uninstall") and wanted:
            reading.complain("uninstall", _("conflicts with {name}").format(name=reading.spelled[other]))
    if keys.get("flag.standalone") is False and "storage_init" in reading.said:
        reading.complain("standalone", _("a managed node is not installed from the line; conflicts with storage_init"))
    if keys.get("flag.stateless") and "storage_init" in reading.said:
        reading.note("storage_init", _("ignored, since stateless uses no disk"))


def _interface(reading: Reading) -> None:
    said = reading.said
    given = "BOOTIF" in reading.named or any(each.interface for each in said.get("ip", ()))
    if intent(reading) in (Intent.INSTALL, Intent.INSTALL_OR_UPGRADE) and not given:
        reading.complain("BOOTIF", _("required for automatic installation"))
    bootif = said["BOOTIF"].name if "BOOTIF" in said else ""
    bond = reading.keys.get("net.bond", {})
    if bootif and bootif in bond.get("members", ()):
        reading.complain("BOOTIF", _("{nic} is a member of {bond}").format(nic=bootif, bond=bond["name"]))


def _swap(reading: Reading) -> None:
    volumes = reading.said.get("storage_vol", {})
    if "Swap2" in reading.keys.get("storage.swap_encrypt", {}) and not volumes.get("swap2"):
        reading.complain("swap_encrypt", _("Swap2 is not being created"))


def _kdump(reading: Reading) -> None:
    keys, given = reading.keys, [name for name in KDUMP if name in reading.given]
    if ("kdump_ssh" in given) != ("kdump_ssh_key" in given):
        reading.complain("kdump_ssh", _("kdump_ssh and kdump_ssh_key must be given together"))
    if "kdump_nfs" in given and len(given) > 1:
        reading.complain("kdump_nfs", _("conflicts with {name}").format(name=given[1]))
    if keys.get("kdump.disabled") and given:
        reading.complain("disable_kdump", _("conflicts with {name}").format(name=given[0]))
    disabled = "disabled" if keys.get("kdump.disabled") else "local"
    keys["kdump.target"] = "ssh" if "kdump_ssh" in given else "nfs" if given else disabled


def _iscsi(reading: Reading) -> None:
    if reading.keys.get("iscsi.install"):
        for name in ISCSI:
            if name not in reading.given:
                reading.complain(name, _("required with iscsi_install"))


def _management(reading: Reading) -> None:
    server, port = reading.get("management_server"), reading.get("management_port").get("mgmt.port")
    if port and server.get("mgmt.port", port) != port:
        reading.complain("management_port", _("conflicts with the port in management_server"))
    for name in ("management_port", "management_server_fingerprint"):
        if name in reading.given and not server:
            reading.complain(name, _("needs management_server"))
    if server:
        reading.keys.setdefault("mgmt.port", ENGINE_PORT)


RULES: tuple[Callable[[Reading], None], ...] = (
    _modes,
    _interface,
    _swap,
    _kdump,
    _iscsi,
    _management,
)
