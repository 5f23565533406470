"""What a boot is asked to do: the words about that, which are no settings, since it is over when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from ovirt_tui.features.parameter import (
    BOOLEAN,
    CONFLICTS,
    NOT_YET,
    Noted,
    Parameter,
    Said,
    Word,
    Wrong,
    flag,
)
from ovirt_tui.i18n import N_
from ovirt_tui.model.problems import Kind

INIT, BOOTIF, REINSTALL = "storage_init", "BOOTIF", "reinstall"


class Intent(StrEnum):
    """What a boot with this line is for."""

    RESCUE = "rescue"
    UNINSTALL = "uninstall"
    STATELESS = "stateless"
    INSTALL_OR_UPGRADE = "install-or-upgrade"
    UPGRADE = "upgrade"
    REPAIR = "repair"
    INSTALL = "auto-install"
    INTERACTIVE = "interactive"


INSTALLING = (Intent.INSTALL, Intent.INSTALL_OR_UPGRADE)


def _mode(names: str, help: str, *, coming: bool = False) -> Word:
    name, *also = names.split()
    return Word(
        name=name,
        also=tuple(also),
        subject="mode",
        grammar=flag,
        form=BOOLEAN,
        help=help,
        example="yes",
        bare="yes",
        coming=coming,
    )


MARK = _mode("install", N_("Marks a boot from the installation medium. The installer opens with or without it."))
UNINSTALL = _mode(
    "uninstall", N_("Erase the disks that storage_init names, or those of the node that is found, and reboot.")
)
RESCUE = _mode("rescue", N_("Open a shell and do nothing else, whatever else the line says."))
STANDALONE = _mode("standalone ovirt_standalone", N_("The node owns its settings. It always does; no is refused."))
UPGRADE = _mode(
    "upgrade ovirt_upgrade local_boot ovirt_local_boot",
    N_(
        "Write the image of this medium into the free slot of the node that is found, and reboot: it is tried, with a "
        "copy of the settings, and stays if it works. With storage_init: of the node on exactly these disks; where "
        "they are blank, install on them."
    ),
)
DOWNGRADE = _mode(
    "downgrade", N_("As upgrade, where the medium has an older version. With storage_init, nothing is installed.")
)
AGAIN = _mode(
    "upgrade_again",
    N_("As upgrade, where the node has the version of the medium already. With storage_init, nothing is installed."),
)
UPGRADES = (UPGRADE, DOWNGRADE, AGAIN)
DESPITE = _mode(
    "upgrade_despite_settings",
    N_(
        "As upgrade, or with downgrade or upgrade_again, where the version of the medium does not take a setting that "
        "the node has saved. The setting page of that version says what is wrong with it. With storage_init, nothing "
        "is installed."
    ),
)
REPAIR = _mode(
    "repair",
    N_(
        "Make anew what starts the node that is found, where it is damaged: boot record, boot partition, boot menu and "
        "entry of the firmware; and reboot. Nothing else is written. With storage_init: of the node on exactly these "
        "disks."
    ),
)
STATELESS = _mode("stateless ovirt_stateless", N_("Run without local storage."), coming=True)


def intent(said: Said, disks: bool = False) -> Intent:
    """Decide what the line wants; the first word in this order wins.  Disks that are wrong are still wanted.

    With *disks*, answer files before the line decide the boot disk.
    """
    disks = disks or INIT in said.named
    if said.get(RESCUE.name):
        return Intent.RESCUE
    if said.get(UNINSTALL.name):
        return Intent.UNINSTALL
    if said.get(STATELESS.name):
        return Intent.STATELESS
    if said.get(REPAIR.name):
        return Intent.REPAIR
    if word := asked(said):
        return Intent.INSTALL_OR_UPGRADE if disks and word == UPGRADE.name else Intent.UPGRADE
    return Intent.INSTALL if disks else Intent.INTERACTIVE


def asked(said: Said) -> str:
    """Which of UPGRADES the line says; empty where it says none."""
    found = next((word.name for word in UPGRADES if said.get(word.name)), "")
    return found or (UPGRADE.name if said.get(DESPITE.name) else "")


def insisted(said: Said) -> frozenset[str]:
    """The words by which the line says of an upgrade what is meant all the same."""
    return frozenset(word.name for word in (DOWNGRADE, AGAIN, DESPITE) if said.get(word.name))


OWNS_SETTINGS = Kind(
    "owns-its-settings",
    N_(
        "no longer exists: a node owns its settings; management_server registers it with an engine, and "
        "'ovirt-tui apply' takes settings from a file"
    ),
)
MANAGED = Kind("managed-node", N_("a managed node is not installed from the line; conflicts with storage_init"))
NO_DISK_USED = Kind("no-disk-used", N_("ignored, since stateless uses no disk"))


def agree(said: Said) -> Iterator[Wrong | Noted]:
    """What is asked for together and cannot be."""
    upgrade = next((word.name for word in (*UPGRADES, DESPITE) if said.get(word.name)), "")
    if upgrade and said.get(REINSTALL):
        yield Wrong(upgrade, CONFLICTS(name=said.spelled(REINSTALL)))
    for other in (word.name for word in UPGRADES):
        if said.get(other) and other != upgrade:
            yield Wrong(upgrade, CONFLICTS(name=said.spelled(other)))
    for other in filter(None, (upgrade, REINSTALL, REPAIR.name)):
        if said.get(UNINSTALL.name) and said.get(other):
            yield Wrong(UNINSTALL.name, CONFLICTS(name=said.spelled(other)))
    for other in filter(None, (upgrade, REINSTALL)):
        if said.get(REPAIR.name) and said.get(other):
            yield Wrong(REPAIR.name, CONFLICTS(name=said.spelled(other)))
    if said.get(STANDALONE.name) is False and INIT in said:
        yield Wrong(STANDALONE.name, MANAGED())
    if said.get(STATELESS.name) and INIT in said:
        yield Noted(INIT, NO_DISK_USED())


REQUIRED = Kind("required", N_("required for automatic installation"))


def complete(said: Said, disks: bool = False) -> Iterator[Wrong]:
    """What an installation without a person needs to be told; *disks* as in intent()."""
    given = BOOTIF in said.named or any(each.interface for each in said.get("ip", ()))
    if intent(said, disks) in INSTALLING and not given:
        yield Wrong(BOOTIF, REQUIRED())


def later(said: Said) -> Iterator[Wrong]:
    if said.get(STATELESS.name):
        yield Wrong(STATELESS.name, NOT_YET())
    if said.get(STANDALONE.name) is False:
        yield Wrong(STANDALONE.name, OWNS_SETTINGS())


PARAMETERS = (
    Parameter(
        words=(MARK, UNINSTALL, RESCUE, STANDALONE, *UPGRADES, DESPITE, REPAIR, STATELESS), agree=agree, later=later
    ),
)
