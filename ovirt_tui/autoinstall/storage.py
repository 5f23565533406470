"""Grammar of parameters of storage that this version cannot carry out."""

from __future__ import annotations

from ovirt_tui.autoinstall.forms import Keys, Refused
from ovirt_tui.i18n import _

SWAP_VOLUMES = ("Swap", "Swap2")
CIPHER = "aes-cbc-essiv:sha256"


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
