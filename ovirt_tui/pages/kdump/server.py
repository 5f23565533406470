"""What a server of dumps says of itself, before anything is saved."""

from __future__ import annotations

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.network import machine
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.pages import Answer, Way
from ovirt_tui.pages.kdump.settings import Kdump
from ovirt_tui.system import StepFailed, System

SCAN = ("ssh-keyscan", "-T", "10", "-t", "ed25519,ecdsa,rsa", "--")
BEST = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")


def ask_host_key(system: System, config: Resolved, facts: Facts) -> Answer:
    """The host key of the server, of the best kind that it has, for the admin to compare."""
    account = config[Kdump].ssh
    if account is None:
        return Answer(_("Choose ssh above, and type the SSH account: its server is asked."))
    host = machine(account.partition("@")[2])
    shown = [line.split()[1:3] for line in system.output((*SCAN, host)).splitlines() if not line.startswith("#")]
    keys = [words for kind in BEST for words in shown if words[:1] == [kind]]
    if not keys:
        raise StepFailed(_("{host} shows no host key of SSH").format(host=host))
    try:
        key = SshKey(" ".join(keys[0]))
    except ValueError as error:
        raise StepFailed(_("{host} shows a host key that is none: {reason}").format(host=host, reason=error)) from error
    text = _("{host} shows this host key: {kind}, {fingerprint}. Compare it with what 'ssh-keygen -l' says there.")
    said = text.format(host=host, kind=key.kind, fingerprint=key.fingerprint)
    return Answer(said, (Way(N_("Take it"), (("kdump.host_key", str(key)),)),))
