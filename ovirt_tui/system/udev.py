"""Devices as udev knows them, from one read of its database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal, get_args

import pyudev

from ovirt_tui.i18n import _
from ovirt_tui.system.command import succeeds
from ovirt_tui.system.tree import file_errors

SETTLE_SECONDS = 60
CLASS = Path("/sys/class")


Property = Literal[
    "DEVPATH",
    "DEVNAME",
    "DEVTYPE",
    "DEVLINKS",
    "DISKSEQ",
    "MAJOR",
    "MINOR",
    "PARTN",
    "INTERFACE",
    "ID_BUS",
    "ID_CDROM",
    "ID_FS_LABEL",
    "ID_FS_LABEL_ENC",
    "ID_FS_TYPE",
    "ID_MODEL",
    "ID_MODEL_FROM_DATABASE",
    "ID_PART_ENTRY_NAME",
    "ID_PART_ENTRY_UUID",
    "ID_PART_TABLE_TYPE",
    "ID_SCSI_SERIAL",
    "ID_SERIAL",
    "ID_SERIAL_SHORT",
    "ID_WWN",
    "ID_WWN_WITH_EXTENSION",
]
"""The properties of a device that are read, and no others."""
PROPERTIES: tuple[Property, ...] = get_args(Property)
Device = dict[Property, str]
"""The properties of a device.  DEVPATH is always there; a block device without a device node has no DEVNAME."""


def settle() -> bool:
    """Wait until udev has handled every event so far, at most SETTLE_SECONDS; say whether it has."""
    argv = ("udevadm", "settle", f"--timeout={SETTLE_SECONDS}")
    return succeeds(argv, seconds=SETTLE_SECONDS + 10, reads=True)


def devices(subsystem: str) -> tuple[Device, ...]:
    """The devices of *subsystem* (block or net), as udev knows them now; StepFailed where the kernel lists none.

    All of it is read from sysfs and from udev's database in memory, which can be read even where a device does not
    respond.  libudev's own enumeration is not used: it opens each device once more, and takes twice as long as the
    rest.
    """
    with file_errors(_("the devices of this machine cannot be listed")):
        places = sorted((CLASS / subsystem).iterdir())
    context = pyudev.Context()
    return tuple(device for place in places if (device := _device(context, place)))


def _device(context: Any, place: Path) -> Device | None:
    """The device at *place*; None for one that went away meanwhile, and for a file that is no device."""
    try:
        properties = pyudev.Devices.from_sys_path(context, os.fsencode(place)).properties
    except pyudev.DeviceNotFoundError:
        return None
    device: Device = {}
    for name in PROPERTIES:
        try:
            device[name] = properties[name]
        except KeyError:
            continue
        except UnicodeDecodeError as error:  # pyudev takes UTF-8 only, the kernel and udev's rules give any byte
            device[name] = error.object.decode(errors="replace")
    return device if "DEVPATH" in device else None
