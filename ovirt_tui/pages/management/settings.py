"""What can be decided about the management server of a node."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.model.config import Section, setting
from ovirt_tui.model.fingerprints import Fingerprint
from ovirt_tui.model.network import HttpsUrl
from ovirt_tui.model.records import dataclass

WANTED = "/etc/ovirt-node/management"
"""The server to report to; ovirt-node-engine.service sees to it while this file is there."""


def has_url(management: Management) -> bool:
    return management.url is not None


@dataclass(frozen=True, kw_only=True)
class Management(Section, prefix="management"):
    url: HttpsUrl | None = setting(None, N_("Server"), N_("https://..., gets the facts of this node. Empty: none."))
    fingerprint: Fingerprint | None = setting(
        None, N_("Its fingerprint"), N_("SHA-256, of the approved certificate."), when=has_url
    )


def asked(url: object, fingerprint: object) -> str:
    """What WANTED says."""
    return f"URL={url}\n" + (f"FINGERPRINT={fingerprint}\n" if fingerprint else "")
