"""What can be decided about the engine of a node."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from ovirt_tui.i18n import N_
from ovirt_tui.model.config import Section, setting
from ovirt_tui.model.fingerprints import Fingerprint
from ovirt_tui.model.network import Hostname, Port
from ovirt_tui.model.records import dataclass

HTTPS = Port(443)
WANTED = "/etc/ovirt-node/engine"
"""The engine to be registered with; ovirt-node-engine.service sees to it while this file is there."""


def has_server(engine: Engine) -> bool:
    return engine.server is not None


@dataclass(frozen=True, kw_only=True)
class Engine(Section, prefix="engine"):
    server: IPv4Address | IPv6Address | Hostname | None = setting(
        None, N_("Engine"), N_("Its full name, as in its certificate. Empty: none.")
    )
    port: Port = setting(HTTPS, N_("Engine port"), when=has_server)
    fingerprint: Fingerprint | None = setting(
        None, N_("Fingerprint"), N_("SHA-256, of the approved certificate."), when=has_server
    )


def asked(server: object, port: object, fingerprint: object) -> str:
    """What WANTED says."""
    return f"SERVER={server}\nPORT={port}\n" + (f"FINGERPRINT={fingerprint}\n" if fingerprint else "")
