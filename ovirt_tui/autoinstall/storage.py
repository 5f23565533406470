"""Grammar of the parameters of storage: which disks, how large the volumes."""

from __future__ import annotations

import re

from ovirt_tui.autoinstall.forms import Keys, Refused
from ovirt_tui.i18n import _
from ovirt_tui.selectors import ONLY, DiskSelector
from ovirt_tui.values import Unfit

POSITIONS = ("boot", "swap", "root", "config", "logging", "data", "swap2", "data2")
NAMES = (*POSITIONS, "efi")
MAY_FILL = ("data", "data2")
MAY_BE_NONE = ("data", "data2", "swap2")
LEAST_SWAP = 5
SWAP_VOLUMES = ("Swap", "Swap2")
CIPHER = "aes-cbc-essiv:sha256"
SIZE = re.compile(r"-?[0-9]{1,12}")


def storage_init(text: str) -> Keys:
    """Disks of HostVG, then after a semicolon those of AppVG; nothing means the only disk there is."""
    if not text:
        return {"storage.host": [DiskSelector(ONLY)]}
    lists = text.split(";")
    if len(lists) > 2:
        raise Refused(_('more than one ";"'))
    if not lists[0]:
        raise Refused(_('no HostVG disk before ";"'))
    host = [_selector(item) for item in lists[0].split(",")]
    if len(lists) == 1:
        return {"storage.host": host}
    app = [_selector(item) for item in lists[1].split(",")]
    if any(selector in host for selector in app):
        raise Refused(_("same disk in HostVG and AppVG"))
    return {"storage.host": host, "storage.app": app}


def _selector(text: str) -> DiskSelector:
    if not text:
        raise Refused(_("empty disk in list"))
    try:
        return DiskSelector(text)
    except Unfit as unfit:
        raise Refused(str(unfit)) from unfit
    except ValueError:
        raise Refused(_("not a disk selector: {text}").format(text=text)) from None


def storage_override(text: str) -> Keys:
    """Disks, by path or by bus and serial, whose foreign contents may be destroyed."""
    selectors = [_selector(item) for item in text.split(",")]
    if any(selector.by_elimination for selector in selectors):
        raise Refused(_("names single disks only, by path or by bus:serial"))
    return {"storage.override": selectors}


def storage_vol(text: str) -> Keys:
    """Sizes in MiB by position, or with ,NAME."""
    volumes: dict[str, int] = {}
    for number, field in enumerate(text.split(":"), 1):
        if not field:
            continue
        name, size = _volume(number, field)
        if name in volumes:
            raise Refused(_("volume {name} given twice").format(name=name))
        volumes[name] = _checked(name, size)
    if not volumes:
        raise Refused(_("no size given"))
    return {"storage.volumes": volumes}


def _volume(number: int, field: str) -> tuple[str, int]:
    size, *names = field.split(",")
    if len(names) > 1:
        raise Refused(_("field {number} has more than size,name").format(number=number))
    if not SIZE.fullmatch(size):
        raise Refused(_("field {number} size is not an integer number of MiB").format(number=number))
    if names:
        if names[0].lower() not in NAMES:
            raise Refused(_("unknown volume name {name}").format(name=repr(names[0])))
        return names[0].lower(), int(size)
    if number > len(POSITIONS):
        raise Refused(_("field {number} beyond the eight positional fields").format(number=number))
    return POSITIONS[number - 1], int(size)


def _checked(name: str, size: int) -> int:
    if not (size > 0 or (size == 0 and name in MAY_BE_NONE) or (size == -1 and name in MAY_FILL)):
        raise Refused(_("{name} may not be {size}").format(name=name, size=size))
    if name == "swap" and size < LEAST_SWAP:
        raise Refused(_("swap below the minimum of {least} MiB").format(least=LEAST_SWAP))
    return size


def swap_encrypt(text: str) -> Keys:
    """Swap volumes to encrypt, each with a cipher."""
    ciphers: dict[str, str] = {}
    for part in text.split(";"):
        volume, *rest = part.split(",")
        if volume not in SWAP_VOLUMES:
            raise Refused(_("unknown volume {name}").format(name=repr(volume)))
        if len(rest) > 1:
            raise Refused(_("more than one cipher for {name}").format(name=volume))
        if volume in ciphers:
            raise Refused(_("{name} given twice").format(name=volume))
        ciphers[volume] = rest[0] if rest and rest[0] else CIPHER
    return {"storage.swap_encrypt": ciphers}


def rdloaddriver(text: str) -> Keys:
    """scsi_dh_alua is the node's word of old; every other driver is for dracut and is carried."""
    if text != "scsi_dh_alua":
        return {"carry": [f"rdloaddriver={text}"]}
    return {"storage.scsi_dh_alua": True, "carry": ["rd.driver.pre=scsi_dh_alua"]}
